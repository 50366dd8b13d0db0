"""Metrics of saves and falls: dabs, how early a lost ride is given up, and what the ground does to the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, rms, runs_of, tick

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

HEAD, TRUNK, LEFT_HAND, RIGHT_HAND = range(4)
"""Columns of `truth_impact_force`."""
_LAST = 0.1
"""How much of a log counts as its end [s]."""


def dabs(log: RunLog, context: RideContext) -> float:
    """How often a foot went down to save the ride."""
    if np.isnan(log["mode"]).any():
        return np.nan
    return float(len(runs_of(log["mode"] == context.modes.index("dab"))))


def reseats(log: RunLog, context: RideContext) -> float:
    """How often a ride was interrupted to set a foot anew on its pedal, or both."""
    if np.isnan(log["mode"]).any():
        return np.nan
    return float(len(runs_of(log["mode"] == context.modes.index("reseat"))))


def dab_away(log: RunLog, context: RideContext) -> float:
    """Longest time from a dab until the ride goes on with both feet on the pedals [s]; inf where it never does.

    NaN without a dab.
    """
    first_rows = [first for first, _ in runs_of(log["mode"] == context.modes.index("dab"))]
    if not first_rows:
        return np.nan
    back = np.isin(log["mode"], [context.modes.index(name) for name in ("cruise", "corner", "slow", "coast", "brake")])
    times = []
    for first in first_rows:
        after = np.flatnonzero(back[first:])
        times.append(float(after[0]) * tick(log) if after.size else np.inf)
    return max(times)


def _touch(log: RunLog) -> int | None:
    """First row in which a part that is no foot and no wheel touches the ground."""
    rows = np.flatnonzero(log["truth_body_ground_contact"] > 0)
    return int(rows[0]) if rows.size else None


def abort_lead(log: RunLog, context: RideContext) -> float:
    """Time from when a ride is given up to the first contact with the ground [s]; NaN without one, -inf if unseen."""
    touch = _touch(log)
    if touch is None:
        return np.nan
    given_up = np.flatnonzero(log["mode"] == context.modes.index("abort"))
    return float(log["time"][touch] - log["time"][given_up[0]]) if given_up.size else -np.inf


def head_impact_speed(log: RunLog, context: RideContext) -> float:
    """Speed of the head before it first meets the ground [m/s]; 0 where a fall spares it, NaN without a fall."""
    if _touch(log) is None:
        return np.nan
    rows = np.flatnonzero(log["truth_impact_force"][:, HEAD] > 0)
    return float(log["truth_head_speed"][max(rows[0] - 1, 0)]) if rows.size else 0.0


def head_impulse(log: RunLog, context: RideContext) -> float:
    """The ground's normal force on the head over time, from first to last [N·s]; NaN without a fall."""
    return np.nan if _touch(log) is None else float(log["truth_head_impulse"][-1])


def part_force(log: RunLog, *parts: int) -> float:
    """Greatest normal force of the ground on one of some parts [N]."""
    return float(log["truth_impact_force"][:, parts].max())


def fall_speed(log: RunLog, context: RideContext) -> float:
    """Horizontal speed of the bicycle when the first part touches the ground [m/s]; NaN without a fall."""
    touch = _touch(log)
    return np.nan if touch is None else float(np.linalg.norm(log["truth_bicycle_velocity"][touch, :2]))


def fall_torque(log: RunLog, context: RideContext) -> float:
    """RMS over joints and the last tenth of a second of the drives' torque after a fall [Nm]; NaN without one."""
    if _touch(log) is None:
        return np.nan
    return rms(log["truth_robot_joint_torque"][log["time"] > log["time"][-1] - _LAST])


METRICS = (
    Metric("dabs", "1", "lower", "how often a foot went down to save the ride", dabs),
    Metric("reseats", "1", "lower", "how often a foot that was beside its pedal was set anew", reseats),
    Metric("dab_away", "s", "lower", "longest time from a dab to both feet on the pedals again", dab_away),
    Metric("abort_lead", "s", "higher", "from when a ride is given up to the first contact", abort_lead),
    Metric("head_impact_speed", "m/s", "lower", "of the head before it meets the ground", head_impact_speed),
    Metric("head_impulse", "N·s", "lower", "of the ground on the head after a fall", head_impulse),
    Metric("head_force_max", "N", "lower", "ground on the head", lambda log, context: part_force(log, HEAD)),
    Metric("trunk_force_max", "N", "lower", "ground on pelvis and torso", lambda log, context: part_force(log, TRUNK)),
    Metric(
        "hand_force_max",
        "N",
        "lower",
        "ground on a hand",
        lambda log, context: part_force(log, LEFT_HAND, RIGHT_HAND),
    ),
    Metric("fall_speed", "m/s", "lower", "of the bicycle when a fall meets the ground", fall_speed),
    Metric("fall_torque", "Nm", "lower", "RMS of the drives' torque at the end of a ride that fell", fall_torque),
)
