"""A fall: when it is one, and how the body then folds, softly and damped."""

from __future__ import annotations

from math import cos

import numpy as np
from numpy.typing import NDArray

from robot import Body, JointCommand, RobotModel, RobotState

Array = NDArray[np.float64]

TILT = 0.8
"""From which on pelvis or torso does not come back [rad]."""
_PATIENCE = 0.02
"""For how long that must be so [s]."""
_IN_THE_AIR = 0.25
"""For how long neither foot may bear [s]."""
_FOLD_TIME = 0.6
"""After which the joints are damped alone [s]."""


class FallWatch:
    """Tells when the body has lost its balance for good."""

    def __init__(self, period: float) -> None:
        """Take the time between two ticks [s]."""
        self._period = period
        self._limit = cos(TILT)
        self.reset()

    def reset(self) -> None:
        """Stand upright."""
        self._tilted, self._flying = 0.0, 0.0

    def falls(self, pelvis_up: float, torso_up: float, load: float) -> bool:
        """Whether it is a fall.

        Args:
            pelvis_up: Upward share of the pelvis' z axis [1].
            torso_up: Of the torso's [1].
            load: On both feet together [N].
        """
        self._tilted = self._tilted + self._period if min(pelvis_up, torso_up) < self._limit else 0.0
        self._flying = self._flying + self._period if load < 30.0 else 0.0
        return self._tilted > _PATIENCE or self._flying > _IN_THE_AIR


class Protection:
    """Folds the body from where it is, and lets it come to rest damped."""

    def __init__(self, model: RobotModel, body: Body) -> None:
        self._folded = body.folded
        self._stiffness = np.minimum(0.5 * model.drives.stiffness, body.stiffness)
        self._damping = model.drives.damping.copy()
        self._none = np.zeros(model.size)
        self._begin = 0.0
        self._from = self._folded.copy()

    def begin(self, state: RobotState) -> None:
        """Start from a state."""
        self._begin, self._from = state.time, state.joint_position.copy()

    def command(self, state: RobotState) -> JointCommand:
        """The command for a state."""
        share = min(1.0, (state.time - self._begin) / (0.5 * _FOLD_TIME))
        target = self._from + share * (self._folded - self._from)
        folding = state.time - self._begin < _FOLD_TIME
        stiffness = self._stiffness if folding else self._none
        return JointCommand(state.time, target, self._none, self._none, stiffness, self._damping)
