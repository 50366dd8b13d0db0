"""Metrics of a ride through goals on a map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, StopLine, Waypoint
from controllers.riding.planning.passing import across, begin_of_next, passed
from scenarios.metric import Metric
from scenarios.metrics_tracking import PEDALLED

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog


_STILL = 0.05
"""Speed below which a bicycle stands [m/s]."""
_AT_LINE = 0.5
"""Distance of the front wheel from a line up to which the bicycle stands at it [m]."""


def goals_missed(log: RunLog, context: RideContext) -> float:
    """How many goals were not done one after the other; NaN without goals.

    The rear wheel's contact point must pass it, or the bicycle stand with the front wheel within 0.5 m of its line.
    """
    if context.course_map is None or not np.isfinite(log["truth_rear_contact"]).all():
        return np.nan
    return float(len(context.course_map.goals) - len(_done(log, context.course_map)))


def _done(log: RunLog, course_map: CourseMap) -> list[int]:
    """Row at which each goal was done, up to the first one that was not."""
    rear, heading = log["truth_rear_contact"][:, :2], log["truth_heading"]
    rows: list[int] = []
    begin = 0
    for number, goal in enumerate(course_map.goals):
        if isinstance(goal, StopLine) and goal.stands:
            there = (np.abs(log["truth_speed"]) < _STILL) & (np.abs(_depth(log, goal)) < _AT_LINE)
            along, _, width = across(goal)
            place = (log["truth_front_contact"][:, :2] - goal.left) @ along
            found = np.flatnonzero(there[begin:] & (place[begin:] > 0.0) & (place[begin:] < width))
            if not found.size:
                break
            begin += int(found[0])
            rows.append(begin)
        else:
            index = passed(goal, rear[begin:], heading[begin:], 0.0)
            if index is None:
                break
            rows.append(begin + int(index))
            begin += begin_of_next(course_map.goals, number, index)
    return rows


def _depth(log: RunLog, line: StopLine) -> Array:
    """How far the front wheel's contact point is past a line, shape (T,) [m]."""
    past: Array = (log["truth_front_contact"][:, :2] - line.left) @ across(line)[1]
    return past


def obstacle_clearance(log: RunLog, context: RideContext) -> float:
    """Least distance from a wheel's contact point to a post, obstacle, wall or fence [m]; NaN without any.

    An obstacle that appears counts from then on, and one that leaves until then.
    """
    course_map = context.course_map
    if course_map is None:
        return np.nan
    wheels = np.stack((log["truth_rear_contact"][:, :2], log["truth_front_contact"][:, :2]), axis=1)
    if not np.isfinite(wheels).all():
        return np.nan
    least = np.inf
    always = (0.0, np.inf)
    for since, until in sorted({(disc.since, disc.until) for disc in course_map.discs} | {always}):
        discs = tuple(disc for disc in course_map.discs if (disc.since, disc.until) == (since, until))
        others = course_map if (since, until) == always else CourseMap(goals=(Waypoint((0.0, 0.0)),))
        clearance = Clearance(replace(others, discs=discs))
        rows = wheels[(log["time"] >= since) & (log["time"] < until)].reshape(-1, 2)
        if clearance.count and len(rows):
            least = min(least, float(np.min(clearance.of(rows))))
    return least if np.isfinite(least) else np.nan


def obstacle_force(log: RunLog, context: RideContext) -> float:
    """Greatest sum of the normal forces of what stands on the map on robot and bicycle [N]; NaN without goals."""
    return np.nan if context.course_map is None else float(np.max(log["truth_obstacle_force"]))


def fence_margin(log: RunLog, context: RideContext) -> float:
    """Least distance from a wheel's contact point to the fence, negative outside [m]; NaN without a fence."""
    course_map = context.course_map
    if course_map is None or not course_map.fence:
        return np.nan
    wheels = np.concatenate((log["truth_rear_contact"][:, :2], log["truth_front_contact"][:, :2]))
    fence = Clearance(CourseMap(goals=(Waypoint((0.0, 0.0)),), fence=course_map.fence))
    return float(np.min(fence.of(wheels))) if np.isfinite(wheels).all() else np.nan


def route_changes(log: RunLog, context: RideContext) -> float:
    """How often the route was changed on the way; NaN without goals."""
    return np.nan if context.course_map is None else float(np.max(log["route"]))


def speed_excess(log: RunLog, context: RideContext) -> float:
    """Greatest true speed over the planned one while pedalling or braking [m/s]; NaN where no speed is planned."""
    if context.course_map is None:
        return np.nan
    kept = np.isin(log["mode"], [context.modes.index(name) for name in (*PEDALLED, "brake")])
    return (
        float(np.max(log["truth_speed"][kept] - log["reference_speed"][kept], initial=-np.inf))
        if kept.any()
        else np.nan
    )


METRICS = (
    Metric("goals_missed", "1", "lower", "goals that were not passed or stood at in their order", goals_missed),
    Metric(
        "obstacle_clearance_min", "m", "higher", "wheel contact to post, obstacle, wall or fence", obstacle_clearance
    ),
    Metric("obstacle_force_max", "N", "lower", "of posts, obstacles and walls that are run into", obstacle_force),
    Metric("fence_margin_min", "m", "higher", "wheel contact to the fence, negative outside it", fence_margin),
    Metric("route_changes", "1", "neither", "how often the way or its speed was planned anew", route_changes),
    Metric("speed_excess_max", "m/s", "lower", "true speed over the one planned by goals", speed_excess),
)
