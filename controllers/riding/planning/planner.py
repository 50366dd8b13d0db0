"""From goals on a map to a path that can be ridden."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import SPACING, Course
from controllers.riding.planning.course_map import CourseMap, Disc, Goal, PlanningError, Pose, Waypoint
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import passages
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.search import Search
from controllers.riding.planning.smoothing import PER_KNOT, Smoothing

Array = NDArray[np.float64]


_AIM = 0.6
"""Share of a waypoint's radius and heading tolerance that the path takes; the rest is for the rider's error."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A path through the goals of a map.

    Attributes:
        course_map: The task.
        limits: That the path keeps.
        path: It goes on past the last goal until it is straight.
        goals_at: Arc length at which each goal is passed, shape (k,) [m].
    """

    course_map: CourseMap
    limits: PathLimits
    path: ClothoidPath
    goals_at: Array

    def course(self) -> Course:
        """The path as a course for the rider."""
        start = self.path.start
        middles: Array = SPACING * (np.arange(round(self.path.length / SPACING), dtype=np.float64) + 0.5)
        return Course(self.path.curvature_at(middles), (start.x, start.y), start.heading)


def plan_path(course_map: CourseMap, start: Pose, limits: PathLimits | None = None) -> Plan:
    """Find a path from a pose through all goals: search, then smoothing. The same input gives the same path.

    Args:
        course_map: The task.
        start: Where it begins.
        limits: Of the path.

    Raises:
        PlanningError: There is no way, or none was found; it names the first goal that is not reached.
    """
    limits = limits or PathLimits()
    aim = replace(course_map, goals=tuple(_aim(goal) for goal in course_map.goals))
    found = Search(aim, start, limits).run()
    path = Smoothing(aim, limits).run(found)
    samples = path.sample(PER_KNOT)
    at = passages(course_map.goals, samples.points, samples.heading, limits.margin)
    return Plan(course_map, limits, path, np.array(at) * path.step / PER_KNOT)


def replan(plan: Plan, arc_length: float, obstacle: Disc) -> Plan:
    """Find the rest of a path anew when an obstacle has come up.

    Args:
        plan: What is ridden.
        arc_length: From where on the new path may differ [m]; it joins the old one in place, heading and curvature.
        obstacle: What has come up.

    Returns:
        The plan from that place on, through the goals that are still ahead.

    Raises:
        PlanningError: There is no way any more; goals are counted from the first that is ahead. Or none is ahead.
    """
    ahead = tuple(goal for goal, at in zip(plan.course_map.goals, plan.goals_at, strict=True) if at > arc_length)
    if not ahead:
        raise PlanningError(f"at {arc_length:g} m every goal is passed")
    rest = replace(plan.course_map, goals=ahead, discs=(*plan.course_map.discs, obstacle))
    return plan_path(rest, plan.path.pose_at(arc_length), plan.limits)


def _aim(goal: Goal) -> Goal:
    """What of a goal the path aims at; of gates and lines it keeps the margin to their ends."""
    if isinstance(goal, Waypoint):
        return replace(goal, radius=_AIM * goal.radius, heading_tolerance=_AIM * goal.heading_tolerance)
    return goal
