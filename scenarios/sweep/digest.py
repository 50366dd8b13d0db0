"""What a sweep says in a few figures: how many stayed up, how well they rode, and which parameters decided it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import mannwhitneyu, spearmanr

from scenarios.metrics import ALL_METRICS
from scenarios.study.binomial import wilson
from scenarios.sweep.journal import Entry

SHOWN = {
    "ride": (
        "path_error_rms", "path_error_max", "roll_max", "speed_mean", "grip_force_max", "torque_saturation_fraction",
    ),
    "foot": (
        "com_offset_rms", "com_offset_max", "tilt_max", "cop_margin_min", "foot_slip", "torque_saturation_fraction",
    ),
}  # fmt: skip
"""Metrics that a summary shows, by the kind of run; against the first one parameters are held when all survive, or none
does."""
_ENOUGH = 10
"""Of fewer samples nothing is said about parameters."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, and Wilson's interval of the probability behind it at 95 % confidence (Wilson 1927)."""

    count: int
    of: int
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A metric over the samples that survived.

    Attributes:
        metric: Its name.
        unit: Its unit.
        median: Half are below.
        lower: 5 % are below.
        upper: 5 % are above.
    """

    metric: str
    unit: str
    median: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Influence:
    """How much a drawn parameter has to do with how the rides went.

    Attributes:
        parameter: Its key.
        against: "survival", or the leading metric where survival does not tell samples apart.
        correlation: From -1 to 1. Against survival the rank-biserial correlation (Cureton 1956): 1 when every survivor
            has a greater value than every fall. Against a metric Spearman's.
        p_value: Probability of one so great when the two have nothing to do with each other (Mann-Whitney, Spearman).
    """

    parameter: str
    against: str
    correlation: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Digest:
    """The figures of a sweep.

    Attributes:
        survived: Samples in which nobody fell and nothing broke down.
        passed: Samples that met every criterion of the scenario.
        broke_down: Samples that could not be ridden.
        metrics: Metrics over the survivors.
        parameters: Drawn parameters, the most influential first; only those that are numbers and differ.
    """

    survived: Share
    passed: Share
    broke_down: int
    metrics: tuple[Spread, ...]
    parameters: tuple[Influence, ...]


def digest(entries: Sequence[Entry], kind: str = "ride") -> Digest:
    """Sum up samples, at least one, of a kind of run."""
    rows = sorted(entries, key=lambda entry: entry.sample)
    survivors = [row for row in rows if row.result.survived]
    spreads = (_spread(name, survivors) for name in SHOWN[kind])
    return Digest(
        share(len(survivors), len(rows)),
        share(sum(row.result.passed for row in rows), len(rows)),
        sum(bool(row.result.problem) for row in rows),
        tuple(spread for spread in spreads if spread is not None),
        tuple(sorted(_influences(rows, SHOWN[kind][0]), key=lambda found: -abs(found.correlation))),
    )


def share(count: int, of: int) -> Share:
    """A share with its interval."""
    return Share(count, of, *wilson(count, of))


def _spread(metric: str, rows: Sequence[Entry]) -> Spread | None:
    values = np.array([row.result.metrics[metric] for row in rows])
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    median, lower, upper = np.quantile(values, (0.5, 0.05, 0.95))
    return Spread(metric, ALL_METRICS[metric].unit, float(median), float(lower), float(upper))


def _influences(rows: Sequence[Entry], leading: str) -> list[Influence]:
    ridden = [row for row in rows if not row.result.problem]
    if len(ridden) < _ENOUGH:
        return []
    survived = np.array([row.result.survived for row in ridden], bool)
    error = np.array([row.result.metrics.get(leading, np.nan) for row in ridden])
    found = []
    for key in dict.fromkeys(key for row in ridden for key in row.values):
        values = [row.values.get(key) for row in ridden]
        if any(not isinstance(value, float | int) for value in values) or len(set(values)) < 2:
            continue
        numbers = np.array(values, float)
        if survived.any() and not survived.all():
            up, down = numbers[survived], numbers[~survived]
            test = mannwhitneyu(up, down)
            correlation = 2.0 * test.statistic / (up.size * down.size) - 1.0
            found.append(Influence(key, "survival", float(correlation), float(test.pvalue)))
        elif np.isfinite(error).all() and np.ptp(error) > 0:
            rank = spearmanr(numbers, error)
            found.append(Influence(key, leading, float(rank.statistic), float(rank.pvalue)))
    return found
