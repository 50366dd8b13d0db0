"""Metrics of effort: what joints spend, how calmly, how much of it is feedback, and where the body bears its weight.

A joint's drive adds to the feed-forward torque what its stiffness and damping make of the error of position and
velocity. A rider whose model is right needs little of that feedback; one that lost a feed-forward needs much. All leave
out the first second; a ride that ends within half a second after that has none of them (NaN).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.fits import rms_or_nan
from scenarios.limbs import LIMBS, Limb, joints, under_way
from scenarios.metric import Metric, ratio, tick
from scenarios.metrics_energy import GRAVITY

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_DOWN = (2, 5)


def feedback_torque(limb: Limb, log: RunLog, context: RideContext) -> Array:
    """What stiffness and damping ask of the joints of a limb, from true errors, shape (T, k) [Nm]."""
    rows, columns = under_way(log), joints(context, limb)

    def of(name: str) -> Array:
        return log[name][rows, columns]

    position = of("command_position") - of("truth_robot_joint_position")
    velocity = of("command_velocity") - of("truth_robot_joint_velocity")
    return of("command_stiffness") * position + of("command_damping") * velocity


def feedback_rms(limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the feedback of a limb's joints [Nm]."""
    return rms_or_nan(feedback_torque(limb, log, context))


def feedforward_rms(limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the torque that is fed forward to a limb's joints [Nm]."""
    return rms_or_nan(log["command_torque"][under_way(log), joints(context, limb)])


def torque_rms(limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the torque of a limb's joints [Nm]."""
    return rms_or_nan(log["truth_robot_joint_torque"][under_way(log), joints(context, limb)])


def restlessness(column: str, limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the change of a column from row to row, for a limb's joints [unit of the column/s]."""
    values = log[column][under_way(log), joints(context, limb)]
    return rms_or_nan(np.diff(values, axis=0)) / tick(log) if len(values) > 1 else np.nan


def left_leg_work_share(log: RunLog, context: RideContext) -> float:
    """Part of the left leg in the positive work of both legs' joints [1]."""
    rows = under_way(log)
    power = np.maximum(log["truth_robot_joint_torque"][rows] * log["truth_robot_joint_velocity"][rows], 0.0)
    left, right = (float(power[:, joints(context, "leg", side)].sum()) for side in ("left_", "right_"))
    return ratio(left, left + right)


def left_foot_force_share(log: RunLog, context: RideContext) -> float:
    """Part of the left foot in the mean vertical force on both feet [1]."""
    left, right = (float(log["truth_foot_force"][under_way(log), down].sum()) for down in _DOWN)
    return ratio(left, left + right)


def saddle_force_share(log: RunLog, context: RideContext) -> float:
    """Mean vertical force of the saddle over the weight of body and bicycle [1]."""
    force = log["truth_saddle_force"][under_way(log), 2]
    return float(force.mean()) / (context.mass * GRAVITY) if len(force) else np.nan


def grip_force_mean(log: RunLog, context: RideContext) -> float:
    """Mean of the norm of the grip constraints' forces [N]."""
    force = log["truth_grip_force"][under_way(log)]
    return float(force.mean()) if len(force) else np.nan


def tyre_friction_use(log: RunLog, context: RideContext) -> float:
    """99th percentile of horizontal over vertical force, of both tyres while they are pressed on [1]."""
    force = log["truth_ground_force"][under_way(log)].reshape(-1, 3)
    if np.isnan(force).any():
        return np.nan
    pressed = force[force[:, 2] > 0.1 * GRAVITY * context.mass]
    return float(np.percentile(np.hypot(pressed[:, 0], pressed[:, 1]) / pressed[:, 2], 99)) if len(pressed) else np.nan


METRICS = (
    *(
        Metric(f"{limb}_feedback_rms", "Nm", "lower", "torque by stiffness and damping", partial(feedback_rms, limb))
        for limb in LIMBS
    ),
    *(
        Metric(f"{limb}_feedforward_rms", "Nm", "neither", "torque fed forward", partial(feedforward_rms, limb))
        for limb in LIMBS
    ),
    *(Metric(f"{limb}_torque_rms", "Nm", "lower", "torque of the joints", partial(torque_rms, limb)) for limb in LIMBS),
    *(
        Metric(
            f"{limb}_torque_restlessness",
            "Nm/s",
            "lower",
            "change of the torque from tick to tick",
            partial(restlessness, "truth_robot_joint_torque", limb),
        )
        for limb in LIMBS
    ),
    *(
        Metric(
            f"{limb}_command_restlessness",
            "rad/s²",
            "lower",
            "change of the commanded velocity from tick to tick",
            partial(restlessness, "command_velocity", limb),
        )
        for limb in LIMBS
        if limb != "trunk"
    ),
    Metric("left_leg_work_share", "1", "neither", "left in the positive work of both legs", left_leg_work_share),
    Metric("left_foot_force_share", "1", "neither", "left in the vertical force on both feet", left_foot_force_share),
    Metric("saddle_force_share", "1", "neither", "vertical force of the saddle over all weight", saddle_force_share),
    Metric("grip_force_mean", "N", "neither", "norm of a hand's grip constraint", grip_force_mean),
    Metric("tyre_friction_use", "1", "lower", "horizontal over vertical force, 99th percentile", tyre_friction_use),
)
