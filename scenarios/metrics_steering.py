"""Metrics of the steering law, as it shows in the ride: how the asked steer angle answers to each thing it depends on.

The rate of the asked steer angle is fitted, by least squares over the changes within 10 ms, with what the rider
believed of its state and with the course ahead, as one identifies how a human rider steers (Moore 2012, "Human control
of a bicycle"). A gain that has become another one shows here long before a ride goes wrong, because feedback makes up
for it. What the swing of the legs adds to lean and roll rate, which the rider takes off, is fitted along with them as
two harmonics of the crank angle. Where a limit of the law sets the rate, as while bars turn back in time, no gain
does: changes that a fit leaves farther off than three robust deviations are left out of the next (trimmed least
squares, Rousseeuw and Leroy 1987, "Robust regression and outlier detection"). The fit leaves out the first second; a
ride that ends within half a second after that, or in which something never moves, as the course ahead on a straight
line, does not have the gain of it (NaN).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scenarios.fits import rms_or_nan
from scenarios.limbs import under_way
from scenarios.metric import Metric, tick

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_AHEAD = np.array((0.0, 0.5, 1.0, 1.5, 2.5))
"""Times ahead between which the gain of the course ahead is taken as linear [s]."""
_LOOK = 0.1
"""Time from one look at the course ahead to the next [s]."""
_GAP = 5
"""Ticks over which changes are fitted. Slow things, as a gain's change with the speed, drop out of them."""
_STATE = ("offset", "heading", "lean", "roll_rate", "steer", "steer_rate", "command")
_SWING = (1, 3)
"""Harmonics of the crank angle in which two legs that are alike swing."""
_FAR = 3.0 * 1.4826
"""Median distances from the fit, beyond which a change is not the law's: three standard deviations of normal ones."""
_FITS = 20
"""Fits after which those changes are taken for known, if they still differ."""
_ALONE = 0.1
"""Leverage from which a change is left out: the weight that it has in what the fit says of itself [1]."""
_FEWEST = 4
"""Changes for each gain, below which none is found."""
_MOVES = 0.01
"""Share of its motion that something must have in the changes that are fitted, to have a gain [1]."""
_STRAIGHT = 1e-5
"""Mean square of curvature below which a course ahead is straight [1/m²]."""


def steering_law(log: RunLog, context: RideContext) -> dict[str, float]:
    """Gains by which the asked steer angle's rate answers, by name, and how they explain it.

    Units are those of the metrics; the gain of the course ahead is the integral of its gain over the time ahead.
    """
    nothing = dict.fromkeys(
        (*(f"{name}_gain" for name in (*_STATE, "preview")), "residual_rms", "limited_share"), np.nan
    )
    rows = under_way(log)
    reference = log["reference_steer"]
    if len(reference[rows]) <= _GAP:
        return nothing
    before = np.concatenate((reference[:1], reference[:-1]))
    heading, ahead = _course(log, context)
    state = np.column_stack(
        (
            log["estimate_lateral_error"],
            log["estimate_heading"] - heading,
            log["estimate_lean"],
            log["steered_roll_rate"],
            log["estimate_steer"],
            log["estimate_steer_rate"],
            before,
        )
    )
    bends = float(np.mean(ahead[rows] ** 2)) > _STRAIGHT
    turned = np.outer(log["estimate_crank_angle"], _SWING)
    swing = np.column_stack((np.cos(turned), np.sin(turned)))
    known = _change(np.column_stack((state, ahead, swing) if bends else (state, swing))[rows])
    rate = _change((reference - before)[rows] / tick(log))
    size = np.sqrt(np.mean(known * known, axis=0))
    if not np.isfinite(size).all() or not np.isfinite(rate).all() or (size[: len(_STATE)] == 0.0).any():
        return nothing
    size[size == 0.0] = 1.0
    gains, far = _trimmed(known / size, rate)
    gains /= size
    named = {f"{name}_gain": float(gain) for name, gain in zip(_STATE, gains, strict=False)}
    nodes = slice(len(_STATE), len(_STATE) + _AHEAD.size)
    named["preview_gain"] = float(gains[nodes] @ (_LOOK * _weights().sum(axis=0))) if bends else np.nan
    named["residual_rms"] = rms_or_nan((rate - known @ np.nan_to_num(gains))[~far])
    named["limited_share"] = float(np.mean(far))
    return named


