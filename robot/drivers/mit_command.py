"""The command of an MIT mini-cheetah dialect as pure functions: a setpoint to a payload, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from robot.drivers.counts import Scale, scales, to_counts, to_numbers
from robot.drivers.dialect import DriveModel, MitDialect
from robot.drivers.layout import Layout
from robot.drivers.ranges import NUMBERS
from robot.drivers.reply import FrameError, Malformed
from robot.drivers.setpoint import DriveSetpoint, Special

_TORQUE = NUMBERS.index("torque")


@dataclass(frozen=True, slots=True)
class CommandFormat:
    """All that a command of a model needs to be written and read.

    Attributes:
        layout: Its fields.
        places: Where the numbers of a setpoint are among the fields.
        grid: Their scales, in the order of a setpoint.
        truncates: How a number becomes a count.
        specials: Payloads that mean something else than a setpoint, where they go to the same id.
    """

    layout: Layout
    places: tuple[int, ...]
    grid: tuple[Scale, ...]
    truncates: bool
    specials: Mapping[bytes, Special]

    @classmethod
    def of(cls, model: DriveModel, dialect: MitDialect) -> CommandFormat:
        """The format of a model's commands."""
        layout = dialect.command
        places = tuple(layout.names.index(name) for name in NUMBERS)
        grid = scales(model.command, [layout.fields[place].bits for place in places])
        specials = {} if dialect.request_offset else dialect.payloads
        return cls(layout, places, grid, dialect.truncates, specials)


def encode(setpoint: DriveSetpoint, form: CommandFormat) -> tuple[bytes, int]:
    """The payload of a setpoint, and bits of :class:`robot.Reason` for what was saturated.

    A setpoint in a corner of all ranges would read as an enable or a zero request: all numbers at their ends, and the
    torque within five counts of its own. Its torque is moved inwards to the next count at which it does not.

    Raises:
        ValueError: A number is not finite.
    """
    counts, reasons = to_counts(setpoint, form.grid, form.truncates)
    payload = _packed(counts, form)
    if payload in form.specials:
        inwards = -1 if 2 * counts[_TORQUE] > form.grid[_TORQUE].most else 1
        while payload in form.specials:
            counts[_TORQUE] += inwards
            payload = _packed(counts, form)
    return payload, reasons


def decode(payload: bytes, form: CommandFormat) -> DriveSetpoint | Special | FrameError:
    """What a payload asks for: what the firmware at the other end reads."""
    if len(payload) != form.layout.length:
        return FrameError(Malformed.LENGTH, f"a command has {form.layout.length} bytes, not {len(payload)}")
    special = form.specials.get(payload)
    if special is not None:
        return special
    fields = form.layout.unpack(payload)
    for field, count in zip(form.layout.fields, fields, strict=True):
        if field.value is not None and count != field.value:
            return FrameError(Malformed.CONTENT, f"field {field.name!r} of a command is {field.value}, not {count}")
    return DriveSetpoint(*to_numbers([fields[place] for place in form.places], form.grid))


def _packed(counts: list[int], form: CommandFormat) -> bytes:
    fields = [field.value or 0 for field in form.layout.fields]
    for place, count in zip(form.places, counts, strict=True):
        fields[place] = count
    return form.layout.pack(fields)
