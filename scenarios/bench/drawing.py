"""Where things lie in the little drawings of the report: a metric in its band, and each ride of a metric."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.bench.results import BenchResults
from scenarios.bench.rides import of_ride, rides_of
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict
from scenarios.bench.wording import reading

_REACH = 4.0
"""Tolerances that a bar shows to either side; what lies beyond is drawn at its end."""
_MARGIN = 0.06
"""Free part of a strip at its ends."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A metric in its band.

    Attributes:
        place: Where it is, from -1 to 1; the worse side is on the right, or the greater one where neither is worse.
        edge: Where the band ends, from 0 to 1.
        beyond: Whether it is farther out than the bar reaches.
    """

    place: float
    edge: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """One ride in a strip: where it is, from 0 to 1, and what it is called."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A metric's rides beside its band; places from 0 to 1, in the metric's own direction.

    Attributes:
        dots: The rides that have the metric.
        absent: How many rides do not have it.
        band: Where the band begins and ends.
        baseline: Where its middle is.
        mean: Where what is judged is, their mean or a percentile; None when it is missing.
        least: Number at 0, as text with its unit.
        greatest: Number at 1.
    """

    dots: tuple[Dot, ...]
    absent: int
    band: tuple[float, float]
    baseline: float
    mean: float | None
    least: str
    greatest: str


def bar(metric: MetricVerdict) -> Bar | None:
    """The bar of a metric; None when it is missing."""
    if math.isnan(metric.shift):
        return None
    worse = -metric.shift if metric.better == "higher" else metric.shift
    return Bar(min(max(worse / _REACH, -1.0), 1.0), 1.0 / _REACH, abs(worse) > _REACH)


def strip(metric: MetricVerdict, results: BenchResults, scenario: ScenarioVerdict) -> Strip | None:
    """The strip of a metric; None when no ride has it, as a rate over rides. A percentile is shown with its rides."""
    rides = [(ride, of_ride(ride, metric)) for ride in rides_of(results, scenario)]
    shown = [(ride, value) for ride, value in rides if math.isfinite(value)]
    if not shown or not math.isfinite(metric.baseline) or not math.isfinite(metric.tolerance):
        return None
    low, high = metric.baseline - metric.tolerance, metric.baseline + metric.tolerance
    least, greatest = _ends([low, high, *(value for _, value in shown)])
    width = greatest - least

    def place(number: float) -> float:
        return (number - least) / width

    unit = reading(metric).unit
    factor = 1.0 if unit in (metric.unit, "") else 1e3
    return Strip(
        tuple(Dot(place(value), f"seed {ride.seed}: {factor * value:.4g} {unit}".rstrip()) for ride, value in shown),
        len(rides) - len(shown),
        (place(low), place(high)),
        place(metric.baseline),
        place(metric.value) if math.isfinite(metric.value) else None,
        f"{factor * least:.4g} {unit}".rstrip(),
        f"{factor * greatest:.4g} {unit}".rstrip(),
    )


def _ends(numbers: Sequence[float]) -> tuple[float, float]:
    """An interval with some room around numbers."""
    least, greatest = min(numbers), max(numbers)
    room = _MARGIN * (greatest - least) or max(abs(greatest), 1.0) * _MARGIN
    return least - room, greatest + room
