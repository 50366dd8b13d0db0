"""The ground that a search may use, in cells that know how far they are from what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Disc, PlanningError, Pose, middle

Array = NDArray[np.float64]

CELL = 0.25
"""Side of a cell [m]."""
_AROUND = 12.0
"""How far around all that is on the map the search may go where there is no fence [m]."""
_MOST = 1_000_000
"""Cells of a map at most: the search takes some 2 kB for each."""
_BLOCK = 4096
"""Cells whose clearance is worked out in one go, which bounds the memory."""
_WITHIN_CELL = 0.71 * CELL
"""Farthest from the middle of a cell that a point in it is [m]."""


class Grid:
    """Cells of equal size over all of a map.

    Attributes:
        low: Middle of the first cell, shape (2,) [m].
        shape: How many cells along x and along y.
        clearance: Of the middle of each cell from what stands in the way, negative outside the fence, that shape [m].
        exact: The same for any points.
    """

    def __init__(self, course_map: CourseMap, start: Pose) -> None:
        """Lay the cells over a map and the place where a search begins.

        Raises:
            PlanningError: The map is too large.
        """
        self.exact = Clearance(course_map)
        around = 0.0 if course_map.fence else _AROUND
        bounds = np.array(course_map.fence or [(start.x, start.y), *(middle(goal) for goal in course_map.goals)])
        self.low: Array = bounds.min(axis=0) - around
        size = np.ptp(bounds, axis=0) + 2 * around
        x, y = size.tolist()
        if not (x / CELL) * (y / CELL) <= _MOST:
            raise PlanningError(
                f"the map is {x:g} by {y:g} m, more than the {_MOST * CELL**2:g} m² in which a way can be sought: look "
                f"for a place with a digit too many"
            )
        columns, rows = np.ceil(size / CELL).astype(int) + 1
        self.shape = (int(columns), int(rows))
        index = np.arange(columns * rows)
        blocks = [
            self.exact.of(self.low + CELL * np.column_stack(np.divmod(block, rows)))
            for block in np.split(index, range(_BLOCK, index.size, _BLOCK))
        ]
        self.clearance: Array = np.concatenate(blocks).reshape(self.shape)
        self._flat = self.clearance.ravel()

    def among(self, course_map: CourseMap, discs: Sequence[Disc]) -> Grid:
        """The grid of a map that has some discs more than this one's; all else is not worked out anew.

        Outside the fence its clearance is that from the discs if they are nearer than the fence is far.
        """
        grid = copy(self)
        grid.exact = Clearance(course_map)
        columns, rows = (low + CELL * np.arange(count) for low, count in zip(self.low, self.shape, strict=True))
        grid.clearance = self.clearance.copy()
        for disc in discs:
            away = np.hypot(columns[:, None] - disc.at[0], rows[None] - disc.at[1])
            np.minimum(grid.clearance, away - disc.radius, out=grid.clearance)
        grid._flat = grid.clearance.ravel()
        return grid

    def cells(self, points: Array) -> NDArray[np.intp]:
        """Column and row of the cell that each point is in, or that is nearest to it, shape (m, 2) -> (m, 2)."""
        place: NDArray[np.intp] = np.rint((points - self.low) * (1.0 / CELL)).astype(np.intp)
        return np.clip(place, 0, np.array(self.shape) - 1)

    def within(self, points: Array) -> NDArray[np.bool_]:
        """Whether points are on the grid, shape (m, 2) -> (m,)."""
        inside: NDArray[np.bool_] = np.all(
            (points >= self.low) & (points <= self.low + CELL * (np.array(self.shape) - 1)), axis=1
        )
        return inside

    def free(self, points: Array, margin: float) -> NDArray[np.bool_]:
        """Whether points are on the grid and at least a margin [m] from all obstacles, shape (m, 2) -> (m,)."""
        place = np.rint((points - self.low) * (1.0 / CELL)).astype(np.intp)
        column, row = place[:, 0], place[:, 1]
        columns, rows = self.shape
        on = (column >= 0) & (row >= 0) & (column < columns) & (row < rows)
        near = self._flat.take(np.where(on, column * rows + row, 0))
        free: NDArray[np.bool_] = on & (near >= margin + _WITHIN_CELL)
        doubtful = np.flatnonzero(on & ~free & (near >= margin - _WITHIN_CELL))
        if doubtful.size:
            free[doubtful] = self.exact.of(points[doubtful]) >= margin
        return free
