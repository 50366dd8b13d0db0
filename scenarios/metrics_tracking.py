"""Metrics of tracking, layer by layer: does the bar, does each limb, do pedals and speed do what the layer above asked?

They compare what was asked with what came of it at every tick, so they spread little over seeds, and a layer that has
become worse shows here before a ride goes wrong. All leave out the first second; a ride that ends within half a second
after that, as by a fall, has none of them (NaN).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import uniform_filter1d

from scenarios.fits import first_order_lag, lag_and_gain, rms_or_nan, slope
from scenarios.limbs import LIMBS, Limb, joints, under_way
from scenarios.metric import Metric, ratio, tick
from scenarios.metrics_estimate import crank_lag

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog


PEDALLED = ("cruise", "corner", "slow")
"""Modes in which both feet drive the crank at the wanted speed."""
_LONGEST_DELAY = 0.02
"""Longest delay of the command that is looked for [s]."""


def steer_tracking(log: RunLog, context: RideContext) -> float:
    """RMS of the steer angle that the steering layer asks less the true one [rad]."""
    rows = under_way(log)
    return rms_or_nan(log["reference_steer"][rows] - log["truth_steer"][rows])


def steer_lag_and_gain(log: RunLog) -> tuple[float, float]:
    """By how much the bar comes after its reference [s], and how far it follows [1]."""
    rows = under_way(log)
    return lag_and_gain(log["reference_steer"][rows], log["truth_steer"][rows], tick(log))


def limb_tracking(limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the commanded less the true joint positions of a limb [rad]."""
    rows, columns = under_way(log), joints(context, limb)
    return rms_or_nan(log["command_position"][rows, columns] - log["truth_robot_joint_position"][rows, columns])


def limb_velocity_tracking(limb: Limb, log: RunLog, context: RideContext) -> float:
    """RMS of the commanded less the true joint velocities of a limb [rad/s]."""
    rows, columns = under_way(log), joints(context, limb)
    return rms_or_nan(log["command_velocity"][rows, columns] - log["truth_robot_joint_velocity"][rows, columns])


def limb_lag(limb: Limb, log: RunLog, context: RideContext) -> float:
    """By how much the joints of a limb come after their commands [s]; negative when the load pulls them ahead.

    Errors of the encoders make the rider think that the crank is elsewhere, and its legs' reference with it; as seen
    from the legs' commands this looks like a lag, so that of the crank's estimate is taken out.
    """
    rows, columns = under_way(log), joints(context, limb)
    if not columns.size:
        return np.nan
    lag = first_order_lag(
        log["command_position"][rows, columns],
        log["command_velocity"][rows, columns],
        log["truth_robot_joint_position"][rows, columns],
    )
    return lag + crank_lag(log, context) if limb == "leg" else lag


def command_delay(log: RunLog, context: RideContext) -> float:
    """From the decision on the steer angle to the command of the arms that is applied [s].

    The mean over the arms' joints of how late each command follows the reference, weighted by how far it moves.
    """
    rows = under_way(log)
    reference, period = log["reference_steer"][rows], tick(log)
    lags, weights = [], []
    for column in joints(context, "arm"):
        command = log["command_position"][rows, column]
        lag, gain = lag_and_gain(reference, command, period, _LONGEST_DELAY)
        if np.isfinite(lag):
            lags.append(lag)
            weights.append(gain * gain)
    return float(np.average(lags, weights=weights)) if np.sum(weights) > 0.0 else np.nan


def leg_tracking_asymmetry(log: RunLog, context: RideContext) -> float:
    """Tracking error of the left leg less that of the right one, over their sum [1]."""
    rows = under_way(log)
    error = log["command_position"][rows] - log["truth_robot_joint_position"][rows]
    left, right = (rms_or_nan(error[:, joints(context, "leg", side)]) for side in ("left_", "right_"))
    return ratio(left - right, left + right)


