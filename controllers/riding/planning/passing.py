"""Whether and where a path passes the goals of a map."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import Gate, Goal, StopLine, Waypoint

Array = NDArray[np.float64]


def across(goal: Gate | StopLine) -> tuple[Array, Array, float]:
    """Unit vectors along a line from left to right and in the direction of passing it, shape (2,), its width [m]."""
    along = np.subtract(goal.right, goal.left)
    width = hypot(*along)
    along = along / width
    return along, np.array((-along[1], along[0])), width


def places(goal: Goal, margin: float) -> Array:
    """Places at which a goal can be passed, a few centimetres apart, shape (n, 2) [m].

    Args:
        goal: What to pass.
        margin: Least distance from the ends of a gate or a line, at most half its width [m].
    """
    if isinstance(goal, Waypoint):
        side = np.linspace(-goal.radius, goal.radius, 21)
        square = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        disc: Array = goal.at + square[np.hypot(square[:, 0], square[:, 1]) <= goal.radius]
        return disc
    along, _, width = across(goal)
    line: Array = goal.left + np.linspace(margin, width - margin, 101)[:, None] * along
    return line


def passed(goal: Goal, points: Array, heading: Array, margin: float) -> float | None:
    """Where a piece of a path passes a goal for the first time.

    Args:
        goal: What to pass.
        points: Of the piece, shape (m, 2) [m].
        heading: Of the piece, shape (m,) [rad].
        margin: Least distance from the ends of a gate or a line [m].

    Returns:
        An index into the points, between two of them for a gate or a line: where a line is crossed, or where the piece
        is nearest to a waypoint; None where it does not pass.
    """
    if isinstance(goal, Waypoint):
        return _near(goal, points, heading)
    along, ahead, width = across(goal)
    relative = points - goal.left
    depth = relative @ ahead
    for index in np.flatnonzero((depth[:-1] < 0.0) & (depth[1:] >= 0.0)).tolist():
        share = float(depth[index] / (depth[index] - depth[index + 1]))
        place = float(((1.0 - share) * relative[index] + share * relative[index + 1]) @ along)
        if margin <= place <= width - margin:
            return float(index + share)
    return None


def _near(goal: Waypoint, points: Array, heading: Array) -> float | None:
    distance = np.hypot(points[:, 0] - goal.at[0], points[:, 1] - goal.at[1])
    there = distance <= goal.radius
    if goal.heading is not None:
        there &= np.cos(heading - goal.heading) >= np.cos(goal.heading_tolerance)
    if not there.any():
        return None
    first = int(there.argmax())
    left = np.flatnonzero(~there[first:])
    end = first + int(left[0]) if left.size else len(there)
    return float(first + distance[first:end].argmin())


def passages(goals: Sequence[Goal], points: Array, heading: Array, margin: float) -> list[float]:
    """Where a path passes goals one after the other.

    Args:
        goals: In their order.
        points: Of the path, shape (m, 2) [m].
        heading: Of the path, shape (m,) [rad].
        margin: As for :func:`passed`.

    Returns:
        An index for each goal as of :func:`passed`, up to the first goal that is not passed.
    """
    found: list[float] = []
    begin = 0
    for number, goal in enumerate(goals):
        index = passed(goal, points[begin:], heading[begin:], margin)
        if index is None:
            break
        found.append(begin + index)
        begin += begin_of_next(goals, number, index)
    return found


def begin_of_next(goals: Sequence[Goal], number: int, index: float) -> int:
    """First point that can tell of the goal after one that is passed at an index as of :func:`passed`.

    A line that is to be passed twice in a row is not passed twice by crossing it once.
    """
    again = number + 1 < len(goals) and goals[number + 1] == goals[number] and not isinstance(goals[number], Waypoint)
    return int(index) + again
