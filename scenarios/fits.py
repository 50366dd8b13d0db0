"""How one signal answers another: how far, and by how much later, finer than the clock ticks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.metric import ratio, rms

Array = NDArray[np.float64]

STILL = 1e-9
"""Mean square below which a signal carries no information on its delay."""


def rms_or_nan(values: Array) -> float:
    """Root of the mean square; NaN of nothing."""
    return rms(values) if values.size else np.nan


def slope(reference: Array, response: Array) -> float:
    """Least-squares slope of a response over a reference, shape (T,) each; NaN when the reference does not move."""
    if not len(reference):
        return np.nan
    moved = reference - reference.mean()
    return ratio(float(moved @ (response - response.mean())), float(moved @ moved))


def first_order_lag(reference: Array, rate: Array, response: Array) -> float:
    """Delay that makes reference - lag·rate fit the response best, in the least-squares sense.

    The first terms of the Taylor series of a delayed reference; constant offsets of each column are taken out first.

    Args:
        reference: Shape (T,) or (T, k).
        rate: Its derivative, same shape [1/s].
        response: Same shape.

    Returns:
        The lag [s]; NaN when nothing moves or there are no rows.
    """
    if not len(reference):
        return np.nan
    behind = reference - response
    behind = behind - behind.mean(axis=0)
    moved = rate - rate.mean(axis=0)
    power = float(np.sum(moved * moved))
    return float(np.sum(behind * moved)) / power if power > STILL * moved.size else np.nan


def lag_and_gain(reference: Array, response: Array, period: float, longest: float = 0.2) -> tuple[float, float]:
    """Delay and gain that make gain·reference(t - lag) + constant fit the response best, in the least-squares sense.

    The residual is sought on whole ticks and then through the parabola over the best one and its neighbours.

    Args:
        reference: Shape (T,).
        response: Shape (T,).
        period: Time from row to row [s].
        longest: Greatest lag that is looked at [s]; negative ones are looked at to a quarter of it.

    Returns:
        The lag [s] and the gain [1]; NaN when the reference does not move, or there are too few rows.
    """
    most = round(longest / period) if period > 0 else 0
    least = most // 4
    rows = len(reference) - most - least
    if rows < 2 or np.isnan(reference).any() or np.isnan(response).any():
        return np.nan, np.nan
    answer = response[most : most + rows]
    answer = answer - answer.mean()
    windows = np.lib.stride_tricks.sliding_window_view(reference, rows)[: most + least + 1]
    means = windows.mean(axis=1)
    products = windows @ answer
    squares = np.einsum("ij,ij->i", windows, windows) - rows * means * means
    if squares.min() < STILL * rows:
        return np.nan, np.nan
    explained = products * products / squares
    best = int(np.argmax(explained))
    shift = 0.0
    if 0 < best < len(explained) - 1:
        before, here, after = explained[best - 1 : best + 2]
        bend = before - 2.0 * here + after
        shift = 0.5 * float((before - after) / bend) if bend < 0 else 0.0
    return (most - best - shift) * period, float(products[best] / squares[best])
