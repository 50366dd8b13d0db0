"""Metrics of work and energy: is it the legs that drive the bicycle, and does the account close?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, gained, ratio, runs_of, tick
from scenarios.metrics_course import distance

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

GRAVITY = 9.81  # [m/s²]


def energy_balance_error(log: RunLog, context: RideContext) -> float:
    """Work that the account does not explain, as a part of the largest item.

    |pedal work + push work + work of knocks and sliding - resistance work - brake work - change of energy| over the
    greatest of pedal work, push work, losses and change of energy.
    """
    pedal, push = gained(log, "truth_pedal_work"), gained(log, "truth_push_work")
    losses = gained(log, "truth_resistance_work") + gained(log, "truth_brake_work") - gained(log, "truth_ground_work")
    energy = gained(log, "truth_energy")
    return ratio(abs(pedal + push - losses - energy), max(abs(pedal), abs(push), abs(losses), abs(energy)))


def coast_deceleration_error(log: RunLog, context: RideContext) -> float:
    """Energy lost while coasting against the declared resistance's work, as a part of it; NaN without coasting."""
    if "coast" not in context.modes:
        return np.nan
    lost = declared = 0.0
    for first, after in runs_of(log["mode"] == context.modes.index("coast")):
        lost += float(log["truth_energy"][first] - log["truth_energy"][after - 1])
        declared += float(log["truth_resistance_work"][after - 1] - log["truth_resistance_work"][first])
    return ratio(abs(lost - declared), declared)


def cost_of_transport(log: RunLog, context: RideContext) -> float:
    """Positive mechanical work of the joints over weight times distance."""
    power = log["truth_robot_joint_torque"] * log["truth_robot_joint_velocity"]
    work = float(np.maximum(power, 0.0).sum()) * tick(log)
    return ratio(work, context.mass * GRAVITY * distance(log, context))


METRICS = (
    Metric(
        "pedal_work", "J", "neither", "of the feet on the pedals", lambda log, context: gained(log, "truth_pedal_work")
    ),
    Metric(
        "resistance_work",
        "J",
        "neither",
        "taken by rolling, bearings, air",
        lambda log, context: gained(log, "truth_resistance_work"),
    ),
    Metric(
        "ground_work",
        "J",
        "neither",
        "of terrain on the wheels, by knocks and sliding",
        lambda log, context: gained(log, "truth_ground_work"),
    ),
    Metric("brake_work", "J", "neither", "taken by the brakes", lambda log, context: gained(log, "truth_brake_work")),
    Metric(
        "joint_work", "J", "neither", "net work of the joints", lambda log, context: gained(log, "truth_joint_work")
    ),
    Metric("energy_balance_error", "1", "lower", "unexplained part of the energy account", energy_balance_error),
    Metric(
        "coast_deceleration_error",
        "1",
        "lower",
        "energy lost in coasting against declared resistance",
        coast_deceleration_error,
    ),
    Metric("cost_of_transport", "1", "lower", "positive joint work over weight times distance", cost_of_transport),
)
