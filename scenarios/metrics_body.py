"""Metrics of the rider's body: where it touches the bicycle, and how it holds on to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from controllers.riding.modes import RIDING
from scenarios.metric import Metric, peak, runs_of, tick

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

ON_PEDAL = 1.0
"""Force below which a foot counts as off its pedal [N]."""


def foot_forces(log: RunLog) -> Array:
    """Norms of the forces on the left and the right foot, shape (T, 2) [N]."""
    return np.asarray(np.linalg.norm(log["truth_foot_force"].reshape(-1, 2, 3), axis=2))


def foot_off_pedal(log: RunLog, context: RideContext) -> float:
    """Longest time for which a foot does not press on its pedal, but for starts, stops and standing [s]."""
    forces = foot_forces(log)
    if np.isnan(forces).any():
        return np.nan
    riding = np.isin(log["mode"], [context.modes.index(mode.name.lower()) for mode in RIDING])
    off = [after - first for foot in forces.T for first, after in runs_of((foot < ON_PEDAL) & riding)]
    return max(off) * tick(log) if off else 0.0


def saddle_force_min(log: RunLog, context: RideContext) -> float:
    """Least force on the saddle after the first row, in which contacts have not yet been computed [N]."""
    forces = np.linalg.norm(log["truth_saddle_force"][1:], axis=1)
    return float(np.min(forces)) if len(forces) else np.nan


def hand_off(log: RunLog, context: RideContext) -> float:
    """Longest time for which a hand does not hold its grip that has not let go by itself [s].

    A rider who lets go knows until when; a hand that is torn off, or believed to hold where it does not, counts.
    """
    closed = log["truth_grip_closed"]
    if np.isnan(closed).any() or np.isnan(log["hands_off"]).any():
        return np.nan
    let_go = (log["hands_off"].astype(int)[:, None] >> np.arange(2)) & 1
    lost = (closed < 0.5) & (let_go == 0)
    off = [after - first for hand in lost.T for first, after in runs_of(hand)]
    return max(off, default=0) * tick(log)


_SETTLED = 0.5
"""Time after which the rider sits [s]."""


def pelvis_slip(log: RunLog, context: RideContext) -> float:
    """Greatest way of the pelvis along and across the saddle from where it sat half a second after the start [m]."""
    away = log["truth_robot_position"] - log["truth_bicycle_position"]
    axis, real = np.split(log["truth_bicycle_orientation"], (3,), axis=1)
    turned = np.cross(away, axis)
    in_bicycle = away + 2.0 * (real * turned + np.cross(turned, axis))
    place = in_bicycle[log["time"] >= _SETTLED, :2]
    return float(np.max(np.linalg.norm(place - place[0], axis=1))) if len(place) else np.nan


METRICS = (
    Metric(
        "grip_force_max",
        "N",
        "lower",
        "norm of a hand's grip constraint",
        lambda log, context: peak(log["truth_grip_force"]),
    ),
    Metric("hand_off_grip_max", "s", "lower", "longest time a hand is off its grip that was not let go", hand_off),
    Metric("foot_off_pedal_max", "s", "lower", "longest time a foot is off its pedal", foot_off_pedal),
    Metric("foot_force_max", "N", "lower", "norm of the force on a foot", lambda log, context: peak(foot_forces(log))),
    Metric("pelvis_slip_max", "m", "lower", "way of the pelvis on the saddle since the start", pelvis_slip),
    Metric("saddle_force_min", "N", "higher", "norm of the force on the saddle", saddle_force_min),
    Metric(
        "body_bicycle_contact_max",
        "N",
        "lower",
        "knees and shins against the bicycle, sum of normal forces",
        lambda log, context: peak(log["truth_body_bicycle_contact"]),
    ),
)
