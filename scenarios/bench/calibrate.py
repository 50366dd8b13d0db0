"""Derives the baselines of a tier from rides with many seeds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from scenarios.bench.baseline import Calibration, MetricBaseline, Repetition, TierBaseline
from scenarios.bench.floors import load_floors
from scenarios.bench.gate import invariants, place
from scenarios.bench.results import BenchResults
from scenarios.bench.statistic import (
    RATES,
    Percentile,
    bits_of,
    kind_of,
    percentiles_of,
    rate_of,
    successes,
    values_of,
)
from scenarios.bench.tiers import Ride, Tier
from scenarios.bench.tolerance import FEWEST, SECOND_LOOKS, level_of_one, mean_band, percentile_band
from scenarios.errors import BadInput
from scenarios.trial import TrialResult


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Each repetition of the calibration, judged by bands that were derived from the others.

    Attributes:
        comparisons: How many there were.
        alarms: Those that were outside, a sentence each.
    """

    comparisons: int
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """New baselines of a tier.

    Attributes:
        baselines: By scenario.
        left_out: Metrics that cannot be held because some rides do not have them, a sentence each.
        check: How the calibration judges itself; nothing of an ensemble.
    """

    baselines: Mapping[str, TierBaseline]
    left_out: tuple[str, ...]
    check: LeaveOut


def calibrate(results: BenchResults, tier: Tier, elsewhere: int = 0) -> Calibrated:
    """Derive baselines from results.

    Args:
        results: Rides of the tier or of a part of it, each with the same seeds.
        tier: What was asked, the whole of it.
        elsewhere: How many more comparisons a run of the whole tier makes, in rides that these results leave out; the
            bands keep what they promise of the tier.

    Raises:
        BadInput: The results are not of this tier as it is now, have too few rides, or broke a hard invariant.
    """
    ridden = _by_ride(results, tier)
    _refuse_broken(ridden, tier)
    derive = _ensemble_baselines if tier.samples else _mean_baselines
    return derive(results, tier, ridden, elsewhere)


def _by_ride(results: BenchResults, tier: Tier) -> dict[str, list[TrialResult]]:
    """The trials of each ride.

    Raises:
        BadInput: They are not what the tier asks, or too few.
    """
    ridden: dict[str, list[TrialResult]] = {name: [] for name in tier.rides if results.covers(name)}
    for trial in results.trials:
        asked = tier.rides[trial.scenario].changes if trial.scenario in ridden else None
        if asked is None or trial.changes[: len(asked)] != asked:
            raise BadInput(f"{trial.name} is not what the tier {results.tier} rides now; run the tier again")
        ridden[trial.scenario].append(trial)
    for name, trials in ridden.items():
        if len({trial.seed for trial in trials}) < len(trials):
            raise BadInput(f"{name}: a seed comes twice; every ride of a calibration needs a seed of its own")
        fewest = tier.size if tier.samples else FEWEST
        if len(trials) < fewest or len(trials) % tier.size:
            raise BadInput(
                f"{name}: {len(trials)} rides make no baseline, at least {fewest} in whole repetitions are asked: "
                f"{results.command} --seeds {tier.calibration_seeds}"
            )
    return ridden


def _refuse_broken(ridden: Mapping[str, Sequence[TrialResult]], tier: Tier) -> None:
    """Refuse results that must never happen.

    Raises:
        BadInput: A ride fell, broke down, ended otherwise, or broke a criterion of its scenario.
    """
    for trials in ridden.values():
        if tier.samples is None:
            first = next(invariants(trials, tier.statistic), None)
            ends = sorted({trial.end for trial in trials})
            if first is None and len(ends) > 1:
                first = f"{trials[0].scenario}: its rides end as {' and as '.join(ends)}"
        else:
            breaking = (trial for trial in trials if trial.end == "broke down")
            first = next((f"{trial.name}: {trial.problem}" for trial in breaking), None)
            if first is None and len(successes(trials)) < FEWEST:
                first = f"{trials[0].scenario}: only {len(successes(trials))} rides came to their end"
        if first is not None:
            raise BadInput(f"what is broken becomes no baseline: {first}")


# Means over seeds


def _mean_baselines(
    results: BenchResults, tier: Tier, ridden: Mapping[str, Sequence[TrialResult]], elsewhere: int
) -> Calibrated:
    samples: dict[str, dict[str, list[float]]] = {}
    left_out: list[str] = []
    for name, trials in ridden.items():
        samples[name], missing = _finite_metrics(trials)
        left_out += [f"{name}: {sentence}" for sentence in missing]
    level = level_of_one(SECOND_LOOKS, elsewhere + sum(len(metrics) for metrics in samples.values()))
    baselines = {
        name: _tier_baseline(results, tier, tier.rides[name], ridden[name], _mean_metrics(metrics, tier.size, level))
        for name, metrics in samples.items()
    }
    return Calibrated(baselines, tuple(left_out), _leave_out(samples, tier.size, level))


def _finite_metrics(trials: Sequence[TrialResult]) -> tuple[dict[str, list[float]], list[str]]:
    """Values of each metric that every trial has, and what is to be said of those that only some have."""
    names = dict.fromkeys(name for trial in trials for name in trial.metrics)
    finite: dict[str, list[float]] = {}
    missing = []
    for name in names:
        values = values_of(trials, name)
        count = sum(math.isfinite(value) for value in values)
        if count == len(values):
            finite[name] = values
        elif count:
            missing.append(f"{name} is left out, {len(values) - count} of {len(values)} rides do not have it")
    return finite, missing


