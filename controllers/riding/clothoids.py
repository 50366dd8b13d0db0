"""Courses whose curvature does not jump: between straight and arc it grows along a clothoid, as on a road."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from controllers.riding.course import SPACING, Course

Array = NDArray[np.float64]


def bend(radius: float, turn: float, transition: float) -> Array:
    """Curvature of a left bend at every 2 cm of arc length [1/m].

    Args:
        radius: Of the arc [m].
        turn: How far the heading turns in all [rad].
        transition: Length of the clothoid before and of that after the arc [m].

    Raises:
        ValueError: The clothoids alone turn further than that.
    """
    arc = turn * radius - transition
    if arc < 0.0:
        raise ValueError(
            f"clothoids of {transition:g} m to a radius of {radius:g} m turn by {transition / radius:.2f} rad, and the "
            f"bend has {turn:.2f}: take a shorter transition or a larger radius"
        )
    edges = np.arange(0.0, 2.0 * transition + arc + 0.5 * SPACING, SPACING)
    before, middle = np.minimum(edges, transition), np.clip(edges - transition, 0.0, arc)
    after = np.clip(edges - transition - arc, 0.0, transition)
    ramp = 0.5 / max(transition, SPACING)
    turned = (ramp * before**2 + middle + after - ramp * after**2) / radius
    # What is left of a sample at the end is spread over the bend.
    curvature: Array = np.diff(turned) / SPACING * (turn / turned[-1])
    return curvature


def u_turn(radius: float, transition: float, lead_in: float, lead_out: float, *, left: bool = True) -> Course:
    """Straight on, round by half a turn, and straight back; lengths as in `bend` [m]."""
    sign = 1.0 if left else -1.0
    return Course(np.concatenate((_zeros(lead_in), sign * bend(radius, pi, transition), _zeros(lead_out))))


def figure_eight(radius: float, rounds: int, lead_in: float, transition: float) -> Course:
    """Rounds of a left and a right loop that cross at the end of a straight lead-in, all lengths in m.

    Where the loops cross, the bicycle is upright and the way straight. A loop turns by less than a full turn, so far
    that it ends where it began, and the next one goes on from there.
    """
    turn = _closing_turn(radius, transition)
    loop = bend(radius, turn, transition)
    return Course(np.concatenate((_zeros(lead_in), *(sign * loop for _ in range(rounds) for sign in (1.0, -1.0)))))


def _closing_turn(radius: float, transition: float) -> float:
    """How far a loop turns that ends where it began [rad]: a loop is its own mirror image, so one number tells."""

    def gap(turn: float) -> float:
        """From start to end, along the heading in the middle [m]."""
        heading = np.concatenate(((0.0,), np.cumsum(bend(radius, turn, transition)) * SPACING))
        middle = 0.5 * (heading[1:] + heading[:-1]) - 0.5 * turn
        return float(np.cos(middle).sum()) * SPACING

    least = max(pi + 1e-3, transition / radius + 1e-6)
    if gap(least) < 0.0:
        raise ValueError(
            f"a loop of {radius:g} m radius does not close with clothoids of {transition:g} m: shorten them"
        )
    return float(brentq(gap, least, 2.0 * pi + 1e-6, xtol=1e-6))


def _zeros(length: float) -> Array:
    return np.zeros(round(length / SPACING))
