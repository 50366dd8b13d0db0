"""Metrics of standing, squatting and reaching: where the body is against where it was asked to be, and how calmly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.transform import Rotation

from scenarios.fits import rms_or_nan
from scenarios.metric import Metric, elapsed, peak, rms
from scenarios.stance import LOADED, bearing, heading, in_stance, loads, settled, soles, support, tilt, turned, walking

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_LAST = 2.0
"""How much of a run counts as its end [s]."""
_TOUCHING_DOWN = 0.5
"""Time after the start in which the soles take up the weight [s]."""


def com_off(log: RunLog) -> Array:
    """Level distance of the centre of mass from the middle of the soles that bear, shape (T,) [m]."""
    return np.asarray(np.linalg.norm((log["truth_com"] - support(log))[:, :2], axis=1))


def sway(log: RunLog, context: FootContext) -> float:
    """RMS velocity of the pelvis in the last two seconds [m/s]; NaN where it walks then, or has not stood as long."""
    rows = log["time"] >= log["time"][-1] - _LAST
    if walking(log)[rows].any() or elapsed(log) < _LAST:
        return np.nan
    return rms(np.linalg.norm(log["truth_robot_velocity"][rows, :3], axis=1))


def height_errors(log: RunLog) -> Array:
    """Height of the pelvis above the soles that bear less what is asked, shape (T,) [m]."""
    return log["truth_robot_position"][:, 2] - support(log)[:, 2] - log["reference_pelvis_height"]


def height_error_settled(log: RunLog, context: FootContext) -> float:
    """Greatest error of the height that a goal names, once it is settled [m]; NaN where no goal names one."""
    above = log["truth_robot_position"][:, 2] - support(log)[:, 2]
    errors = [
        peak(above[rows] - height)
        for number, rows in settled(log, context)
        if (height := context.goals[number].pelvis_height) is not None
    ]
    return max(errors, default=np.nan)


def torso_errors(log: RunLog) -> Array:
    """Angle between the torso and what is asked of it against the heading of the stance, shape (T,) [rad]."""
    roll, pitch, yaw = log["reference_torso"].T
    asked = Rotation.from_euler("ZYX", np.column_stack((heading(log) + yaw, pitch, roll)))
    return np.asarray((asked.inv() * Rotation.from_quat(log["truth_torso_orientation"])).magnitude())


def hand_errors(log: RunLog, context: FootContext) -> Array:
    """Distances of the grips from where settled goals ask for them, shape (K,) [m]."""
    found = []
    for side, name in enumerate(("left_hand", "right_hand")):
        place = in_stance(log, log["truth_hand_position"][:, 3 * side : 3 * side + 3])
        for number, rows in settled(log, context):
            asked = getattr(context.goals[number], name)
            if asked is not None:
                found.append(np.linalg.norm(place[rows] - asked, axis=1))
    return np.concatenate(found) if found else np.empty(0)


def hand_angles(log: RunLog, context: FootContext) -> Array:
    """Angles of the grips from how settled goals ask for them to be turned, shape (K,) [rad]."""
    found = []
    for side, name in enumerate(("left_hand_rotation", "right_hand_rotation")):
        for number, rows in settled(log, context):
            asked = getattr(context.goals[number], name)
            if asked is not None:
                true = Rotation.from_quat(log["truth_hand_orientation"][rows, 4 * side : 4 * side + 4])
                stance = turned(heading(log)[rows])
                found.append(((stance * Rotation.from_euler("ZYX", asked[::-1])).inv() * true).magnitude())
    return np.concatenate(found) if found else np.empty(0)


def hand_angle_max(log: RunLog, context: FootContext) -> float:
    """Greatest of these [rad]; NaN where no goal asks how a hand is turned."""
    angles = hand_angles(log, context)
    return peak(angles) if angles.size else np.nan


def hand_error_max(log: RunLog, context: FootContext) -> float:
    """Greatest of these [m]; NaN where no goal asks for a hand."""
    errors = hand_errors(log, context)
    return peak(errors) if errors.size else np.nan


def cop_margins(log: RunLog, context: FootContext) -> Array:
    """Distances of the centres of pressure from the edges of the soles that bear, shape (K,) [m]; outside below 0."""
    margins = []
    length, width = context.sole
    for side in (0, 1):
        rows = (loads(log)[:, side] > LOADED) & (log["time"] >= log["time"][0] + _TOUCHING_DOWN)
        away = (log["truth_foot_cop"].reshape(-1, 2, 3) - soles(log))[rows, side]
        x, y, _ = turned(-log["truth_foot_yaw"][rows, side]).apply(away).T if rows.any() else away.T
        margins.append(np.minimum(0.5 * length - np.abs(x), 0.5 * width - np.abs(y)))
    return np.concatenate(margins)


def cop_margin(log: RunLog, context: FootContext) -> float:
    """Least of these [m]; NaN where no foot bears."""
    margins = cop_margins(log, context)
    return float(margins.min()) if margins.size else np.nan


def one_leg_time(log: RunLog, context: FootContext) -> float:
    """Time on one foot [s]."""
    return float((bearing(log).sum(axis=1) == 1).mean()) * elapsed(log)


METRICS = (
    Metric(
        "com_offset_rms", "m", "lower", "centre of mass off the middle of the bearing soles, level",
        lambda log, context: rms(com_off(log)),
    ),
    Metric(
        "com_offset_max", "m", "lower", "centre of mass off the middle of the bearing soles, level",
        lambda log, context: peak(com_off(log)),
    ),
    Metric("sway_velocity_rms", "m/s", "lower", "velocity of the pelvis, standing, in the last two seconds", sway),
    Metric(
        "pelvis_height_error_rms", "m", "lower", "pelvis above the bearing soles, less what is asked",
        lambda log, context: rms(height_errors(log)),
    ),
    Metric(
        "pelvis_height_error_max", "m", "lower", "pelvis above the bearing soles, less what is asked",
        lambda log, context: peak(height_errors(log)),
    ),
    Metric("pelvis_height_settled_max", "m", "lower", "error of the height that a settled goal names",
           height_error_settled),
    Metric(
        "torso_error_rms", "rad", "lower", "angle of the torso from what is asked",
        lambda log, context: rms(torso_errors(log)),
    ),
    Metric(
        "torso_error_max", "rad", "lower", "angle of the torso from what is asked",
        lambda log, context: peak(torso_errors(log)),
    ),
    Metric(
        "tilt_max", "rad", "lower", "greatest inclination of the pelvis",
        lambda log, context: peak(tilt(log["truth_robot_orientation"])),
    ),
    Metric(
        "hand_error_rms", "m", "lower", "grips from where settled goals ask for them",
        lambda log, context: rms_or_nan(hand_errors(log, context)),
    ),
    Metric("hand_error_max", "m", "lower", "grips from where settled goals ask for them", hand_error_max),
    Metric("hand_angle_max", "rad", "lower", "grips from how settled goals ask for them to be turned", hand_angle_max),
    Metric("cop_margin_min", "m", "higher", "centre of pressure to the edge of its sole", cop_margin),
    Metric("one_leg_time", "s", "neither", "time on one foot", one_leg_time),
)  # fmt: skip
