"""What metrics and survival owe to single parameters: one at a time around the nominal ride, with the same seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan, sqrt
from statistics import fmean
from typing import Any

import numpy as np
from scipy.stats import t as student

from scenarios.errors import BadInput
from scenarios.loader import load, load_ride
from scenarios.metrics import METRICS
from scenarios.schema import Scenario
from scenarios.study.binomial import CONFIDENCE
from scenarios.suggest import suggestion
from scenarios.trial import Trial, TrialResult

DEFAULT_PARAMETERS = (
    "plant.robot_mass=0.8,0.9,1.1,1.2",
    "world.friction=0.04,0.1,0.3",
    "plant.command_delay=10 ms,20 ms,40 ms",
    "senses.noise_scale=0.5,2,4",
    "plant.trail=-20 mm,-10 mm,10 mm,20 mm",
)
"""Mass, friction, delay, noise and trail; the nominal level comes by itself."""
DEFAULT_METRICS = (
    "path_error_rms", "path_error_max", "roll_max", "steer_rate_rms", "cost_of_transport", "grip_force_max",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a parameter.

    Attributes:
        text: As it was written.
        value: In SI.
        trials: Name of its ride for each seed.
    """

    text: str
    value: float
    trials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A key of the scenario and the levels that it is given, in increasing order; the nominal one among them."""

    key: str
    nominal: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class SensitivityPlan:
    """What is varied.

    Attributes:
        scenario: Name or file.
        overrides: Changes that hold for all rides.
        parameters: What is varied, one at a time.
        metrics: What is looked at.
        seeds: With which each level is ridden.
        trials: Every ride by its name; rides that are alike are there once.
    """

    scenario: str
    overrides: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    metrics: tuple[str, ...]
    seeds: tuple[int, ...]
    trials: Mapping[str, Trial]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a parameter does to a metric, from the rides in which nobody fell.

    Attributes:
        key: The parameter.
        metric: The metric.
        means: At each level, over the seeds; NaN where no ride has the metric.
        slope: Of the metric per unit of the parameter: the mean over the seeds of a straight line's through each.
        low: Lower end of the slope's interval over the seeds (Student); None with fewer than two seeds.
        high: Upper end.
        elasticity: Change of the metric in percent per percent of the parameter; None where either is nominally 0.
        swing: Range of the means over the nominal mean [1]; it tells what a slope cannot, as when both sides are worse.
    """

    key: str
    metric: str
    means: tuple[float, ...]
    slope: float
    low: float | None
    high: float | None
    elasticity: float | None
    swing: float


def plan_sensitivity(
    scenario: str, overrides: Sequence[str], parameters: Sequence[str], metrics: Sequence[str], seeds: Sequence[int]
) -> SensitivityPlan:
    """Lay out the rides.

    Args:
        scenario: Name or file.
        overrides: Changes that hold for all rides.
        parameters: ``key=value,value,...`` each; the usual ones where there is none.
        metrics: Names, each of which counts once; the usual ones where there is none.
        seeds: At least one.

    Raises:
        BadInput: A key, a value, a metric or the scenario is wrong, or a parameter is asked twice or is no number.
    """
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        raise BadInput(f"--metric {unknown[0]!r}: there is no such metric; {suggestion(unknown[0], METRICS)}")
    base = load_ride(scenario, overrides)
    trials = {f"nominal, seed {seed}": Trial(f"nominal, seed {seed}", base, seed, tuple(overrides)) for seed in seeds}
    made: list[Parameter] = []
    for text in parameters or DEFAULT_PARAMETERS:
        parameter, more = _parameter(text, scenario, overrides, base, seeds)
        if parameter.key in [other.key for other in made]:
            raise BadInput(f"--parameter {text!r}: {parameter.key} is asked twice")
        made.append(parameter)
        trials |= more
    return SensitivityPlan(
        scenario, tuple(overrides), tuple(made), tuple(dict.fromkeys(metrics or DEFAULT_METRICS)), tuple(seeds), trials
    )


