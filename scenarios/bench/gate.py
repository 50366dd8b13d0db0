"""The gate: what must never happen comes first, then every metric of the baseline against its band."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scenarios.bench.baseline import Baselines, MetricBaseline, TierBaseline
from scenarios.bench.confirmation import confirming_seed
from scenarios.bench.results import BenchResults
from scenarios.bench.statistic import bits_of, ensemble_statistic, mean_of
from scenarios.bench.tiers import Statistic, load_tier
from scenarios.bench.verdict import Judgement, MetricVerdict, ScenarioVerdict, Verdict
from scenarios.trial import TrialResult

NO_SECRET_WRENCH = "undeclared_wrench_max"
"""The metric that must be zero in every ride, whatever its scenario asks."""


def judge(results: BenchResults, baselines: Baselines) -> Verdict:
    """Judge a run of a tier.

    Every scenario that was ridden or has a baseline for the tier gets a verdict for each of its repetitions: as many
    trials, in order, as its baseline says. A scenario without a baseline fails, and so does one that was not ridden.
    Of a part of a tier, the scenarios that were left out are not asked for.
    What lies outside of its band fails unless a repetition with other seeds, if there is one, does not confirm it.

    Args:
        results: What was measured.
        baselines: What is expected, by scenario.
    """
    ridden: dict[str, list[TrialResult]] = {}
    for trial in results.trials:
        ridden.setdefault(trial.scenario, []).append(trial)
    for name, baseline in baselines.items():
        if results.tier in baseline.tiers and results.covers(name):
            ridden.setdefault(name, [])
    again = {(trial.scenario, trial.seed): trial for trial in results.confirmation}
    verdicts: list[ScenarioVerdict] = []
    for name, trials in ridden.items():
        expected = baselines[name].tiers.get(results.tier) if name in baselines else None
        verdicts.extend(_judge_scenario(name, trials, expected, results, again))
    return Verdict(results.tier, tuple(verdicts), results.only)


def _judge_scenario(
    name: str,
    trials: Sequence[TrialResult],
    baseline: TierBaseline | None,
    results: BenchResults,
    again: Mapping[tuple[str, int], TrialResult],
) -> Iterator[ScenarioVerdict]:
    """Verdicts on the repetitions of one scenario."""
    if baseline is None:
        tier = load_tier(results.tier)
        missing = (
            f"there is no baseline in the tier {results.tier}; make one: "
            f"{results.command} --seeds {tier.calibration_seeds}, then draisine bench accept {results.tier}"
        )
        yield ScenarioVerdict(name, _seeds(trials), (*invariants(trials, tier.statistic), missing), ())
    elif not trials:
        yield ScenarioVerdict(name, (), (f"{name} has a baseline in the tier {results.tier} and was not ridden",), ())
    else:
        size, samples = baseline.repetition.size, baseline.repetition.samples
        for first in range(0, len(trials), size):
            repetition = trials[first : first + size]
            verdict = judge_repetition(name, repetition, baseline)
            others = [(name, confirming_seed(trial.seed, samples)) for trial in repetition]
            if all(key in again for key in others):
                verdict = _confirmed(verdict, judge_repetition(name, [again[key] for key in others], baseline))
            yield verdict


def judge_repetition(name: str, trials: Sequence[TrialResult], baseline: TierBaseline) -> ScenarioVerdict:
    """Judge as many trials of a scenario as its baseline asks for."""
    never = invariants(trials, baseline.repetition.statistic, baseline.end)
    broken = [*_otherwise_asked(trials, baseline), *never]
    metrics = tuple(_judge_metric(metric, expected, trials, baseline) for metric, expected in baseline.metrics.items())
    broken += [f"{metric.metric} is missing or not a number" for metric in metrics if metric.judgement == "missing"]
    return ScenarioVerdict(name, _seeds(trials), tuple(broken), metrics, tuple(_notes(trials, baseline)))


def _confirmed(verdict: ScenarioVerdict, other: ScenarioVerdict) -> ScenarioVerdict:
    """A verdict in which a metric fails only where it lies on the same side of its band with other seeds."""
    seen = {metric.metric: metric for metric in other.metrics}
    metrics = tuple(
        metric
        if metric.passed or metric.judgement == "missing" or _alike(metric, seen[metric.metric])
        else replace(metric, judgement="unconfirmed")
        for metric in verdict.metrics
    )
    doubtful = [metric.metric for metric in metrics if metric.judgement == "unconfirmed"]
    seeds = ", ".join(map(str, other.seeds)) if len(other.seeds) < 5 else f"{other.seeds[0]} to {other.seeds[-1]}"
    note = (f"not confirmed by seeds {seeds}: {', '.join(doubtful)}",) if doubtful else ()
    broken = (*verdict.broken, *other.broken)
    return replace(verdict, broken=broken, metrics=metrics, notes=(*verdict.notes, *note))


def _alike(metric: MetricVerdict, other: MetricVerdict) -> bool:
    return not other.passed and (metric.value > metric.baseline) == (other.value > other.baseline)


def invariants(trials: Sequence[TrialResult], statistic: Statistic, end: str | None = None) -> Iterator[str]:
    """What must never happen and did, a sentence each.

    In an ensemble a fall or a broken criterion counts in the rates, and is none of these.

    Args:
        trials: Of one scenario.
        statistic: What is judged of them.
        end: How they ended when its baseline was made, if it has one.
    """
    for trial in trials:
        if trial.end == "broke down":
            yield f"{trial.name}: broke down: {trial.problem}"
            continue
        wrench = trial.metrics.get(NO_SECRET_WRENCH, math.nan)
        if wrench != 0.0:
            yield f"{trial.name}: {NO_SECRET_WRENCH} is {wrench:.3g} N, it must be 0"
        if statistic == "ensemble":
            continue
        if trial.end == "fallen":
            yield f"{trial.name}: fell after {trial.seconds:.1f} s"
        elif end is not None and trial.end != end:
            yield f"{trial.name}: {trial.end} after {trial.seconds:.1f} s, its baseline is {end}"
        for failure in trial.failures:
            yield f"{trial.name}: {failure}"


def _otherwise_asked(trials: Sequence[TrialResult], baseline: TierBaseline) -> Iterator[str]:
    """How a repetition is not what the baseline is about."""
    size, asked = baseline.repetition.size, baseline.changes
    if len(trials) != size:
        yield f"{len(trials)} rides are no whole repetition of {size}"
    other = next((trial for trial in trials if trial.changes[: len(asked)] != asked), None)
    if other is None and baseline.repetition.statistic == "mean":
        other = next((trial for trial in trials if trial.changes != asked), None)
    if other is not None:
        shown = " ".join(asked) or "no changes"
        yield f"{other.name}: was ridden with other changes than its baseline ({shown}); accept a new one"


def _judge_metric(
    name: str, expected: MetricBaseline, trials: Sequence[TrialResult], baseline: TierBaseline
) -> MetricVerdict:
    statistic = mean_of if baseline.repetition.statistic == "mean" else ensemble_statistic
    value = statistic(trials, name)
    return MetricVerdict(
        name, expected.unit, expected.better, value, expected.value, expected.tolerance, place(value, expected)
    )


def place(value: float, expected: MetricBaseline) -> Judgement:
    """Where a value lies in or beside its band; the ends of the band belong to it."""
    if not math.isfinite(value):
        return "missing"
    distance = value - expected.value
    if abs(distance) <= expected.tolerance:
        return "within"
    if expected.better == "neither":
        return "changed"
    return "worse" if (distance > 0.0) == (expected.better == "lower") else "improved"


def _notes(trials: Sequence[TrialResult], baseline: TierBaseline) -> Iterator[str]:
    """What else there is to say."""
    known, bits = baseline.calibration.state_hashes, bits_of(trials, baseline.repetition.statistic)
    if known.keys() == bits.keys():
        yield "the same bits as the baseline" if known == bits else "other bits than the baseline"
    judged = {name.partition(".")[0] for name in baseline.metrics}
    new = [
        metric
        for metric in (trials[0].metrics if trials else ())
        if metric not in judged and all(math.isfinite(trial.metrics.get(metric, math.nan)) for trial in trials)
    ]
    if new:
        yield f"not in the baseline: {', '.join(new)}; accept a new one to hold them"


def _seeds(trials: Sequence[TrialResult]) -> tuple[int, ...]:
    return tuple(trial.seed for trial in trials)
