"""What differs from one kind of run to another, besides what is asked and how it is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scenarios.columns import RIDE, Layout
from scenarios.falls import LINGER, LINGER_RIDE, Watch, watch_on_foot, watch_ride
from scenarios.foot_columns import FOOT
from scenarios.metric import Metric
from scenarios.metrics import METRICS
from scenarios.metrics_foot import FOOT_METRICS
from scenarios.run_log import RunLog


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run.

    Attributes:
        name: As scenario files say it.
        layout: What it logs.
        watch: Tells of a log's rows whether they are rows of a fall.
        linger: Time for which the world goes on after a fall [s].
        metrics: Its metrics by name.
    """

    name: str
    layout: Layout
    watch: Callable[[RunLog], Watch]
    linger: float
    metrics: Mapping[str, Metric]


RIDING = Kind("ride", RIDE, watch_ride, LINGER_RIDE, METRICS)
ON_FOOT = Kind("foot", FOOT, watch_on_foot, LINGER, FOOT_METRICS)


KINDS = {kind.name: kind for kind in (RIDING, ON_FOOT)}
"""Every kind by its name."""
