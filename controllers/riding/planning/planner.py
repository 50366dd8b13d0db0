"""From goals on a map to a path that can be ridden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import SPACING, Course
from controllers.riding.planning.chain import Chain
from controllers.riding.planning.course_map import (
    CourseMap,
    Disc,
    Goal,
    PlanningError,
    Pose,
    StopLine,
    Waypoint,
    goal_name,
)
from controllers.riding.planning.distance_to_go import Roads
from controllers.riding.planning.grid import Grid
from controllers.riding.planning.halt import Halt, halt, straight
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import passages
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.search import Search, Task
from controllers.riding.planning.smoothing import PER_KNOT, Smoothing
from controllers.riding.stop import Stop

Array = NDArray[np.float64]


_AIM = 0.6
"""Share of a waypoint's radius and heading tolerance that the path takes; the rest is for the rider's error."""
_ROUNDING = 1e-3
"""What is within the rounding of places that were looked at every few centimetres [m]."""
_HORIZON, _KEPT = 4, 2
"""Goals to which a way is sought in one go, and up to which of them it is kept before it is sought anew."""


@dataclass(frozen=True, slots=True)
class Leg:
    """The path from a start or a stop to the next stop or the end.

    Attributes:
        first: Index of its first goal.
        last: Index after its last one, which is the stop line where it ends at a stop.
        pieces: Of the path; where the leg ends at a stop, the last one is the straight on which the bicycle stands.
        fixed: Length of the straight from which a start from rest needs it not to differ [m].
        halt: The straight at its end; None where it ends without a stop.
    """

    first: int
    last: int
    pieces: tuple[ClothoidPath, ...]
    fixed: float = 0.0
    halt: Halt | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A path through the goals of a map.

    Attributes:
        course_map: The task.
        limits: That the path keeps.
        path: It goes on past the last goal until it is straight.
        goals_at: Arc length at which each goal is passed, shape (k,) [m]; a line on which the front wheel stands is
            passed by the rear one after the stop.
        stops: Where the bicycle stands still.
        legs: Of which the path is made.
        grid: In which the path was sought; None where it was not.
    """

    course_map: CourseMap
    limits: PathLimits
    path: Chain
    goals_at: Array
    stops: tuple[Stop, ...] = ()
    legs: tuple[Leg, ...] = ()
    grid: Grid | None = field(default=None, repr=False, compare=False)

    def course(self) -> Course:
        """The path as a course for the rider."""
        start = self.path.start
        places: Array = SPACING * np.arange(round(self.path.length / SPACING) + 1, dtype=np.float64)
        places[-1] = min(float(places[-1]), self.path.length)
        return Course(np.diff(self.path.heading_at(places)) / SPACING, (start.x, start.y), start.heading)

    def among(self, obstacles: Sequence[Disc]) -> Plan:
        """The same path on a map with some obstacles more."""
        course_map = replace(self.course_map, discs=(*self.course_map.discs, *obstacles))
        grid = None if self.grid is None else self.grid.among(course_map, obstacles)
        return replace(self, course_map=course_map, grid=grid)


def plan_path(course_map: CourseMap, start: Pose, limits: PathLimits | None = None, *, from_rest: bool = False) -> Plan:
    """Find a path from a pose through all goals: search, then smoothing. The same input gives the same path.

    A stop line fixes the pose of the stop, so each leg between two stops is sought by itself. Within a leg the way is
    sought to a few goals at a time, and kept up to some goal before the last of these.

    Args:
        course_map: The task.
        start: Where it begins.
        limits: Of the path.
        from_rest: Whether it begins with a start from rest, which takes a straight.

    Raises:
        PlanningError: There is no way, or none was found; it names the first goal that is not reached.
    """
    limits = limits or PathLimits()
    ground = _Ground(course_map, Grid(course_map, start), limits)
    head: tuple[ClothoidPath, ...] = ()
    if from_rest:
        head = (straight(start, limits.after_stop),)
        if (ground.grid.exact.of(head[0].sample(PER_KNOT).points) < limits.margin).any():
            raise PlanningError(f"there is no room to start: {limits.after_stop:g} m straight ahead must be free")
    legs: list[Leg] = []
    pose, first, goals = start, 0, course_map.goals
    while first < len(goals):
        last = next((index + 1 for index in range(first, len(goals)) if _stands(goals[index])), len(goals))
        leg = Leg(first, last, head, limits.after_stop if from_rest and not legs else 0.0)
        legs.append(ground.lead(leg, pose if not head else head[-1].pose_at(head[-1].length), first))
        stood = legs[-1].halt
        pose = pose if stood is None else stood.end
        first, head = last, ()
    return _assembled(course_map, limits, legs, ground.grid)


