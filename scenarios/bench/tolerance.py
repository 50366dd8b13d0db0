"""How far the mean of a few new rides may lie from a baseline before it is no accident any more.

Asked is a *prediction interval*: from n calibration rides, where will the mean of k further rides of the same motion
lie? With values of standard deviation s that are normally distributed, the difference of both means has the standard
deviation s sqrt(1/k + 1/n), and over s it follows Student's t with n - 1 degrees of freedom (Hahn and Meeker,
*Statistical Intervals*, 1991, chapter 4):

    tolerance = t(1 - p/2; n - 1) s sqrt(1/k + 1/n)

A run of a tier makes hundreds of such comparisons, and a single false alarm in them makes it fail. The level p of one
comparison is therefore the level of the whole run over their number (Bonferroni), which holds however metrics depend on
one another.

That far out, the shape of the tails decides. The greatest value of a ride has Gumbel's tail rather than a normal one
(Fisher and Tippett 1928), and now and then a knock makes tails heavy on both sides (Laplace). For these, the
interval's factor in place of t sqrt(1/k + 1/n) is computed from the exact distribution of the mean of k. A few dozen
rides of one scenario do not tell the shapes apart, but a metric is of one kind in every scenario: its shape is the
likeliest one over all rides of a tier.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Array = NDArray[np.float64]
Shape = Literal["normal", "Gumbel", "Laplace"]

FALSE_ALARMS = 0.005
"""Probability that a run of a whole tier fails although nothing was changed: one run of 200."""
FEWEST = 10
"""Calibration rides without which there is no baseline."""

_DISTRIBUTIONS: dict[Shape, Any] = {"normal": stats.norm, "Gumbel": stats.gumbel_r, "Laplace": stats.laplace}
_DRAWS = 20_000
_MARGIN = 2.0
"""By how much the log-likelihood of another shape must be greater than the normal one's."""
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected of a metric, in its unit.

    Attributes:
        value: Mean of the calibration.
        sigma: Standard deviation of a single ride.
        tolerance: How far the mean of a repetition may be from the value.
    """

    value: float
    sigma: float
    tolerance: float


def level_of_one(comparisons: int) -> float:
    """The probability of a false alarm that each of so many comparisons of a run may have."""
    return FALSE_ALARMS / max(comparisons, 1)


def mean_band(
    sample: Sequence[float] | Array, repetition: int, level: float, floor: float = 0.0, shape: Shape = "normal"
) -> Band:
    """The band of the mean over a repetition.

    It is at least as wide as three standard deviations of the difference, as the greatest deviation of a single
    calibration ride, and as the floor.

    Args:
        sample: Values of at least two calibration rides, all finite.
        repetition: Number k of rides whose mean is compared.
        level: Probability p that the mean of an unchanged motion lies outside, both sides together.
        floor: Least tolerance.
        shape: Of the distribution.
    """
    values = np.asarray(sample, dtype=np.float64)
    value = float(np.mean(values))
    greatest = float(np.max(np.abs(values - value)))
    if greatest <= 1e-12 * abs(value):
        return Band(value, 0.0, max(floor, greatest))
    sigma = float(np.std(values, ddof=1))
    three_sigma = 3.0 * math.sqrt(1.0 / repetition + 1.0 / len(values))
    width = max(band_factor(shape, len(values), repetition, level), three_sigma)
    return Band(value, sigma, max(width * sigma, greatest, floor))


def likeliest_shape(samples: Iterable[Sequence[float] | Array]) -> Shape:
    """The shape under which samples, each with a place and a width of its own, are most likely.

    Each distribution, and its mirror image, is fitted to each sample (maximum likelihood). Samples that do not
    spread say nothing. The shape is normal unless another one is clearly likelier.
    """
    likelihoods = {
        (shape, side): _MARGIN if shape == "normal" else 0.0 for shape in _DISTRIBUTIONS for side in (1.0, -1.0)
    }
    for sample in samples:
        values = np.asarray(sample, dtype=np.float64)
        if np.ptp(values) <= 1e-12 * np.max(np.abs(values)):
            continue
        standard = (values - np.mean(values)) / np.std(values)
        for shape, side in likelihoods:
            distribution = _DISTRIBUTIONS[shape]
            fitted = distribution.fit(side * standard)
            likelihoods[shape, side] += float(np.sum(distribution.logpdf(side * standard, *fitted)))
    return max(likelihoods, key=lambda kind: likelihoods[kind])[0]


@cache
def band_factor(shape: Shape, count: int, repetition: int, level: float) -> float:
    """The width of a band in standard deviations of the calibration.

    For a normal distribution it is Student's. For another one the factor c solves  E[P(mean of k > m + c s)] = p/2
    over the mean m and the deviation s of n calibration rides, drawn with a fixed seed; the tail of the mean of k
    comes by convolution. The thin side of a skewed distribution would have a smaller factor; the band has the greater
    on both sides.

    Args:
        shape: Of the distribution.
        count: Number n of calibration rides.
        repetition: Number k of rides whose mean is compared.
        level: Probability p of both sides together.
    """
    if shape == "normal":
        return float(stats.t.isf(level / 2, count - 1)) * math.sqrt(1.0 / repetition + 1.0 / count)
    distribution = _DISTRIBUTIONS[shape]
    draws = distribution.rvs(size=(_DRAWS, count), random_state=0)
    means, deviations = np.mean(draws, axis=1), np.std(draws, axis=1, ddof=1)
    grid, log_tail = _tail_of_mean(distribution, repetition)

    def excess(factor: float) -> float:
        tails = np.exp(np.interp(means + factor * deviations, grid, log_tail))
        return math.log(float(np.mean(tails))) - math.log(level / 2)

    return float(optimize.brentq(excess, 0.0, 60.0, xtol=1e-4))


def _tail_of_mean(distribution: Any, repetition: int) -> tuple[Array, Array]:
    """Means of several standard values of a distribution, and the logarithm of the probability of a greater one."""
    values = np.arange(-40.0, 60.0, _STEP)
    one = distribution.pdf(values) * _STEP
    density = one
    for _ in range(repetition - 1):
        density = np.convolve(density, one)
    grid = values[0] + _STEP / repetition * np.arange(len(density))
    return grid, np.log(np.maximum(np.cumsum(density[::-1])[::-1], 1e-300))
