"""Metrics of riding in little room, at the contact points of both wheels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, peak
from scenarios.metrics_course import path_error

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog


def lane_halfwidth(log: RunLog, context: RideContext) -> float:
    """Greatest distance of either wheel's contact point from the course [m].

    In a bend the front wheel runs outside the rear wheel's course, by up to half a metre in the tightest ones.
    """
    front = context.course.project(log["truth_front_contact"][:, :2])
    return max(peak(path_error(log, context)), peak(front))


def swept_width(log: RunLog, context: RideContext) -> float:
    """Extent of both wheels' ways across the direction in which the course begins [m]."""
    along = context.course_points[1] - context.course_points[0]
    across = np.array((-along[1], along[0])) / np.linalg.norm(along)
    reach = np.concatenate((log["truth_rear_contact"][:, :2], log["truth_front_contact"][:, :2])) @ across
    return float(np.ptp(reach))


METRICS = (
    Metric("lane_halfwidth_max", "m", "lower", "contact point of either wheel from the course", lane_halfwidth),
    Metric("swept_width", "m", "lower", "extent of both wheels' ways across the first heading", swept_width),
)
