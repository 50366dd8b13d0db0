"""Turns of a course: bends that go far enough round that others should be told of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import Course

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TurnParameters:
    """What counts as a turn.

    Attributes:
        bend: Curvature from which the course bends [1/m].
        gap: Straight between two bends to the same side that leaves them one [m].
        angle: Change of heading from which a bend is a turn [rad].
        within: Length on which it must be that much [m].
    """

    bend: float = 0.05
    gap: float = 1.0
    angle: float = 0.7
    within: float = 10.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn.

    Attributes:
        begin: Arc length where the course begins to bend [m].
        end: Where it is straight again [m].
        angle: By how much the heading changes, positive to the left [rad].
    """

    begin: float
    end: float
    angle: float

    @property
    def side(self) -> int:
        """To which it goes: 0 left, 1 right."""
        return 0 if self.angle > 0.0 else 1


def turns_of(course: Course, p: TurnParameters | None = None) -> tuple[Turn, ...]:
    """The turns of a course, in their order."""
    p = p or TurnParameters()
    count = round(course.length / course.spacing)
    curvature = course.curvature[:count]
    found = []
    for side in (1.0, -1.0):
        for first, after in _joined(side * curvature > p.bend, round(p.gap / course.spacing)):
            angle = float(curvature[first:after].sum()) * course.spacing
            turned = np.concatenate(((0.0,), np.cumsum(curvature[first:after]) * course.spacing))
            reach = min(round(p.within / course.spacing), after - first)
            if side * angle > 0.0 and np.abs(turned[reach:] - turned[: turned.size - reach]).max() >= p.angle:
                found.append(Turn(first * course.spacing, after * course.spacing, angle))
    return tuple(sorted(found, key=lambda turn: turn.begin))


def _joined(flags: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Runs of true entries as (first, after the last), those nearer than a gap joined to one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))).reshape(-1, 2)
    runs: list[tuple[int, int]] = []
    for first, after in edges.tolist():
        if runs and first - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], after)
        else:
            runs.append((first, after))
    return runs
