"""How far it is to a goal for something that can turn on the spot: whether there is a way at all, and how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from controllers.riding.planning.grid import CELL, Grid

Array = NDArray[np.float64]

_BEYOND = 25.0
"""How much farther than its origin a way to a target may lead at first [m]."""
_STEPS = ((1, 0), (0, 1), (1, 1), (1, -1))


class Roads:
    """The free cells of a grid and the ways from each to its neighbours."""

    def __init__(self, grid: Grid, margin: float) -> None:
        """Join the cells that are about a margin [m] from what stands in the way."""
        self.grid = grid
        free = grid.clearance > margin - CELL
        columns, rows = grid.shape
        number = np.arange(columns * rows).reshape(grid.shape)
        ends, lengths = [], []
        for dx, dy in _STEPS:
            one = (slice(0, columns - dx), slice(max(0, -dy), rows - max(0, dy)))
            other = (slice(dx, columns), slice(max(0, dy), rows - max(0, -dy)))
            both = free[one] & free[other]
            ends.append(np.column_stack((number[one][both], number[other][both])))
            lengths.append(np.full(len(ends[-1]), CELL * np.hypot(dx, dy)))
        pairs = np.vstack(ends)
        size = columns * rows
        graph = csr_array((np.concatenate(lengths), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
        self._graph = graph + graph.T

    def to(self, points: Array, origins: Array) -> Array:
        """Least distances along free cells to the nearest of some points.

        Args:
            points: Shape (m, 2) [m].
            origins: From where the distance is wanted above all, shape (k, 2) [m].

        Returns:
            From each cell, shape of the grid [m]; inf where there is no way, or one that leads far beyond the origins.
        """
        targets, froms = (np.unique(_flat(self.grid, some)) for some in (points, origins))
        limit = _BEYOND + float(np.hypot(*(points[:, None] - origins).reshape(-1, 2).T).max())
        distance: Array = dijkstra(self._graph, indices=targets, min_only=True, limit=limit)
        if not np.isfinite(distance[froms]).any():
            distance = dijkstra(self._graph, indices=targets, min_only=True)
        return distance


def _flat(grid: Grid, points: Array) -> NDArray[np.intp]:
    cells = grid.cells(points)
    flat: NDArray[np.intp] = cells[:, 0] * grid.shape[1] + cells[:, 1]
    return flat


class DistanceToGo:
    """Least distances from everywhere to each of some targets, and on through the later ones."""

    def __init__(self, roads: Roads, start: tuple[float, float], targets: Sequence[Array]) -> None:
        """Work the distances out.

        Args:
            roads: Along which to go.
            start: Where it begins [m].
            targets: Places of each goal, shape (m, 2) each [m], in their order.
        """
        grid = roads.grid
        froms = [np.array((start,)), *targets[:-1]]
        self._distance = [roads.to(target, origin) for target, origin in zip(targets, froms, strict=True)]
        legs = [
            float(distance[_flat(grid, origin)].min()) for distance, origin in zip(self._distance, froms, strict=True)
        ]
        self.unreachable = next((index for index, leg in enumerate(legs) if not np.isfinite(leg)), None)
        """Index of the first target to which there is no way at all from the one before it, or from the start."""
        self._rest = [sum(legs[index + 1 :]) for index in range(len(targets))]
        self._low, self._rows = grid.low.tolist(), grid.shape[1]

    def at(self, target: int, x: float, y: float) -> float:
        """From a point on the grid [m] to a target and on through all the later ones [m]; inf: no way."""
        column = round((x - self._low[0]) / CELL)
        row = round((y - self._low[1]) / CELL)
        return float(self._distance[target].item(column * self._rows + row)) + self._rest[target]
