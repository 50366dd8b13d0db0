"""What interleaved times say: ratios block by block, with an interval that resampling gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

Array = NDArray[np.float64]

_RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A median over blocks, and where it lies with 95 % confidence: `low` to `high`."""

    median: float
    low: float
    high: float


def interval(values: Array) -> Interval:
    """Median of figures of blocks, of any shape, and its interval by the percentile bootstrap (Efron 1979)."""
    flat = np.ravel(values)
    median = float(np.median(flat))
    if flat.size < 2 or np.ptp(flat) == 0.0:
        return Interval(median, median, median)
    found = bootstrap(
        (flat,), np.median, n_resamples=_RESAMPLES, confidence_level=CONFIDENCE, method="percentile", axis=-1,
        rng=np.random.default_rng(0), batch=100,
    ).confidence_interval  # fmt: skip
    return Interval(median, float(found.low), float(found.high))


def ratio(part: Array, unit: Array) -> Interval:
    """The ratio of two times that were taken side by side, from the ratio of each block."""
    return interval(part / unit)


def steady(times: Array) -> Array:
    """Time of each tick without what disturbed the machine, shape (rounds, ticks) to (1, ticks).

    It is the least over the rounds: every round computes the same bits, so what takes longer in another round is not
    the program's. That a processor is shared with others is taken off by it as long as one round in each tick is not
    interrupted.
    """
    return np.asarray(times.min(axis=0, keepdims=True))
