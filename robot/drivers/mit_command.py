"""The command of an MIT mini-cheetah dialect as pure functions: a setpoint to a payload, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from robot.drivers.dialect import DriveModel, MitDialect
from robot.drivers.layout import Layout
from robot.drivers.numbers import Slot, slots_of, to_numbers, to_word
from robot.drivers.ranges import NUMBERS
from robot.drivers.reply import FrameError, Malformed
from robot.drivers.setpoint import DriveSetpoint, Special

_TORQUE = NUMBERS.index("torque")


@dataclass(frozen=True, slots=True)
class CommandFormat:
    """All that a command of a model needs to be written and read.

    Attributes:
        layout: Its fields.
        slots: Those of a setpoint's numbers.
        half: What is added to a count before what is behind its point is left off.
        specials: Payloads that mean something else than a setpoint, where they go to the same id.
    """

    layout: Layout
    slots: tuple[Slot, ...]
    half: float
    specials: Mapping[bytes, Special]

    @classmethod
    def of(cls, model: DriveModel, dialect: MitDialect) -> CommandFormat:
        """The format of a model's commands."""
        specials = {} if dialect.request_offset else dialect.payloads
        return cls(dialect.command, slots_of(dialect.command, model.command), dialect.half, specials)


def encode(setpoint: DriveSetpoint, form: CommandFormat) -> tuple[bytes, int]:
    """The payload of a setpoint, and bits of :class:`robot.Reason` for what was saturated.

    A setpoint in a corner of all ranges would read as an enable or a zero request: all numbers at their ends, and the
    torque within five counts of its own. Its torque is moved inwards to the next count at which it does not.

    Raises:
        ValueError: A number is not finite.
    """
    word, reasons = to_word(setpoint, form.slots, form.half)
    payload = (word | form.layout.fixed).to_bytes(form.layout.length, "big")
    if payload in form.specials:
        payload = _beside(payload, form)
    return payload, reasons


def decode(payload: bytes, form: CommandFormat) -> DriveSetpoint | Special | FrameError:
    """What a payload asks for: what the firmware at the other end reads."""
    if len(payload) != form.layout.length:
        return FrameError(Malformed.LENGTH, f"a command has {form.layout.length} bytes, not {len(payload)}")
    special = form.specials.get(payload)
    if special is not None:
        return special
    word = int.from_bytes(payload, "big")
    if not form.layout.is_fixed(word):
        return FrameError(Malformed.CONTENT, f"{payload.hex(' ')} lacks what every command has")
    return DriveSetpoint(*to_numbers(word, form.slots))


def _beside(payload: bytes, form: CommandFormat) -> bytes:
    """The payload of the nearest smaller torque that is no special request."""
    place = form.layout.places[NUMBERS[_TORQUE]]
    word = int.from_bytes(payload, "big")
    count = place.take(word)
    inwards = -1 if 2 * count > place.most else 1
    rest = word & ~(place.most << place.shift)
    while payload in form.specials:
        count += inwards
        payload = (rest | place.put(count)).to_bytes(form.layout.length, "big")
    return payload
