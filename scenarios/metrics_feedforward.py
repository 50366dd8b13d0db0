"""Metrics of what is fed forward, as it shows in the ride: torque on the bar by its error, push on the pedals by speed.

Joint stiffness and the feed-forward of the arms both hold the bar, and the legs' push answers to the speed only over
seconds; what of it a gain does is seen where it is decided, not in what becomes of it. All leave out the first second;
a ride that ends within half a second after that has none of them (NaN).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from scenarios.limbs import joints, under_way
from scenarios.metric import Metric, tick
from scenarios.metrics_tracking import pedalling

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_GAP = 5
"""Ticks over which changes are fitted; the slow changes of posture and weight drop out of them."""
_HARMONICS = 4
"""Of the crank angle, by which the torque at the crank varies within a turn."""


def _fit(known: Array, answer: Array) -> Array:
    """Least-squares coefficients, shape (k,) or (k, m); NaN where something known never moves or there are no rows."""
    nothing = np.full(known.shape[1:] + answer.shape[1:], np.nan)
    if len(known) <= known.shape[1] or not (np.isfinite(known).all() and np.isfinite(answer).all()):
        return nothing
    size = np.sqrt(np.mean(known * known, axis=0))
    if (size == 0.0).any():
        return nothing
    found, _, rank, _ = np.linalg.lstsq(known / size, answer, rcond=None)
    return np.asarray((found.T / size).T) if rank == known.shape[1] else nothing


_ARMS = ("bar_stiffness", "bar_damping", "bar_place", "brace_stiffness", "brace_damping")
"""What the torque of the arms is fitted by: the steer angle's error, that of its rate, where the bars are to be, and
roll and roll rate of the pelvis on the saddle, against which the hands brace."""


def arm_gain(name: str, log: RunLog, context: RideContext) -> float:
    """How much feed-forward torque of the arms something calls for that is in `_ARMS`; NaN if it never moves.

    Norm over the arms' joints of the torque by 1 rad or 1 rad/s of it [Nm/rad, Nm·s/rad].
    """
    rows, columns = under_way(log), joints(context, "arm")
    reference = log["reference_steer"]
    if len(reference[rows]) <= _GAP or not columns.size:
        return np.nan
    rate = np.diff(reference, prepend=reference[0]) / tick(log)
    known = np.column_stack(
        (
            reference - log["estimate_steer"],
            rate - log["estimate_steer_rate"],
            reference,
            log["estimate_rock"],
            log["braced_rock_rate"],
        )
    )[rows]
    torque = log["command_torque"][rows, columns]
    # What is decided at a row is logged as applied in the period that follows the next state.
    late = 1
    change = known[_GAP:-late] - known[: -_GAP - late]
    answer = torque[_GAP + late :] - torque[late:-_GAP]
    moves = (change != 0.0).any(axis=0)
    gains = np.full((len(_ARMS), answer.shape[1]), np.nan)
    gains[moves] = _fit(change[:, moves], answer)
    return float(np.linalg.norm(gains[_ARMS.index(name)]))


def pedal_gain(which: Literal["speed", "integral"], log: RunLog, context: RideContext) -> float:
    """How much torque at the crank, mean over a turn, a lack of speed and its integral call for [Nm·s/m, Nm/m]."""
    rows = pedalling(log, context)
    if rows.size < 2 or np.any(np.diff(rows) != 1):
        rows = _longest(rows)
    lack = log["reference_speed"][rows] - log["estimate_speed"][rows]
    crank = log["estimate_crank_angle"][rows]
    turn = np.column_stack([f(2 * k * crank) for k in range(1, _HARMONICS // 2 + 1) for f in (np.cos, np.sin)])
    level = np.column_stack((np.ones(rows.size), lack, np.cumsum(lack) * tick(log)))
    known = np.column_stack((level, *(level * wave[:, None] for wave in turn.T)))
    return float(_fit(known, log["reference_crank_torque"][rows])[1 if which == "speed" else 2])


def _longest(rows: Array) -> Array:
    """The longest run of successive rows."""
    parts = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)
    return max(parts, key=len)


METRICS = (
    *(
        Metric(name, unit, "neither", f"torque fed to the arms by {about}", partial(arm_gain, name))
        for name, unit, about in (
            ("bar_stiffness", "Nm/rad", "steer error"),
            ("bar_damping", "Nm·s/rad", "error of its rate"),
            ("brace_stiffness", "Nm/rad", "roll of the pelvis on the saddle"),
            ("brace_damping", "Nm·s/rad", "its rate"),
        )
    ),
    Metric(
        "pedal_speed_gain", "Nm·s/m", "neither", "torque at the crank by lack of speed", partial(pedal_gain, "speed")
    ),
    Metric(
        "pedal_integral_gain", "Nm/m", "neither", "torque at the crank by its integral", partial(pedal_gain, "integral")
    ),
)
