"""Draws randomised worlds from a scenario: each sample by its number alone, whoever asks for it and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from math import exp, log
from typing import NamedTuple

import numpy as np
from scipy.stats import truncnorm

from scenarios.loader import load
from scenarios.randomize_check import quantity_at
from scenarios.randomize_schema import Distribution, Scalar
from scenarios.schema import Scenario


class Drawn(NamedTuple):
    """One randomised world.

    Attributes:
        scenario: With every change made.
        changes: What was changed, ``key=value`` each: the overrides, then what was drawn. With them,
            ``draisine run --set`` makes the same ride.
        values: What was drawn, by key; numbers in SI.
    """

    scenario: Scenario
    changes: tuple[str, ...]
    values: dict[str, float | str]


def draw(reference: str, overrides: Sequence[str], seed: int, sample: int) -> Drawn:
    """Draw one sample of a sweep over the `[randomize]` table of a scenario.

    Each key has a stream of random numbers of its own, seeded by sweep, sample and its name: a sample does not depend
    on the others, nor a value on what else is drawn. What an override sets is not drawn.

    Args:
        reference: A name from the library, or a path to a TOML file.
        overrides: Changes, ``key=value`` each.
        seed: Of the sweep, not negative.
        sample: Which one, counted from 0.

    Raises:
        BadInput: There is no such scenario, a change is wrong, or the scenario does not take what was drawn together.
    """
    table = load(reference, overrides).randomize
    drawn = {key: value_of(distribution, _uniform(seed, sample, key)) for key, distribution in table.items()}
    changes = (*overrides, *(f"{key}={_toml(value)}" for key, value in drawn.items()))
    values = {key: value if isinstance(value, str) else float(value) for key, value in drawn.items()}
    return Drawn(load(reference, changes), changes, values)


def units(reference: str, overrides: Sequence[str] = ()) -> dict[str, str]:
    """SI unit of each key that is drawn; nothing for one that is no quantity.

    Raises:
        BadInput: There is no such scenario, or a change is wrong.
    """
    table = load(reference, overrides).randomize
    found = {}
    for key, distribution in table.items():
        changed = load(reference, (*overrides, f"{key}={_toml(distribution.values[0])}"))
        quantity = quantity_at(changed, key)
        found[key] = quantity.dimension.unit if quantity else ""
    return found


def value_of(distribution: Distribution, share: float) -> Scalar:
    """The value below which a share of a distribution lies, its numbers being in SI.

    Args:
        distribution: As a loaded scenario has it.
        share: From 0 to below 1.
    """
    if distribution.choice is not None:
        return distribution.choice[int(share * len(distribution.choice))]
    low, high = (float(value) for value in distribution.values)
    if distribution.normal is not None:
        mean, sigma = (float(value) for value in distribution.normal)
        inside = truncnorm.ppf(share, (low - mean) / sigma, (high - mean) / sigma, mean, sigma)
        return float(min(high, max(low, inside)))
    if distribution.log_uniform is not None:
        return min(high, max(low, exp(log(low) + share * (log(high) - log(low)))))
    return low + share * (high - low)


def _uniform(seed: int, sample: int, key: str) -> float:
    """A number from 0 to below 1 that depends on these three and nothing else."""
    name = int.from_bytes(sha256(key.encode()).digest()[:8], "big")
    return float(np.random.default_rng((seed, sample, name)).random())


def _toml(value: Scalar) -> str:
    """A value as it can stand behind ``key=``, read back to the last bit."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else repr(value)
