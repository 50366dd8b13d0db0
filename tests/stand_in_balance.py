"""A stand-in for the controller of a body on its feet: it holds a posture, and falls after a while."""

import numpy as np

from controllers.balance.telemetry import BalanceTelemetry
from robot import JointCommand


def standing_posture(model):
    """Joint positions with slightly bent knees, feet parallel, shape (n,) [rad]."""
    posture = np.zeros(model.size)
    for side in ("left", "right"):
        for joint, angle in (("hip_pitch", -0.3), ("knee", 0.6), ("ankle_pitch", -0.3)):
            posture[model.index(f"{side}_{joint}_joint")] = angle
    return posture


class StandIn:
    """Holds every joint at its standing position for as long as its goals take."""

    MODES = ("stand",)

    def __init__(self, model, body, goals, period, stiffness=5.0):
        self.standing = standing_posture(model)
        self.telemetry = BalanceTelemetry()
        self.telemetry.reference_pelvis_height = 0.65
        self._drives, self._stiffness, self._zero = model.drives, stiffness, np.zeros(model.size)
        self._seconds = sum(goal.seconds or 0.0 for goal in goals)
        self._time = 0.0

    @property
    def finished(self):
        return self._time >= self._seconds

    def reset(self, state):
        self._time = 0.0

    def step(self, state):
        self._time = state.time
        drives, factor = self._drives, self._stiffness
        return JointCommand(
            state.time, self.standing, self._zero, self._zero, factor * drives.stiffness, factor * drives.damping
        )
