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
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

SECOND_LOOKS = 0.1
"""Probability that a run of a whole tier has to look twice although nothing was changed, if all were normal."""
FEWEST = 10
"""Calibration rides without which there is no baseline."""


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
    deviations = max(float(stats.t.isf(level / 2, len(values) - 1)), 3.0)
    return Band(value, sigma, max(deviations * sigma * math.sqrt(1.0 / repetition + 1.0 / len(values)), floor))