def _trimmed(known: Array, rate: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Least squares without what is far from it, shape (k,), and where that is, shape (T,).

    Columns of `known` have an RMS of 1. Changes on which a gain hangs alone are left out as well, for the fit goes
    through them wherever they are; what hardly moves in the rest has no gain (NaN).
    """
    far = np.zeros(len(rate), dtype=np.bool_)
    alone = far.copy()
    for _ in range(_FITS):
        used = ~(far | alone)
        near = known[used]
        if len(near) < _FEWEST * near.shape[1]:
            return np.full(near.shape[1], np.nan), far
        moves = np.sqrt(np.mean(near * near, axis=0)) > _MOVES
        base, upper = np.linalg.qr(near[:, moves])
        gains = np.linalg.lstsq(upper, base.T @ rate[used], rcond=None)[0]
        distance = np.abs(rate - known[:, moves] @ gains)
        before, far = far, distance > _FAR * np.median(distance)
        leverage = np.sum(base * base, axis=1) > _ALONE
        alone[used] = leverage
        if np.array_equal(before, far) and not leverage.any():
            break
    every = np.full(len(moves), np.nan)
    every[moves] = gains
    return every, far


def _change(values: Array) -> Array:
    return values[_GAP:] - values[:-_GAP]


def _looks() -> Array:
    return np.arange(0.5 * _LOOK, _AHEAD[-1], _LOOK)


def _weights() -> Array:
    """How much each look counts for each node of the piecewise linear gain, shape (looks, nodes)."""
    return np.column_stack([np.interp(_looks(), _AHEAD, node) for node in np.eye(_AHEAD.size)])


def _course(log: RunLog, context: RideContext) -> tuple[Array, Array]:
    """Heading of the course beside the rider, shape (T,) [rad], and curvature ahead by nodes, (T, nodes) [s/m]."""
    steps = np.diff(context.course_points, axis=0)
    spacing = float(np.mean(np.linalg.norm(steps, axis=1)))
    direction = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    places = spacing * (np.arange(len(direction)) + 0.5)
    curvature = np.gradient(direction, places) if len(direction) > 1 else np.zeros(1)
    along, speed = log["estimate_progress"], log["estimate_speed"]
    seen = np.column_stack([np.interp(along + speed * look, places, curvature, right=0.0) for look in _looks()])
    return np.interp(along, places, direction), _LOOK * seen @ _weights()


def found(name: str, log: RunLog, context: RideContext) -> float:
    """One figure of the law."""
    return context.share("steering_law", lambda: steering_law(log, context))[name]


METRICS = (
    *(
        Metric(
            f"steering_{name}_gain",
            unit,
            "neither",
            f"rate of the asked steer angle by {about}",
            partial(found, f"{name}_gain"),
        )
        for name, unit, about in (
            ("offset", "rad/(m·s)", "the offset from the course"),
            ("heading", "1/s", "the heading error"),
            ("lean", "1/s", "the lean"),
            ("roll_rate", "1", "the roll rate"),
            ("steer", "1/s", "the steer angle"),
            ("steer_rate", "1", "the steer rate"),
            ("command", "1/s", "the asked steer angle"),
            ("preview", "m/s²", "the curvature ahead"),
        )
    ),
    Metric(
        "steering_residual_rms",
        "rad/s",
        "neither",
        "what no gain of the steering explains, where limits do not",
        partial(found, "residual_rms"),
    ),
    Metric(
        "steering_limited_share",
        "1",
        "lower",
        "share of the ride in which limits of the law set the bars",
        partial(found, "limited_share"),
    ),
)
