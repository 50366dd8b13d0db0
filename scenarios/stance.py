"""How a body on its feet stands at each row of a log, by the truth: what bears it, where the stance frame is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

if TYPE_CHECKING:
    from scenarios.context import FootContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

LOADED = 20.0
"""Vertical force from which on a foot counts as one that bears [N]."""
SETTLE = 0.5
"""Time after a transition from which on a goal is held to its word [s]."""

Flags = NDArray[np.bool_]


def soles(log: RunLog) -> Array:
    """Middle of the left and the right sole in world, shape (T, 2, 3) [m]."""
    return log["truth_foot_position"].reshape(-1, 2, 3)


def loads(log: RunLog) -> Array:
    """Vertical force on the left and the right foot, shape (T, 2) [N]."""
    return log["truth_foot_force"][:, (2, 5)]


def bearing(log: RunLog) -> Flags:
    """Which feet bear, shape (T, 2); both where none does."""
    feet = loads(log) > LOADED
    feet[~feet.any(axis=1)] = True
    return feet


def support(log: RunLog) -> Array:
    """The middle of the soles that bear, in world, shape (T, 3) [m]."""
    share = bearing(log).astype(float)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("ts,tsk->tk", share, soles(log)))


def heading(log: RunLog) -> Array:
    """Mean heading of the soles, shape (T,) [rad]."""
    left, right = log["truth_foot_yaw"].T
    return left + 0.5 * ((right - left + np.pi) % (2.0 * np.pi) - np.pi)


def in_stance(log: RunLog, points: Array) -> Array:
    """Points of the world, shape (T, 3), in the stance frame [m]."""
    away = points - soles(log).mean(axis=1)
    return np.asarray(turned(-heading(log)).apply(away))


def turned(angle: Array) -> Rotation:
    """Turns to the left about the vertical, shape (T,) [rad]."""
    return Rotation.from_euler("z", angle[:, None])


def walking(log: RunLog) -> Flags:
    """At which rows a walk is asked, shape (T,)."""
    return np.asarray((log["reference_velocity"] != 0.0).any(axis=1))


def settled(log: RunLog, context: FootContext) -> list[tuple[int, slice]]:
    """For each goal that is held to its word: its number, and the rows from its transition's end to its own.

    A goal that comes after a walk to a pose begins at a time that nobody knows beforehand, and is left out.
    """
    time = log["time"] - log["time"][0]
    found, begin = [], 0.0
    for number, goal in enumerate(context.goals):
        if goal.seconds is None:
            break
        first, after = np.searchsorted(time, (begin + goal.over + SETTLE - 1e-9, begin + goal.seconds - 1e-9))
        begin += goal.seconds
        if first < after:
            found.append((number, slice(int(first), int(after))))
    return found


def tilt(orientation: Array) -> Array:
    """Inclination against upright of a frame with quaternions x y z w, shape (T,) [rad]."""
    return np.arccos(np.clip(1.0 - 2.0 * (orientation[:, :2] ** 2).sum(axis=1), -1.0, 1.0))
