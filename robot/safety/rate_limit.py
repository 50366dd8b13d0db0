"""How far position and feed-forward torque may go in one tick."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.command_clamp import POSITION, TORQUE
from robot.limits import JointLimits
from robot.safety.limits import SafetyLimits

Array = NDArray[np.float64]


class RateLimit:
    """Keeps position and feed-forward torque of a command near those of the last one."""

    def __init__(self, joints: JointLimits, limits: SafetyLimits, period: float) -> None:
        """Take the rates; `period` is that of the ticks [s]."""
        self.position: Array = limits.position_rate * joints.velocity * period
        """Greatest step of a position in a tick, shape (n,) [rad]."""
        self.torque: Array = joints.effort * (period / limits.torque_rise)
        """Greatest step of a feed-forward torque in a tick, shape (n,) [Nm]."""
        self._near = np.empty(len(joints))

    def apply(self, block: Array, last: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Bring a command near the last one, both of shape (5, n); which positions and torques had to be, (n,) each."""
        return (
            self._bring(block[POSITION], last[POSITION], self.position),
            self._bring(block[TORQUE], last[TORQUE], self.torque),
        )

    def _bring(self, asked: Array, last: Array, step: Array) -> NDArray[np.bool_]:
        near = self._near
        np.minimum(asked, last + step, out=near)
        np.maximum(near, last - step, out=near)
        moved: NDArray[np.bool_] = near != asked
        asked[:] = near
        return moved
