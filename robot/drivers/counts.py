"""Numbers as counts of a field of bits, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from robot.command import Reason
from robot.drivers.ranges import NUMBERS, UNITS, Range

REASONS = (
    Reason.POSITION_CLAMPED, Reason.VELOCITY_CLAMPED, Reason.TORQUE_CLAMPED, Reason.GAIN_CLAMPED, Reason.GAIN_CLAMPED,
)  # fmt: skip
"""What saturating each number of a setpoint is called."""


class Scale(NamedTuple):
    """How a number becomes a count: low is count 0, high is count `most`.

    Attributes:
        low: In SI units.
        high: In SI units.
        most: Greatest count, 2ⁿ - 1 of n bits.
        bit: What saturating it is called.
    """

    low: float
    high: float
    most: int
    bit: int


def scales(ranges: Sequence[Range], bits: Sequence[int]) -> tuple[Scale, ...]:
    """One scale a number, in the order of a setpoint."""
    return tuple(
        Scale(span.low, span.high, (1 << width) - 1, int(reason))
        for span, width, reason in zip(ranges, bits, REASONS, strict=False)
    )


def to_counts(numbers: Sequence[float], grid: Sequence[Scale], truncates: bool) -> tuple[list[int], int]:
    """Counts of numbers, and the bits of those that were saturated; a count never wraps.

    The formula is that of the mini-cheetah (bgkatz/motorcontrol, `float_to_uint`), in this order of operations, with
    the clamp that its makers left out.

    Raises:
        ValueError: A number is no finite one; the message names it.
    """
    counts, reasons, half = [], 0, 0.0 if truncates else 0.5
    for number, (low, high, most, bit) in zip(numbers, grid, strict=True):
        if low <= number <= high:
            counts.append(int((number - low) * most / (high - low) + half))
        elif isfinite(number):
            counts.append(0 if number < low else most)
            reasons |= bit
        else:
            raise ValueError(_not_finite(numbers))
    return counts, reasons


def to_numbers(counts: Sequence[int], grid: Sequence[Scale]) -> list[float]:
    """Numbers that counts stand for."""
    return [count * (high - low) / most + low for count, (low, high, most, _) in zip(counts, grid, strict=True)]


def _not_finite(numbers: Sequence[float]) -> str:
    index = next(index for index, number in enumerate(numbers) if not isfinite(number))
    return f"{NUMBERS[index]} is {numbers[index]} {UNITS[NUMBERS[index]]}; a drive is only sent finite numbers"
