"""Height profiles of the kinds of ground that a road has, as vertices (along, height) [m]."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Profile = tuple[Array, Array]

_SPACING = 0.002
"""Between vertices where a profile is curved [m]: a wheel of 0.2 m radius then rolls as on the curve itself."""
_STRAIGHT_SPACING = 0.01
"""Between vertices on a straight piece [m]; the nearest vertex leads to the nearest place."""


def polyline(corners: Array) -> Profile:
    """Straight pieces through corners, shape (k, 2); two corners above each other make a step."""
    pieces = [corners[:1]]
    for start, end in pairwise(corners):
        count = max(1, int(np.ceil((end[0] - start[0]) / _STRAIGHT_SPACING)))
        pieces.append(start + (end - start) * (np.arange(1, count + 1) / count)[:, None])
    points = np.vstack(pieces)
    return points[:, 0].copy(), points[:, 1].copy()


def ramp(height: float, up: float, flat: float, down: float) -> Profile:
    """Straight up, level, straight down, with edges as of a ramp of boards."""
    along = np.cumsum((0.0, up, flat, down))
    return polyline(np.column_stack((along, (0.0, height, height, 0.0))))


def kerb(height: float, length: float) -> Profile:
    """A step up and, after a length, down."""
    return polyline(np.array(((0.0, 0.0), (0.0, height), (length, height), (length, 0.0))))


def bump(height: float, length: float) -> Profile:
    """A speed bump with the rounded profile of one period of a cosine."""
    along = _even(length, _SPACING)
    return along, 0.5 * height * (1.0 - np.cos(2.0 * np.pi * along / length))


def slope(grade: float, length: float, top: float | None, rounding: float) -> Profile:
    """A road that rises by a grade [m/m], goes on level, and comes back.

    Where the grade changes, the road is a parabola, as roads are.

    Args:
        grade: Of the steepest part.
        length: From the level to the level above [m].
        top: Length of the level part up there [m]; None if the road never comes back.
        rounding: Length of each parabola, at most half of the length [m].
    """
    end = 2 * length + top if top is not None else length
    along = _even(end, _STRAIGHT_SPACING)
    steepness = _trapezoid(along, length, rounding)
    if top is not None:
        steepness -= _trapezoid(along - length - top, length, rounding)
    middle = 0.5 * (steepness[1:] + steepness[:-1])
    height = grade * np.concatenate(((0.0,), np.cumsum(middle * np.diff(along))))
    if top is not None:
        height -= height[-1] * along / end
    return along, height


def rough(spectrum: float, length: float, rng: np.random.Generator, *, blend: float = 0.5) -> Profile:
    """A random road: displacement spectrum G(n) = G(n0) (n/n0)^-2 of ISO 8608, n0 = 0.1 cycles/m.

    A sum of cosines of random phase (Shinozuka and Deodatis 1991) in even steps of log frequency, with wavelengths from
    0.05 m, as the contact patch of a tyre evens out what is shorter, to 5 m. It begins and ends level.

    Args:
        spectrum: G(n0) [m³]; 16e-6 is the middle of class A, 64e-6 of class B, 256e-6 of class C.
        length: [m].
        rng: Where its phases come from.
        blend: Over this length it fades in and out [m].
    """
    along = _even(length, _SPACING)
    edges = np.geomspace(1.0 / 5.0, 1.0 / 0.05, 161)
    frequency = np.sqrt(edges[1:] * edges[:-1])
    amplitude = np.sqrt(2.0 * spectrum * (frequency / 0.1) ** -2 * np.diff(edges))
    phase = rng.uniform(0.0, 2.0 * np.pi, frequency.size)
    height = np.zeros(along.size)
    for a, n, p in zip(amplitude, frequency, phase, strict=True):
        height += a * np.cos(2.0 * np.pi * n * along + p)
    fade = np.clip(np.minimum(along, length - along) / blend, 0.0, 1.0)
    return along, height * fade**2 * (3.0 - 2.0 * fade)


def _even(length: float, spacing: float) -> Array:
    along = np.linspace(0.0, length, max(2, round(length / spacing)) + 1)
    along[-1] = length
    return along


def _trapezoid(along: Array, length: float, rounding: float) -> Array:
    """1 in the middle of a length, falling to 0 at its ends over a rounding."""
    within = np.minimum(along, length - along)
    return np.clip(within / rounding, 0.0, 1.0) if rounding else np.where(within >= 0.0, 1.0, 0.0)
