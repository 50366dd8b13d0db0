"""The area under the soles, against the divergent component of motion."""

from __future__ import annotations

from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from controllers.balance.feet import Feet, FootPlace, between, middle
from controllers.balance.support import Point, convex_hull, margin

Array = NDArray[np.float64]


class SoleArea:
    """The convex hull of both soles, and what a push out of it leads to.

    A step begins when the divergent component is well outside of it, or stays at its edge.
    """

    def __init__(self, sole_half: tuple[float, float], period: float) -> None:
        """Take half the length and half the width of a sole [m], and the time between two ticks [s]."""
        self._half, self._period = sole_half, period
        self._at_edge = 0.0

    def reset(self) -> None:
        """Forget how long it has been at the edge."""
        self._at_edge = 0.0

    def margin(self, xi: Array, feet: Feet, near: float) -> float:
        """How far xi is inside [m]; infinity where it is nearer to the middle of the feet than `near` [m]."""
        x, y = (xi - middle(feet)[:2]).tolist()
        if x * x + y * y < near * near:
            return float("inf")
        corners = [corner for foot in feet for corner in self._corners(foot)]
        return margin((float(xi[0]), float(xi[1])), convex_hull(corners))

    def pushed(self, xi: Array, feet: Feet, least: float, edge: float, time: float) -> bool:
        """Whether the area no longer holds xi, or has not brought it back from its edge.

        Args:
            xi: Divergent component of motion, shape (2,) [m].
            feet: Where the soles are.
            least: It is lost with less margin than this [m].
            edge: And with less than this [m]
            time: for longer than this [s].
        """
        inside = self.margin(xi, feet, 0.05)
        self._at_edge = self._at_edge + self._period if inside < edge else 0.0
        return inside < least or self._at_edge > time

    def _corners(self, foot: FootPlace) -> list[Point]:
        x, y, _ = foot.position.tolist()
        c, s = cos(foot.heading), sin(foot.heading)
        a, b = self._half
        return [(x + c * i - s * j, y + s * i + c * j) for i in (-a, a) for j in (-b, b)]


def unloaded(xi: Array, feet: Feet) -> int:
    """The foot from which a push takes the weight, so that it can be lifted: 0 left, 1 right."""
    heading = between(feet)
    x, y = (xi - middle(feet)[:2]).tolist()
    return 1 if -sin(heading) * x + cos(heading) * y > 0.0 else 0
