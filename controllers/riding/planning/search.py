"""The search for a path that can be ridden through all goals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from math import ceil, cos, dist, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Goal, PlanningError, Pose, Waypoint, goal_name
from controllers.riding.planning.distance_to_go import DistanceToGo
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import passed, places
from controllers.riding.planning.path import ClothoidPath

Array = NDArray[np.float64]

_LONGEST, _TURN = 1.0, 0.4
"""A primitive is at most so long [m], and turns by at most so much [rad]."""
_SAMPLES = 10
"""Points of a primitive that are looked at, besides its first."""
_WITHIN = 0.99
"""Share of the limits of curvature and its rate that the search uses."""
_SPARE = 0.01
"""By how much the search keeps further within limits of places than it must, for what is between its points [m]."""
_CELL, _SECTORS = 0.5, 24
"""States in the same cell of this side [m] and the same sector of directions are taken for the same."""
_GREED = 1.5
"""Factor on the distance to go."""
_BEND, _CHANGE = 0.3, 0.3
"""Cost of a primitive at the greatest curvature, and of one over which the curvature changes by as much [m]."""
_MOST = 50_000
"""Expansions after which the search is given up."""


@dataclass(frozen=True, slots=True)
class _Primitives:
    """Clothoids from one curvature to those that can be reached within a primitive.

    Attributes:
        levels: Index of the last curvature, shape (p,).
        points: Relative to the first pose, its own included, shape (p, s, 2) [m].
        heading: Likewise, shape (p, s) [rad].
        cost: Shape (p,) [m].
    """

    levels: NDArray[np.intp]
    points: Array
    heading: Array
    cost: Array


@dataclass(frozen=True, slots=True)
class _Node:
    x: float
    y: float
    heading: float
    level: int
    goal: int
    cost: float
    before: _Node | None


class Search:
    """Hybrid A* over clothoids (Dolgov, Thrun, Montemerlo, Diebel 2010, whose arcs have jumps of curvature).

    A state is a pose, one of a few levels of curvature, and how many goals are passed. A primitive is a clothoid from
    one level to another that keeps the limit of the curvature rate, so the path that is found can be ridden as it is.
    States keep their exact pose; those of one cell, sector, level and goal are taken for the same. The heuristic is the
    way for something that turns on the spot (:class:`DistanceToGo`) times a factor, so what is found need not be the
    shortest.
    """

    def __init__(self, course_map: CourseMap, start: Pose, limits: PathLimits) -> None:
        """Prepare a search.

        Args:
            course_map: The task.
            start: Where it begins.
            limits: Of the path.

        Raises:
            PlanningError: The start is too near an obstacle or outside the fence, or bends too much, or a goal is too
                narrow or shut.
        """
        self._map, self._start, self._limits = course_map, start, limits
        self._goals = tuple(_narrowed(goal) for goal in course_map.goals)
        self._clearance = Clearance(course_map)
        here = float(self._clearance.of(np.array(((start.x, start.y),)))[0])
        if here < limits.margin:
            raise PlanningError(
                f"the start at {start.x:g}, {start.y:g} is {here:.2f} m from an obstacle or the fence;"
                f" it must be {limits.margin:g} m or more"
            )
        self._margin = min(limits.margin + _SPARE, here)
        if abs(start.curvature) > limits.curvature:
            raise PlanningError(f"the start bends by {start.curvature:g} 1/m, more than {limits.curvature:g} 1/m")
        self._require_open_goals()
        self._length = min(_LONGEST, _TURN / limits.curvature)
        greatest = _WITHIN * limits.curvature
        self._most = _WITHIN * limits.curvature_rate * self._length
        side = ceil(greatest / self._most)
        self._levels = np.linspace(-greatest, greatest, 2 * side + 1)
        self._straight = side
        self._primitives = [self._from(float(level)) for level in self._levels]
        self._first = self._from(start.curvature)

    def run(self) -> ClothoidPath:
        """The path; it goes on past the last goal until it is straight, by one primitive at least.

        Raises:
            PlanningError: There is no way to a goal, or none was found.
        """
        to_go = DistanceToGo(self._map, self._start, self._clearance, self._limits.margin)
        if to_go.unreachable is not None:
            raise PlanningError(f"there is no way to {goal_name(self._map, to_go.unreachable)}: it is blocked")
        last = self._seek(to_go)
        levels = []
        while last.before is not None:
            levels.append(float(self._levels[last.level]))
            last = last.before
        knots = np.array((self._start.curvature, *reversed(levels)))
        halves = np.interp(np.arange(2 * knots.size - 1) / 2, np.arange(knots.size), knots)
        return ClothoidPath(self._start, 0.5 * self._length, halves)

    def _require_open_goals(self) -> None:
        """See that each goal by itself can be passed."""
        margin = self._limits.margin
        for index, goal in enumerate(self._map.goals):
            if not isinstance(goal, Waypoint) and (width := dist(goal.left, goal.right)) < 2.0 * self._margin:
                name = goal_name(self._map, index)
                raise PlanningError(f"{name} is {width:.3g} m wide; two margins of {margin:g} m do not fit")
            if (self._clearance.of(places(goal, self._margin)) < margin).all():
                name = goal_name(self._map, index)
                raise PlanningError(f"there is no way to {name}: no place of it is {margin:g} m from all obstacles")

    def _seek(self, to_go: DistanceToGo) -> _Node:
        start = self._start
        number = count()
        queue = [(0.0, next(number), _Node(start.x, start.y, start.heading, -1, 0, 0.0, None))]
        closed: set[tuple[int, ...]] = set()
        goals, furthest = len(self._map.goals), 0
        while queue and len(closed) < _MOST:
            _, _, node = heappop(queue)
            if node.goal == goals and node.level == self._straight and node.before and node.before.goal == goals:
                return node
            key = self._key(node)
            if key in closed:
                continue
            closed.add(key)
            furthest = max(furthest, node.goal)
            for child in self._children(node):
                if self._key(child) not in closed:
                    rest = 0.0
                    if child.goal < goals:
                        rest = float(to_go.distance(child.goal, np.array(((child.x, child.y),)))[0])
                    if rest < np.inf:
                        heappush(queue, (child.cost + _GREED * rest, next(number), child))
        if furthest == goals:
            raise PlanningError(f"after {goal_name(self._map, goals - 1)} there is no room to ride straight")
        why = "within the limits of curvature and margin" if not queue else f"in {_MOST} steps of the search"
        side = "" if isinstance(self._map.goals[furthest], Waypoint) else ", its left end on the left"
        raise PlanningError(f"there is no way to {goal_name(self._map, furthest)} {why}{side}")

    def _children(self, node: _Node) -> list[_Node]:
        primitives = self._first if node.before is None else self._primitives[node.level]
        c, s = cos(node.heading), sin(node.heading)
        points = primitives.points @ np.array(((c, s), (-s, c))) + (node.x, node.y)
        free = self._clearance.distance(points.reshape(-1, 2)) >= self._margin
        children = []
        for index in np.flatnonzero(free.reshape(points.shape[:2]).all(axis=1)).tolist():
            heading = node.heading + primitives.heading[index]
            x, y = points[index, -1].tolist()
            goal = self._goals_passed(node.goal, points[index], heading)
            cost = node.cost + float(primitives.cost[index])
            children.append(_Node(x, y, float(heading[-1]), int(primitives.levels[index]), goal, cost, node))
        return children

    def _goals_passed(self, goal: int, points: Array, heading: Array) -> int:
        begin = 0
        while goal < len(self._goals):
            index = passed(self._goals[goal], points[begin:], heading[begin:], self._margin)
            if index is None:
                break
            begin += int(index)
            goal += 1
        return goal

    def _from(self, curvature: float) -> _Primitives:
        """The primitives from a curvature [1/m]."""
        levels = np.flatnonzero(np.abs(self._levels - curvature) <= self._most * (1.0 + 1e-9))
        origin = Pose(curvature=curvature)
        paths = [ClothoidPath(origin, self._length, np.array((curvature, self._levels[level]))) for level in levels]
        samples = [path.sample(_SAMPLES) for path in paths]
        share = self._levels[levels] / self._limits.curvature
        change = np.abs(self._levels[levels] - curvature) / self._limits.curvature
        return _Primitives(
            levels,
            np.stack([sample.points for sample in samples]),
            np.stack([sample.heading for sample in samples]),
            self._length + _BEND * share**2 + _CHANGE * change,
        )

    @staticmethod
    def _key(node: _Node) -> tuple[int, ...]:
        sector = round(node.heading / (2.0 * pi / _SECTORS)) % _SECTORS
        return node.goal, round(node.x / _CELL), round(node.y / _CELL), sector, node.level


def _narrowed(goal: Goal) -> Goal:
    """A goal that is passed for certain where this one is."""
    if isinstance(goal, Waypoint):
        return replace(goal, radius=0.95 * goal.radius, heading_tolerance=0.95 * goal.heading_tolerance)
    return goal
