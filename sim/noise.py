"""Random errors of sensors, exact in discrete time, each sensor's from a stream of its own."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Array = NDArray[np.float64]


def stream(seed: int, name: str) -> np.random.Generator:
    """Random numbers for one sensor: they depend on the seed and on its name, and on no other sensor."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(name.encode())))


class GaussMarkov:
    """A first-order Gauss-Markov process on several axes, sampled: x' = -x / T + noise, with a given deviation.

    Its discretisation is exact: x_k+1 = a x_k + sqrt(1 - a²) σ n with a = exp(-period / T). It starts stationary.
    """

    def __init__(self, deviation: float, correlation_time: float, axes: int, rng: np.random.Generator, period: float):
        """Draw the first value.

        Args:
            deviation: Standard deviation of each axis.
            correlation_time: T [s].
            axes: How many.
            rng: Where it comes from.
            period: Time between two samples [s].
        """
        self._decay = exp(-period / correlation_time)
        self._drive = deviation * sqrt(1.0 - self._decay**2)
        self._rng = rng
        self._last: Array = deviation * rng.standard_normal(axes)

    def block(self, count: int) -> Array:
        """The next samples, shape (count, axes)."""
        noise = self._drive * self._rng.standard_normal((count, self._last.size))
        values, _ = lfilter((1.0,), (1.0, -self._decay), noise, axis=0, zi=self._decay * self._last[None, :])
        self._last = values[-1].copy()
        return np.asarray(values)


class RandomWalk:
    """A random walk on several axes, sampled: its variance grows by density² in each second."""

    def __init__(self, start: Array, density: float, rng: np.random.Generator, period: float) -> None:
        """Begin a walk.

        Args:
            start: First value, shape (axes,).
            density: Deviation after one second [unit/√s].
            rng: Where it comes from.
            period: Time between two samples [s].
        """
        self._last, self._step, self._rng = start, density * sqrt(period), rng

    def block(self, count: int) -> Array:
        """The next samples, shape (count, axes)."""
        steps = self._step * self._rng.standard_normal((count, self._last.size))
        values: Array = self._last + np.cumsum(steps, axis=0)
        self._last = values[-1].copy()
        return values
