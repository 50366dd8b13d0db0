"""Metrics of a fall on foot: how early it is recognised, and how the body goes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, rms

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.run_log import RunLog

PROTECT = "protect"
"""The mode in which a controller protects the body."""


def _begin(log: RunLog, context: FootContext) -> int | None:
    """First row in which the controller protects the body."""
    if PROTECT not in context.modes:
        return None
    rows = np.flatnonzero(log["mode"] == context.modes.index(PROTECT))
    return int(rows[0]) if rows.size else None


def _impact(log: RunLog) -> int | None:
    """First row in which a part that is no foot touches the ground."""
    rows = np.flatnonzero(log["truth_body_ground_contact"] > 0)
    return int(rows[0]) if rows.size else None


def warning(log: RunLog, context: FootContext) -> float:
    """Time from the recognition of a fall to the ground [s]; NaN where nothing but feet touches it, -inf if unseen."""
    begin, impact = _begin(log, context), _impact(log)
    if impact is None:
        return np.nan
    return -np.inf if begin is None else float(log["time"][impact] - log["time"][begin])


def impact_speed(log: RunLog, context: FootContext) -> float:
    """Speed of the centre of mass when the body meets the ground [m/s]; NaN where it does not."""
    impact = _impact(log)
    return np.nan if impact is None else float(np.linalg.norm(log["truth_com_velocity"][impact]))


def joint_speed(log: RunLog, context: FootContext) -> float:
    """RMS of the joints' speed from the recognition of a fall to the end [rad/s]; NaN where none is seen."""
    begin = _begin(log, context)
    return np.nan if begin is None else rms(log["truth_robot_joint_velocity"][begin:])


def rest_speed(log: RunLog, context: FootContext) -> float:
    """RMS over joints and the last tenth of a second of the joints' speed after a fall [rad/s]; NaN without one."""
    if _impact(log) is None:
        return np.nan
    last = log["time"] > log["time"][-1] - 0.1
    return rms(log["truth_robot_joint_velocity"][last])


METRICS = (
    Metric("fall_warning", "s", "higher", "from the recognition of a fall to the ground", warning),
    Metric("fall_impact_speed", "m/s", "lower", "centre of mass, when the body meets the ground", impact_speed),
    Metric("fall_joint_speed_rms", "rad/s", "lower", "of the joints, while the body is protected", joint_speed),
    Metric("fall_rest_speed", "rad/s", "lower", "RMS of the joints' speed at the end of a run that fell", rest_speed),
)
