"""Every metric by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scenarios import (
    metrics_body,
    metrics_course,
    metrics_effort,
    metrics_energy,
    metrics_estimate,
    metrics_recovery,
    metrics_tracking,
)
from scenarios.metric import Metric

if TYPE_CHECKING:
    from scenarios.context import CoursePath, RideContext
    from scenarios.metric import Array
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
        metrics_recovery,
    )
    for metric in part.METRICS
}


class _Remembering:
    """A course that remembers where it last projected points to: several metrics ask for the same, at 8 µs a point."""

    def __init__(self, course: CoursePath) -> None:
        self._course = course
        self._points: Array = np.empty((0, 2))
        self._distance: Array = np.empty(0)

    def project(self, points: Array) -> Array:
        if not np.array_equal(points, self._points):
            self._points, self._distance = points.copy(), self._course.project(points)
        return self._distance


def compute(log: RunLog, context: RideContext) -> dict[str, float]:
    """Compute every metric of a log of at least one row; NaN where the ride does not have one."""
    context = replace(context, course=_Remembering(context.course))
    return {name: metric.compute(log, context) for name, metric in METRICS.items()}
