"""What is kept of what happened: trips of watches, faults, changes of mode."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

from robot.safety.modes import RobotMode
from robot.safety.watches import Watch


class Trip(NamedTuple):
    """A watch that has tripped.

    Attributes:
        watch: Which.
        joint: Index of the joint; None when it is about the whole robot.
        value: What was measured, in the unit of the limit.
        limit: The limit that it passed; NaN where there is none.
        note: What number and limit do not say, as a drive's own name for its fault.
    """

    watch: Watch
    joint: int | None
    value: float
    limit: float
    note: str = ""


class FaultRecord(NamedTuple):
    """A fault that is latched.

    Attributes:
        watch: Its cause.
        joint: Name of the joint, or its index where names are not known; None when it is about the whole robot.
        time: Of the state at which it was found [s].
        value: What was measured then, in the unit of the limit.
        limit: The limit that it passed; NaN where there is none.
        note: What number and limit do not say.
    """

    watch: Watch
    joint: str | None
    time: float
    value: float
    limit: float
    note: str

    @classmethod
    def of(cls, trip: Trip, time: float, names: Sequence[str]) -> FaultRecord:
        """What has tripped, at a time [s], on a joint with one of these names; without names by its index."""
        joint = None if trip.joint is None else names[trip.joint] if names else str(trip.joint)
        return cls(trip.watch, joint, time, trip.value, trip.limit, trip.note)

    def __str__(self) -> str:
        """The same in one line."""
        where = "" if self.joint is None else f" at {self.joint}"
        note = f" ({self.note})" if self.note else ""
        value = "" if isnan(self.value) else f" {self.value:g},"
        limit = "" if isnan(self.limit) else f" limit {self.limit:g},"
        return f"{self.watch.name}{where}{note}:{value}{limit} at {self.time:.3f} s"


class ModeChange(NamedTuple):
    """A change of mode: when [s], from which, to which, and why."""

    time: float
    before: RobotMode
    after: RobotMode
    why: str

    def __str__(self) -> str:
        """The same in one line."""
        return f"{self.before.name} to {self.after.name} at {self.time:.3f} s: {self.why}"
