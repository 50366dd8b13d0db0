"""Numbers in SI units as counts of the fields of a payload, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from robot.command import Reason
from robot.drivers.layout import Layout, Place
from robot.drivers.ranges import NUMBERS, UNITS, Range

REASONS = (
    Reason.POSITION_CLAMPED, Reason.VELOCITY_CLAMPED, Reason.TORQUE_CLAMPED, Reason.GAIN_CLAMPED, Reason.GAIN_CLAMPED,
)  # fmt: skip
"""What saturating each number of a setpoint is called."""


class Slot(NamedTuple):
    """The field of a number: `low` is sent as count 0, `high` as count `most`.

    Attributes:
        low: In SI units.
        high: In SI units.
        most: Greatest count, 2ⁿ - 1 of n bits.
        shift: How many bits are below the field.
        reason: What saturating the number is called.
        swapped: The field, if its bytes are in little-endian order.
    """

    low: float
    high: float
    most: int
    shift: int
    reason: int
    swapped: Place | None


def slots_of(layout: Layout, ranges: Sequence[Range]) -> tuple[Slot, ...]:
    """The fields of the numbers that ranges are given for, in the order of a setpoint."""
    places = [layout.places[name] for name in NUMBERS[: len(ranges)]]
    return tuple(
        Slot(span.low, span.high, place.most, place.shift, int(reason), place if place.swapped else None)
        for span, place, reason in zip(ranges, places, REASONS, strict=False)
    )


def to_word(numbers: Sequence[float], slots: Sequence[Slot], half: float) -> tuple[int, int]:
    """A word with the counts of numbers, and the bits of those that were saturated; a count never wraps.

    The formula is that of the mini-cheetah (bgkatz/motorcontrol, `float_to_uint`), in this order of operations, with
    the clamp that its makers left out.

    Args:
        numbers: In SI units.
        slots: Their fields.
        half: 0 to leave off what is behind the point, 0.5 to round.

    Raises:
        ValueError: A number is not finite; the message names it.
    """
    word = reasons = 0
    for number, (low, high, most, shift, reason, swapped) in zip(numbers, slots, strict=True):
        if low <= number <= high:
            count = int((number - low) * most / (high - low) + half)
        elif isfinite(number):
            count = 0 if number < low else most
            reasons |= reason
        else:
            raise ValueError(not_finite(numbers))
        word |= count << shift if swapped is None else swapped.put(count)
    return word, reasons


def to_numbers(word: int, slots: Sequence[Slot]) -> list[float]:
    """The numbers that the counts of a word stand for."""
    return [
        (word >> shift & most if swapped is None else swapped.take(word)) * (high - low) / most + low
        for low, high, most, shift, _, swapped in slots
    ]


def not_finite(numbers: Sequence[float]) -> str:
    """Say which number is not finite."""
    index = next(index for index, number in enumerate(numbers) if not isfinite(number))
    return f"{NUMBERS[index]} is {numbers[index]} {UNITS[NUMBERS[index]]}; a drive is only sent finite numbers"