def _parameter(
    text: str, scenario: str, overrides: Sequence[str], base: Scenario, seeds: Sequence[int]
) -> tuple[Parameter, dict[str, Trial]]:
    key, equals, values = (part.strip() for part in text.partition("="))
    words = [word.strip() for word in values.split(",")]
    if not equals or not key or not all(words):
        raise BadInput(f"--parameter {text!r}: write KEY=VALUE,VALUE,... such as world.friction=0.4,0.6,1")
    trials: dict[str, Trial] = {}
    nominal: float | None = None
    levels: dict[float, Level] = {}
    for word in words:
        change = f"{key}={word}"
        changes = (*overrides, change)
        changed = load(scenario, changes)
        nominal = _number(base, key, text)  # after a load that says what is wrong with a key that there is not
        value = _number(changed, key, text)
        names = tuple(f"{change}, seed {seed}" for seed in seeds)
        if value == nominal:
            continue
        levels[value] = Level(word, value, names)
        trials |= {name: Trial(name, changed, seed, changes) for name, seed in zip(names, seeds, strict=True)}
    if nominal is None or not levels:
        raise BadInput(f"--parameter {text!r}: no level differs from the nominal one; add another")
    levels[nominal] = Level(f"{nominal:g}", nominal, tuple(f"nominal, seed {seed}" for seed in seeds))
    kept = {name for level in levels.values() for name in level.trials}
    return (
        Parameter(key, nominal, tuple(levels[value] for value in sorted(levels))),
        {name: trial for name, trial in trials.items() if name in kept},
    )


def _number(scenario: Scenario, key: str, text: str) -> float:
    """The value of a dotted key, in SI."""
    here: Any = scenario
    for part in (part.strip() for part in key.split(".")):
        here = here[int(part)] if isinstance(here, tuple) else getattr(here, part, None)
    if isinstance(here, bool) or not isinstance(here, int | float):
        said = "has no nominal value; give it one with --set" if here is None else "is no number"
        raise BadInput(f"--parameter {text!r}: {key} {said}")
    return float(here)


def survivors(level: Level, results: Mapping[str, TrialResult]) -> tuple[int, int]:
    """How many rides of a level nobody fell in, and how many there were; those that broke down do not count."""
    done = [results[name] for name in level.trials if not results[name].problem]
    return sum(result.survived for result in done), len(done)


def values(level: Level, metric: str, results: Mapping[str, TrialResult]) -> list[float]:
    """The metric of each seed's ride; NaN where somebody fell or the ride has none."""
    found = (results[name] for name in level.trials)
    return [result.metrics.get(metric, nan) if result.survived else nan for result in found]


def effects(plan: SensitivityPlan, results: Mapping[str, TrialResult]) -> list[Effect]:
    """The effect of every parameter on every metric."""
    return [
        effect(parameter, metric, [values(level, metric, results) for level in parameter.levels])
        for parameter in plan.parameters
        for metric in plan.metrics
    ]


def effect(parameter: Parameter, metric: str, found: Sequence[Sequence[float]]) -> Effect:
    """The effect of a parameter on a metric.

    Args:
        parameter: With its levels.
        metric: Its name.
        found: At each level, a value for each seed; NaN where there is none.
    """
    x, y = np.array([level.value for level in parameter.levels]), np.asarray(found, dtype=np.float64)
    slopes = [slope for slope in (_slope(x, column) for column in y.T) if isfinite(slope)]
    slope = fmean(slopes) if slopes else nan
    low = high = None
    if len(slopes) > 1:
        spread = float(np.std(slopes, ddof=1)) / sqrt(len(slopes))
        half = float(student.ppf(0.5 + 0.5 * CONFIDENCE, len(slopes) - 1)) * spread
        low, high = slope - half, slope + half
    means = tuple(_mean(row) for row in y)
    usual = means[int(np.flatnonzero(x == parameter.nominal)[0])]
    finite = [mean for mean in means if isfinite(mean)]
    swing = (max(finite) - min(finite)) / abs(usual) if finite and isfinite(usual) and usual != 0.0 else nan
    elasticity = slope * parameter.nominal / usual if parameter.nominal != 0.0 and usual != 0.0 else nan
    return Effect(parameter.key, metric, means, slope, low, high, elasticity if isfinite(elasticity) else None, swing)


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    """Slope of the straight line with the least squares; NaN with fewer than two values."""
    there = np.isfinite(y)
    if there.sum() < 2:
        return nan
    x, y = x[there] - x[there].mean(), y[there] - y[there][0]  # from the first one, for no effect to be exactly 0
    return float(x @ y) / float(x @ x)


def _mean(row: np.ndarray) -> float:
    there = row[np.isfinite(row)]
    return float(there.mean()) if there.size else nan
