"""Metrics of what a controller on foot believes, asks and solves.

The estimate's world heads where the soles did at the start; what is compared with the truth is turned with that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.transform import Rotation

from scenarios.fits import rms_or_nan
from scenarios.metric import Metric, peak, ratio, rms
from scenarios.metrics_foot_walk import way
from scenarios.stance import heading, tilt, turned, walking

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_START = 1.0
"""Time in which an estimator gets going [s]."""
_FAR = 0.5
"""Way over which a drift is told [m]."""


def _going(log: RunLog, column: str) -> Array:
    """A column without the start."""
    return log[column][log["time"] >= log["time"][0] + _START - 1e-9]


def _world(log: RunLog) -> Rotation:
    """From the estimate's world to the true one."""
    return turned(heading(log)[:1])


def com_velocity_error(log: RunLog, context: FootContext) -> float:
    """RMS of the estimated less the true velocity of the centre of mass [m/s]."""
    estimate = _world(log).apply(_going(log, "estimate_com_velocity"))
    return _norm_rms(estimate - _going(log, "truth_com_velocity"))


def _turned(log: RunLog) -> Rotation:
    """From the true orientation of the pelvis to the estimated one, in the world."""
    estimate = _going(log, "estimate_orientation")
    return _world(log) * Rotation.from_quat(estimate) * Rotation.from_quat(_going(log, "truth_robot_orientation")).inv()


def attitude_error(log: RunLog, context: FootContext) -> float:
    """RMS inclination of the estimated against the true upright [rad]."""
    return rms(tilt(_turned(log).as_quat())) if len(_going(log, "time")) else np.nan


def heading_error(log: RunLog, context: FootContext) -> float:
    """RMS of the estimated less the true heading [rad]."""
    if not len(_going(log, "time")):
        return np.nan
    x, y, z, w = _turned(log).as_quat().T
    return rms(np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z)))


def position_drift(log: RunLog, context: FootContext) -> float:
    """Difference of the estimated and the true displacement over the way [1]; NaN without a walk."""
    far = way(log)
    if far < _FAR or not walking(log).any():
        return np.nan
    estimate, truth = _going(log, "estimate_position"), _going(log, "truth_robot_position")
    moved = _world(log).apply(estimate[-1] - estimate[0])[0]
    return ratio(float(np.linalg.norm(moved - truth[-1] + truth[0])), far)


def com_tracking(log: RunLog, context: FootContext) -> float:
    """RMS distance from the estimated centre of mass to where the weight should act [m]."""
    return _norm_rms(log["estimate_com"] - log["reference_com"])


def force_tracking(log: RunLog, context: FootContext) -> float:
    """RMS of the vertical forces on the feet less those that are asked [N]."""
    vertical = (_going(log, "truth_foot_force") - _going(log, "reference_foot_force"))[:, (2, 5)]
    return rms_or_nan(vertical)


def _norm_rms(vectors: Array) -> float:
    return rms_or_nan(np.linalg.norm(vectors, axis=1))


METRICS = (
    Metric("estimate_com_velocity_rms", "m/s", "lower", "estimated less true velocity of the mass", com_velocity_error),
    Metric("estimate_attitude_rms", "rad", "lower", "estimated against true upright of the pelvis", attitude_error),
    Metric("estimate_heading_rms", "rad", "lower", "estimated less true heading of the pelvis", heading_error),
    Metric("estimate_drift", "1", "lower", "estimated less true displacement, over the way", position_drift),
    Metric("com_tracking_rms", "m", "lower", "estimated centre of mass from where the weight should act", com_tracking),
    Metric("foot_force_error_rms", "N", "lower", "true less asked vertical force of a foot", force_tracking),
    Metric(
        "solver_failures", "1", "lower", "ticks in which the quadratic program was not solved",
        lambda log, context: float((log["solver_failed"] > 0).sum()),
    ),
    Metric(
        "task_residual_max", "1", "lower", "what was not served of the tasks to be held hardest",
        lambda log, context: peak(log["task_residual"]),
    ),
)  # fmt: skip
