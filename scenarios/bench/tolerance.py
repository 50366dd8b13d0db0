"""How far the mean of a few new rides may lie from a baseline before one looks twice.

Asked is a *prediction interval*: from n calibration rides, where will the mean of k further rides of the same motion
lie? With values of standard deviation s that are normally distributed, the difference of both means has the standard
deviation s sqrt(1/k + 1/n), and over s it follows Student's t with n - 1 degrees of freedom (Hahn and Meeker,
*Statistical Intervals*, 1991, chapter 4):

    tolerance = t(1 - p/2; n - 1) s sqrt(1/k + 1/n)

A run of a tier makes hundreds of such comparisons. The level p of one of them is the level of the whole run over their
number (Bonferroni), which holds however metrics depend on one another.

So far out, tails that are not normal have more in them than is promised: the greatest value of a ride has Gumbel's, and
a rare knock is in no distribution. Wider bands for all would see less of what matters. Instead, what lies outside is
looked at twice, with other seeds (``confirmation.py``); chance would have to strike one metric on one side twice.

Percentiles of an ensemble have the standard error of the bootstrap (Efron 1979). It knows nothing of values that it
did not draw: where only one ride in ten touches itself, the upper quartile of that force has no error at all. But in
ranks the question above has an exact answer for any distribution (David and Nagaraja, *Order Statistics*, 2003,
chapter 7): how many of m further values lie below the u-th of n is beta-binomial, with u and n - u + 1. A band reaches
at least as far.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
_DEVIATIONS = 3.0
"""Standard deviations of a difference that no band is narrower than."""
_RESAMPLES = 2000

SECOND_LOOKS = 0.1
"""Probability that a run of a whole tier has to look twice although nothing was changed, if all were normal."""
FEWEST = 10
"""Calibration rides without which there is no baseline."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected of a metric, in its unit.

    Attributes:
        value: Mean, or percentile, of the calibration.
        sigma: Standard deviation of a single ride, or of the percentile of an ensemble.
        tolerance: How far the same of a repetition may be from the value.
    """

    value: float
    sigma: float
    tolerance: float


def level_of_one(run: float, comparisons: int) -> float:
    """The probability that each of so many comparisons of a run may have, for the whole run to have another one."""
    return run / max(comparisons, 1)


def mean_band(sample: Sequence[float] | Array, repetition: int, level: float, floor: float = 0.0) -> Band:
    """The band of the mean over a repetition.

    It is at least as wide as three standard deviations of the difference, and as the floor.

    Args:
        sample: Values of n calibration rides, at least two, all finite.
        repetition: Number k of rides whose mean is compared.
        level: Probability p that the mean of an unchanged motion lies outside, both sides together.
        floor: Least tolerance.
    """
    values = np.asarray(sample, dtype=np.float64)
    value = float(np.mean(values))
    greatest = float(np.max(np.abs(values - value)))
    if greatest <= 1e-12 * abs(value):
        return Band(value, 0.0, max(floor, greatest))
    sigma = float(np.std(values, ddof=1))
    deviations = max(float(stats.t.isf(level / 2, len(values) - 1)), _DEVIATIONS)
    return Band(value, sigma, max(deviations * sigma * math.sqrt(1.0 / repetition + 1.0 / len(values)), floor))


def percentile_band(
    sample: Sequence[float] | Array, percent: float, size: int, level: float, floor: float = 0.0
) -> Band:
    """The band of a percentile of an ensemble.

    It is at least as wide as what the ranks of the calibration say of three standard deviations, and as the floor.

    Args:
        sample: Values of n calibration rides, all finite.
        percent: Which percentile [%].
        size: Number m of rides whose percentile is compared.
        level: Probability p that the percentile of an unchanged motion lies outside, both sides together.
        floor: Least tolerance.
    """
    values = np.asarray(sample, dtype=np.float64)
    value = float(np.percentile(values, percent))
    if np.ptp(values) <= 1e-12 * np.max(np.abs(values)):
        return Band(value, 0.0, floor)
    error = stats.bootstrap(
        (values,),
        lambda drawn, axis: np.percentile(drawn, percent, axis=axis),
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(0),
    ).standard_error
    sigma = float(error) * math.sqrt(len(values) / size)
    quantile = float(stats.t.isf(level / 2, len(values) - 1))
    tolerance = quantile * sigma * math.sqrt(1.0 + size / len(values))
    lowest, highest = _reach_of_ranks(values, percent, size, 2.0 * float(stats.norm.sf(_DEVIATIONS)))
    return Band(value, sigma, max(tolerance, value - lowest, highest - value, floor))


def _reach_of_ranks(values: Array, percent: float, size: int, level: float) -> tuple[float, float]:
    """Between which of the values a percentile of further ones lies, whatever they are distributed like.

    No farther than to the least and the greatest of them: beyond these, ranks say nothing.
    """
    ordered = np.sort(values)
    ranks = np.arange(1, len(ordered) + 1)
    below = stats.betabinom(size, ranks, len(ordered) - ranks + 1)
    place = percent / 100.0 * (size - 1)
    rarely_above = np.flatnonzero(below.cdf(math.ceil(place)) <= level / 2)
    rarely_below = np.flatnonzero(below.sf(math.floor(place)) <= level / 2)
    return (
        float(ordered[rarely_below[-1]] if len(rarely_below) else ordered[0]),
        float(ordered[rarely_above[0]] if len(rarely_above) else ordered[-1]),
    )
