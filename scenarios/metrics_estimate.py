"""Metrics of the estimate: how far what the rider believes is from what is the case.

All leave out the first second; a ride that ends within half a second after that has none of them (NaN).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.fits import first_order_lag, rms_or_nan, slope
from scenarios.limbs import under_way
from scenarios.metric import Metric
from scenarios.metrics_course import path_error
from urdf.bicycle_parameters import JOINTS

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

Truth = Callable[["RunLog", "RideContext"], "Array"]


def column(name: str) -> Truth:
    """The truth as a column of the log."""
    return lambda log, context: log[f"truth_{name}"]


def roll_rate(log: RunLog, context: RideContext) -> Array:
    """Angular velocity of the bicycle about its own forward axis, shape (T,) [rad/s]."""
    x, y, z, w = log["truth_bicycle_orientation"].T
    forward = np.stack((1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w), 2.0 * (x * z - y * w)))
    return np.asarray(np.einsum("it,ti->t", forward, log["truth_bicycle_velocity"][:, 3:]))


def error(name: str, truth: Truth, log: RunLog, context: RideContext) -> float:
    """RMS of an estimate less the truth, in the estimate's unit."""
    rows = under_way(log)
    if rows.stop == 0:
        return np.nan
    return rms_or_nan(log[f"estimate_{name}"][rows] - truth(log, context)[rows])


def angle_error(name: str, log: RunLog, context: RideContext) -> float:
    """RMS of an estimate of an angle less the truth, whole turns aside [rad]."""
    rows = under_way(log)
    return rms_or_nan(wrap(log[f"estimate_{name}"][rows] - log[f"truth_{name}"][rows]))


def wrap(angle: Array) -> Array:
    """The same angle between -pi and pi [rad]."""
    return np.asarray((angle + np.pi) % (2.0 * np.pi) - np.pi)


def roll_rate_gain(log: RunLog, context: RideContext) -> float:
    """Slope of the estimated over the true roll rate [1]."""
    rows = under_way(log)
    return slope(roll_rate(log, context)[rows], log["estimate_roll_rate"][rows])


def crank_lag(log: RunLog, context: RideContext) -> float:
    """Mean time by which the estimated crank angle is behind the true one while the crank turns [s]."""
    rows = under_way(log)
    rate = log["truth_crank_rate"][rows]
    power = float(rate @ rate)
    behind = wrap(log["truth_crank_angle"][rows] - log["estimate_crank_angle"][rows])
    return float(behind @ rate) / power if power else np.nan


def steer_lag(log: RunLog, context: RideContext) -> float:
    """By how much the estimated steer angle comes after the true one [s]."""
    rows = under_way(log)
    if rows.stop == 0:
        return np.nan
    steer = log["truth_steer"]
    return first_order_lag(steer[rows], np.gradient(steer, log["time"])[rows], log["estimate_steer"][rows])


def noise(values: Array) -> float:
    """Standard deviation of white noise on a signal, from its second differences, over which whatever moves drops out.

    As in Gasser, Sroka and Jennen-Steinmetz 1986, "Residual variance and residual pattern in nonlinear regression".
    """
    return rms_or_nan(np.diff(values, 2)) / np.sqrt(6.0) if len(values) > 2 else np.nan


def estimate_noise(name: str, log: RunLog, context: RideContext) -> float:
    """Noise of an estimate, in its unit: what its filter lets through."""
    return noise(log[f"estimate_{name}"][under_way(log)])


def balance_noise(log: RunLog, context: RideContext) -> float:
    """Noise of what the roll has beyond the lean [rad]."""
    rows = under_way(log)
    return noise(log["estimate_roll"][rows] - log["estimate_lean"][rows])


def position_error(log: RunLog) -> Array:
    """Estimated less true place of the rear wheel's contact point, norm, shape (T,) [m]."""
    truth = log["truth_rear_contact"]
    return np.asarray(np.hypot(log["estimate_x"] - truth[:, 0], log["estimate_y"] - truth[:, 1]))


def position_rms(log: RunLog, context: RideContext) -> float:
    """RMS of that [m]."""
    return rms_or_nan(position_error(log)[under_way(log)])


def blind_drift(log: RunLog, context: RideContext) -> float:
    """Greatest growth of that while the localisation is lost, over the way gone [m/100 m]; NaN where it never is."""
    time, wrong = log["time"] - log["time"][0], position_error(log)
    way = np.concatenate(((0.0,), np.cumsum(np.hypot(*np.diff(log["truth_rear_contact"][:, :2], axis=0).T))))
    drifts = []
    for start, end in context.outages:
        first, after = np.searchsorted(time, (start, end))
        if first < after < len(time) and way[after] > way[first]:
            drifts.append(100.0 * float((wrong[first:after] - wrong[first]).max() / (way[after] - way[first])))
    return max(drifts, default=np.nan)


def _error(name: str, unit: str, about: str, truth: Truth | None = None) -> Metric:
    return Metric(f"estimate_{name}_rms", unit, "lower", about, partial(error, name, truth or column(name)))


METRICS = (
    _error("roll", "rad", "estimated less true roll"),
    _error("roll_rate", "rad/s", "estimated less true roll rate", roll_rate),
    _error("speed", "m/s", "estimated less true speed"),
    _error("steer", "rad", "estimated less true steer angle"),
    _error(
        "steer_rate",
        "rad/s",
        "estimated less true rate of the handlebar",
        lambda log, context: log["truth_bicycle_joint_velocity"][:, JOINTS.index("steer_joint")],
    ),
    _error("crank_rate", "rad/s", "estimated less true rate of the crank"),
    _error("lateral_error", "m", "estimated less true distance from the course", path_error),
    *(
        Metric(f"estimate_{name}_rms", "rad", "lower", about, partial(angle_error, name))
        for name, about in (
            ("heading", "estimated less true heading"),
            ("crank_angle", "estimated less true crank angle"),
        )
    ),
    *(
        Metric(
            f"estimate_{name}_noise", "rad/s", "neither", "what its filter lets through", partial(estimate_noise, name)
        )
        for name in ("roll_rate", "steer_rate", "crank_rate")
    ),
    Metric("estimate_position_rms", "m", "lower", "estimated less true place", position_rms),
    Metric("blind_drift_max", "m", "lower", "growth of that without localisation, on 100 m of way", blind_drift),
    Metric("estimate_balance_noise", "rad", "neither", "of where the bicycle balances", balance_noise),
    Metric("estimate_roll_rate_gain", "1", "neither", "estimated roll rate over the true one", roll_rate_gain),
    Metric("estimate_crank_lag", "s", "lower", "of the estimated crank angle behind the true one", crank_lag),
    Metric("estimate_steer_lag", "s", "lower", "of the estimated steer angle behind the true one", steer_lag),
)
