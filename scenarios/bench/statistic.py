"""What is judged of a repetition: the mean of each metric over its seeds, or rates and percentiles over its samples."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from scenarios.bench.tiers import Statistic
from scenarios.metric import Better
from scenarios.metrics import ALL_METRICS
from scenarios.trial import TrialResult

Trials = Sequence[TrialResult]
RATES: dict[str, Callable[[TrialResult], bool]] = {
    "success_rate": lambda trial: trial.end == "completed",
    "pass_rate": lambda trial: trial.passed,
}
"""Parts of an ensemble: that came to the end of their course, and that also kept every criterion of their scenario."""


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile of a metric over the rides of an ensemble that came to their end.

    Attributes:
        name: ``metric.p50`` or ``metric.p75``; where higher is better the bad side is ``metric.p25``.
        metric: Of which metric.
        percent: Which percentile.
    """

    name: str
    metric: str
    percent: float

    def of(self, trials: Trials) -> float:
        """Its value; NaN where no ride came to its end or one of them does not have the metric."""
        values = values_of(successes(trials), self.metric)
        return float(np.percentile(values, self.percent)) if values else math.nan


def values_of(trials: Trials, metric: str) -> list[float]:
    """A metric of each trial; NaN where a trial does not have it."""
    return [trial.metrics.get(metric, math.nan) for trial in trials]


def successes(trials: Trials) -> list[TrialResult]:
    """Trials that came to their end."""
    return [trial for trial in trials if RATES["success_rate"](trial)]


def mean_of(trials: Trials, metric: str) -> float:
    """Mean of a metric over trials; NaN unless every one of them has it."""
    values = values_of(trials, metric)
    return float(np.mean(values)) if values else math.nan


def rate_of(trials: Trials, rate: str) -> float:
    """A rate over trials."""
    return float(np.mean([RATES[rate](trial) for trial in trials])) if trials else math.nan


def percentiles_of(metric: str) -> Iterator[Percentile]:
    """The percentiles that are judged of a metric: the median, and the quartile on its bad side.

    Farther out an ensemble of some 40 has nothing to hold: its 95th percentile hangs on two rides. How often rides are
    far out is held by the rate of those that keep every criterion.
    """
    bad = 25.0 if kind_of(metric)[1] == "higher" else 75.0
    for percent in (50.0, bad):
        yield Percentile(f"{metric}.p{percent:02.0f}", metric, percent)


def ensemble_statistic(trials: Trials, name: str) -> float:
    """A statistic of an ensemble by its name: a rate or a percentile; NaN where there is none of that name."""
    if name in RATES:
        return rate_of(trials, name)
    metric = name.partition(".")[0]
    return next((percentile.of(trials) for percentile in percentiles_of(metric) if percentile.name == name), math.nan)


def kind_of(name: str) -> tuple[str, Better]:
    """Unit of a statistic, and which way is better."""
    if name in RATES:
        return "1", "higher"
    metric = ALL_METRICS.get(name.partition(".")[0])
    return (metric.unit, metric.better) if metric else ("1", "neither")


def bits_of(trials: Trials, statistic: Statistic) -> dict[str, str]:
    """Hashes of what a repetition did: of every ride by its trial's name, or one of a whole ensemble."""
    if statistic == "mean":
        return {trial.name: trial.state_hash for trial in trials}
    together = sha256("".join(trial.state_hash for trial in trials).encode()).hexdigest()
    return {trial.name: together for trial in trials[:1]}
