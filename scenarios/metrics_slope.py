"""Metrics of hills: how steep the road is, and how fast it goes where it is steepest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, peak, tick

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_FULL = 0.95
"""Share of the steepest grade of a ride from which on the road counts as steep [1]."""
_LEVEL = 0.01
"""Grade up to which a road is level [1]."""
_ROLLS = 0.1
"""Speed from which the bicycle rolls; standing on a slope is no riding [m/s]."""


def grades(log: RunLog) -> Array:
    """Rise over way between the contact points of both wheels, positive uphill, shape (T,) [1]."""
    along = log["truth_front_contact"] - log["truth_rear_contact"]
    return np.asarray(along[:, 2] / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-3))


def _steep(log: RunLog, sign: float) -> Array:
    """Rows in which it rolls on the steepest part uphill (1) or downhill (-1), shape (T,)."""
    grade = sign * grades(log)
    most = float(grade.max())
    return np.asarray((grade > _FULL * most) & (most > _LEVEL) & (np.abs(log["truth_speed"]) > _ROLLS))


def speed_on(log: RunLog, sign: float) -> float:
    """Mean speed on the steepest part uphill (1) or downhill (-1) [m/s]; NaN without one."""
    speed = log["truth_speed"][_steep(log, sign)]
    return float(speed.mean()) if speed.size else np.nan


def climbed(log: RunLog, context: RideContext) -> float:
    """Way on the steepest part uphill [m]; NaN without one."""
    speed = log["truth_speed"][_steep(log, 1.0)]
    return float(speed.sum()) * tick(log) if speed.size else np.nan


METRICS = (
    Metric("speed_max", "m/s", "neither", "greatest speed", lambda log, context: peak(log["truth_speed"])),
    Metric("grade_max", "1", "neither", "steepest grade uphill", lambda log, context: float(grades(log).max())),
    Metric("climb_way", "m", "neither", "way on the steepest part uphill", climbed),
    Metric(
        "slope_speed_mean_up", "m/s", "neither", "where it is steepest uphill", lambda log, context: speed_on(log, 1.0)
    ),
    Metric(
        "slope_speed_mean_down",
        "m/s",
        "neither",
        "where it is steepest downhill",
        lambda log, context: speed_on(log, -1.0),
    ),
)
