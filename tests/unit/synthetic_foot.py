"""Logs and contexts of runs on foot that never happened: a body that stands still, and what is changed of it."""

from typing import Any

import numpy as np

from controllers.balance.goal import Goal
from scenarios.columns import ROBOT_JOINTS
from scenarios.context import FootContext
from scenarios.foot_columns import FOOT
from scenarios.run_log import RunLog

PERIOD = 0.002
MASS = 45.0
HEIGHT = 0.65
UPRIGHT = (0.0, 0.0, 0.0, 1.0)
STANDING: dict[str, Any] = {
    "estimate_orientation": UPRIGHT,
    "reference_hand": np.nan,
    "reference_pelvis_height": HEIGHT,
    "truth_robot_position": (0.0, 0.0, HEIGHT),
    "truth_robot_orientation": UPRIGHT,
    "truth_torso_orientation": UPRIGHT,
    "truth_com": (0.0, 0.0, 0.68),
    "truth_foot_position": (0.0, 0.1, 0.0, 0.0, -0.1, 0.0),
    "truth_foot_cop": (0.0, 0.1, 0.0, 0.0, -0.1, 0.0),
    "truth_foot_force": (0.0, 0.0, 220.0, 0.0, 0.0, 220.0),
    "truth_hand_position": (0.3, 0.2, 0.8, 0.3, -0.2, 0.8),
}
"""What is not zero of a body that stands on both feet at the origin and faces along x."""


def make_foot_log(rows, **columns):
    """A log in which the body stands still, but for columns given as one value or as one for each row."""
    log = RunLog(rows, FOOT)
    for column in FOOT.columns:
        log[column.name][:] = STANDING.get(column.name, 0.0)
    log["time"][:] = PERIOD * np.arange(rows)
    for name, value in columns.items():
        log[name][:] = value
    return log


def make_foot_context(**changes):
    """A context with joints that may go from -1 to 1, and nothing asked but to stand for ten seconds."""
    context = {
        "joint_names": tuple(f"joint_{index}" for index in range(ROBOT_JOINTS)),
        "joint_lower": np.full(ROBOT_JOINTS, -1.0),
        "joint_upper": np.full(ROBOT_JOINTS, 1.0),
        "mass": MASS,
        "modes": ("stand",),
        "goals": (Goal(10.0),),
    }
    return FootContext(**{**context, **changes})
