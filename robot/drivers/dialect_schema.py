"""What may stand in the dialect file: its tables, checked by pydantic, and how they become plain values."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from robot.drivers.dialect import (
    Carriage,
    Codes,
    MitDialect,
    MoteusDialect,
    Register,
    RegisterScheme,
    ReplyId,
    Silence,
)
from robot.drivers.layout import Field as Bits
from robot.drivers.layout import Layout
from robot.drivers.ranges import NUMBERS, CommandRanges, Range, ReplyRanges
from robot.drivers.reply import Fault, Power
from robot.drivers.setpoint import Special

GAINS = ("stiffness", "damping")
_CODES: dict[str, Power | Fault] = {
    "ok": Fault.NONE,
    **{power.value: power for power in (Power.OFF, Power.ON, Power.CALIBRATING, Power.FAULT)},
    **{fault.value: fault for fault in Fault if fault is not Fault.NONE},
}
_READINGS = ("drive", *NUMBERS[:3], "motor_temperature", "driver_temperature", "heartbeat")
"""Fields of a reply that hold no code."""
_REGISTERS = {*NUMBERS, *(f"{name}_{end}" for name in NUMBERS for end in ("low", "high")), "watchdog", "control_mode"}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _listed(value: object) -> object:
    """TOML has lists where a tuple is meant."""
    return tuple(value) if isinstance(value, list) else value


class _Field(_Table):
    name: str
    at: Annotated[int, Field(ge=0)]
    bits: Annotated[int, Field(ge=1, le=64)]
    order: Literal["big", "little"] = "big"
    value: Annotated[int, Field(ge=0)] | None = None


class _Layout(_Table):
    length: Annotated[int, Field(ge=1, le=64)]
    fields: Annotated[tuple[_Field, ...], BeforeValidator(_listed)]

    @model_validator(mode="after")
    def _lay_out(self) -> _Layout:
        self.layout()
        return self

    def layout(self) -> Layout:
        return Layout(self.length, (Bits(**field.model_dump()) for field in self.fields))


class _Command(_Layout):
    @model_validator(mode="after")
    def _holds_a_setpoint(self) -> _Command:
        free = sorted(field.name for field in self.fields if field.value is None)
        if free != sorted(NUMBERS):
            raise ValueError(f"a command has the fields {', '.join(NUMBERS)}; this one has {', '.join(free)}")
        return self


class _Reply(_Layout):
    id: Literal["drive", "host"]
    id_offset: Annotated[int, Field(ge=0, lt=0x800)] = 0

    @model_validator(mode="after")
    def _holds_a_state(self) -> _Reply:
        names = {field.name for field in self.fields}
        if missing := [name for name in NUMBERS[:3] if name not in names]:
            raise ValueError(f"a reply needs a field {missing[0]!r}")
        return self


class _Register(_Table):
    address: Annotated[int, Field(ge=0)]
    type: Literal["float", "uint"]
    unit: Annotated[float, Field(gt=0.0, allow_inf_nan=False)] = 1.0
    required: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = None


class _Registers(_Layout):
    id: Annotated[int, Field(ge=0, lt=0x800)] | None = None
    read: Annotated[int, Field(ge=0)] | None = None
    write: Annotated[int, Field(ge=0)] | None = None
    state: Annotated[int, Field(ge=0)] | None = None
    table: dict[str, _Register]

    @model_validator(mode="after")
    def _can_be_asked(self) -> _Registers:
        names = {field.name: field for field in self.fields}
        for name in ("register", "value"):
            if name not in names:
                raise ValueError(f"a layout of registers needs a field {name!r}")
        if names["value"].bits != 32:
            raise ValueError(f"the value of a register has 32 bits, not {names['value'].bits}")
        if ("operation" in names) != (self.write is not None):
            raise ValueError("a layout with a field 'operation' needs the counts of 'write', and one without has none")
        if self.write is None and (self.read is not None or self.state is not None):
            raise ValueError("what can be read needs a field 'operation' and a count of 'write'")
        for name in self.table:
            if name not in _REGISTERS:
                raise ValueError(f"there is no register {name!r}; there are {', '.join(sorted(_REGISTERS))}")
        return self

    def scheme(self) -> RegisterScheme:
        table = {
            name: Register(entry.address, entry.type, entry.unit, entry.required) for name, entry in self.table.items()
        }
        return RegisterScheme(self.id, self.layout(), self.read, self.write, self.state, table)


class _Silence(_Table):
    after: Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
    then: Literal["free", "off", "damp", "hold", "brake"]


class _Mit(_Table):
    family: Literal["mit"]
    carriage: Annotated[tuple[Carriage, ...], BeforeValidator(_listed), Field(min_length=1)]
    rounding: Literal["truncate", "nearest"]
    command: _Command
    reply: _Reply
    codes: dict[str, dict[str, str]] = {}
    special: dict[str, str]
    request_offset: Annotated[int, Field(ge=0, lt=0x800)] = 0
    registers: _Registers | None = None
    silence: _Silence | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Mit:
        watchdog = None if self.registers is None else self.registers.table.get("watchdog")
        required = None if watchdog is None else watchdog.required
        if required is not None and (self.silence is None or self.silence.after != required):
            raise ValueError(f"its watchdog register is to be {required:g} s; write silence.after = {required:g}")
        coded = {field.name for field in self.reply.fields if field.name not in _READINGS and field.value is None}
        if coded != set(self.codes):
            raise ValueError(
                f"the fields of a reply that are no readings have codes: {', '.join(sorted(coded)) or 'none'}; "
                f"there are codes of {', '.join(sorted(self.codes)) or 'none'}"
            )
        self.dialect("")
        return self

    def dialect(self, name: str) -> MitDialect:
        return MitDialect(
            name,
            self.carriage,
            0.0 if self.rounding == "truncate" else 0.5,
            self.command.layout(),
            self.reply.layout(),
            ReplyId(self.reply.id, self.reply.id_offset),
            {field: _codes(field, table) for field, table in self.codes.items()},
            {_special(key): _payload(key, text, self.command.length) for key, text in self.special.items()},
            self.request_offset,
            None if self.registers is None else self.registers.scheme(),
            None if self.silence is None else Silence(self.silence.after, self.silence.then),
        )


class _Moteus(_Table):
    family: Literal["moteus"]
    carriage: Annotated[tuple[Carriage, ...], BeforeValidator(_listed), Field(min_length=1)]
    watchdog: Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
    timeout_mode: Literal[0, 10, 12, 15]
    timeout_torque: Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
    codes: dict[Literal["mode", "fault"], dict[str, str]]

    @model_validator(mode="after")
    def _is_whole(self) -> _Moteus:
        if set(self.codes) != {"mode", "fault"}:
            raise ValueError("a moteus drive has codes of mode and of fault")
        self.dialect("")
        return self

    def dialect(self, name: str) -> MoteusDialect:
        codes = {str(field): _codes(field, table) for field, table in self.codes.items()}
        return MoteusDialect(name, self.carriage, self.watchdog, self.timeout_mode, self.timeout_torque, codes)


def _range(value: object) -> object:
    """One number, or two."""
    if isinstance(value, list):
        return tuple(value)
    return value


_Ends = Annotated[float | tuple[float, float], BeforeValidator(_range)]


class _ReplyRanges(_Table):
    position: _Ends | None = None
    velocity: _Ends | None = None
    torque: _Ends | None = None


class ModelTable(_Table):
    """A model of drive."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    firmware: str = ""
    dialect: str
    position: _Ends
    velocity: _Ends
    torque: _Ends
    stiffness: _Ends
    damping: _Ends
    reply: _ReplyRanges = _ReplyRanges()

    @model_validator(mode="after")
    def _has_ranges(self) -> ModelTable:
        self.ranges()
        return self

    def ranges(self) -> tuple[CommandRanges, ReplyRanges]:
        """The ranges of its commands and of its replies."""
        command = CommandRanges(*(_ends(name, getattr(self, name)) for name in NUMBERS))
        reply = ReplyRanges(
            *(
                usual if (own := getattr(self.reply, name)) is None else _ends(name, own)
                for name, usual in zip(NUMBERS[:3], command[:3], strict=True)
            )
        )
        return command, reply