def _mean_metrics(metrics: Mapping[str, Sequence[float]], repetition: int, level: float) -> dict[str, MetricBaseline]:
    return {name: _mean_metric(name, values, repetition, level) for name, values in metrics.items()}


def _mean_metric(name: str, values: Sequence[float], repetition: int, level: float) -> MetricBaseline:
    unit, better = kind_of(name)
    floor = load_floors().of(name, unit, float(np.mean(values)))
    band = mean_band(values, repetition, level, floor)
    return rounded(band.value, unit, better, band.sigma, band.tolerance, floor)


def _leave_out(samples: Mapping[str, Mapping[str, Sequence[float]]], repetition: int, level: float) -> LeaveOut:
    """Judge each repetition of the calibration by the others."""
    comparisons, alarms = 0, []
    for ride, metrics in samples.items():
        for name, values in metrics.items():
            for first in range(0, len(values), repetition):
                left, others = values[first : first + repetition], [*values[:first], *values[first + repetition :]]
                expected = _mean_metric(name, others, repetition, level)
                comparisons += 1
                value = float(np.mean(left))
                if place(value, expected) != "within":
                    alarms.append(
                        f"{ride}: {name} = {value:.4g}, {expected.value:.4g} ± {expected.tolerance:.2g} by the others"
                    )
    return LeaveOut(comparisons, tuple(alarms))


# Ensembles


def _ensemble_baselines(
    results: BenchResults, tier: Tier, ridden: Mapping[str, Sequence[TrialResult]], elsewhere: int
) -> Calibrated:
    """Baselines of rates and percentiles.

    The tolerance of a rate is how far below it the predictive distribution of the successes in another ensemble
    reaches (beta-binomial, with Jeffreys' prior: Brown, Cai and DasGupta 2001). For percentiles, as many rides as here
    are taken to come to their end. The few rates share half of what may be outside by chance, since they are what an
    ensemble is for.
    """
    finite = {name: _finite_metrics(successes(trials)) for name, trials in ridden.items()}
    left_out = [f"{name}: {sentence}" for name, (_, missing) in finite.items() for sentence in missing]
    comparisons = sum(2 * len(metrics) + len(RATES) for metrics, _ in finite.values())
    level = level_of_one(SECOND_LOOKS / 2, elsewhere + comparisons)
    level_of_rate = level_of_one(SECOND_LOOKS / 2, len(RATES) * len(tier.rides))
    baselines = {}
    for name, trials in ridden.items():
        metrics = {rate: _rate_metric(trials, rate, tier.size, level_of_rate) for rate in RATES}
        size = round(tier.size * len(successes(trials)) / len(trials))
        for metric, values in finite[name][0].items():
            for percentile in percentiles_of(metric):
                metrics[percentile.name] = _percentile_metric(percentile, values, size, level)
        baselines[name] = _tier_baseline(results, tier, tier.rides[name], trials, metrics)
    return Calibrated(baselines, tuple(left_out), LeaveOut(0, ()))


def _rate_metric(trials: Sequence[TrialResult], rate: str, size: int, level: float) -> MetricBaseline:
    share, count = rate_of(trials, rate), len(trials)
    hits = round(share * count)
    fewest = int(stats.betabinom.ppf(level / 2, size, hits + 0.5, count - hits + 0.5))
    sigma = math.sqrt(share * (1.0 - share) / size)
    unit, better = kind_of(rate)
    return rounded(share, unit, better, sigma, max(share - fewest / size, 1.0 / size), 1.0 / size)


def _percentile_metric(percentile: Percentile, values: Sequence[float], size: int, level: float) -> MetricBaseline:
    unit, better = kind_of(percentile.metric)
    floor = load_floors().of(percentile.metric, unit, float(np.percentile(values, percentile.percent)))
    band = percentile_band(values, percentile.percent, size, level, floor)
    return rounded(band.value, unit, better, band.sigma, band.tolerance, floor)


# Both


def _tier_baseline(
    results: BenchResults,
    tier: Tier,
    ride: Ride,
    trials: Sequence[TrialResult],
    metrics: dict[str, MetricBaseline],
) -> TierBaseline:
    seeds = tuple(trial.seed for trial in trials)
    return TierBaseline(
        changes=ride.changes,
        without=ride.without,
        repetition=Repetition(statistic=tier.statistic, seeds=tier.seeds, samples=tier.samples),
        end="completed" if tier.samples else trials[0].end,
        calibration=Calibration(
            trials=len(trials),
            seeds=seeds if tier.samples is None else (seeds[0], seeds[-1]),
            state_hashes=bits_of(trials[: tier.size], tier.statistic),
        ),
        metrics=metrics,
        provenance=dict(results.provenance),
    )


def rounded(value: float, unit: str, better: str, sigma: float, tolerance: float, floor: float) -> MetricBaseline:
    """A baseline with as many digits as its tolerance is worth.

    The tolerance keeps three digits and is rounded up; the value is rounded to a thousandth of it.
    """
    wide = _up(tolerance)
    step = 10.0 ** (math.floor(math.log10(wide)) - 3) if wide > 0.0 else 0.0
    return MetricBaseline.model_validate(
        {
            "value": float(f"{round(value / step) * step:.12g}") if step else value,
            "unit": unit,
            "better": better,
            "sigma": float(f"{sigma:.3g}"),
            "tolerance": wide,
            "floor": float(f"{floor:.3g}"),
        }
    )


def _up(value: float) -> float:
    """A number with three digits that is no less."""
    if value <= 0.0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 2)
    return float(f"{math.ceil(value / step - 1e-9) * step:.6g}")