def pedalling(log: RunLog, context: RideContext) -> Array:
    """Rows under way in which the rider pedals, shape (k,)."""
    first = under_way(log)
    modes = [context.modes.index(name) for name in PEDALLED if name in context.modes]
    rows = np.flatnonzero(np.isin(log["mode"][first], modes))
    return rows + (first.start or 0)


def crank_torque_tracking(log: RunLog, context: RideContext) -> float:
    """RMS of the torque at the crank that is asked less that of the chain, while pedalling [Nm]."""
    rows = pedalling(log, context)
    return rms_or_nan(log["reference_crank_torque"][rows] - log["truth_drive_torque"][rows])


def crank_torque_gain(log: RunLog, context: RideContext) -> float:
    """Slope of the chain's torque at the crank over the one that is asked, while pedalling [1]."""
    rows = pedalling(log, context)
    return slope(log["reference_crank_torque"][rows], log["truth_drive_torque"][rows])


def cadence_ripple(log: RunLog, context: RideContext) -> float:
    """RMS of the crank's rate less its mean over the turn around it, as a part of its mean, while pedalling [1]."""
    rows = pedalling(log, context)
    if rows.size < 2:
        return np.nan
    rate = log["truth_crank_rate"][rows]
    mean = float(rate.mean())
    turn = 2.0 * np.pi / abs(mean) / tick(log) if mean else np.inf
    if not turn < rows.size:
        return np.nan
    whole = slice(int(turn) // 2, rows.size - int(turn) // 2)
    return rms_or_nan((rate - uniform_filter1d(rate, int(turn)))[whole]) / abs(mean)


def speed_error(log: RunLog, context: RideContext) -> float:
    """RMS of the speed that the planner asks less the true one, while pedalling [m/s]."""
    rows = pedalling(log, context)
    return rms_or_nan(log["reference_speed"][rows] - log["truth_speed"][rows])


def torso_yaw_share(log: RunLog, context: RideContext) -> float:
    """Slope of the waist's yaw over the steer angle [1]; NaN when the bar does not move or there is no waist."""
    if "waist_yaw_joint" not in context.joint_names:
        return np.nan
    rows = under_way(log)
    yaw = log["truth_robot_joint_position"][rows, context.joint_names.index("waist_yaw_joint")]
    return slope(log["truth_steer"][rows], yaw)


METRICS = (
    Metric("steer_tracking_rms", "rad", "lower", "asked less true steer angle", steer_tracking),
    Metric(
        "steer_lag", "s", "lower", "of the bar behind its reference", lambda log, context: steer_lag_and_gain(log)[0]
    ),
    Metric(
        "steer_gain",
        "1",
        "neither",
        "true steer angle over the asked one, at that lag",
        lambda log, context: steer_lag_and_gain(log)[1],
    ),
    Metric("command_delay", "s", "lower", "from the decision on the steer angle to the arms' command", command_delay),
    *(
        Metric(f"{limb}_tracking_rms", "rad", "lower", "commanded less true position", partial(limb_tracking, limb))
        for limb in LIMBS
    ),
    *(
        Metric(
            f"{limb}_velocity_tracking_rms",
            "rad/s",
            "lower",
            "commanded less true velocity",
            partial(limb_velocity_tracking, limb),
        )
        for limb in LIMBS
    ),
    *(
        Metric(f"{limb}_lag", "s", "neither", "of the joints behind their commands", partial(limb_lag, limb))
        for limb in LIMBS
    ),
    Metric(
        "leg_tracking_asymmetry", "1", "neither", "left less right tracking error, over both", leg_tracking_asymmetry
    ),
    Metric("torso_yaw_share", "1", "neither", "yaw of the waist over steer angle", torso_yaw_share),
    Metric("crank_torque_tracking_rms", "Nm", "lower", "asked less true torque at the crank", crank_torque_tracking),
    Metric("crank_torque_gain", "1", "neither", "true torque at the crank over the asked one", crank_torque_gain),
    Metric("cadence_ripple", "1", "lower", "of the crank's rate within a turn, over its mean", cadence_ripple),
    Metric("speed_error_rms", "m/s", "lower", "asked less true speed while pedalling", speed_error),
)
