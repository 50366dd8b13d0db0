"""Metrics of the ride on its course: where, how fast, how upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, elapsed, peak, ratio, rms, tick
from urdf.bicycle_parameters import JOINTS

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

FALL_ROLL = 1.0
"""Roll beyond which a ride counts as fallen, even before anything touches the ground [rad]."""


def falls(log: RunLog, context: RideContext) -> float:
    """1 when a part other than a foot or a wheel touches the ground, or the roll is beyond 1 rad."""
    contact, roll = log["truth_body_ground_contact"], np.abs(log["truth_roll"])
    if np.isnan(contact).any() or np.isnan(roll).any():
        return np.nan
    return float(np.any((contact > 0) | (roll > FALL_ROLL)))


def distance(log: RunLog, context: RideContext) -> float:
    """Length of the bicycle's way on the ground [m]."""
    steps = np.diff(log["truth_bicycle_position"][:, :2], axis=0)
    return float(np.linalg.norm(steps, axis=1).sum())


def speed_mean(log: RunLog, context: RideContext) -> float:
    """Distance over time [m/s]."""
    return ratio(distance(log, context), elapsed(log))


def path_error(log: RunLog, context: RideContext) -> Array:
    """Signed distance of the rear wheel's contact point from the course, shape (T,) [m]."""
    return context.share("path_error", lambda: context.course.project(log["truth_rear_contact"][:, :2]))


def path_error_after_lead_in(log: RunLog, context: RideContext) -> float:
    """RMS of the path error from the end of the lead-in along x [m]: without the start's own error, if that is long.

    NaN where the course has none, or the ride ended before.
    """
    if context.lead_in is None:
        return np.nan
    past = np.flatnonzero(log["truth_rear_contact"][:, 0] >= context.lead_in)
    return rms(path_error(log, context)[past[0] :]) if past.size else np.nan


def roll_rate_rms(log: RunLog, context: RideContext) -> float:
    """RMS of the roll's change from row to row [rad/s]."""
    return rms(np.diff(log["truth_roll"])) / tick(log) if len(log) > 1 else np.nan


def steer_rate_rms(log: RunLog, context: RideContext) -> float:
    """RMS of the steer joint's rate [rad/s]."""
    return rms(log["truth_bicycle_joint_velocity"][:, JOINTS.index("steer_joint")])


def cone_clearance(log: RunLog, context: RideContext) -> float:
    """Least distance from a wheel's contact point to a cone's edge [m]; NaN without cones."""
    if not len(context.cones):
        return np.nan
    wheels = np.concatenate((log["truth_rear_contact"][:, :2], log["truth_front_contact"][:, :2]))
    nearest = [float(np.min(np.linalg.norm(wheels - cone, axis=1))) for cone in context.cones]
    return float(np.min(nearest)) - context.cone_radius


METRICS = (
    Metric("falls", "1", "lower", "part that is no foot and no wheel on the ground, or roll over 1 rad", falls),
    Metric("completed", "1", "higher", "course ridden to its end", lambda log, context: float(context.completed)),
    Metric("distance", "m", "neither", "way on the ground", distance),
    Metric("speed_mean", "m/s", "neither", "distance over time", speed_mean),
    Metric("speed_min", "m/s", "neither", "least speed", lambda log, context: float(np.min(log["truth_speed"]))),
    Metric(
        "path_error_rms",
        "m",
        "lower",
        "rear contact from the course",
        lambda log, context: rms(path_error(log, context)),
    ),
    Metric(
        "path_error_max",
        "m",
        "lower",
        "rear contact from the course",
        lambda log, context: peak(path_error(log, context)),
    ),
    Metric(
        "path_error_after_lead_in",
        "m",
        "lower",
        "rear contact from the course, RMS from the end of its lead-in",
        path_error_after_lead_in,
    ),
    Metric("cone_clearance_min", "m", "higher", "wheel contact to the edge of a cone", cone_clearance),
    Metric("roll_max", "rad", "lower", "greatest roll", lambda log, context: peak(log["truth_roll"])),
    Metric("roll_rate_rms", "rad/s", "lower", "restlessness of the roll", roll_rate_rms),
    Metric("steer_max", "rad", "lower", "greatest steer angle", lambda log, context: peak(log["truth_steer"])),
    Metric("steer_rate_rms", "rad/s", "lower", "restlessness of the handlebar", steer_rate_rms),
)
