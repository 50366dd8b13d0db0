"""How far it is to a goal for something that can turn on the spot: what guides the search for a path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Pose, middle
from controllers.riding.planning.passing import places

Array = NDArray[np.float64]

_CELL = 0.25
"""Side of a cell [m]."""
_AROUND = 10.0
"""How far around all that is on the map the search may go where there is no fence [m]."""
_STEPS = ((1, 0), (0, 1), (1, 1), (1, -1))


class DistanceToGo:
    """Least distances over a grid from everywhere to each goal, around obstacles; one Dijkstra search a goal."""

    def __init__(self, course_map: CourseMap, start: Pose, clearance: Clearance, margin: float) -> None:
        """Work the distances out.

        Args:
            course_map: The task.
            start: Where it begins.
            clearance: Of the map.
            margin: Least distance from obstacles [m].
        """
        if course_map.fence:
            bounds = np.array(course_map.fence)
            around = 0.0
        else:
            bounds = np.array([(start.x, start.y), *(middle(goal) for goal in course_map.goals)])
            around = _AROUND
        self._low = bounds.min(axis=0) - around
        columns, rows = np.ceil((np.ptp(bounds, axis=0) + 2 * around) / _CELL).astype(int) + 1
        self._shape = (int(columns), int(rows))
        x = self._low[0] + _CELL * np.arange(columns)
        y = self._low[1] + _CELL * np.arange(rows)
        cells = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        free = clearance.of(cells) > margin - _CELL
        graph = self._graph(free)
        targets = [places(goal, margin) for goal in course_map.goals]
        self._distance = [dijkstra(graph, indices=self._cell(target), min_only=True) for target in targets]
        froms = [np.array(((start.x, start.y),)), *targets[:-1]]
        self._legs = [float(self._to(index, points).min()) for index, points in enumerate(froms)]
        self._rest = [sum(self._legs[index + 1 :]) for index in range(len(targets))]

    @property
    def unreachable(self) -> int | None:
        """Index of the first goal to which there is no way at all from the one before it, or from the start."""
        return next((index for index, leg in enumerate(self._legs) if not np.isfinite(leg)), None)

    def distance(self, goal: int, points: Array) -> Array:
        """From points to a goal and on through all the later ones, shape (m, 2) -> (m,) [m]; inf: no way."""
        way: Array = self._to(goal, points) + self._rest[goal]
        return way

    def _to(self, goal: int, points: Array) -> Array:
        within = np.all((points >= self._low) & (points <= self._low + _CELL * (np.array(self._shape) - 1)), axis=1)
        distance: Array = np.where(within, self._distance[goal][self._cell(points)], np.inf)
        return distance

    def _cell(self, points: Array) -> NDArray[np.intp]:
        place = np.clip(np.rint((points - self._low) / _CELL).astype(np.intp), 0, np.array(self._shape) - 1)
        cell: NDArray[np.intp] = place[:, 0] * self._shape[1] + place[:, 1]
        return cell

    def _graph(self, free: NDArray[np.bool_]) -> csr_array:
        columns, rows = self._shape
        number = np.arange(columns * rows).reshape(self._shape)
        open_cells = free.reshape(self._shape)
        ends, lengths = [], []
        for dx, dy in _STEPS:
            one = (slice(0, columns - dx), slice(max(0, -dy), rows - max(0, dy)))
            other = (slice(dx, columns), slice(max(0, dy), rows - max(0, -dy)))
            both = open_cells[one] & open_cells[other]
            ends.append(np.column_stack((number[one][both], number[other][both])))
            lengths.append(np.full(len(ends[-1]), _CELL * np.hypot(dx, dy)))
        pairs = np.vstack(ends)
        size = columns * rows
        graph = csr_array((np.concatenate(lengths), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
        return graph + graph.T