class DialectFile(_Table):
    """The whole file."""

    layout: dict[str, _Command] = {}
    """Commands that several dialects share."""
    dialect: dict[str, Annotated[_Mit | _Moteus, Field(discriminator="family")]]
    model: Annotated[tuple[ModelTable, ...], BeforeValidator(_listed), Field(min_length=1)]


def _ends(name: str, value: float | tuple[float, float]) -> Range:
    if isinstance(value, tuple):
        low, high = value
    else:
        low, high = (0.0 if name in GAINS else -value), value
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"{name} is {value!r}; write one number above 0, or [low, high] with low below high")
    if name in GAINS and low < 0.0:
        raise ValueError(f"{name} begins at {low:g}; a gain is never negative")
    return Range(float(low), float(high))


def _codes(field: str, table: Mapping[str, str]) -> Codes:
    others = table.get("others", "malformed")
    if others not in ("malformed", "other"):
        raise ValueError(f"codes.{field}: others is 'malformed' or 'other', not {others!r}")
    meanings: dict[int, Power | Fault] = {}
    for key, word in table.items():
        if key == "others":
            continue
        if word not in _CODES:
            raise ValueError(f"codes.{field}: there is no meaning {word!r}; there are {', '.join(_CODES)}")
        try:
            meanings[int(key, 0)] = _CODES[word]
        except ValueError:
            raise ValueError(f"codes.{field}: {key!r} is no number") from None
    return Codes(meanings, None if others == "malformed" else Fault.OTHER)


def _special(key: str) -> Special:
    try:
        return Special(key)
    except ValueError:
        known = ", ".join(special.value for special in Special)
        raise ValueError(f"special: there is no {key!r}; there are {known}") from None


def _payload(key: str, text: str, length: int) -> bytes:
    try:
        payload = bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"special.{key}: {text!r} is no row of hexadecimal bytes") from None
    if len(payload) != length:
        raise ValueError(f"special.{key}: {len(payload)} bytes; a command has {length}")
    return payload
