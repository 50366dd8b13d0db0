"""The law of the joint drives: what torque a drive makes of a command, at the rate of the physics."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot import JointCommand, JointLimits
from robot.drives import DriveTable

Array = NDArray[np.float64]

_FRICTION_SPEED = 0.1
"""Speed over which Coulomb friction changes its sign [rad/s]."""


class DriveBank:
    """All drives of the body: impedance law, torque limit, torque-speed line, friction.

    torque = clip(kp·(position - q) + kd·(velocity - q') + feed-forward) - friction(q'), where the clip is the drive's
    torque limit up to the knee of its torque-speed line and falls linearly to zero at the joint's speed limit. The
    line limits driving only; a drive may always brake with its full torque.
    """

    def __init__(self, limits: JointLimits, drives: DriveTable) -> None:
        self._effort = limits.effort
        self._speed = limits.velocity
        self._slope = 1.0 / (limits.velocity * (1.0 - drives.knee))
        self._coulomb = drives.coulomb_friction
        self._viscous = drives.viscous_friction
        size = len(limits)
        self.motor_torque = np.zeros(size)
        """Torque of the motors after every limit, before friction, shape (n,) [Nm]: what the drives report."""
        self.saturated = 0
        """Number of drives that were at a limit in the last call."""

    def torque(self, command: JointCommand, position: Array, velocity: Array) -> Array:
        """Torque on the joints, shape (n,) [Nm], for measured joint positions [rad] and velocities [rad/s]."""
        asked = (
            command.stiffness * (command.position - position)
            + command.damping * (command.velocity - velocity)
            + command.torque
        )
        speed_share = (self._speed - np.abs(velocity)) * self._slope
        room = self._effort * np.minimum(np.maximum(speed_share, 0.0), 1.0)
        driving = asked * velocity > 0.0
        limit = np.where(driving, room, self._effort)
        motor = np.minimum(np.maximum(asked, -limit), limit)
        self.saturated = int(np.count_nonzero(motor != asked))
        self.motor_torque = motor
        torque: Array = motor - self._coulomb * np.tanh(velocity * (1.0 / _FRICTION_SPEED)) - self._viscous * velocity
        return torque
