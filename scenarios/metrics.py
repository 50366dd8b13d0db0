"""Every metric of a ride by its name, and the metrics of any run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenarios import (
    metrics_agility,
    metrics_body,
    metrics_course,
    metrics_effort,
    metrics_energy,
    metrics_estimate,
    metrics_feedforward,
    metrics_goals,
    metrics_impedance,
    metrics_manners,
    metrics_push,
    metrics_recovery,
    metrics_robot,
    metrics_safety,
    metrics_saves,
    metrics_slope,
    metrics_steering,
    metrics_stops,
    metrics_tracking,
)
from scenarios.context import FootContext, RunContext
from scenarios.metric import Metric
from scenarios.metrics_foot import FOOT_METRICS, compute_on_foot

if TYPE_CHECKING:
    from scenarios.run_log import RunLog

METRICS: dict[str, Metric] = {
    metric.name: metric
    for part in (
        metrics_course,
        metrics_agility,
        metrics_goals,
        metrics_stops,
        metrics_saves,
        metrics_energy,
        metrics_robot,
        metrics_safety,
        metrics_body,
        metrics_tracking,
        metrics_effort,
        metrics_estimate,
        metrics_steering,
        metrics_feedforward,
        metrics_impedance,
        metrics_recovery,
        metrics_push,
        metrics_slope,
        metrics_manners,
    )
    for metric in part.METRICS
}

ALL_METRICS: dict[str, Metric] = FOOT_METRICS | METRICS
"""Those of both kinds of run; of one name both have the same unit and the same better side."""


def compute(log: RunLog, context: RunContext) -> dict[str, float]:
    """Compute every metric of a log of at least one row, of its kind; NaN where the run does not have one."""
    if isinstance(context, FootContext):
        return compute_on_foot(log, context)
    context = replace(context, shared={})
    return {name: metric.compute(log, context) for name, metric in METRICS.items()}
