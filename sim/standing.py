"""What stands on the ground and does not move, as plain data: pillars and walls."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, hypot, inf


@dataclass(frozen=True, slots=True)
class Pillar:
    """An upright cylinder on the level plain.

    Attributes:
        at: Its middle in the world, (x, y) [m].
        radius: [m].
        height: [m].
        since: Time from which on it is there [s].
        until: Time from which on it is gone [s].
    """

    at: tuple[float, float]
    radius: float
    height: float = 1.0
    since: float = 0.0
    until: float = inf

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle in the world [m]."""
        return self.at

    @property
    def heading(self) -> float:
        """It is alike from all sides [rad]."""
        return 0.0

    @property
    def reach(self) -> float:
        """Farthest that a part of it is from its middle, seen from above [m]."""
        return self.radius


@dataclass(frozen=True, slots=True)
class Barrier:
    """A straight wall on the level plain.

    Attributes:
        start: Middle of its near end in the world, (x, y) [m].
        end: Middle of its far end [m].
        thickness: [m].
        height: [m].
    """

    start: tuple[float, float]
    end: tuple[float, float]
    thickness: float = 0.1
    height: float = 1.0

    @property
    def since(self) -> float:
        """Time from which on it is there [s]."""
        return 0.0

    @property
    def until(self) -> float:
        """Time from which on it is gone [s]."""
        return inf

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle in the world [m]."""
        return 0.5 * (self.start[0] + self.end[0]), 0.5 * (self.start[1] + self.end[1])

    @property
    def length(self) -> float:
        """From end to end [m]."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @property
    def heading(self) -> float:
        """Direction in which it runs [rad]."""
        return atan2(self.end[1] - self.start[1], self.end[0] - self.start[0])

    @property
    def reach(self) -> float:
        """Farthest that a part of it is from its middle, seen from above [m]."""
        return 0.5 * hypot(self.length, self.thickness)


Standing = Pillar | Barrier
