"""Where survival falls through one half: a logistic curve that copes with few trials and says what it does not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, log_expit
from scipy.stats import chi2

from scenarios.study.binomial import CONFIDENCE

Array = NDArray[np.float64]
Kind = Literal["fitted", "above", "below", "unclear"]

_REACH = 2.0
"""How far beyond the tested levels a half point is looked for, in their range [1]."""
_STEEPNESS = (-4.0, 6.0)
"""Natural logarithm of the least and the greatest steepness that are looked at, per range of the levels."""


@dataclass(frozen=True, slots=True)
class HalfPoint:
    """The level at which half survive.

    Attributes:
        kind: "fitted"; "above" or "below" every tested level, since all or none survived; or "unclear", since survival
            does not fall over the levels.
        value: The level, where it was fitted.
        low: Lower end of its interval; None where the data leave it open.
        high: Upper end; None where the data leave it open.
        width: Of the logistic curve: the distance over which the odds of survival fall by e; where it was fitted.
        all_up_to: The highest level up to which everybody survived; None when somebody fell at the lowest.
        none_from: The lowest level from which on nobody survived; None when somebody survived at the highest.
    """

    kind: Kind
    value: float | None
    low: float | None
    high: float | None
    width: float | None
    all_up_to: float | None
    none_from: float | None

    def probability(self, levels: Array) -> Array | None:
        """Survival by the fitted curve; None without one."""
        if self.value is None or self.width is None:
            return None
        return np.asarray(expit((self.value - levels) / self.width))


def half_point(
    levels: Sequence[float], survived: Sequence[int], trials: Sequence[int], confidence: float = CONFIDENCE
) -> HalfPoint:
    """Fit a logistic curve that falls with the level, by penalised likelihood, and profile its half point.

    The penalty is Firth's (1993, Biometrika 80: half the logarithm of the information's determinant): the estimate
    stays finite when a level separates survivors from fallers (Heinze and Schemper 2002, Statistics in Medicine 21).
    The interval is of the profile likelihood; it is open on a side where no data speak against any level.

    Args:
        levels: What was tried, in increasing order.
        survived: How many survived at each.
        trials: How many tried at each, at least one.
        confidence: Of the interval.

    Raises:
        ValueError: Lengths differ, levels do not increase, or a count makes no sense.
    """
    x, k, n = (np.asarray(values, dtype=np.float64) for values in (levels, survived, trials))
    if not x.size == k.size == n.size or not x.size or np.any(np.diff(x) <= 0) or np.any((k < 0) | (k > n) | (n < 1)):
        raise ValueError("a half point needs increasing levels, with 0 <= survived <= trials and a trial at each")
    everybody, nobody = np.flatnonzero(k < n), np.flatnonzero(k > 0)
    first_fall = int(everybody[0]) if everybody.size else x.size
    last_survivor = int(nobody[-1]) if nobody.size else -1
    all_up_to = float(x[first_fall - 1]) if first_fall > 0 else None
    none_from = float(x[last_survivor + 1]) if last_survivor + 1 < x.size else None
    if first_fall == x.size:
        return HalfPoint("above", None, float(x[-1]), None, None, all_up_to, none_from)
    if last_survivor < 0:
        return HalfPoint("below", None, None, float(x[0]), None, all_up_to, none_from)
    unclear = HalfPoint("unclear", None, None, None, None, all_up_to, none_from)
    if x.size < 2:
        return unclear
    start, extent = float(x[0]), float(x[-1] - x[0])
    z = (x - start) / extent
    value, steepness = _best(z, k, n)
    if value is None:
        return unclear
    threshold = _profile(value, z, k, n)[0] - 0.5 * float(chi2.ppf(confidence, 1))

    def excess(at: float) -> float:
        return _profile(at, z, k, n)[0] - threshold

    low, high = _bound(excess, value, -_REACH), _bound(excess, value, 1.0 + _REACH)
    return HalfPoint(
        "fitted", start + extent * value, None if low is None else start + extent * low,
        None if high is None else start + extent * high, extent / steepness, all_up_to, none_from,
    )  # fmt: skip


def _likelihood(half: float, steepness: float, z: Array, k: Array, n: Array) -> float:
    """Logarithm of the penalised likelihood."""
    eta = steepness * (half - z)
    weight = n * expit(eta) * expit(-eta)
    a, b, c = float(weight.sum()), float(weight @ z), float(weight @ (z * z))
    information = a * c - b * b
    if information <= 0.0:
        return -inf
    return float(k @ log_expit(eta) + (n - k) @ log_expit(-eta)) + 0.5 * float(np.log(information))


def _profile(half: float, z: Array, k: Array, n: Array) -> tuple[float, float]:
    """The greatest likelihood with a given half point, and the steepness that it needs."""
    found = minimize_scalar(
        lambda log_steepness: min(-_likelihood(half, exp(log_steepness), z, k, n), 1e9),
        bounds=_STEEPNESS, method="bounded", options={"xatol": 1e-6},
    )  # fmt: skip
    return -float(found.fun), exp(float(found.x))


def _best(z: Array, k: Array, n: Array) -> tuple[float | None, float]:
    """The likeliest half point and its steepness; none where survival is level or where it lies out of reach."""
    places = np.linspace(-_REACH, 1.0 + _REACH, 51)
    best = int(np.argmax([_profile(float(place), z, k, n)[0] for place in places]))
    if best in (0, places.size - 1):
        return None, 1.0
    found = minimize_scalar(
        lambda half: -_profile(float(half), z, k, n)[0], bounds=(places[best - 1], places[best + 1]), method="bounded",
        options={"xatol": 1e-7},
    )  # fmt: skip
    value = float(found.x)
    steepness = _profile(value, z, k, n)[1]
    flat = np.log(steepness) < _STEEPNESS[0] + 0.1
    return (None, 1.0) if flat else (value, steepness)


def _bound(excess: Callable[[float], float], value: float, end: float) -> float | None:
    """Where the profile falls through the threshold between the estimate and an end; None when it does not."""
    places = np.linspace(value, end, 31)[1:]
    inside = value
    for place in places:
        if excess(float(place)) < 0.0:
            return float(brentq(excess, inside, float(place)))
        inside = float(place)
    return None
