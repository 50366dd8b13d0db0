"""Smooth motions of a foot: shares that go from 0 to 1, bumps, and axes between two orientations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def ease(t: float, start: float = 0.0, end: float = 1.0) -> float:
    """From 0 to 1 while t goes from start to end, with minimum jerk (Flash and Hogan 1985)."""
    u = min(1.0, max(0.0, (t - start) / (end - start)))
    return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)


def bump(t: float, start: float, end: float) -> float:
    """From 0 to 1 and back while t goes from start to end, without a jerk at either end."""
    u = min(1.0, max(0.0, (t - start) / (end - start)))
    return 64.0 * (u * (1.0 - u)) ** 3


def fade(u: float) -> float:
    """From 1 to 0 while u goes from 0 to 1; a velocity that fades by it begins without an acceleration."""
    return 1.0 - u * u * (6.0 - u * (8.0 - 3.0 * u)) if u < 1.0 else 0.0


def between(first: Array, second: Array, share: float) -> Array:
    """Axes between two orientations that are less than a right angle apart, shape (3, 3)."""
    mixed = (1.0 - share) * first + share * second
    x = mixed[:, 0] / np.linalg.norm(mixed[:, 0])
    y = mixed[:, 1] - (x @ mixed[:, 1]) * x
    y /= np.linalg.norm(y)
    return np.column_stack((x, y, np.cross(x, y)))
