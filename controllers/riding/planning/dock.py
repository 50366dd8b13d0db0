"""Coming onto a straight line, exactly: how a path ends before a stop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import Pose
from controllers.riding.planning.path import ClothoidPath

Array = NDArray[np.float64]

EXACT = 1e-9
"""What is left of the way to the side [m] and of the turn [rad]."""
_FEWEST, _MOST = 3, 12
"""Steps over which the path is brought onto the line."""
_ASIDE, _TURN = 3.0, 1.2
"""How far beside the line [m] and how much turned against it [rad] that is tried, and from how far behind:"""
_BEHIND = 16.0
"""[m]"""
_ROUNDS = 8
_FINE = 10
"""Small steps from knot to knot over which a path is integrated."""
_HOPELESS = 3.0
"""Times the greatest curvature beyond which no correction is awaited [1]."""


@dataclass(frozen=True, slots=True)
class Dock:
    """The end of a straight: a path that is on the line behind it, in its direction and straight, leads into it.

    Attributes:
        x: In the world [m].
        y: In the world [m].
        heading: Of the line [rad].
    """

    x: float
    y: float
    heading: float

    def local(self, x: float, y: float, heading: float) -> tuple[float, float, float]:
        """How far ahead a pose is [m], how far to the left [m], and how far turned to the left [rad]."""
        c, s = cos(self.heading), sin(self.heading)
        dx, dy = x - self.x, y - self.y
        return c * dx + s * dy, c * dy - s * dx, (heading - self.heading + pi) % (2.0 * pi) - pi

    def off(self, path: ClothoidPath) -> tuple[float, float, float]:
        """:meth:`local` of the end of a path."""
        samples = path.sample(10)
        x, y = samples.points[-1].tolist()
        return self.local(x, y, float(samples.heading[-1]))

    def rest(self, path: ClothoidPath) -> float:
        """How far the end of a path on the line is still from here [m]; negative past it."""
        return -self.off(path)[0]


def lead_in(dock: Dock, pose: Pose, step: float, curvature: float, change: float) -> Array | None:
    """Curvature of knots that bring a pose onto the line before a dock.

    Way to the side and turn at the end must vanish: two equations for the inner knots, solved by Newton's method from a
    curvature that fades away evenly. Of all corrections the one that changes least from knot to knot is taken.

    Args:
        dock: Where to.
        pose: From where, its curvature included.
        step: Arc length from knot to knot [m].
        curvature: Greatest curvature [1/m].
        change: Greatest change from knot to knot [1/m].

    Returns:
        Curvature of the knots after the first, the last of them zero, shape (k,) [1/m]; None where there is none.
    """
    depth, aside, turn = dock.local(pose.x, pose.y, pose.heading)
    count = min(_MOST, int((EXACT - depth) / step))
    if count < _FEWEST or depth < -_BEHIND or abs(aside) > _ASIDE or abs(turn) > _TURN:
        return None
    turning, weight = _knots(count)
    knots = pose.curvature * (1.0 - np.arange(count + 1) / count)
    for _ in range(_ROUNDS):
        angle = turn + step * (turning @ knots)
        ahead, across = np.cos(angle[:-1]), np.sin(angle[:-1])
        off = np.array((aside + step / _FINE * float(across.sum()), float(angle[-1])))
        if np.abs(off).max() < EXACT:
            left = depth + step / _FINE * float(ahead.sum())
            within = np.abs(knots).max() <= curvature and np.abs(np.diff(knots)).max() <= change
            return knots[1:] if within and left <= EXACT else None
        slope = step * np.vstack((step / _FINE * (ahead @ turning[:-1, 1:-1]), turning[-1, 1:-1]))
        eased = weight @ slope.T
        knots[1:-1] -= eased @ np.linalg.solve(slope @ eased, off)
        if np.abs(knots).max() > _HOPELESS * curvature:
            return None
    return None


@lru_cache(maxsize=16)
def _knots(count: int) -> tuple[Array, Array]:
    """What knots do, their distance being one.

    Returns:
        Turn up to the middle of each small step and, in the last row, to the end, by each knot's curvature, shape
        (steps + 1, count + 1); and the inverse of the Hessian of half the sum of the squared changes over the inner
        knots, shape (count - 1, count - 1).
    """
    place = np.append((np.arange(_FINE * count) + 0.5) / _FINE, count)[:, None] - np.arange(count + 1)
    inside = np.clip(place, -1.0, 1.0)
    turned = np.where(inside < 0.0, 0.5 * (1.0 + inside) ** 2, 1.0 - 0.5 * (1.0 - inside) ** 2)
    turned[:, 0] -= 0.5  # the first knot's triangle has its right half alone
    difference = np.diff(np.eye(count + 1), axis=0)[:, 1:-1]
    return turned, np.asarray(np.linalg.inv(difference.T @ difference), dtype=np.float64)
