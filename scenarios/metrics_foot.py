"""Every metric of a run on foot by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scenarios import (
    metrics_foot_estimate,
    metrics_foot_fall,
    metrics_foot_stand,
    metrics_foot_walk,
    metrics_push,
    metrics_robot,
    metrics_safety,
)
from scenarios.falls import fall_row
from scenarios.metric import Metric, elapsed, peak

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.run_log import RunLog


def falls(log: RunLog, context: FootContext) -> float:
    """1 when a part that is no foot touches the ground, or pelvis or torso are too inclined or too low."""
    return float(fall_row(log) is not None)


def time_upright(log: RunLog, context: FootContext) -> float:
    """Time from the start to a fall, or to the end [s]."""
    row = fall_row(log)
    return elapsed(log) if row is None else float(log["time"][row] - log["time"][0])


def _self_contact(log: RunLog, context: FootContext) -> float:
    return peak(log["truth_self_contact"])


_WHOLE = (
    Metric("falls", "1", "lower", "a part that is no foot on the ground, tilt over 1 rad, or pelvis too low", falls),
    Metric("completed", "1", "higher", "every goal done", lambda log, context: float(context.completed)),
    Metric("time_upright", "s", "higher", "from the start to a fall, or to the end", time_upright),
    *metrics_foot_fall.METRICS,
)
"""Those that look at what comes after a fall, too."""
_PUSH = tuple(metric for metric in metrics_push.METRICS if metric.name in ("push_begin", "push_impulse"))
_UPRIGHT = (
    *metrics_foot_stand.METRICS,
    *metrics_foot_walk.METRICS,
    Metric("self_contact_max", "N", "lower", "normal forces between links of the robot", _self_contact),
    *metrics_robot.METRICS,
    *metrics_safety.METRICS,
    *metrics_foot_estimate.METRICS,
    *_PUSH,
)
"""Those that end with a fall."""

FOOT_METRICS: dict[str, Metric] = {metric.name: metric for metric in (*_WHOLE, *_UPRIGHT)}


def compute_on_foot(log: RunLog, context: FootContext) -> dict[str, float]:
    """Compute every metric of a log of at least one row; NaN where the run does not have one."""
    context = replace(context, shared={})
    row = fall_row(log)
    upright = log if row is None else log.until(row + 1)
    with np.errstate(invalid="ignore"):
        return {metric.name: metric.compute(log, context) for metric in _WHOLE} | {
            metric.name: metric.compute(upright, context) for metric in _UPRIGHT
        }