def replan(plan: Plan, arc_length: float, obstacles: Sequence[Disc], room: float | None = None) -> Plan:
    """Find a path anew where obstacles have come up.

    Args:
        plan: What is ridden.
        arc_length: From where on the path may differ [m].
        obstacles: What has come up.
        room: To keep where that takes no long way round [m]; without one that of the plan's limits.

    Returns:
        The plan with every leg that comes too near to one of them led round it: from the first knot after the arc
        length on, or from its beginning; the new path joins the old one in place, heading and curvature. Other legs
        stay as they are, unless the stop before them has to lie elsewhere on its line.

    Raises:
        PlanningError: There is no way any more, or it would have to differ earlier.
    """
    limits = plan.limits
    plan = plan.among(obstacles)
    grid = plan.grid or Grid(plan.course_map, plan.path.start)
    ground = _Ground(plan.course_map, grid, limits if room is None else replace(limits, room=room))
    legs: list[Leg] = []
    count, begin = 0, 0.0
    for index, leg in enumerate(plan.legs):
        chain = Chain(plan.path.pieces[count : count + len(leg.pieces)])
        before = legs[-1].halt if legs else None
        if before is not None and before != plan.legs[index - 1].halt:
            legs.append(ground.lead(replace(leg, pieces=()), before.end, leg.first))
        elif conflict(chain, obstacles, limits.margin, arc_length - begin) is not None:
            legs.append(_led_round(ground, plan, leg, chain, begin, arc_length))
        else:
            legs.append(leg)
        count, begin = count + len(leg.pieces), begin + chain.length
    return _assembled(plan.course_map, limits, legs, grid)


def conflict(path: Chain, obstacles: Sequence[Disc], margin: float, arc_length: float) -> float | None:
    """Where a path first comes nearer to one of some discs than a margin, from an arc length on [m]; None: nowhere."""
    samples = path.sample(PER_KNOT)
    near = samples.arc_length > arc_length
    points = samples.points
    for place in np.flatnonzero(near).tolist() if obstacles else ():
        x, y = points[place].tolist()
        if any(hypot(x - disc.at[0], y - disc.at[1]) < disc.radius + margin - _ROUNDING for disc in obstacles):
            return float(samples.arc_length[place])
    return None


def _led_round(ground: _Ground, plan: Plan, leg: Leg, chain: Chain, begin: float, arc_length: float) -> Leg:
    """A leg anew, from an arc length of the whole path on [m]; it begins at another one."""
    head = chain.until(max(leg.fixed, arc_length - begin))
    joined = sum(piece.length for piece in head)
    free = chain.length - (0.0 if leg.halt is None else leg.pieces[-1].length)
    if joined > free - _ROUNDING:
        raise PlanningError(f"{goal_name(plan.course_map, leg.last - 1)} is too near to ride round an obstacle")
    passed = [index for index in range(leg.first, leg.last) if plan.goals_at[index] <= begin + joined]
    if leg.first + len(passed) == leg.last:
        raise PlanningError(f"{goal_name(plan.course_map, leg.last - 1)} is passed before there is a way round")
    pose = chain.start if not head else chain.pose_at(joined)
    return ground.lead(replace(leg, pieces=head), pose, leg.first + len(passed))


