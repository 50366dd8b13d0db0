"""Where within its sole a foot can bear: the part of the sole that has ground under it, found by trying."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BearingParameters:
    """How it is found.

    Attributes:
        delay: By which the measured pressure follows the commanded one, a low-pass [s].
        least_load: Below it a foot tells nothing [N].
        doubt: Difference of commanded and measured pressure from which on the ground is taken to be missing [m].
        margin: Beyond what is measured, that is left then [m].
        shrink: Time constant with which the part shrinks [s].
        grow: With which it grows again [s].
    """

    delay: float = 0.010
    least_load: float = 120.0
    doubt: float = 0.015
    margin: float = 0.004
    shrink: float = 0.010
    grow: float = 0.3


class Bearing:
    """The part of each sole, a rectangle along its axes, within which the centre of pressure can be commanded.

    A sole that lies across a ledge bears on a line. Commanding its pressure beyond that line turns the sole and moves
    nothing else. So where the measured pressure stays behind the commanded one, the sole is cropped there; where it
    follows, the part grows again. After Wiedebach, Bertrand, Wu, Fiorio, McCrory, Griffin, Nori, Pratt 2016, who find
    the line by the turning of the foot.
    """

    def __init__(self, half: tuple[float, float], period: float, parameters: BearingParameters | None = None) -> None:
        """Take half the length and half the width that can be commanded at most [m], and the time of a tick [s]."""
        self._half = np.array(half)
        self._parameters, self._period = parameters or BearingParameters(), period
        self.low, self.high = np.zeros((2, 2)), np.zeros((2, 2))
        """Its borders in the frame of the left and of the right sole, along x and y, shape (2, 2) [m]."""
        self._commanded = np.zeros((2, 2))
        self._bore = np.zeros(2, dtype=bool)
        self.reset()

    def reset(self) -> None:
        """Take the whole soles."""
        self.low[:], self.high[:] = -self._half, self._half
        self._bore[:] = False

    def update(self, commanded: Array, measured: Array, load: Array) -> None:
        """Take in where the soles should have borne and where they do, shape (2, 2) [m], and loads, shape (2,) [N]."""
        p, dt = self._parameters, self._period
        bears = load > p.least_load
        new = bears & ~self._bore
        self._bore[:] = bears
        self.low[new], self.high[new] = -self._half, self._half
        self._commanded[new] = commanded[new]
        self._commanded += dt / p.delay * (commanded - self._commanded)
        ahead = self._commanded - measured
        told = bears[:, None]
        quick, slow = dt / p.shrink, dt / p.grow
        short = told & (ahead > p.doubt)
        self.high += np.where(
            short, quick * (np.minimum(self.high, measured + p.margin) - self.high), slow * (self._half - self.high)
        )
        short = told & (ahead < -p.doubt)
        self.low += np.where(
            short, quick * (np.maximum(self.low, measured - p.margin) - self.low), slow * (-self._half - self.low)
        )
        crossed = self.low > self.high - 2.0 * p.margin
        if crossed.any():
            middle = 0.5 * (self.low + self.high)
            self.low[crossed] = middle[crossed] - p.margin
            self.high[crossed] = middle[crossed] + p.margin
