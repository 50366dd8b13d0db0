"""The clock of a bus: monotonic on the robot, the simulated time in simulation; nothing in `robot/` has its own."""

from __future__ import annotations

from typing import Protocol


class BusClock(Protocol):
    """Tells time and lets it pass."""

    def now(self) -> float:
        """Time [s]."""
        ...

    def wait_until(self, time: float) -> None:
        """Return when it is that time [s], or at once if it was already; the links keep what arrives meanwhile."""
        ...

    def time_of(self, stamp: float) -> float:
        """The time [s] at which a message came that python-can stamped so [s]."""
        ...
