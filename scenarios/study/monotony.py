"""Whether survival falls with the level, as a fitted curve takes for granted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import xlogy

Array = NDArray[np.float64]
_DRAWS = 1000
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Monotony:
    """Where survival rises with the level, and how much that means.

    Attributes:
        rises: Pairs of neighbouring levels of which more survived at the higher one.
        p_value: Probability of rises as strong as these by chance, if survival never rose.
    """

    rises: tuple[tuple[float, float], ...]
    p_value: float

    @property
    def contradicted(self) -> bool:
        """Whether the data speak against survival that never rises."""
        return self.p_value < _SIGNIFICANT


def monotony(levels: Sequence[float], survived: Sequence[int], trials: Sequence[int]) -> Monotony:
    """Test that survival never rises with the level, by the likelihood ratio against one probability for each level.

    The order-restricted estimate is found by pooling adjacent violators; the ratio's distribution is drawn from that
    estimate, by a parametric bootstrap with a fixed seed (Robertson, Wright and Dykstra 1988, "Order Restricted
    Statistical Inference", ch. 2). It has no power with one trial at each level.

    Args:
        levels: In increasing order.
        survived: How many survived at each.
        trials: How many tried, at least one at each.
    """
    k, n = np.asarray(survived, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    share = k / n
    rises = tuple((levels[i], levels[i + 1]) for i in range(len(levels) - 1) if share[i + 1] > share[i])
    if not rises:
        return Monotony((), 1.0)
    found = _ratio(k, n)
    draws = np.random.default_rng(0).binomial(n.astype(int), _falling(k, n), size=(_DRAWS, n.size))
    stronger = sum(_ratio(draw.astype(np.float64), n) >= found - 1e-9 for draw in draws)
    return Monotony(rises, (1 + stronger) / (1 + _DRAWS))


def _falling(k: Array, n: Array) -> Array:
    """Likeliest probabilities that never rise."""
    return np.clip(isotonic_regression(k / n, weights=n, increasing=False).x, 0.0, 1.0)


def _ratio(k: Array, n: Array) -> float:
    """Logarithm of the likelihood of free probabilities over that of falling ones."""

    def likelihood(p: Array) -> float:
        return float((xlogy(k, p) + xlogy(n - k, 1.0 - p)).sum())

    return likelihood(k / n) - likelihood(_falling(k, n))
