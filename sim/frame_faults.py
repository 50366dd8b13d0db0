"""What goes wrong with frames on their way: lost, late, twice, or with other bits than were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from robot.drivers.frame import CanFrame


class Passage(NamedTuple):
    """A frame on its way.

    Attributes:
        bus: Name of the bus.
        time: When the last bit of it was on the bus [s].
        to_drive: Whether it comes from the host; else it is a drive's.
        frame: The frame.
    """

    bus: str
    time: float
    to_drive: bool
    frame: CanFrame


class Arrival(NamedTuple):
    """A frame as it arrives, and how much later than it should [s]."""

    frame: CanFrame
    late: float = 0.0


class FrameFaults(Protocol):
    """Decides what becomes of each frame."""

    def arrivals(self, passage: Passage) -> tuple[Arrival, ...]:
        """What arrives in place of a frame; nothing if it is lost."""
        ...

    def destroys(self, passage: Passage) -> bool:
        """Whether it does not get through at all, as everybody on the bus sees; `time` is when it begins [s]."""
        ...


class NoFaults:
    """Every frame arrives as it was sent."""

    def arrivals(self, passage: Passage) -> tuple[Arrival, ...]:
        """The frame itself."""
        return (Arrival(passage.frame),)

    def destroys(self, passage: Passage) -> bool:
        """Nothing is destroyed."""
        return False


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Shares of all frames [1], each fault by itself, and for how long at most a frame is late [s].

    Attributes:
        dropped: Lost.
        duplicated: There twice, the second time after up to `lateness`.
        delayed: Late by up to `lateness`; later ones may be there before.
        corrupted: With one bit turned. A CAN controller throws such a frame away, for its CRC finds every single error;
            this is what a broken gateway does.
        lateness: See above [s].
    """

    dropped: float = 0.0
    duplicated: float = 0.0
    delayed: float = 0.0
    corrupted: float = 0.0
    lateness: float = 0.004

    @property
    def any(self) -> bool:
        """Whether anything goes wrong at all."""
        return max(self.dropped, self.duplicated, self.delayed, self.corrupted) > 0.0


class RandomFaults:
    """Faults at random, with the same shares in both directions and on all buses; counted in `seen`."""

    def __init__(self, rates: FaultRates, rng: np.random.Generator) -> None:
        """Let things go wrong at these rates."""
        self._rates, self._rng = rates, rng
        self.seen = {"dropped": 0, "duplicated": 0, "delayed": 0, "corrupted": 0}

    def arrivals(self, passage: Passage) -> tuple[Arrival, ...]:
        """What arrives in place of a frame."""
        rates, rng = self._rates, self._rng
        lost, twice, late, wrong = rng.random(4).tolist()
        if lost < rates.dropped:
            self.seen["dropped"] += 1
            return ()
        frame, wait = passage.frame, 0.0
        if wrong < rates.corrupted and frame.data:
            self.seen["corrupted"] += 1
            frame = turned(frame, rng)
        if late < rates.delayed:
            self.seen["delayed"] += 1
            wait = rates.lateness * float(rng.random())
        first = Arrival(frame, wait)
        if twice < rates.duplicated:
            self.seen["duplicated"] += 1
            return first, Arrival(frame, wait + rates.lateness * float(rng.random()))
        return (first,)

    def destroys(self, passage: Passage) -> bool:
        """Nothing is destroyed on the wire."""
        return False


def turned(frame: CanFrame, rng: np.random.Generator) -> CanFrame:
    """A frame with one bit of its data turned at random."""
    data = bytearray(frame.data)
    bit = int(rng.integers(8 * len(data)))
    data[bit // 8] ^= 0x80 >> bit % 8
    return frame._replace(data=bytes(data))
