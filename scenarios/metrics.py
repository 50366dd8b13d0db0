"""Every metric by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenarios import (
    metrics_body,
    metrics_course,
    metrics_effort,
    metrics_energy,
    metrics_estimate,
    metrics_feedforward,
    metrics_impedance,
    metrics_push,
    metrics_recovery,
    metrics_steering,
    metrics_tracking,
)
from scenarios.metric import Metric

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

METRICS: dict[str, Metric] = {
    metric.name: metric
    for part in (
        metrics_course,
        metrics_energy,
        metrics_body,
        metrics_tracking,
        metrics_effort,
        metrics_estimate,
        metrics_steering,
        metrics_feedforward,
        metrics_impedance,
        metrics_recovery,
        metrics_push,
    )
    for metric in part.METRICS
}


def compute(log: RunLog, context: RideContext) -> dict[str, float]:
    """Compute every metric of a log of at least one row; NaN where the ride does not have one."""
    context = replace(context, shared={})
    return {name: metric.compute(log, context) for name, metric in METRICS.items()}
