"""Which rides a verdict is about, and which of them shows best what is wrong."""

import math

from scenarios.bench.results import BenchResults
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict
from scenarios.bench.wording import worst_first
from scenarios.trial import TrialResult


def rides_of(results: BenchResults, scenario: ScenarioVerdict) -> tuple[TrialResult, ...]:
    """The trials that a scenario's verdict is about."""
    seeds = set(scenario.seeds)
    return tuple(trial for trial in results.trials if trial.scenario == scenario.scenario and trial.seed in seeds)


def worst_ride(results: BenchResults, scenario: ScenarioVerdict) -> TrialResult | None:
    """The ride that shows best what is wrong: broken down, fallen, a criterion broken, else farthest off to the worse.

    None when the results have no ride of the scenario.
    """
    rides = rides_of(results, scenario)
    metric = worst_metric(scenario)
    return max(rides, key=lambda ride: _badness(ride, metric), default=None)


def worst_metric(scenario: ScenarioVerdict) -> MetricVerdict | None:
    """The metric to look at first; None when there is none."""
    return next(iter(worst_first(scenario.metrics)), None)


def of_ride(ride: TrialResult, metric: MetricVerdict) -> float:
    """A judged metric's value in one ride; of a percentile such as ``roll_max.p75``, the metric's. NaN without it."""
    return ride.metrics.get(metric.metric.partition(".")[0], math.nan)


def _badness(ride: TrialResult, metric: MetricVerdict | None) -> tuple[bool, bool, int, float]:
    return bool(ride.problem), not ride.survived, len(ride.failures), _deviation(ride, metric)


def _deviation(ride: TrialResult, metric: MetricVerdict | None) -> float:
    """How far a ride is from a metric's baseline, to the side to which the metric went."""
    if metric is None:
        return 0.0
    value = of_ride(ride, metric)
    if math.isnan(value):
        return math.inf
    return value - metric.baseline if metric.value >= metric.baseline else metric.baseline - value
