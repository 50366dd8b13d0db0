"""Motions of a hand between the bar and elsewhere: a stroke that can be turned round, and a lift off the bar."""

from __future__ import annotations

import numpy as np

_UP_TO = 0.5
"""Share of the way on which the hand is lifted [1]."""


class Stroke:
    """A share that goes to a goal and stops there, with minimum jerk from any motion (Flash and Hogan 1985)."""

    def __init__(self, share: float = 0.0) -> None:
        """Rest at a share [1]."""
        self.state = (share, 0.0, 0.0)
        """Share [1], its rate [1/s] and that one's growth [1/s²]."""
        self._coefficients = np.array((share, 0.0, 0.0, 0.0, 0.0, 0.0))
        self._lasts, self._elapsed = 0.0, 0.0

    def begin(self, goal: float, lasts: float) -> None:
        """Go to a goal [1] within a time [s]."""
        share, rate, growth = self.state
        t = lasts
        matrix = np.array(((t**3, t**4, t**5), (3 * t**2, 4 * t**3, 5 * t**4), (6 * t, 12 * t**2, 20 * t**3)))
        lack = np.array((goal - share - rate * t - 0.5 * growth * t * t, -rate - growth * t, -growth))
        self._coefficients = np.array((share, rate, 0.5 * growth, *np.linalg.solve(matrix, lack)))
        self._lasts, self._elapsed = lasts, 0.0

    def step(self, period: float) -> None:
        """Go on for a time [s]."""
        self._elapsed = min(self._lasts, self._elapsed + period)
        t, (a, b, c, d, e, f) = self._elapsed, self._coefficients.tolist()
        self.state = (
            a + t * (b + t * (c + t * (d + t * (e + t * f)))),
            b + t * (2 * c + t * (3 * d + t * (4 * e + t * 5 * f))),
            2 * c + t * (6 * d + t * (12 * e + t * 20 * f)),
        )


def lift(share: float) -> tuple[float, float, float]:
    """How far a hand is lifted at a share of its way, with the first and second derivative by the share [1].

    It rises at once from 0 to 1 at a sixth of the way, and is gone at half of it.
    """
    u = share / _UP_TO
    if not 0.0 < u < 1.0:
        return 0.0, 0.0, 0.0
    k = 6.75
    return k * u * (1 - u) ** 2, k * (1 - u) * (1 - 3 * u) / _UP_TO, k * (6 * u - 4) / _UP_TO**2
