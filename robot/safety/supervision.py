"""What a supervised bus is told of the robot behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.command import Array
from robot.limits import JointLimits
from robot.safety.arbiter import Source
from robot.safety.limits import SafetyLimits
from robot.safety.watches import WATCHES, WatchTable


class DriveSwitch(Protocol):
    """Closes and opens the loops of all drives, where a bus has them to close."""

    def enable(self) -> None:
        """Ask every drive to close its loop; a drive that has done so says it in its status."""
        ...

    def disable(self) -> None:
        """Ask every drive to open its loop: the joints are free."""
        ...

    def clear(self) -> None:
        """Ask every drive to clear its faults."""
        ...


@dataclass(frozen=True, slots=True)
class Supervision:
    """How a robot is supervised.

    Attributes:
        limits: Of the watches.
        sources: Who may command.
        own: Who calls `exchange`, one of the sources.
        period: Time of an exchange [s].
        hold_stiffness: Of a joint that holds the pose in READY, shape (n,) [Nm/rad].
        hold_damping: The same, shape (n,) [Nm·s/rad].
        buses: Name of the bus of each joint's drive; None if that is not known.
        expendable: Patterns of names of joints that may be lost: a watch on such a joint alone takes that joint out of
            service, and the others go on.
        blocked: Patterns of names of joints that what they hold may block; there need not be any.
        watches: What is watched.
    """

    limits: SafetyLimits
    sources: tuple[Source, ...]
    own: str
    period: float
    hold_stiffness: Array
    hold_damping: Array
    buses: tuple[str, ...] | None = None
    expendable: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    watches: WatchTable = WATCHES

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: The period is not finite and above zero, or the caller of `exchange` is none of the sources.
        """
        if not (isfinite(self.period) and self.period > 0.0):
            raise ValueError(f"supervision: period is {self.period} s, it must be finite and above zero")
        names = [source.name for source in self.sources]
        if self.own not in names:
            raise ValueError(f"supervision: there is no source {self.own!r}; there are {', '.join(names)}")

    def ticks(self, time: float) -> int:
        """Number of exchanges that a time [s] takes, at least one."""
        return max(round(time / self.period), 1)

    def expendable_joints(self, limits: JointLimits) -> NDArray[np.bool_]:
        """Which joints may be lost, shape (n,).

        Raises:
            ValueError: A pattern matches no joint.
        """
        for pattern in self.expendable:
            if not _matching(pattern, limits.names):
                raise ValueError(f"supervision: no joint is called {pattern!r}; see 'expendable'")
        return _matched(self.expendable, limits)

    def blocked_joints(self, limits: JointLimits) -> NDArray[np.bool_]:
        """Which joints may be blocked, shape (n,)."""
        return _matched(self.blocked, limits)


def _matched(patterns: Sequence[str], limits: JointLimits) -> NDArray[np.bool_]:
    return np.array([any(fnmatchcase(name, p) for p in patterns) for name in limits.names] or [False] * len(limits))


def _matching(pattern: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if fnmatchcase(name, pattern)]
