"""Every metric by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios import metrics_body, metrics_course, metrics_energy, metrics_push
from scenarios.metric import Metric

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (*metrics_course.METRICS, *metrics_energy.METRICS, *metrics_body.METRICS, *metrics_push.METRICS)
}


def compute(log: RunLog, context: RideContext) -> dict[str, float]:
    """Compute every metric of a log of at least one row; NaN where the ride does not have one."""
    return {name: metric.compute(log, context) for name, metric in METRICS.items()}
