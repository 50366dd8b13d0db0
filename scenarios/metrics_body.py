"""Metrics of the body: contacts, grips, limits, and the honesty of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    """Longest time for which a foot does not press on its pedal [s]."""
    forces = foot_forces(log)
    if np.isnan(forces).any():
        return np.nan
    off = [after - first for foot in forces.T for first, after in runs_of(foot < ON_PEDAL)]
    return max(off) * tick(log) if off else 0.0


def saddle_force_min(log: RunLog, context: RideContext) -> float:
    """Least force on the saddle after the first row, in which contacts have not yet been computed [N]."""
    forces = np.linalg.norm(log["truth_saddle_force"][1:], axis=1)
    return float(np.min(forces)) if len(forces) else np.nan


def joint_limit_margin(log: RunLog, context: RideContext) -> float:
    """Least distance of a judged joint from its limit [rad]; negative beyond it."""
    position = log["truth_robot_joint_position"]
    return float(np.min(np.minimum(position - context.joint_lower, context.joint_upper - position)))


def guard_interventions(log: RunLog, context: RideContext) -> float:
    """Ticks in which some joint got something else than the controller asked."""
    reasons = log["applied_reason"]
    return np.nan if np.isnan(reasons).any() else float((reasons != 0).any(axis=1).sum())


def hand_off(log: RunLog, context: RideContext) -> float:
    """Longest time for which a hand does not hold its grip [s]."""
    closed = log["truth_grip_closed"]
    if np.isnan(closed).any():
        return np.nan
    off = [after - first for hand in closed.T for first, after in runs_of(hand < 0.5)]
    return max(off, default=0) * tick(log)


_AUDIT_WINDOW = 0.5  # [s]


def momentum_residual(log: RunLog, context: RideContext) -> float:
    """Greatest mean force over half a second that no known external impulse explains, norm [N]."""
    rows = round(_AUDIT_WINDOW / tick(log)) if len(log) > 1 else 0
    if not 0 < rows < len(log):
        return np.nan
    unexplained = log["truth_momentum"] - log["truth_external_impulse"]
    return float(np.linalg.norm(unexplained[rows:] - unexplained[:-rows], axis=1).max() / _AUDIT_WINDOW)


METRICS = (
    Metric(
        "undeclared_wrench_max",
        "N",
        "lower",
        "external wrench that nobody declared",
        lambda log, context: peak(log["truth_undeclared_wrench"]),
    ),
    Metric(
        "momentum_residual_max",
        "N",
        "lower",
        "force that no known impulse explains, over half a second",
        momentum_residual,
    ),
    Metric(
        "grip_force_max",
        "N",
        "lower",
        "norm of a hand's grip constraint",
        lambda log, context: peak(log["truth_grip_force"]),
    ),
    Metric("hand_off_grip_max", "s", "lower", "longest time a hand is off its grip", hand_off),
    Metric("foot_off_pedal_max", "s", "lower", "longest time a foot is off its pedal", foot_off_pedal),
    Metric("foot_force_max", "N", "lower", "norm of the force on a foot", lambda log, context: peak(foot_forces(log))),
    Metric("saddle_force_min", "N", "higher", "norm of the force on the saddle", saddle_force_min),
    Metric(
        "body_bicycle_contact_max",
        "N",
        "lower",
        "knees and shins against the bicycle, sum of normal forces",
        lambda log, context: peak(log["truth_body_bicycle_contact"]),
    ),
    Metric("joint_limit_margin_min", "rad", "higher", "to the nearest joint limit", joint_limit_margin),
    Metric(
        "torque_saturation_fraction",
        "1",
        "lower",
        "joints at their torque limit",
        lambda log, context: float(np.mean(log["truth_torque_saturated"])),
    ),
    Metric(
        "winding_temperature_max",
        "°C",
        "lower",
        "warmest winding of a drive",
        lambda log, context: float(np.max(log["truth_winding_temperature"])),
    ),
    Metric(
        "torque_derated_fraction",
        "1",
        "lower",
        "joints whose drive is too warm for its full torque",
        lambda log, context: float(np.mean(log["truth_torque_derated"])),
    ),
    Metric("guard_interventions", "1", "lower", "ticks in which the safety guard stepped in", guard_interventions),
)
