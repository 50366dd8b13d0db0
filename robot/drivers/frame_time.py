"""How long a frame occupies a bus: its bits as ISO 11898-1 has them, with stuffing at its worst and in the mean.

Classic CAN: R. I. Davis, A. Burns, R. J. Bril, J. J. Lukkien, Controller Area Network (CAN) schedulability analysis:
refuted, revisited and revised, Real-Time Systems 35 (2007), equation 1. CAN-FD: ISO 11898-1:2015, 10.4.2 and 10.5; the
fields are those of Bosch's CAN with Flexible Data-Rate, version 1.0 (2012), with the stuff count of the ISO standard.
"""

from __future__ import annotations

from typing import NamedTuple

from robot.drivers.frame import CanFrame

_LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64)
_RANDOM = 30.0
"""Mean distance between stuff bits of random bits [bit]: 2⁵ - 1 up to the first run of five, one less from then on,
because a stuff bit begins a run."""
_SPACE = 3
"""Bits between two frames."""


class FrameBits(NamedTuple):
    """Bits of a frame and of the space after it.

    Attributes:
        slow: At the rate of the arbitration [bit].
        fast: At the rate of the data; 0 in a classic frame [bit].
    """

    slow: float
    fast: float


class BitRates(NamedTuple):
    """Rates of a bus: of classic frames and of the arbitration, and of the data of CAN-FD frames [bit/s]."""

    arbitration: int
    data: int


def bits_of(frame: CanFrame, *, worst: bool = True) -> FrameBits:
    """The bits of a frame.

    Args:
        frame: It; what is in the payload does not matter, only how long it is.
        worst: Whether to take as many stuff bits as there can be, or the mean of random bits.
    """
    size = next(length for length in _LENGTHS if length >= len(frame.data))
    if not frame.fd:
        stuffed = (54 if frame.extended else 34) + 8 * size
        return FrameBits(stuffed + _stuffing(stuffed, worst) + 10 + _SPACE, 0.0)
    head = 36 if frame.extended else 17  # up to the bit at which the rate changes
    body = 5 + 8 * size  # the error state, the length, the data
    in_head = _stuffing(head, worst)
    in_body = _stuffing(head + body, worst) - in_head
    check = 4 + 17 + 6 if size <= 16 else 4 + 21 + 7  # stuff count, CRC, and stuff bits at fixed places
    tail = 1 + 2 + 7  # the CRC's delimiter, acknowledge with its own, end of frame
    return FrameBits(head + in_head + tail + _SPACE, body + in_body + check)


def duration(frame: CanFrame, rates: BitRates, *, worst: bool = True) -> float:
    """Time for which a frame, and the space after it, occupies a bus [s]."""
    slow, fast = bits_of(frame, worst=worst)
    return slow / rates.arbitration + fast / rates.data


def _stuffing(bits: int, worst: bool) -> float:
    """Stuff bits among so many; at worst one after the first five, and one after each four from then on."""
    return (bits - 1) // 4 if worst else (bits - 1) / _RANDOM