class _Ground:
    """A map with all that a search needs of it."""

    def __init__(self, course_map: CourseMap, grid: Grid, limits: PathLimits) -> None:
        self._map, self.grid, self._limits = course_map, grid, limits

    @cached_property
    def _roads(self) -> Roads:
        return Roads(self.grid, self._limits.margin)

    def halt(self, index: int) -> Halt:
        """How to stand at the stop line with an index.

        Raises:
            PlanningError: Something is in the way.
        """
        line = self._map.goals[index]
        last = index == len(self._map.goals) - 1
        found = halt(line, self._limits, self.grid.exact, last=last) if isinstance(line, StopLine) else None
        if found is None:
            raise PlanningError(
                f"there is no way to {goal_name(self._map, index)}: no straight through its middle third is"
                f" {self._limits.margin:g} m from all obstacles"
            )
        return found

    def lead(self, leg: Leg, pose: Pose, first: int) -> Leg:
        """A leg, of which the beginning is there, to its end: from a pose, through its goals from an index on.

        Raises:
            PlanningError: There is no way.
        """
        goals, pieces = self._map.goals, list(leg.pieces)
        stop = self.halt(leg.last - 1) if _stands(goals[leg.last - 1]) else None
        end = leg.last if stop is None else leg.last - 1
        while True:
            ahead = min(first + _HORIZON, end)
            dock = stop.dock if stop is not None and ahead == end else None
            names = tuple(goal_name(self._map, index) for index in range(first, leg.last))
            task = Task(tuple(_aim(goal) for goal in goals[first:ahead]), names, dock)
            path = Search(task, pose, self._limits, self._roads).run()
            path = Smoothing(task, self._limits, self.grid.exact).run(path)
            if ahead == end:
                break
            samples = path.sample(PER_KNOT)
            at = passages(goals[first:ahead], samples.points, samples.heading, self._limits.margin)
            knots = ceil(at[_KEPT - 1] / PER_KNOT) + 1
            pieces.append(replace(path, curvature=path.curvature[: knots + 1]))
            pose = pieces[-1].pose_at(pieces[-1].length)
            first += sum(index <= knots * PER_KNOT for index in at)
        pieces.append(path)
        if stop is None:
            return replace(leg, pieces=tuple(pieces))
        length = stop.dock.rest(path) + stop.before + stop.after
        pieces.append(straight(path.pose_at(path.length), length))
        return replace(leg, pieces=tuple(pieces), halt=stop)


def _assembled(course_map: CourseMap, limits: PathLimits, legs: Sequence[Leg], grid: Grid) -> Plan:
    """The plan that legs make; what of a goal is passed in a leg is sought in that leg alone."""
    path = Chain.of([piece for leg in legs for piece in leg.pieces])
    goals_at: list[float] = []
    stops: list[Stop] = []
    count = 0
    for leg in legs:
        count += len(leg.pieces)
        begin, end = (float(path.begins[index]) for index in (count - len(leg.pieces), count))
        samples = Chain(path.pieces[count - len(leg.pieces) : count]).sample(PER_KNOT)
        line = course_map.goals[leg.last - 1]
        goals = course_map.goals[leg.first : leg.last - (0 if leg.halt is None else 1)]
        index = passages(goals, samples.points, samples.heading, limits.margin)
        goals_at += (begin + np.interp(index, np.arange(samples.arc_length.size), samples.arc_length)).tolist()
        if leg.halt is not None and isinstance(line, StopLine):
            at = end - leg.halt.after
            goals_at.append(at + limits.wheelbase)
            stops.append(Stop(at, line.foot, line.wait, line.next_foot or line.foot))
    return Plan(course_map, limits, path, np.array(goals_at), tuple(stops), tuple(legs), grid)


def _stands(goal: Goal) -> bool:
    return isinstance(goal, StopLine) and goal.stands


def _aim(goal: Goal) -> Goal:
    """What of a goal the path aims at; of gates and lines it keeps the margin to their ends."""
    if isinstance(goal, Waypoint):
        return replace(goal, radius=_AIM * goal.radius, heading_tolerance=_AIM * goal.heading_tolerance)
    return goal
