"""The reply of an MIT mini-cheetah dialect as pure functions: a payload to a drive's state, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

from robot.drivers.counts import Scale, scales, to_counts, to_numbers
from robot.drivers.dialect import Codes, DriveModel, MitDialect
from robot.drivers.layout import Layout
from robot.drivers.ranges import NUMBERS
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import Special


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """All that a reply of a model needs to be written and read.

    Attributes:
        layout: Its fields.
        places: Where position, velocity and torque are among the fields.
        grid: Their scales.
        truncates: How a number becomes a count.
        drive: Where the drive's id is; None if it is not told.
        temperatures: Where those of motor and power stage are; None for one that is not told.
        codes: The fields that have codes, and their meanings.
        fixed: The fields that do not vary, and their counts.
        specials: Payloads that are a request to a drive, so no reply.
    """

    layout: Layout
    places: tuple[int, ...]
    grid: tuple[Scale, ...]
    truncates: bool
    drive: int | None
    temperatures: tuple[int | None, int | None]
    codes: tuple[tuple[int, Codes], ...]
    fixed: tuple[tuple[int, int], ...]
    specials: Mapping[bytes, Special]

    @classmethod
    def of(cls, model: DriveModel, dialect: MitDialect) -> ReplyFormat:
        """The format of a model's replies."""
        layout = dialect.reply
        at = {name: index for index, name in enumerate(layout.names)}
        places = tuple(at[name] for name in NUMBERS[:3])
        return cls(
            layout,
            places,
            scales(model.reply, [layout.fields[place].bits for place in places]),
            dialect.truncates,
            at.get("drive"),
            (at.get("motor_temperature"), at.get("driver_temperature")),
            tuple((at[name], codes) for name, codes in dialect.codes.items()),
            tuple((index, field.value) for index, field in enumerate(layout.fields) if field.value is not None),
            dialect.payloads,
        )

    def names(self, drive: int) -> int:
        """What the field of the drive's id holds for a drive: as many of its low bits as there is room for."""
        return drive if self.drive is None else drive & self.layout.fields[self.drive].most


def decode(payload: bytes, drive: int, form: ReplyFormat) -> DriveReply | FrameError:
    """The state that a payload tells of the drive of this id, or why it is none."""
    if len(payload) != form.layout.length:
        return FrameError(Malformed.LENGTH, f"a reply has {form.layout.length} bytes, not {len(payload)}")
    if payload in form.specials:
        request = form.specials[payload].value
        return FrameError(Malformed.SPECIAL, f"{payload.hex(' ')} asks a drive to {request}; it is no reply")
    fields = form.layout.unpack(payload)
    if form.drive is not None and fields[form.drive] != form.names(drive):
        return FrameError(Malformed.DRIVE, f"a reply of drive {drive} names drive {fields[form.drive]}")
    for place, value in form.fixed:
        if fields[place] != value:
            name = form.layout.names[place]
            return FrameError(Malformed.CONTENT, f"field {name!r} of a reply is {value}, not {fields[place]}")
    power, fault, code = None, Fault.NONE, 0
    for place, codes in form.codes:
        count = fields[place]
        meaning = codes.meanings.get(count, codes.others)
        if meaning is None:
            return FrameError(Malformed.CODE, f"no {form.layout.names[place]} of a reply is {count:#x}")
        if isinstance(meaning, Power):
            power = meaning
        elif meaning is not Fault.NONE:
            fault, code = meaning, count
    if power is None:
        power = Power.UNKNOWN if fault is Fault.NONE else Power.FAULT
    motor, driver = (nan if place is None else float(fields[place]) for place in form.temperatures)
    position, velocity, torque = to_numbers([fields[place] for place in form.places], form.grid)
    return DriveReply(position, velocity, torque, power, fault, code, motor, driver)


def encode(state: DriveReply, drive: int, form: ReplyFormat) -> tuple[bytes, int]:
    """The payload that tells a state, as the firmware writes it, and bits of what was saturated.

    A fault that the dialect has no code for is told by a code that the dialect file does not know, and where there is
    no such code, by a loop that is open.

    Raises:
        ValueError: Position, velocity or torque is not finite.
    """
    fields = [0] * len(form.layout.fields)
    counts, reasons = to_counts(state[:3], form.grid, form.truncates)
    for place, count in zip(form.places, counts, strict=True):
        fields[place] = count
    for place, value in form.fixed:
        fields[place] = value
    if form.drive is not None:
        fields[form.drive] = form.names(drive)
    for where, degrees in zip(form.temperatures, (state.motor_temperature, state.driver_temperature), strict=True):
        if where is not None:
            fields[where] = _whole(degrees, form.layout.fields[where].most)
    for place, codes in form.codes:
        fields[place] = _code(state, codes, form.layout.fields[place].most)
    return form.layout.pack(fields), reasons


def _whole(degrees: float, most: int) -> int:
    return min(max(round(degrees), 0), most) if isfinite(degrees) else 0


def _code(state: DriveReply, codes: Codes, most: int) -> int:
    """The count of a field that comes closest to telling a state."""
    wanted: list[Power | Fault] = [state.fault] if state.fault is not Fault.NONE else [state.power, Fault.NONE]
    for meaning in wanted:
        for count, known in codes.meanings.items():
            if known is meaning:
                return count
    if state.fault is not Fault.NONE and codes.others is not None:
        return next(count for count in range(1, most + 1) if count not in codes.meanings)
    told = state.power if state.power in codes.meanings.values() else Power.OFF
    return next((count for count, known in codes.meanings.items() if known is told), 0)
