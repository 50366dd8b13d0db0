"""When a run counts as a fall, by the truth, and how long it is watched after that."""

from __future__ import annotations

from collections.abc import Callable
from math import cos
from typing import TYPE_CHECKING

import numpy as np

from scenarios.metrics_course import FALL_ROLL

if TYPE_CHECKING:
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

Watch = Callable[[int], bool]
"""Tells of a row whether it is one of a fall."""

FALL_TILT = 1.0
"""Inclination of pelvis or torso beyond which a body on its feet counts as fallen [rad]."""
FALL_HEIGHT = 0.25
"""Height of the pelvis above the lower sole below which it does [m]."""
LINGER = 1.0
"""Time for which the world goes on after a fall on foot, to log how the body goes down [s]."""
LINGER_RIDE = 2.0
"""The same after the fall of a ride, until body and bicycle lie still [s]."""


def watch_ride(log: RunLog) -> Watch:
    """A ride has fallen when a part that is no foot and no wheel touches the ground, or the roll is too great."""
    roll, contact = log["truth_roll"], log["truth_body_ground_contact"]
    return lambda row: contact[row] > 0 or abs(roll[row]) > FALL_ROLL


def watch_on_foot(log: RunLog) -> Watch:
    """A body on its feet has fallen when another part touches the ground, or it is too inclined, or too low."""
    contact = log["truth_body_ground_contact"]
    pelvis, torso = log["truth_robot_orientation"], log["truth_torso_orientation"]
    height, soles = log["truth_robot_position"], log["truth_foot_position"]
    least = cos(FALL_TILT)

    def upright(orientation: Array) -> bool:
        return bool(1.0 - 2.0 * (orientation[0] ** 2 + orientation[1] ** 2) > least)

    def fallen(row: int) -> bool:
        low = height[row, 2] - min(soles[row, 2], soles[row, 5]) < FALL_HEIGHT
        return bool(contact[row] > 0 or low) or not (upright(pelvis[row]) and upright(torso[row]))

    return fallen


def fall_row(log: RunLog) -> int | None:
    """The first row of a fall on foot; None where nobody fell."""
    tilt = [
        1.0 - 2.0 * (log[f"truth_{part}_orientation"][:, :2] ** 2).sum(axis=1) <= cos(FALL_TILT)
        for part in ("robot", "torso")
    ]
    above = log["truth_robot_position"][:, 2] - log["truth_foot_position"][:, [2, 5]].min(axis=1)
    fallen = (log["truth_body_ground_contact"] > 0) | (above < FALL_HEIGHT) | tilt[0] | tilt[1]
    return int(np.argmax(fallen)) if fallen.any() else None
