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

    Positions and velocities are the two rows of one block, and so are upper and lower limits: numpy's price is by the
    call.
    """

    def __init__(self, limits: JointLimits, drives: DriveTable) -> None:
        size = len(limits)
        self._effort = np.stack((limits.effort, -limits.effort))
        self._speed = limits.velocity
        self._slope = 1.0 / (limits.velocity * (1.0 - drives.knee))
        self._coulomb = drives.coulomb_friction
        self._viscous = drives.viscous_friction
        self._gain, self._target, self._feed_forward = np.zeros((2, size)), np.zeros((2, size)), np.zeros(size)
        self._error, self._limit = np.zeros((2, size)), np.zeros((2, size))
        self._asked, self._friction, self._torque = np.zeros(size), np.zeros(size), np.zeros(size)
        self._cut = np.zeros(size, dtype=np.bool_)
        self.motor_torque = np.zeros(size)
        """Torque of the motors after every limit, before friction, shape (n,) [Nm]: what the drives report."""
        self.saturated = 0
        """Number of drives that were at a limit in the last call."""

    def follow(self, command: JointCommand) -> None:
        """Take a command; it holds until the next one."""
        self._gain[0], self._gain[1] = command.stiffness, command.damping
        self._target[0], self._target[1] = command.position, command.velocity
        self._feed_forward[:] = command.torque

    def torque(self, motion: Array) -> Array:
        """Torque on the joints, shape (n,) [Nm]; the next call writes it anew.

        Args:
            motion: Measured joint positions [rad] and velocities [rad/s], shape (2, n).
        """
        velocity, error, asked, motor = motion[1], self._error, self._asked, self.motor_torque
        np.subtract(self._target, motion, out=error)
        np.multiply(error, self._gain, out=error)
        np.add(error[0], error[1], out=asked)
        np.add(asked, self._feed_forward, out=asked)
        upper, lower = self._limit_at(velocity)
        np.maximum(asked, lower, out=motor)
        np.minimum(motor, upper, out=motor)
        np.not_equal(motor, asked, out=self._cut)
        self.saturated = int(np.count_nonzero(self._cut))
        friction, torque = self._friction, self._torque
        np.multiply(velocity, 1.0 / _FRICTION_SPEED, out=friction)
        np.tanh(friction, out=friction)
        np.multiply(friction, self._coulomb, out=friction)
        np.subtract(motor, friction, out=torque)
        np.multiply(velocity, self._viscous, out=friction)
        np.subtract(torque, friction, out=torque)
        return torque

    def _limit_at(self, velocity: Array) -> Array:
        """Greatest and least torque of each motor, shape (2, n) [Nm]: the line binds the side that drives."""
        limit = self._limit
        np.subtract(self._speed, velocity, out=limit[0])
        np.add(self._speed, velocity, out=limit[1])
        np.multiply(limit, self._slope, out=limit)
        np.maximum(limit, 0.0, out=limit)
        np.minimum(limit, 1.0, out=limit)
        return np.multiply(limit, self._effort, out=limit)
