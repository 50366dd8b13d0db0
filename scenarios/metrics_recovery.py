"""Metrics of falling and of recovering from a push, by the names that benchmarks of humanoids use.

Torricelli et al. 2015, "Benchmarking bipedal locomotion": the time until falling, and how long it takes to come back
from a disturbance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, runs_of
from scenarios.metrics_course import FALL_ROLL

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

CALM = 0.03
"""Roll within which a rider on a straight course is calm again, against the mean before the push [rad]."""
_BEFORE = 1.0
"""Time before a push over which that mean is taken [s]."""


def time_to_fall(log: RunLog, context: RideContext) -> float:
    """Time from the start to the first row of a fall [s]; NaN when nobody fell."""
    fallen = (log["truth_body_ground_contact"] > 0) | (np.abs(log["truth_roll"]) > FALL_ROLL)
    return float(log["time"][np.argmax(fallen)] - log["time"][0]) if fallen.any() else np.nan


def settling_time(log: RunLog, context: RideContext) -> float:
    """Longest time from the beginning of a push until the roll stays near its mean before it [s]; NaN without a push.

    A roll that has not come back when the next push begins, or the ride ends, counts as that long.
    """
    pushes = [first for first, _ in runs_of((log["truth_push"] != 0).any(axis=1))]
    if not pushes or np.isnan(log["truth_roll"]).any():
        return np.nan
    time, roll = log["time"], log["truth_roll"]
    longest = 0.0
    for first, after in zip(pushes, [*pushes[1:], len(log)], strict=True):
        before = slice(int(np.searchsorted(time, time[first] - _BEFORE)), max(first, 1))
        off = np.flatnonzero(np.abs(roll[first:after] - roll[before].mean()) > CALM)
        if off.size:
            longest = max(longest, float(time[first + off[-1]] - time[first]))
    return longest


METRICS = (
    Metric("time_to_fall", "s", "higher", "from the start to a fall; none without one", time_to_fall),
    Metric("push_settling_time", "s", "lower", "from a push until the roll is within 0.03 rad again", settling_time),
)
