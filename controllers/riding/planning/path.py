"""Paths whose curvature is linear between knots: chains of clothoids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import Pose

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Samples:
    """Points along a path.

    Attributes:
        arc_length: Shape (m,) [m].
        points: In the world, shape (m, 2) [m].
        heading: Continuous, shape (m,) [rad].
    """

    arc_length: Array
    points: Array
    heading: Array


@dataclass(frozen=True, slots=True)
class ClothoidPath:
    """A path from a pose, by its curvature at equidistant knots.

    Attributes:
        start: First pose; its curvature is that of the first knot.
        step: Arc length from knot to knot [m].
        curvature: At the knots, shape (n,) [1/m].
    """

    start: Pose
    step: float
    curvature: Array

    @property
    def length(self) -> float:
        """Arc length of the last knot [m]."""
        return self.step * (self.curvature.size - 1)

    @property
    def curvature_rate(self) -> Array:
        """Change of the curvature along the path between knots, shape (n - 1,) [1/m²]."""
        rate: Array = np.diff(self.curvature) / self.step
        return rate

    def curvature_at(self, arc_length: Array) -> Array:
        """Curvature at arc lengths, same shape [1/m]; beyond the ends it is that of the end."""
        return np.interp(arc_length, self.step * np.arange(self.curvature.size), self.curvature)

    def heading_at(self, arc_length: Array) -> Array:
        """Heading at arc lengths within the path, same shape [rad]."""
        knots = self.step * np.arange(self.curvature.size)
        turned = np.concatenate(((0.0,), np.cumsum(0.5 * self.step * (self.curvature[1:] + self.curvature[:-1]))))
        low = np.clip((arc_length / self.step).astype(np.intp), 0, self.curvature.size - 2)
        rest = arc_length - knots[low]
        bend = 0.5 * (self.curvature[low] + self.curvature_at(arc_length))
        heading: Array = self.start.heading + turned[low] + rest * bend
        return heading

    def sample(self, per_knot: int) -> Samples:
        """Points at so many equal steps from knot to knot, by the midpoint rule on the exact heading."""
        count = per_knot * (self.curvature.size - 1)
        step = self.step / per_knot
        arc_length: Array = step * np.arange(count + 1, dtype=np.float64)
        between = self.heading_at(arc_length[:-1] + 0.5 * step)
        steps = step * np.column_stack((np.cos(between), np.sin(between)))
        points = np.cumsum(np.vstack(((self.start.x, self.start.y), steps)), axis=0)
        return Samples(arc_length, points, self.heading_at(arc_length))

    def pose_at(self, arc_length: float) -> Pose:
        """The pose at an arc length within the path."""
        samples = self.sample(10)
        x, y = (float(np.interp(arc_length, samples.arc_length, column)) for column in samples.points.T)
        at = np.array((arc_length,))
        return Pose(x, y, float(self.heading_at(at)[0]), float(self.curvature_at(at)[0]))
