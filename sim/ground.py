"""What a body on its feet stands on: a plane that may be inclined, and on it flat blocks of different heights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, cos, sin, tan

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Flat blocks that tile the surroundings of the origin; block (i, j) has its middle at i, j times the side.

    Attributes:
        side: Of each block [m].
        top: Heights of their upper sides, shape (2k+1, 2k+1) [m]; [k, k] is the block around the origin.
        level: How many rings of blocks around that one are at height 0 with it: they are one piece.
    """

    side: float
    top: Array
    level: int = 0

    def height(self, x: float, y: float) -> float | None:
        """Height of the block at a point of the world [m]; None beyond the last one."""
        half = self.top.shape[0] // 2
        i, j = round(x / self.side) + half, round(y / self.side) + half
        if 0 <= i < self.top.shape[0] and 0 <= j < self.top.shape[1]:
            return float(self.top[i, j])
        return None

    @property
    def start(self) -> float:
        """Side of the level piece around the origin [m]."""
        return (2 * self.level + 1) * self.side

    def tops(self) -> Iterator[Triple]:
        """The middle of the upper side of each block that is no part of the level piece, in world [m]."""
        half = self.top.shape[0] // 2
        for (i, j), height in np.ndenumerate(self.top):
            if max(abs(i - half), abs(j - half)) > self.level:
                yield (i - half) * self.side, (j - half) * self.side, float(height)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A plane through the origin, or below it under blocks.

    Attributes:
        angle: Inclination of the plane [rad].
        toward: Direction in which it climbs, from x to the left [rad].
        depth: How far the plane is below the origin [m].
        blocks: What lies on it.
    """

    angle: float = 0.0
    toward: float = 0.0
    depth: float = 0.0
    blocks: Blocks | None = None

    @property
    def normal(self) -> Triple:
        """Unit vector of the plane, upward in world."""
        s = sin(self.angle)
        return -s * cos(self.toward), -s * sin(self.toward), cos(self.angle)

    @property
    def orientation(self) -> tuple[float, float, float, float]:
        """The turn that inclines a level plane so, x, y, z, w."""
        s = sin(0.5 * self.angle)
        return s * sin(self.toward), -s * cos(self.toward), 0.0, cos(0.5 * self.angle)

    def height(self, x: float, y: float) -> float:
        """Height of the ground at a point of the world [m]."""
        block = None if self.blocks is None else self.blocks.height(x, y)
        if block is not None:
            return block
        return tan(self.angle) * (x * cos(self.toward) + y * sin(self.toward)) - self.depth


def uneven(height: float, side: float, level_start: float, reach: float, rng: np.random.Generator) -> Ground:
    """Blocks of random heights, evenly spread from -height to height; the plane beyond them is at -height.

    Args:
        height: [m].
        side: Side of each block [m].
        level_start: Blocks that come nearer to the origin than this, along x and along y, are at height 0 [m].
        reach: Blocks lie at least this far around the origin [m].
        rng: Where the heights come from; further blocks change none of those that are nearer.
    """
    level = max(ceil(level_start / side + 0.5) - 1, 0)
    half = max(ceil(reach / side), level)
    top = np.zeros((2 * half + 1, 2 * half + 1))
    for ring in range(half + 1):
        border = _ring(ring)
        heights = rng.uniform(-height, height, len(border))
        if ring > level:
            for (i, j), z in zip(border, heights, strict=True):
                top[half + i, half + j] = z
    return Ground(depth=height, blocks=Blocks(side, top, level))


def _ring(ring: int) -> list[tuple[int, int]]:
    """The places of a square ring around the origin, in a fixed order."""
    if ring == 0:
        return [(0, 0)]
    steps = range(-ring, ring + 1)
    return [(i, j) for i in steps for j in steps if max(abs(i), abs(j)) == ring]
