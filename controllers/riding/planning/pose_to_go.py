"""How far it is to a goal for something that has to turn in bends, as a bicycle does: what guides the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from controllers.riding.planning.grid import CELL, Grid
from controllers.riding.planning.limits import PathLimits

Array = NDArray[np.float64]
Vector = tuple[int, int]

_QUARTER: tuple[Vector, ...] = ((1, 0), (2, 1), (1, 1), (1, 2))
HEADINGS = tuple((x * c - y * s, x * s + y * c) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1)) for x, y in _QUARTER)
"""Sixteen directions, each of which leads from the middle of a cell through that of another one, in cells."""
ANGLES = tuple(atan2(y, x) % (2.0 * pi) for x, y in HEADINGS)
"""Their angles, rising from 0 [rad]."""
_WIDE = 3.0
"""Radius of bends from which on a lattice point stands for two cells by two [m]."""
_AROUND = 2.5
"""How far around start and goal the lattice reaches, in radii of the tightest bend."""
_OFF = 0.8
"""How far a lattice point may be from where a bend really ends [points]."""
_DEAR = 1.25
"""Cost of a bend over its length."""
_LEAST = 1e-6
"""Cost of what costs nothing, which a sparse matrix could not hold [m]."""


@dataclass(frozen=True, slots=True)
class Target:
    """Poses that count as a goal's.

    Attributes:
        points: Shape (m, 2) [m].
        heading: The middle one of the headings that count [rad]; None is any.
        spread: Greatest deviation from it [rad].
    """

    points: Array
    heading: float | None = None
    spread: float = pi


@dataclass(frozen=True, slots=True)
class _Move:
    """From a direction to the same or a neighbouring one: by so many points, past some others, at a cost [m]."""

    first: int
    last: int
    by: Vector
    past: tuple[Vector, ...]
    cost: float


class PoseToGo:
    """Least costs from poses to each of some targets and on through the later ones, by dynamic programming.

    Poses are on a lattice whose directions lead from point to point (Pivtoraiko, Kelly 2005); moves are straight ahead
    or bends of one radius to the next direction. For each target, from the last one back, Dijkstra's algorithm gives
    the cost from every pose near it, beginning with what the poses of the target have still to go. So a pose from which
    the goal after the next one needs a loop costs that loop. What the lattice leaves out (exact places, curvature that
    grows by and by) makes this a guide, not a bound.
    """

    def __init__(self, grid: Grid, start: tuple[float, float], targets: Sequence[Target], limits: PathLimits) -> None:
        """Work the costs out.

        Args:
            grid: The ground.
            start: Where it begins [m].
            targets: What to pass, in this order.
            limits: Of the path.
        """
        self._radius = 1.0 / limits.curvature + 0.25 * limits.curvature / limits.curvature_rate
        self._stride = 2 if self._radius > _WIDE else 1
        self._cell = self._stride * CELL
        self._moves = _moves(self._radius / self._cell, self._cell)
        self._low = grid.low.tolist()
        self._free = (grid.clearance > limits.margin - 0.5 * self._cell)[:: self._stride, :: self._stride]
        froms = [np.array((start,)), *(target.points for target in targets[:-1])]
        self._windows: list[_Window] = []
        after: _Window | None = None
        for target, origin in zip(reversed(targets), reversed(froms), strict=True):
            after = self._window(target, origin, after)
            self._windows.insert(0, after)

    def at(self, target: int, x: float, y: float, heading: float) -> float:
        """From a pose to a target and on through all the later ones [m]; inf where the lattice has no way."""
        return self._windows[target].at(
            round((x - self._low[0]) / self._cell), round((y - self._low[1]) / self._cell), nearest(heading)
        )

    def _window(self, target: Target, origin: Array, after: _Window | None) -> _Window:
        around = _AROUND * self._radius
        both = np.vstack((target.points, origin))
        low, high = both.min(axis=0) - around, both.max(axis=0) + around
        most = np.array(self._free.shape)
        first = np.clip(np.floor((low - self._low) / self._cell).astype(int), 0, most - 1)
        last = np.clip(np.ceil((high - self._low) / self._cell).astype(int), 0, most - 1)
        free = self._free[first[0] : last[0] + 1, first[1] : last[1] + 1]
        window = _Window(int(first[0]), int(first[1]), free.shape)
        points = np.unique(np.rint((target.points - self._low) / self._cell).astype(int), axis=0)
        states, costs = [], []
        for index, angle in enumerate(ANGLES):
            if target.heading is not None and cos(angle - target.heading) < cos(target.spread):
                continue
            for column, row in points.tolist():
                cost = 0.0 if after is None else after.at(column, row, index)
                state = window.state(column, row, index)
                if state is not None and np.isfinite(cost):
                    states.append(state)
                    costs.append(max(_LEAST, cost))
        window.cost = self._backward(free, np.array(states, dtype=np.intp), np.array(costs))
        return window

    def _backward(self, free: NDArray[np.bool_], states: NDArray[np.intp], costs: Array) -> Array:
        """Least cost from every state to one of some states, by each of which there is a cost to go, shape (s,) [m]."""
        columns, rows = free.shape
        number = np.arange(len(ANGLES) * free.size).reshape(len(ANGLES), columns, rows)
        befores, afters, prices = [], [], []
        for move in self._moves:
            one, other = _shifted(free.shape, move.by)
            if one is None or other is None:
                continue
            both = free[one] & free[other]
            for step in move.past:
                between = tuple(slice(part.start + by, part.stop + by) for part, by in zip(one, step, strict=True))
                if any(p.start < 0 or p.stop > most for p, most in zip(between, free.shape, strict=True)):
                    continue
                both = both & free[between]
            befores.append(number[move.first][one][both])
            afters.append(number[move.last][other][both])
            prices.append(np.full(befores[-1].size, move.cost))
        size = number.size
        start = np.concatenate((*afters, np.full(states.size, size)))
        end = np.concatenate((*befores, states))
        graph = csr_array((np.concatenate((*prices, costs)), (start, end)), shape=(size + 1, size + 1))
        distance: Array = dijkstra(graph, indices=size)[:size]
        return distance


@dataclass(slots=True)
class _Window:
    """A part of the lattice: its first point, its size, and the cost of its states by direction, column and row."""

    column: int
    row: int
    shape: tuple[int, int]
    cost: Array | None = None

    def state(self, column: int, row: int, heading: int) -> int | None:
        """Number of a state; None outside."""
        columns, rows = self.shape
        column, row = column - self.column, row - self.row
        if not (0 <= column < columns and 0 <= row < rows):
            return None
        return (heading * columns + column) * rows + row

    def at(self, column: int, row: int, heading: int) -> float:
        state = self.state(column, row, heading)
        return float("inf") if state is None or self.cost is None else float(self.cost.item(state))


def nearest(heading: float) -> int:
    """The direction that is nearest to a heading [rad]."""
    sector = round(heading / (0.25 * pi)) % 8  # eighths are exact, those between are not in the middle
    apart = (heading - sector * 0.25 * pi + pi) % (2.0 * pi) - pi
    middle = 2 * sector
    least = 0.5 * (ANGLES[1] if sector % 2 == 0 else ANGLES[2] - ANGLES[1])
    return (middle + (0 if abs(apart) < least else 1 if apart > 0.0 else -1)) % len(ANGLES)


def _moves(radius: float, cell: float) -> list[_Move]:
    """All moves of a lattice, the radius of its bends in points, the distance of its points [m]."""
    moves = []
    count = len(HEADINGS)
    for index, ahead in enumerate(HEADINGS):
        moves.append(_Move(index, index, ahead, (), cell * hypot(*ahead)))
        for turn in (1, -1):
            last = (index + turn) % count
            a, b = ANGLES[index], ANGLES[last]
            change = (b - a + pi) % (2.0 * pi) - pi
            x, y = turn * radius * (sin(b) - sin(a)), turn * radius * (cos(a) - cos(b))
            cost = _DEAR * cell * radius * abs(change)
            for by in _around(x, y):
                steps = max(abs(by[0]), abs(by[1]))
                past = tuple(
                    {
                        (
                            round(turn * radius * (sin(a + share * change) - sin(a))),
                            round(turn * radius * (cos(a) - cos(a + share * change))),
                        )
                        for share in (step / steps for step in range(1, steps))
                    }
                )
                moves.append(_Move(index, last, by, past, cost))
    return moves


def _around(x: float, y: float) -> list[Vector]:
    reach = ceil(_OFF)
    return [
        (i, j)
        for i in range(round(x) - reach, round(x) + reach + 1)
        for j in range(round(y) - reach, round(y) + reach + 1)
        if hypot(i - x, j - y) < _OFF and (i or j)
    ]


def _shifted(shape: tuple[int, ...], by: Vector) -> tuple[tuple[slice, slice] | None, tuple[slice, slice] | None]:
    """The parts of an array that are at both ends of a shift; None where it leads out."""
    if any(abs(step) >= size for step, size in zip(by, shape, strict=True)):
        return None, None
    one = tuple(slice(max(0, -step), size - max(0, step)) for step, size in zip(by, shape, strict=True))
    other = tuple(slice(max(0, step), size - max(0, -step)) for step, size in zip(by, shape, strict=True))
    return (one[0], one[1]), (other[0], other[1])
