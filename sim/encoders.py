"""What the drives measure of their joints: counts of the encoders, and their difference quotient through a filter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.drives import DriveTable

Array = NDArray[np.float64]


class Encoders:
    """Positions in whole counts, and velocities by differentiation, as drives do it.

    The velocity obeys v' = bandwidth (q' - v), solved exactly for a position that runs straight from reading to
    reading: v ← a v + (1 - a) Δq / step with a = exp(-bandwidth · step). It lags by 1 / bandwidth at any step.

    Of a position error of variance σ² that differs from reading to reading the velocity keeps the variance
    2 (1 - a)² σ² / ((1 + a) step²).
    """

    def __init__(self, drives: DriveTable, step: float, noise_scale: float, rng: np.random.Generator) -> None:
        """Make encoders that are read every `step` [s], their random errors multiplied by `noise_scale`."""
        size = drives.encoder_counts.size
        self._count = drives.position_resolution
        self._counts = 1.0 / self._count
        # Noise in counts: its size at the encoder's own shaft over a count there.
        self._noise = noise_scale * drives.encoder_noise * drives.encoder_counts / (2.0 * np.pi)
        self._noisy = bool(self._noise.any())
        self._rng = rng
        self._keep = np.exp(-drives.velocity_bandwidth * step)
        self._take = (1.0 - self._keep) / step
        self.measured = np.zeros((2, size))
        """Positions [rad] and velocities [rad/s] as measured, shape (2, n); `read` writes them anew."""
        self._position, self._velocity = self.measured
        self._before, self._scratch = np.zeros(size), np.zeros(size)

    def start(self, position: Array, velocity: Array) -> None:
        """Begin at joint positions [rad], the filters settled at joint velocities [rad/s]."""
        np.multiply(np.rint(position * self._counts), self._count, out=self._position)
        self._velocity[:] = velocity

    def read(self, position: Array) -> None:
        """Measure joints that are at these positions, shape (n,) [rad], one step after the last reading."""
        now, velocity, scratch = self._position, self._velocity, self._scratch
        self._before[:] = now
        np.multiply(position, self._counts, out=now)
        if self._noisy:
            self._rng.standard_normal(out=scratch)
            np.multiply(scratch, self._noise, out=scratch)
            np.add(now, scratch, out=now)
        np.rint(now, out=now)
        np.multiply(now, self._count, out=now)
        np.subtract(now, self._before, out=scratch)
        np.multiply(scratch, self._take, out=scratch)
        np.multiply(velocity, self._keep, out=velocity)
        np.add(velocity, scratch, out=velocity)
