"""The law of the joint drives: what torque they make of the command in force, at the rate of the physics."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot import JointLimits
from robot.drives import DriveTable
from sim.drive_frame import STIFFNESS, TORQUE, VELOCITY
from sim.encoders import Encoders
from sim.winding import Windings

Array = NDArray[np.float64]

_FRICTION_SPEED = 0.1
"""Speed over which Coulomb friction changes its sign [rad/s]."""


class DriveLaw:
    """All drives of a body, from the command that is in force to the torque.

    1. reference = kp·(position - q) + kd·(velocity - q') + feed-forward, of q and q' as the drive measures them.
    2. The reference is clipped to the torque limit, which the winding's temperature reduces, and in driving to the
       torque-speed line: the full torque up to the knee, from there in a straight line to zero at the speed limit.
       The line is the supply voltage against the motor's; braking needs none of it.
    3. The motor's torque follows with a first-order lag, T' = bandwidth·(reference - T). The shaft gets its mean over
       the step, which is exact for a reference that stands still during the step, as a drive's current loop is at any
       step of the physics.
    4. torque = true over nominal torque constant · T - coulomb·tanh(q' / 0.1 rad/s) - viscous·q'.

    Call `start`, then at each step `torque`, and `measure` after it; `warm` once a control period, after its steps.
    How a command comes into force is not its business: see `DriveBank`, and `sim/virtual_drives.py`.

    Commands are the five rows of a frame and measurements the two rows of a block: for so few numbers numpy's price is
    by the call.
    """

    def __init__(
        self, limits: JointLimits, drives: DriveTable, step: float, period: float, noise_scale: float,
        rng: np.random.Generator, strength: float = 1.0,
    ) -> None:  # fmt: skip
        """Make the motors of a body.

        Args:
            limits: Torque and speed limits at the shafts.
            drives: Everything else.
            step: Time from one call of `torque` to the next [s].
            period: Time from one call of `warm` to the next [s].
            noise_scale: Factor on what is random; at 0 a report is the plain truth besides.
            rng: Where that comes from.
            strength: Mean of the true torque constants over the nominal ones [1].
        """
        size = len(limits)
        self._effort, none = limits.effort, np.zeros(size)
        self._stall = limits.effort / (1.0 - drives.knee)
        self._slope = -self._stall / limits.velocity
        self._floor, self._ceiling = np.stack((none, -limits.effort)), np.stack((limits.effort, none))
        self._most, self._least = self._ceiling[0], self._floor[1]
        self._caps: Array | None = None
        self._sharpness = np.full(size, 1.0 / _FRICTION_SPEED)
        self._coulomb, self._viscous = drives.coulomb_friction, drives.viscous_friction
        self._exact, self._rng = noise_scale == 0.0, rng
        self._torque_noise = noise_scale * drives.torque_noise
        self._constant = strength * (1.0 + noise_scale * drives.torque_constant_error * rng.standard_normal(size))
        lag = drives.torque_bandwidth * step
        self._keep = np.exp(-lag)
        self._mean = -np.expm1(-lag) / lag
        self._encoders = Encoders(drives, step, noise_scale, rng)
        self.windings = Windings(drives, period)
        """How warm the drives are."""
        self.command = np.zeros((5, size))
        """What is in force: position, velocity, torque, stiffness, damping, the rows of a frame, shape (5, n)."""
        self._target, self._gain = self.command[: VELOCITY + 1], self.command[STIFFNESS:]
        self._feed_forward = self.command[TORQUE]
        self._error, self._limit = np.zeros((2, size)), np.zeros((2, size))
        self._spring, self._damper = self._error
        self._upper, self._lower = self._limit
        self._asked, self._friction, self._torque = np.zeros(size), np.zeros(size), np.zeros(size)
        self._reference, self._squares, self._summed = np.zeros(size), np.zeros(size), 0
        self._cut = np.zeros(size, dtype=np.bool_)
        self.motor_torque = np.zeros(size)
        """Torque of the motors at the end of the last step, as their current tells it, shape (n,) [Nm]."""
        self.saturated = 0
        """Number of drives that were at a limit in the last step."""

    @property
    def derated(self) -> int:
        """Number of drives that are too warm for their full torque."""
        return int(np.count_nonzero(self.windings.share < 1.0))

    def start(self, motion: Array) -> None:
        """Begin with joints at positions [rad] and velocities [rad/s], shape (2, n)."""
        self._encoders.start(motion[0], motion[1])

    def torque(self, velocity: Array) -> Array:
        """Mean torque on the joints over the step that begins, shape (n,) [Nm]; the next call writes it anew.

        Args:
            velocity: True joint velocities, of which torque-speed line and friction depend, shape (n,) [rad/s].
        """
        error, asked, reference, motor = self._error, self._asked, self._reference, self.motor_torque
        np.subtract(self._target, self._encoders.measured, out=error)
        np.multiply(error, self._gain, out=error)
        np.add(self._spring, self._damper, out=asked)
        np.add(asked, self._feed_forward, out=asked)
        self._limit_at(velocity)
        np.maximum(asked, self._lower, out=reference)
        np.minimum(reference, self._upper, out=reference)
        np.not_equal(reference, asked, out=self._cut)
        self.saturated = int(np.count_nonzero(self._cut))
        friction, torque = self._friction, self._torque
        np.subtract(motor, reference, out=motor)
        np.multiply(motor, self._mean, out=torque)
        np.multiply(motor, self._keep, out=motor)
        np.add(motor, reference, out=motor)
        np.add(torque, reference, out=torque)
        np.multiply(torque, torque, out=friction)
        np.add(self._squares, friction, out=self._squares)
        np.multiply(torque, self._constant, out=torque)
        np.multiply(velocity, self._sharpness, out=friction)
        np.tanh(friction, out=friction)
        np.multiply(friction, self._coulomb, out=friction)
        np.subtract(torque, friction, out=torque)
        np.multiply(velocity, self._viscous, out=friction)
        np.subtract(torque, friction, out=torque)
        self._summed += 1
        return torque

    def measure(self, position: Array) -> Array:
        """Read the encoders at the end of a step, the joints being at these positions, shape (n,) [rad].

        Returns:
            Positions [rad] and velocities [rad/s] as measured, shape (2, n); the next call writes it anew.
        """
        self._encoders.read(position)
        return self._encoders.measured

    def warm(self) -> None:
        """Give the windings the heat of the steps since the last call, which are one control period."""
        np.divide(self._squares, self._summed, out=self._squares)
        self.windings.warm(self._squares)
        self._squares.fill(0.0)
        self._summed = 0
        self._refresh_limits()

    def cap(self, drive: int, torque: float | None) -> None:
        """Let a drive make no more than a torque [Nm] from now on; None lets it make its own again."""
        if self._caps is None:
            if torque is None:
                return
            self._caps = np.full(self._effort.size, np.inf)
        self._caps[drive] = np.inf if torque is None else torque
        self._refresh_limits()

    def _refresh_limits(self) -> None:
        """Refresh the torque limits: what the windings leave, and caps."""
        np.multiply(self.windings.share, self._effort, out=self._most)
        if self._caps is not None:
            np.minimum(self._most, self._caps, out=self._most)
        np.negative(self._most, out=self._least)

    def asked(self) -> Array:
        """Torque that the command in force asks at what is measured, whatever the limits are, shape (n,) [Nm]."""
        error = (self._target - self._encoders.measured) * self._gain
        total: Array = error[0] + error[1] + self._feed_forward
        return total

    @property
    def measured(self) -> Array:
        """Positions [rad] and velocities [rad/s] as measured, shape (2, n); `measure` writes it anew."""
        return self._encoders.measured

    def current_torque(self) -> Array:
        """Torque of the motors as the drives tell it from their currents, with its noise, shape (n,) [Nm]."""
        return self.motor_torque + self._torque_noise * self._rng.standard_normal(self.motor_torque.size)

    def _limit_at(self, velocity: Array) -> None:
        """Refresh the greatest and the least torque of each motor [Nm]: the line binds the side that drives."""
        limit, fall = self._limit, self._friction
        np.multiply(velocity, self._slope, out=fall)
        np.add(fall, self._stall, out=self._upper)
        np.subtract(fall, self._stall, out=self._lower)
        np.maximum(limit, self._floor, out=limit)
        np.minimum(limit, self._ceiling, out=limit)
