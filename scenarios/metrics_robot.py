"""Metrics of the robot and its drives in every kind of run, and of the honesty of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robot.command import SHAPING
from scenarios.metric import Metric, peak, tick

if TYPE_CHECKING:
    from scenarios.context import RunContext
    from scenarios.run_log import RunLog


def joint_limit_margin(log: RunLog, context: RunContext) -> float:
    """Least distance of a judged joint from its limit [rad]; negative beyond it."""
    position = log["truth_robot_joint_position"]
    return float(np.min(np.minimum(position - context.joint_lower, context.joint_upper - position)))


def guard_interventions(log: RunLog, context: RunContext) -> float:
    """Ticks in which some joint got something else than the controller asked.

    What the safety layer does to commands that are in order (`robot.command.SHAPING`) is in `commands_shaped`.
    """
    reasons = log["applied_reason"]
    if np.isnan(reasons).any():
        return np.nan
    return float((reasons.astype(np.uint16) & ~np.uint16(SHAPING)).any(axis=1).sum())


_AUDIT_WINDOW = 0.5  # [s]


def momentum_residual(log: RunLog, context: RunContext) -> float:
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
