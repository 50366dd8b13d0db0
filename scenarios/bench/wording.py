"""What a verdict says in plain words: readings with their digits, sentences, and what comes first."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict

_MILLI = {"s": "ms", "m": "mm", "rad": "mrad"}
_SMALL = 0.1
"""Below it, a length, a time or an angle is told in thousandths."""
_MOST_DECIMALS = 6
_FAR = 10.0
"""Shift in tolerances from which on it, and no longer the tolerance, says how many digits are worth showing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric as it is shown, all numbers in one unit and with as many digits as its band is worth.

    Attributes:
        value: What was measured; a dash when it is missing.
        baseline: What was expected.
        tolerance: Half of the band's width.
        unit: Their unit; empty for a count, a flag or a ratio.
    """

    value: str
    baseline: str
    tolerance: str
    unit: str

    @property
    def change(self) -> str:
        """From where to where: ``from 24.1 to 26.2 ms``."""
        return f"from {self.baseline} to {_with_unit(self.value, self.unit)}"


def reading(metric: MetricVerdict) -> Reading:
    """The numbers of a metric as they are shown."""
    factor, unit = _scale(metric)
    value, baseline, tolerance = (factor * number for number in (metric.value, metric.baseline, metric.tolerance))
    whole = metric.unit == "1" and value.is_integer() and baseline.is_integer()
    decimals = 0 if whole else _decimals(tolerance, value - baseline)
    shown = [number_text(number, decimals) for number in (value, baseline)]
    if shown[0] == shown[1] and value != baseline:
        shown = [f"{number:.9g}" if math.isfinite(number) else "–" for number in (value, baseline)]
    return Reading(shown[0], shown[1], f"{tolerance:.2g}" if math.isfinite(tolerance) else "–", unit)


def number_text(number: float, decimals: int) -> str:
    """A number with so many decimals; in powers of ten where these would be too many, a dash for what is none."""
    if not math.isfinite(number):
        return "–"
    return f"{number:.3g}" if decimals > _MOST_DECIMALS else f"{number:z.{decimals}f}"


def in_bands(metric: MetricVerdict) -> str:
    """How far a metric is from its baseline: ``3.1 bands``; one band is the tolerance, and a dash is said of none."""
    shift = abs(metric.shift)
    if math.isnan(shift):
        return "–"
    if math.isinf(shift):
        return "∞ bands"
    near = 0.95 < shift < 1.05
    return f"{shift:.3f} bands" if near else f"{shift:.1f} bands" if shift < 100.0 else f"{shift:.0f} bands"


def sentence(metric: MetricVerdict) -> str:
    """What happened to a metric: ``steer_lag rose from 24.1 to 26.2 ms: 3.1 bands, lower is better``."""
    numbers = reading(metric)
    if metric.judgement == "missing":
        return (
            f"{metric.metric} is missing in at least one ride; {_with_unit(numbers.baseline, numbers.unit)} is expected"
        )
    moved = "rose" if metric.value > metric.baseline else "fell" if metric.value < metric.baseline else "stayed"
    far = "its band has no width" if math.isinf(metric.shift) else in_bands(metric)
    told = f"{metric.metric} {moved} {numbers.change}: {far}"
    match metric.judgement:
        case "improved":
            return f"{told} to the better"
        case "within":
            return f"{told}, in its band"
        case "worse":
            return f"{told}, {metric.better} is better"
        case "changed":
            return f"{told}, it should stay as it is"
        case "unconfirmed":
            return f"{told}, not so with other seeds"


def title(scenario: ScenarioVerdict) -> str:
    """A scenario and its seeds: ``ride_push, seeds 0-1``."""
    return f"{scenario.scenario}, {'seed' if len(scenario.seeds) == 1 else 'seeds'} {seed_ranges(scenario.seeds)}"


def seed_ranges(seeds: Iterable[int]) -> str:
    """Seeds as on the command line: ``0-3,7``; a dash when there are none."""
    parts: list[list[int]] = []
    for seed in sorted(set(seeds)):
        if parts and seed == parts[-1][-1] + 1:
            parts[-1].append(seed)
        else:
            parts.append([seed])
    return ",".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else f"{part[0]}" for part in parts) or "–"


def headline(verdict: Verdict) -> str:
    """The whole verdict in one line."""
    count, failed = len(verdict.scenarios), sum(1 for _ in verdict.failures())
    names = len({scenario.scenario for scenario in verdict.scenarios})
    all_of_them = plural(names, "scenario") if names == count else f"{count} repetitions of {plural(names, 'scenario')}"
    if not count:
        return f"{verdict.name} failed: there is nothing to judge"
    if failed:
        worse = sum(len(scenario.failed_metrics) for scenario in verdict.scenarios)
        broken = sum(len(scenario.broken) for scenario in verdict.scenarios)
        told = [plural(worse, "metric") + " out of band"] if worse else []
        told += [plural(broken, "broken invariant")] if broken else []
        return f"{verdict.name} failed: {failed} of {all_of_them}" + "".join(f", {part}" for part in told)
    better = sum(len(scenario.improved_metrics) for scenario in verdict.scenarios)
    told_better = f", {plural(better, 'metric')} improved: accept a new baseline" if better else ""
    return f"{verdict.name} passed: {all_of_them}{told_better}"


def scope(verdict: Verdict) -> str:
    """Which part of its tier a verdict is about, a sentence; empty for a whole tier."""
    return f"Only a part of {verdict.tier} was ridden: {', '.join(verdict.only)}" if verdict.only else ""


def improvements(verdict: Verdict) -> list[tuple[ScenarioVerdict, MetricVerdict]]:
    """What asks for a new baseline: metrics that improved, of scenarios that pass; the greatest shift first."""
    found = [(scenario, metric) for scenario in verdict.scenarios for metric in scenario.improved_metrics]
    return sorted(
        (pair for pair in found if pair[0].passed), key=lambda pair: _badness(pair[1]), reverse=True
    )  # fmt: skip


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def worst_first(metrics: Iterable[MetricVerdict]) -> list[MetricVerdict]:
    """Metrics that fail, then those that improved, then the rest; each from the greatest shift down."""
    return sorted(metrics, key=_badness, reverse=True)


def worst_scenarios_first(scenarios: Sequence[ScenarioVerdict]) -> list[ScenarioVerdict]:
    """Scenarios that fail, those with something broken before the others, then by their worst metric."""
    return sorted(scenarios, key=_scenario_badness, reverse=True)


def _badness(metric: MetricVerdict) -> tuple[int, float]:
    rank = 2 if not metric.passed else 1 if metric.judgement == "improved" else 0
    return rank, math.inf if math.isnan(metric.shift) else abs(metric.shift)


def _scenario_badness(scenario: ScenarioVerdict) -> tuple[bool, int, tuple[int, float]]:
    return not scenario.passed, len(scenario.broken), max(map(_badness, scenario.metrics), default=(0, 0.0))


def _scale(metric: MetricVerdict) -> tuple[float, str]:
    """Factor and unit in which a metric is shown."""
    greatest = max((abs(number) for number in (metric.value, metric.baseline) if math.isfinite(number)), default=0.0)
    if metric.unit in _MILLI and 0.0 < greatest < _SMALL:
        return 1e3, _MILLI[metric.unit]
    return 1.0, "" if metric.unit == "1" else metric.unit


def _decimals(tolerance: float, shift: float) -> int:
    """Decimals that show two digits of the band's half width; fewer where the shift is far greater."""
    worth = max([number for number in (tolerance, abs(shift) / _FAR) if math.isfinite(number)], default=0.0)
    if worth == 0.0:
        return 3
    return max(0, 1 - math.floor(math.log10(worth)))


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit else number
