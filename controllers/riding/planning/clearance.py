"""How far points are from what stands in the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import CourseMap, Gate, Point

Array = NDArray[np.float64]


class Clearance:
    """Distances to discs, posts of gates, walls and fence of a map."""

    def __init__(self, course_map: CourseMap) -> None:
        """Take what stands in the way from a map."""
        posts = [post for goal in course_map.goals if isinstance(goal, Gate) for post in (goal.left, goal.right)]
        self._centres = np.array([disc.at for disc in course_map.discs] + posts).reshape(-1, 2)
        self._radii = np.array([disc.radius for disc in course_map.discs] + [0.0] * len(posts))
        self._fence = np.array(course_map.fence).reshape(-1, 2)
        edges = list(zip(course_map.fence, course_map.fence[1:] + course_map.fence[:1], strict=True))
        segments = [(wall.start, wall.end) for wall in course_map.walls] + edges
        ends = np.array(segments).reshape(-1, 2, 2)
        self._first, self._along = ends[:, 0], ends[:, 1] - ends[:, 0]
        self._squared = np.maximum((self._along**2).sum(axis=1), 1e-12)

    @property
    def count(self) -> int:
        """How many discs, posts, walls and edges of the fence there are."""
        return len(self._centres) + len(self._first)

    def vectors(self, points: Array) -> tuple[Array, Array]:
        """Distances to everything, and where they come from.

        Args:
            points: Shape (m, 2) [m].

        Returns:
            Distances from the edge of each obstacle, negative within a disc, shape (m, k) [m], and the unit vectors
            from the nearest point of each obstacle's middle (line) to the points, shape (m, k, 2).
        """
        centres = np.broadcast_to(self._centres, (len(points), *self._centres.shape))
        apart = points[:, None] - self._first
        share = np.clip((apart * self._along).sum(axis=2) / self._squared, 0.0, 1.0)
        nearest = self._first + share[:, :, None] * self._along
        away = points[:, None] - np.concatenate((centres, nearest), axis=1)
        length = np.sqrt((away**2).sum(axis=2))
        distance = length.copy()
        distance[:, : self._radii.size] -= self._radii
        return distance, away / np.maximum(length, 1e-9)[:, :, None]

    def distance(self, points: Array) -> Array:
        """Distance to the nearest of them, whichever side of the fence the points are on, shape (m, 2) -> (m,) [m]."""
        if not self.count:
            return np.full(len(points), np.inf)
        nearest: Array = self.vectors(points)[0].min(axis=1)
        return nearest

    def of(self, points: Array) -> Array:
        """Distance to the nearest of them, negative outside the fence, shape (m, 2) -> (m,) [m]."""
        distance = self.distance(points)
        if len(self._fence):
            outside = ~inside(points, self._fence)
            distance[outside] = -np.abs(distance[outside])
        return distance


def inside(points: Array, corners: Array | tuple[Point, ...]) -> NDArray[np.bool_]:
    """Whether points, shape (m, 2) [m], are in a polygon, shape (n, 2) [m]; by the even-odd rule."""
    first = np.asarray(corners, dtype=np.float64)
    second = np.roll(first, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    straddles = (first[:, 1] > y) != (second[:, 1] > y)
    rise = np.where(second[:, 1] == first[:, 1], 1.0, second[:, 1] - first[:, 1])
    crossing = first[:, 0] + (y - first[:, 1]) * (second[:, 0] - first[:, 0]) / rise
    odd: NDArray[np.bool_] = ((straddles & (x < crossing)).sum(axis=1) % 2).astype(bool)
    return odd
