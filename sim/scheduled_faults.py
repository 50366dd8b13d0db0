"""Faults of frames that have a time, a bus and a direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import numpy as np

from robot.drivers.frame import CanFrame
from sim.frame_faults import Arrival, FrameFaults, NoFaults, Passage, turned

_BEHIND = 1e-6
"""How much later than its successor a frame arrives that changes places with it [s]."""


class FrameTrouble(Enum):
    """What goes wrong with a frame."""

    DROPPED = "dropped"
    """It is lost."""
    DELAYED = "delayed"
    """It is late by up to `lateness`."""
    DUPLICATED = "duplicated"
    """It comes again, up to `lateness` later."""
    REORDERED = "reordered"
    """It arrives behind the next frame with the same id."""
    CORRUPTED = "corrupted"
    """One bit of its data is turned behind the CRC's back."""
    DESTROYED = "destroyed"
    """Everybody sees an error in it; its sender repeats it, and counts."""


@dataclass(frozen=True, slots=True)
class FrameFault:
    """One fault of frames.

    Attributes:
        trouble: What goes wrong.
        share: With which share of the frames [1].
        begin: From when [s].
        end: Until when [s].
        buses: On which buses.
        direction: With whose frames: the host's, the drives' or both.
        lateness: For how long at most a frame is late [s].
    """

    trouble: FrameTrouble
    share: float
    begin: float
    end: float
    buses: tuple[str, ...]
    direction: Literal["commands", "replies", "both"] = "both"
    lateness: float = 0.004

    def concerns(self, passage: Passage) -> bool:
        """Whether a frame may be hit."""
        hit = self.begin <= passage.time < self.end and passage.bus in self.buses
        return hit and self.direction != ("replies" if passage.to_drive else "commands")


class ScheduledFaults:
    """Lets several faults happen to frames, one after the other, on top of others."""

    def __init__(
        self, faults: Sequence[FrameFault], rng: np.random.Generator, below: FrameFaults | None = None
    ) -> None:
        """Let things go wrong.

        Args:
            faults: What, and when.
            rng: Which frames are hit.
            below: What goes wrong besides; None for nothing.
        """
        self._faults, self._rng, self._below = tuple(faults), rng, below or NoFaults()
        self._held: dict[tuple[str, bool, int], CanFrame] = {}

    def arrivals(self, passage: Passage) -> tuple[Arrival, ...]:
        """What arrives in place of a frame."""
        arrivals = list(self._below.arrivals(passage))
        for fault in self._faults:
            if fault.trouble is not FrameTrouble.DESTROYED and fault.concerns(passage):
                arrivals = [arrival for one in arrivals for arrival in self._struck(fault, one)]
        held, key = self._held, (passage.bus, passage.to_drive, passage.frame.id)
        if key in held and arrivals:
            arrivals.append(Arrival(held.pop(key), arrivals[-1].late + _BEHIND))
        elif any(self._swaps(fault, passage) for fault in self._faults) and len(arrivals) == 1:
            held[key] = arrivals.pop().frame
        return tuple(arrivals)

    def destroys(self, passage: Passage) -> bool:
        """Whether a frame does not get through at all."""
        if self._below.destroys(passage):
            return True
        for fault in self._faults:
            if fault.trouble is FrameTrouble.DESTROYED and fault.concerns(passage) and self._hits(fault):
                return True
        return False

    def _hits(self, fault: FrameFault) -> bool:
        return float(self._rng.random()) < fault.share

    def _swaps(self, fault: FrameFault, passage: Passage) -> bool:
        return fault.trouble is FrameTrouble.REORDERED and fault.concerns(passage) and self._hits(fault)

    def _struck(self, fault: FrameFault, arrival: Arrival) -> tuple[Arrival, ...]:
        """What becomes of a frame by one fault, but for changing places."""
        if fault.trouble is FrameTrouble.REORDERED or not self._hits(fault):
            return (arrival,)
        late = arrival.late + fault.lateness * float(self._rng.random())
        match fault.trouble:
            case FrameTrouble.DROPPED:
                return ()
            case FrameTrouble.DELAYED:
                return (Arrival(arrival.frame, late),)
            case FrameTrouble.DUPLICATED:
                return arrival, Arrival(arrival.frame, late)
            case _:
                return (Arrival(turned(arrival.frame, self._rng), arrival.late),) if arrival.frame.data else (arrival,)
