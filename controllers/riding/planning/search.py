"""The search for a path that can be ridden through goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from math import acos, ceil, cos, dist, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import Goal, PlanningError, Pose, Waypoint, middle
from controllers.riding.planning.distance_to_go import DistanceToGo, Roads
from controllers.riding.planning.dock import Dock, lead_in
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import across, begin_of_next, passed, places
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.pose_to_go import PoseToGo, Target

Array = NDArray[np.float64]

_LONGEST, _TURN = 1.0, 0.4
"""A primitive is at most so long [m], and turns by at most so much [rad]."""
_SAMPLES = 10
"""Points of a primitive that are looked at, besides its first."""
_WITHIN = 0.99
"""Share of the limits of curvature and its rate that the search uses."""
_SPARE = 0.01
"""By how much the search keeps further within limits of places than it must, for what is between its points [m]."""

_LOST = 15.0
"""What is added to the way of something that turns on the spot, where nothing better is known [m]."""
_SIDEWAYS = 0.6
"""Least cosine of the angle at which a gate is passed, for the guide [1]."""
_SECTOR = 0.23
"""How far a heading may be from the nearest one of the guide [rad]."""
_BEND, _CHANGE = 0.3, 0.3
"""Cost of a primitive at the greatest curvature, and of one over which the curvature changes by as much [m]."""


@dataclass(frozen=True, slots=True)
class _Try:
    """How eagerly and how finely to search.

    Attributes:
        greed: Factor on what is still to go.
        cell: States in the same cell of this side [m] are taken for the same,
        sectors: if their directions are in the same one of so many sectors.
        most: Expansions after which the try is given up.
    """

    greed: float
    cell: float
    sectors: int
    most: int


_TRIES = (_Try(1.5, 0.5, 24, 20_000), _Try(3.0, 0.5, 24, 20_000), _Try(2.0, 0.25, 48, 40_000))
"""One after the other until one finds a path: where the guide misleads one of them it may not mislead the next."""


@dataclass(frozen=True, slots=True)
class Task:
    """A part of what is asked on a map.

    Attributes:
        goals: What to pass, in this order; there may be none where there is a dock.
        names: How messages call them, and the dock after them.
        dock: Where the path has to end, if it must end somewhere.
    """

    goals: tuple[Goal, ...]
    names: tuple[str, ...]
    dock: Dock | None = None


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
    """A state, and how it is come to.

    Attributes:
        x: In the world [m].
        y: In the world [m].
        heading: [rad].
        level: Index of its curvature; that of the start has none.
        goal: How many goals are passed.
        cost: From the start [m].
        before: The state before it.
        knots: Curvature after each primitive from there [1/m].
    """

    x: float
    y: float
    heading: float
    level: int
    goal: int
    cost: float
    before: _Node | None
    knots: tuple[float, ...] = ()


class Search:
    """Hybrid A* over clothoids (Dolgov, Thrun, Montemerlo, Diebel 2010, whose arcs have jumps of curvature).

    A state is a pose, one of a few levels of curvature, and how many goals are passed. A primitive is a clothoid from
    one level to another that keeps the limit of the curvature rate, so the path that is found can be ridden as it is.
    States keep their exact pose; those of one cell, sector, level and goal are taken for the same. What is still to go
    is the way for something that has to turn in bends (:class:`PoseToGo`), or that for something that turns on the spot
    (:class:`DistanceToGo`) where it is longer or the only one, times a factor; so what is found need not be the
    shortest. A path that must end on a dock is led onto its line from the first state from which that can be done.
    """

    def __init__(self, task: Task, start: Pose, limits: PathLimits, roads: Roads) -> None:
        """Prepare a search.

        Args:
            task: What is asked.
            start: Where it begins.
            limits: Of the path.
            roads: Over the grid of the map.

        Raises:
            PlanningError: The start is too near an obstacle or outside the fence, or bends too much, or a goal is too
                narrow or shut.
        """
        self._task, self._start, self._limits, self._roads, self._grid = task, start, limits, roads, roads.grid
        self._goals = tuple(_narrowed(goal) for goal in task.goals)
        self._reach = [_reach(goal) for goal in task.goals]
        here = float(self._grid.exact.of(np.array(((start.x, start.y),)))[0])
        if here < limits.margin - 1e-6:
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
        """The path: up to the line of the dock; without one past the last goal until it is straight, by one primitive.

        Raises:
            PlanningError: There is no way to a goal, or none was found.
        """
        start = (self._start.x, self._start.y)
        targets = [Target(places(goal, self._margin), *_directions(goal)) for goal in self._task.goals]
        if self._task.dock is not None:
            dock = self._task.dock
            targets.append(Target(np.array(((dock.x, dock.y),)), dock.heading, _SECTOR))
        distance = DistanceToGo(self._roads, start, [target.points for target in targets])
        if distance.unreachable is not None:
            raise PlanningError(f"there is no way to {self._task.names[distance.unreachable]}: it is blocked")
        cost = PoseToGo(self._grid, start, targets, self._limits)
        furthest, emptied = 0, False
        for attempt in _TRIES:
            found, reached, emptied = self._seek(distance, cost, attempt)
            furthest = max(furthest, reached)
            if found is not None:
                return self._path(*found)
        raise PlanningError(self._trouble(furthest, emptied))

    def _path(self, last: _Node, end: Sequence[float]) -> ClothoidPath:
        """The path through a state and all those before it, and on with some knots."""
        levels = list(end[::-1])
        while last.before is not None:
            levels += last.knots[::-1]
            last = last.before
        knots = np.array((self._start.curvature, *reversed(levels)))
        halves = np.interp(np.arange(2 * knots.size - 1) / 2, np.arange(knots.size), knots)
        return ClothoidPath(self._start, 0.5 * self._length, halves)

    def _require_open_goals(self) -> None:
        """See that each goal by itself can be passed."""
        margin = self._limits.margin
        for goal, name in zip(self._task.goals, self._task.names, strict=False):
            if not isinstance(goal, Waypoint) and (width := dist(goal.left, goal.right)) < 2.0 * self._margin:
                raise PlanningError(f"{name} is {width:.3g} m wide; two margins of {margin:g} m do not fit")
            if (self._grid.exact.of(places(goal, self._margin)) < margin).all():
                raise PlanningError(f"there is no way to {name}: no place of it is {margin:g} m from all obstacles")

    def _trouble(self, furthest: int, emptied: bool) -> str:
        """What to say where the search came to a goal with an index at most, whether or not it looked everywhere."""
        goals, names = self._goals, self._task.names
        if furthest == len(goals) and self._task.dock is None:
            return f"after {names[furthest - 1]} there is no room to ride straight"
        steps = sum(attempt.most for attempt in _TRIES)
        why = "within the limits of curvature and margin" if emptied else f"in {steps} steps of the search"
        directed = furthest == len(goals) or not isinstance(goals[furthest], Waypoint)
        side = ", its left end on the left" if directed else ""
        return f"there is no way to {names[furthest]} {why}{side}"

    def _seek(
        self, distance: DistanceToGo, cost: PoseToGo, attempt: _Try
    ) -> tuple[tuple[_Node, Sequence[float]] | None, int, bool]:
        """The last state with the curvature of the knots that follow it, if there is one [1/m].

        Besides, how many goals were passed at most, and whether all states there are were looked at.
        """
        start, dock = self._start, self._task.dock
        number = count()
        queue = [(0.0, next(number), _Node(start.x, start.y, start.heading, -1, 0, 0.0, None))]
        closed: set[tuple[int, ...]] = set()
        goals, furthest = len(self._goals), 0
        while queue and len(closed) < attempt.most:
            _, _, node = heappop(queue)
            key = _key(node, attempt)
            if key in closed:
                continue
            closed.add(key)
            furthest = max(furthest, node.goal)
            if node.goal == goals:
                if dock is not None:
                    end = self._docked(node, dock)
                    if end is not None:
                        return (node, end), goals, False
                elif node.level == self._straight and node.before and node.before.goal == goals:
                    return (node, ()), goals, False
            for child in self._children(node):
                if _key(child, attempt) not in closed:
                    rest = 0.0
                    if child.goal < goals or dock is not None:
                        rest = distance.at(child.goal, child.x, child.y)
                        bent = cost.at(child.goal, child.x, child.y, child.heading)
                        rest = max(rest, bent) if bent < np.inf else rest + _LOST
                    if rest < np.inf:
                        heappush(queue, (child.cost + attempt.greed * rest, next(number), child))
        return None, furthest, not queue

    def _docked(self, node: _Node, dock: Dock) -> Sequence[float] | None:
        """Curvature of knots that lead from a state onto the line of a dock and along it, as far as there is room."""
        path = self._led_in(node, dock)
        return None if path is None else [*path.curvature[1:].tolist(), *[0.0] * int(dock.rest(path) / self._length)]

    def _led_in(self, node: _Node, dock: Dock) -> ClothoidPath | None:
        """A path that leads from a state onto the line of a dock."""
        bend = self._start.curvature if node.before is None else float(self._levels[node.level])
        pose = Pose(node.x, node.y, node.heading, bend)
        knots = lead_in(dock, pose, self._length, _WITHIN * self._limits.curvature, self._most)
        if knots is None:
            return None
        path = ClothoidPath(pose, self._length, np.concatenate(((bend,), knots)))
        return path if self._grid.free(path.sample(_SAMPLES).points, self._margin).all() else None

    def _through(self, node: _Node) -> _Node | None:
        """The state after a waypoint that is passed in its middle and exactly in its direction, if it has one."""
        goal = self._goals[node.goal]
        if not isinstance(goal, Waypoint) or goal.heading is None:
            return None
        dock = Dock(goal.at[0], goal.at[1], goal.heading)
        path = self._led_in(node, dock)
        if path is None:
            return None
        on = int(dock.rest(path) / self._length) + 1
        path = replace(path, curvature=np.concatenate((path.curvature, np.zeros(on))))
        samples = path.sample(_SAMPLES)
        if not self._grid.free(samples.points, self._margin).all():
            return None
        x, y = samples.points[-1].tolist()
        past = self._goals_passed(node.goal, samples.points, samples.heading, x, y)
        share = path.curvature[1:] / self._limits.curvature
        change = np.abs(np.diff(path.curvature)) / self._limits.curvature
        cost = node.cost + path.length + float((_BEND * share**2 + _CHANGE * change).sum())
        knots = tuple(path.curvature[1:].tolist())
        return _Node(x, y, float(samples.heading[-1]), self._straight, past, cost, node, knots)

    def _children(self, node: _Node) -> list[_Node]:
        primitives = self._first if node.before is None else self._primitives[node.level]
        c, s = cos(node.heading), sin(node.heading)
        points = primitives.points @ np.array(((c, s), (-s, c))) + (node.x, node.y)
        free = self._grid.free(points[:, 1:].reshape(-1, 2), self._margin)
        children = []
        for index in np.flatnonzero(free.reshape(points.shape[0], -1).all(axis=1)).tolist():
            heading = node.heading + primitives.heading[index]
            x, y = points[index, -1].tolist()
            goal = self._goals_passed(node.goal, points[index], heading, x, y)
            cost = node.cost + float(primitives.cost[index])
            level = int(primitives.levels[index])
            knots = (float(self._levels[level]),)
            children.append(_Node(x, y, float(heading[-1]), level, goal, cost, node, knots))
        through = self._through(node) if node.goal < len(self._goals) else None
        return children if through is None else [*children, through]

    def _goals_passed(self, goal: int, points: Array, heading: Array, x: float, y: float) -> int:
        begin = 0
        while goal < len(self._goals):
            (near_x, near_y), radius = self._reach[goal]
            if hypot(x - near_x, y - near_y) > radius + self._length:
                break
            index = passed(self._goals[goal], points[begin:], heading[begin:], self._margin)
            if index is None:
                break
            begin += begin_of_next(self._goals, goal, index)
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


def _key(node: _Node, attempt: _Try) -> tuple[int, ...]:
    sector = round(node.heading / (2.0 * pi / attempt.sectors)) % attempt.sectors
    return node.goal, round(node.x / attempt.cell), round(node.y / attempt.cell), sector, node.level


def _narrowed(goal: Goal) -> Goal:
    """A goal that is passed for certain where this one is."""
    if isinstance(goal, Waypoint):
        return replace(goal, radius=0.95 * goal.radius, heading_tolerance=0.95 * goal.heading_tolerance)
    return goal


def _reach(goal: Goal) -> tuple[tuple[float, float], float]:
    """Middle of a goal, and how far from it a place of it can be [m]."""
    return middle(goal), goal.radius if isinstance(goal, Waypoint) else 0.5 * dist(goal.left, goal.right)


def _directions(goal: Goal) -> tuple[float | None, float]:
    """The headings with which a goal may be passed, for the guide: the middle one, and how far from it [rad]."""
    if isinstance(goal, Waypoint):
        return goal.heading, goal.heading_tolerance + _SECTOR
    _, ahead, _ = across(goal)
    return float(np.arctan2(ahead[1], ahead[0])), acos(_SIDEWAYS)
