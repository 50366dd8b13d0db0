"""Metrics of walking: how the velocity that is asked is kept, the steps, what they cost, and where they lead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, gained, peak, ratio, rms, runs_of, tick
from scenarios.metrics_energy import GRAVITY
from scenarios.stance import LOADED, heading, loads, soles, walking

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_WINDOW = 1.0
"""Time over which a velocity is taken [s], about a pair of steps."""
_OFF = 5.0
"""Vertical force below which a foot counts as off the ground [N]."""
_SWING = 0.1
"""Time that a foot must be off the ground for what follows to be a step [s]."""
_FAR = 0.5
"""Way that makes a walk [m]."""
_TOUCHING_DOWN = 0.5
"""Time after the start in which the soles take up the weight [s]."""


def steps(log: RunLog, context: FootContext) -> float:
    """How often a foot has come down after a swing, by the forces."""
    least = _SWING / tick(log) if len(log) > 1 else np.inf
    swings = [
        (first, after) for foot in loads(log).T for first, after in runs_of(foot < _OFF) if after - first >= least
    ]
    return float(sum(after < len(log) for _, after in swings))


def slip(log: RunLog, context: FootContext) -> float:
    """Way that both soles slid while they bore [m]."""
    return float(log["truth_foot_slip"][-1].sum() - log["truth_foot_slip"][0].sum())


def slip_per_step(log: RunLog, context: FootContext) -> float:
    """The same for each step [m]; NaN without steps."""
    return ratio(slip(log, context), steps(log, context))


def pelvis_heading(log: RunLog) -> Array:
    """Heading of the pelvis without jumps of a turn, shape (T,) [rad]."""
    x, y, z, w = log["truth_robot_orientation"].T
    return np.unwrap(np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z)))


def windows(log: RunLog) -> tuple[Array, Array]:
    """Mean velocities over a second in which a walk is asked throughout, true ones and those asked, (K, 3) each.

    Forward and to the left of the heading in the middle of the second [m/s], and turning [rad/s].
    """
    rows = round(_WINDOW / tick(log)) if len(log) > 1 else 0
    if not 0 < rows < len(log):
        return np.empty((0, 3)), np.empty((0, 3))
    count = np.concatenate(([0], np.cumsum(walking(log))))
    whole = np.flatnonzero(count[rows:-1] - count[: -rows - 1] == rows)
    asked = np.vstack((np.zeros(3), np.cumsum(log["reference_velocity"], axis=0)))
    asked = (asked[whole + rows] - asked[whole]) / rows
    place, yaw = log["truth_robot_position"][:, :2], pelvis_heading(log)
    (dx, dy), middle = (place[whole + rows] - place[whole]).T, yaw[whole + rows // 2]
    c, s = np.cos(middle), np.sin(middle)
    true = np.column_stack((c * dx + s * dy, c * dy - s * dx, yaw[whole + rows] - yaw[whole])) / _WINDOW
    return true, asked


def velocity_error(axis: int, log: RunLog, context: FootContext) -> float:
    """RMS of the true less the asked velocity over a second; NaN without a walk."""
    true, asked = windows(log)
    return rms(true[:, axis] - asked[:, axis]) if len(true) else np.nan


def speed_forward(log: RunLog, context: FootContext) -> float:
    """Mean velocity forward while a walk is asked [m/s]; NaN without a walk."""
    true, _ = windows(log)
    return float(true[:, 0].mean()) if len(true) else np.nan


def way(log: RunLog) -> float:
    """Length of the pelvis' way from second to second, so that its sway does not count [m]."""
    rows = max(round(_WINDOW / tick(log)), 1) if len(log) > 1 else 1
    places = np.vstack((log["truth_robot_position"][::rows, :2], log["truth_robot_position"][-1:, :2]))
    return float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())


def cost_of_transport(log: RunLog, context: FootContext) -> float:
    """Absolute mechanical work of the joints over weight times way; NaN without a walk."""
    far = way(log)
    if far < _FAR or not walking(log).any():
        return np.nan
    power = log["truth_robot_joint_torque"] * log["truth_robot_joint_velocity"]
    return float(np.abs(power).sum()) * tick(log) / (context.mass * GRAVITY * far)


def heading_drift(log: RunLog, context: FootContext) -> float:
    """Heading of the pelvis at the end less what start and turns make of it [rad]; NaN with a walk to a pose."""
    if any(goal.walk_to is not None for goal in context.goals):
        return np.nan
    yaw = pelvis_heading(log)
    asked = float(log["reference_velocity"][:, 2].sum()) * tick(log) if len(log) > 1 else 0.0
    return float(yaw[-1] - yaw[0] - asked)


def pose_error(log: RunLog, context: FootContext) -> tuple[float, float]:
    """Distance [m] and angle [rad] of the stance at the end from the pose of the last goal; NaN where it has none."""
    pose = context.goals[-1].walk_to
    if pose is None:
        return np.nan, np.nan
    place = soles(log)[-1].mean(axis=0)
    turn = (heading(log)[-1] - pose[2] + np.pi) % (2.0 * np.pi) - np.pi
    return float(np.hypot(place[0] - pose[0], place[1] - pose[1])), float(abs(turn))


def foot_force_max(log: RunLog, context: FootContext) -> float:
    """Greatest norm of the force on a foot, once it has taken up the weight [N]."""
    rows = log["time"] >= log["time"][0] + _TOUCHING_DOWN
    forces = np.linalg.norm(log["truth_foot_force"].reshape(-1, 2, 3)[rows], axis=2)
    return peak(forces) if forces.size else np.nan


def flight_time(log: RunLog, context: FootContext) -> float:
    """Time in which no foot bears [s]."""
    rows = log["time"] >= log["time"][0] + _TOUCHING_DOWN
    return float((loads(log)[rows] < LOADED).all(axis=1).sum()) * tick(log) if rows.any() else np.nan


METRICS = (
    Metric("steps", "1", "neither", "how often a foot came down after a swing", steps),
    Metric("foot_slip", "m", "lower", "way that both soles slid while they bore", slip),
    Metric("foot_slip_per_step", "m", "lower", "the same for each step", slip_per_step),
    Metric("foot_force_max", "N", "lower", "norm of the force on a foot, once it bears", foot_force_max),
    Metric("flight_time", "s", "lower", "time in which no foot bears", flight_time),
    *(
        Metric(f"velocity_error_{name}_rms", unit, "lower", "of the walk, by seconds", partial(velocity_error, axis))
        for axis, (name, unit) in enumerate((("forward", "m/s"), ("left", "m/s"), ("turn", "rad/s")))
    ),
    Metric("speed_forward_mean", "m/s", "neither", "while a walk is asked", speed_forward),
    Metric("way", "m", "neither", "length of the pelvis' way, from second to second", lambda log, context: way(log)),
    Metric("heading_drift", "rad", "neither", "heading at the end less what start and turns make", heading_drift),
    Metric("final_position_error", "m", "lower", "from the pose of the last goal",
           lambda log, context: pose_error(log, context)[0]),
    Metric("final_heading_error", "rad", "lower", "from the pose of the last goal",
           lambda log, context: pose_error(log, context)[1]),
    Metric("cost_of_transport", "1", "lower", "absolute joint work over weight times way", cost_of_transport),
    Metric("joint_work", "J", "neither", "net work of the joints",
           lambda log, context: gained(log, "truth_joint_work")),
)  # fmt: skip
