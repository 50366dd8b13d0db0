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

    Positions and velocities are the two rows of one block, and so are upper and lower limits: for so few numbers
    numpy's price is by the call, and broadcasting doubles it.
    """

    def __init__(self, limits: JointLimits, drives: DriveTable) -> None:
        size = len(limits)
        effort, none = limits.effort, np.zeros(size)
        line = effort / (1.0 - drives.knee)
        self._stall = line
        self._slope = -line / limits.velocity
        self._floor, self._ceiling = np.stack((none, -effort)), np.stack((effort, none))
        self._sharpness = np.full(size, 1.0 / _FRICTION_SPEED)
        self._coulomb = drives.coulomb_friction
        self._viscous = drives.viscous_friction
        self._gain, self._target, self._feed_forward = np.zeros((2, size)), np.zeros((2, size)), np.zeros(size)
        self._error, self._limit = np.zeros((2, size)), np.zeros((2, size))
        self._spring, self._damper = self._error
        self._upper, self._lower = self._limit
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
        np.add(self._spring, self._damper, out=asked)
        np.add(asked, self._feed_forward, out=asked)
        self._limit_at(velocity)
        np.maximum(asked, self._lower, out=motor)
        np.minimum(motor, self._upper, out=motor)
        np.not_equal(motor, asked, out=self._cut)
        self.saturated = int(np.count_nonzero(self._cut))
        friction, torque = self._friction, self._torque
        np.multiply(velocity, self._sharpness, out=friction)
        np.tanh(friction, out=friction)
        np.multiply(friction, self._coulomb, out=friction)
        np.subtract(motor, friction, out=torque)
        np.multiply(velocity, self._viscous, out=friction)
        np.subtract(torque, friction, out=torque)
        return torque

    def _limit_at(self, velocity: Array) -> None:
        """Refresh the greatest and the least torque of each motor [Nm]: the line binds the side that drives."""
        limit, fall = self._limit, self._friction
        np.multiply(velocity, self._slope, out=fall)
        np.add(fall, self._stall, out=self._upper)
        np.subtract(fall, self._stall, out=self._lower)
        np.maximum(limit, self._floor, out=limit)
        np.minimum(limit, self._ceiling, out=limit)
