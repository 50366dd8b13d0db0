"""What may stand in the wiring file: its tables, checked by pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

CLASSIC_MOST = 1_000_000
"""Greatest bit rate of classic CAN and of the arbitration of CAN-FD (ISO 11898-1) [bit/s]."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _listed(value: object) -> object:
    """TOML has lists where a tuple is meant."""
    return tuple(value) if isinstance(value, list) else value


Name = Annotated[str, Field(min_length=1)]
Point = Annotated[tuple[float, float, float], BeforeValidator(_listed)]
Window = Annotated[tuple[float, float], BeforeValidator(_listed)]
Positive = Annotated[float, Field(gt=0.0)]


class BusTable(_Table):
    """One CAN bus."""

    name: Name
    interface: Name
    channel: Name
    fd: bool
    bitrate: Annotated[int, Field(ge=10_000, le=CLASSIC_MOST)]
    data_bitrate: Annotated[int, Field(ge=10_000, le=8_000_000)] | None = None
    host: Annotated[int, Field(ge=0, le=0x7FF)] = 0
    supply_guard: Positive | None = None

    @model_validator(mode="after")
    def _rates(self) -> BusTable:
        if self.fd and self.data_bitrate is None:
            raise ValueError("a CAN-FD bus needs its 'data_bitrate' [bit/s]")
        if not self.fd and self.data_bitrate is not None:
            raise ValueError("a classic bus has no 'data_bitrate'; take it out, or set fd = true")
        if self.data_bitrate is not None and self.data_bitrate < self.bitrate:
            raise ValueError(f"data_bitrate must be at least the bitrate of {self.bitrate}, not {self.data_bitrate}")
        return self


class LimitsTable(_Table):
    """Limits of a drive within the ranges of its frames, at its output shaft."""

    position: Window | None = None
    velocity: Positive | None = None
    torque: Positive | None = None

    @model_validator(mode="after")
    def _order(self) -> LimitsTable:
        if self.position is not None and self.position[0] >= self.position[1]:
            raise ValueError(f"position must be [low, high] with low below high, not {list(self.position)}")
        return self


class WireTable(_Table):
    """How one drive is connected and mounted."""

    model: Name
    firmware: str = ""
    bus: Name
    id: Annotated[int, Field(ge=1)]
    reply_id: int | None = None
    direction: Literal[1, -1]
    zero: float = 0.0
    gear: Positive = 1.0
    limits: LimitsTable = LimitsTable()


class DriveTable(WireTable):
    """A drive that moves one joint."""

    joint: Name


class MotorTable(WireTable):
    """One of the two drives of a linkage."""

    name: Name
    centre: Point
    radius: Positive
    angle: float
    anchor: Point


class LinkageTable(_Table):
    """A pitch and a roll joint that two motors move together."""

    name: Name
    pitch: Name
    roll: Name
    motor: Annotated[tuple[MotorTable, MotorTable], BeforeValidator(_listed)]


class WiringFile(_Table):
    """The whole file."""

    bus: Annotated[tuple[BusTable, ...], BeforeValidator(_listed), Field(min_length=1)]
    drive: Annotated[tuple[DriveTable, ...], BeforeValidator(_listed)] = ()
    linkage: Annotated[tuple[LinkageTable, ...], BeforeValidator(_listed)] = ()


def read(document: Mapping[str, Any]) -> WiringFile:
    """Check the tables of a parsed wiring file.

    Raises:
        ValueError: Something is missing, unknown or out of bounds; the message says where, and what comes closest.
    """
    try:
        return WiringFile.model_validate(document)
    except ValidationError as error:
        raise ValueError(f"wiring file: {_line(error, document)}") from error


def suggestion(name: str, known: list[str]) -> str:
    """What may have been meant by a name that there is not."""
    close = get_close_matches(name, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"


_TABLES: Mapping[str, type[_Table]] = {
    "bus": BusTable,
    "drive": DriveTable,
    "linkage": LinkageTable,
    "motor": MotorTable,
    "limits": LimitsTable,
}


def _line(error: ValidationError, document: Mapping[str, Any]) -> str:
    """The first complaint in one line, with its place; of a misspelt key rather than of the one that lacks for it."""
    complaints = error.errors(include_url=False)
    first = next((complaint for complaint in complaints if complaint["type"] == "extra_forbidden"), complaints[0])
    location = first["loc"]
    place = _place(location, document)
    if first["type"] == "extra_forbidden":
        *tables, key = location
        names = [part for part in tables if isinstance(part, str)]
        fields = list((_TABLES[names[-1]] if names else WiringFile).model_fields)
        return f"{place}: there is no such key; {suggestion(str(key), fields)}"
    message = str(first["msg"]).removeprefix("Value error, ")
    given = "" if first["type"] in ("value_error", "missing") else f", not {first['input']!r}"
    return f"{place}: {message[:1].lower()}{message[1:]}{given}"


def _place(location: tuple[int | str, ...], document: Any) -> str:
    """The keys to a place; an entry of a list is called by its name or joint where it has one."""
    said: list[str] = []
    here = document
    for part in location:
        here = here[part] if _holds(here, part) else None
        if isinstance(part, int):
            name = (here.get("name") or here.get("joint")) if isinstance(here, dict) else None
            said[-1] += f" {name!r}" if isinstance(name, str) else f" number {part + 1}"
        else:
            said.append(part)
    return ", ".join(said) or "the file"


def _holds(here: Any, part: int | str) -> bool:
    return part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))
