"""The lie of the land as plain data: strips with a height profile or a friction of their own, on a level plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strip:
    """A rectangle of ground: it begins at a point, runs along a direction, and is alike from side to side.

    Attributes:
        name: What it is called in messages.
        start: Middle of its near edge in world, (x, y) [m].
        heading: Direction in which it runs [rad].
        length: How far [m].
        width: From side to side [m].
        along: Where the vertices of its profile are, not decreasing, shape (k,), from 0 to the length [m]; two at the
            same place are a step.
        height: Of the vertices, shape (k,) [m]; they begin at 0, and nothing is below that but ruts of a rough road.
        friction: Coulomb friction against the tyres; None for that of the world.
    """

    name: str
    start: tuple[float, float]
    heading: float
    length: float
    width: float
    along: Array = field(default_factory=lambda: np.zeros(0))
    height: Array = field(default_factory=lambda: np.zeros(0))
    friction: float | None = None

    def __post_init__(self) -> None:
        """Refuse a profile that is no profile.

        Raises:
            ValueError: The vertices do not fit each other or the length.
        """
        if self.along.shape != self.height.shape or (np.diff(self.along) < 0).any():
            raise ValueError(f"{self.name}: a profile needs as many heights as places, and places that do not decrease")
        if self.along.size and not (self.along[0] == 0.0 and abs(self.along[-1] - self.length) < 1e-9):
            raise ValueError(
                f"{self.name}: its profile goes from {self.along[0]:g} to {self.along[-1]:g} m,"
                f" it must go from 0 to its length of {self.length:g} m"
            )

    @property
    def flat(self) -> bool:
        """Whether it is level with the plain everywhere."""
        return not self.height.size or not self.height.any()

    @property
    def ahead(self) -> tuple[float, float, float]:
        """Unit vector in world along which it runs."""
        return cos(self.heading), sin(self.heading), 0.0

    def local(self, x: float, y: float) -> tuple[float, float]:
        """A point of the world (x, y) as (along, across, positive left) [m]."""
        c, s = cos(self.heading), sin(self.heading)
        dx, dy = x - self.start[0], y - self.start[1]
        return c * dx + s * dy, c * dy - s * dx

    def covers(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether a point of the world is on it, or at most a margin [m] from it before, behind or beside it."""
        along, across = self.local(x, y)
        return -margin <= along <= self.length + margin and abs(across) <= 0.5 * self.width + margin

    def height_at(self, along: float) -> float:
        """Height of the profile at a place [m]; on a step that of its upper side."""
        if not self.along.size:
            return 0.0
        first = int(np.searchsorted(self.along, along, "left"))
        last = int(np.searchsorted(self.along, along, "right"))
        if last > first:
            return float(self.height[first:last].max())
        return float(np.interp(along, self.along, self.height))


class Terrain:
    """Strips that do not overlap, on a plain."""

    def __init__(self, strips: Iterable[Strip] = ()) -> None:
        """Take the strips."""
        self.strips = tuple(strips)

    @property
    def flat(self) -> bool:
        """Whether there is nothing but the plain."""
        return not self.strips

    def height(self, x: float, y: float) -> float:
        """Height of the ground at a point of the world [m]."""
        for strip in self.strips:
            if not strip.flat and strip.covers(x, y):
                return strip.height_at(strip.local(x, y)[0])
        return 0.0

    def friction(self, x: float, y: float) -> float | None:
        """Friction of the ground at a point of the world; None for that of the world."""
        for strip in self.strips:
            if strip.friction is not None and strip.covers(x, y):
                return strip.friction
        return None
