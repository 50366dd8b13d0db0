"""Metrics of a push: when it began, at which phase of the pedal stroke, how much it gave, and what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, rms, runs_of, tick
from scenarios.metrics_course import path_error

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_LAST = 1.0
"""How much of a ride counts as its end [s]."""


def _force(log: RunLog) -> Array:
    """Norm of the declared disturbance at each row [N]; a row has what acted on its way there."""
    return np.asarray(np.linalg.norm(log["truth_push"], axis=1))


def _first(log: RunLog) -> int | None:
    """The row at which the first push began to act."""
    runs = runs_of(_force(log) > 0)
    return max(runs[0][0] - 1, 0) if runs else None


def push_begin(log: RunLog, context: RideContext) -> float:
    """When the first push began [s]; NaN when nobody pushed."""
    row = _first(log)
    return np.nan if row is None else float(log["time"][row])


def push_crank(log: RunLog, context: RideContext) -> float:
    """Crank angle when the first push began, from 0 to a turn [rad]; NaN when nobody pushed."""
    row = _first(log)
    return np.nan if row is None else float(log["truth_crank_angle"][row] % (2 * np.pi))


def push_impulse(log: RunLog, context: RideContext) -> float:
    """Norm of the pushes over time [N·s]; 0 when nobody pushed, NaN for a single row."""
    return float(_force(log).sum()) * tick(log)


def path_error_end(log: RunLog, context: RideContext) -> float:
    """RMS distance of the rear contact from the course in the last second [m]."""
    since = log["time"][-1] - _LAST
    return rms(path_error(log, context)[log["time"] >= since])


METRICS = (
    Metric("push_begin", "s", "neither", "when the first push began", push_begin),
    Metric("push_crank", "rad", "neither", "crank angle when the first push began", push_crank),
    Metric("push_impulse", "N·s", "neither", "norm of all pushes over time", push_impulse),
    Metric("path_error_end", "m", "lower", "rear contact from the course, RMS of the last second", path_error_end),
)
