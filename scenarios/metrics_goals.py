"""Metrics of a ride through goals on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.passing import passages
from scenarios.metric import Metric

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog


def goals_missed(log: RunLog, context: RideContext) -> float:
    """How many goals the rear wheel's contact point did not pass one after the other; NaN without goals."""
    if context.course_map is None:
        return np.nan
    goals = context.course_map.goals
    passed = passages(goals, log["truth_rear_contact"][:, :2], log["truth_heading"], 0.0)
    return float(len(goals) - len(passed)) if np.isfinite(log["truth_rear_contact"]).all() else np.nan


def obstacle_clearance(log: RunLog, context: RideContext) -> float:
    """Least distance from a wheel's contact point to a post, obstacle, wall or fence [m]; NaN without any."""
    if context.course_map is None:
        return np.nan
    clearance = Clearance(context.course_map)
    if not clearance.count:
        return np.nan
    wheels = np.concatenate((log["truth_rear_contact"][:, :2], log["truth_front_contact"][:, :2]))
    return float(np.min(clearance.of(wheels))) if np.isfinite(wheels).all() else np.nan


def speed_excess(log: RunLog, context: RideContext) -> float:
    """Greatest true speed over the planned one while pedalling or braking [m/s]; NaN where no speed is planned."""
    if context.course_map is None:
        return np.nan
    kept = log["mode"] != context.modes.index("coast")
    return (
        float(np.max(log["truth_speed"][kept] - log["reference_speed"][kept], initial=-np.inf))
        if kept.any()
        else np.nan
    )


METRICS = (
    Metric("goals_missed", "1", "lower", "goals that the rear wheel did not pass in their order", goals_missed),
    Metric(
        "obstacle_clearance_min", "m", "higher", "wheel contact to post, obstacle, wall or fence", obstacle_clearance
    ),
    Metric("speed_excess_max", "m/s", "lower", "true speed over the one planned by goals", speed_excess),
)
