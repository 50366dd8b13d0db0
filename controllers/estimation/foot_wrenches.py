"""What the ground does to the feet, from the torques of the joints: no force sensor is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv

from robot import RobotModel

Array = NDArray[np.float64]

_FRICTION_SPEED = 0.1
"""Speed over which Coulomb friction changes its sign [rad/s]; below it, friction counts for less than its full size."""


@dataclass(frozen=True, slots=True)
class WrenchParameters:
    """How far each equation of motion is trusted: standard deviations of what it leaves unexplained.

    Attributes:
        time_constant: Of the low-pass filter on torques and accelerations [s].
        torque: Of a joint: friction that the model misses, torque constant, noise [Nm].
        base_force: Of the balance of forces on the whole body: masses, loads in the hands, pushes [N].
        base_moment: Of the balance of moments about the pelvis [Nm].
        force: Of a foot's force along an axis before anything is known [N].
        moment: Of its moment about the middle of the sole [Nm].
    """

    time_constant: float = 0.006
    torque: float = 0.5
    base_force: float = 30.0
    base_moment: float = 15.0
    force: float = 400.0
    moment: float = 40.0


class FootWrenches:
    """Wrenches on both soles from the equations of motion, M a + h = Sᵀτ + Jᵀw, by weighted least squares.

    A leg's torques tell its foot's wrench alone, except where the leg is singular: a straight knee bears any load. The
    six equations of the free base, whose acceleration the IMU measures, tell the sum of both wrenches, and close that
    gap. As all forces are felt in the pelvis frame, where gravity is part of what the accelerometer measures, no
    attitude enters.

    With the same first-order filter on τ and on the measured accelerations, Jᵀw is what a momentum observer gives (De
    Luca and Mattone 2003; for legged robots Bledt et al. 2018), as long as M changes little over its time constant:
    the filtered derivative of the velocity is the velocity's high-pass. It costs one recursion of Newton and Euler, and
    neither M nor the Coriolis matrix.

    Joint torque = motor torque - friction, Coulomb and viscous, as the drive file has them.
    """

    def __init__(self, model: RobotModel, period: float, parameters: WrenchParameters) -> None:
        """Prepare for states that come every `period` [s]."""
        floating = model.pinocchio_floating
        self._model = floating.copy()
        self._model.gravity.linear = np.zeros(3)
        self._data = self._model.createData()
        self._origin: Array = pin.neutral(self._model)
        p = parameters
        deviation = np.full(floating.nv, p.torque)
        deviation[:3], deviation[3:6] = p.base_force, p.base_moment
        self._weight = deviation**-2
        self._prior = np.diag(np.tile(np.repeat((p.force, p.moment), 3), 2).astype(np.float64) ** -2)
        self._coulomb, self._viscous = model.drives.coulomb_friction, model.drives.viscous_friction
        self._share = float(-np.expm1(-period / p.time_constant))
        self._rate = 1.0 / period
        nv, n = floating.nv, model.size
        self._velocity, self._before = np.zeros(nv), np.zeros(nv)
        # One filter for all: specific force at the IMU, angular and joint accelerations, joint torques.
        self._input, self._filtered = np.zeros(nv + n), np.zeros(nv + n)
        self._acceleration, self._torque = self._filtered[:nv].copy(), self._filtered[nv:]
        self._started = False
        self.wrench = np.zeros((2, 6))
        """Force [N] and moment about the sole's origin [Nm], along the world's axes, of left and right."""

    @property
    def angular_acceleration(self) -> Array:
        """Of the pelvis in its own frame, low-passed, shape (3,) [rad/s²]."""
        return self._filtered[3:6]

    def reset(self) -> None:
        """Forget the past: the next state stands for it, at rest."""
        self._started = False

    def observe(
        self, force: Array, lever: Array, rate: Array, joints: tuple[Array, Array, Array], periods: int
    ) -> None:
        """Take in a tick.

        Args:
            force: Specific force at the IMU, in the pelvis frame, shape (3,) [m/s²].
            lever: Of the IMU in the pelvis frame, shape (3,) [m].
            rate: Angular velocity of the pelvis in its frame, shape (3,) [rad/s].
            joints: Position [rad], velocity [rad/s] and motor torque [Nm], shape (n,) each.
            periods: Since the tick before.
        """
        position, speed, torque = joints
        velocity, given, filtered = self._velocity, self._input, self._filtered
        nv = velocity.size
        velocity[3:6], velocity[6:] = rate, speed
        if not self._started:
            self._before[:] = velocity
        np.subtract(velocity, self._before, out=given[:nv])
        given[:nv] *= self._rate / periods
        self._before[:] = velocity
        given[:3] = force
        given[nv:] = torque
        if self._started:
            given -= filtered
            given *= self._share
            filtered += given
        else:
            filtered[:] = given
            self._started = True
        acceleration = self._acceleration
        acceleration[:] = filtered[:nv]
        acceleration[:3] -= carried(filtered[3:6], rate, lever)
        self._origin[7:] = position

    def solve(self, jacobian: Array) -> Array:
        """The wrenches at the last tick observed, shape (2, 6); refreshed in place.

        Args:
            jacobian: Of both soles along the world's axes, shape (12, nv).
        """
        speed = self._velocity[6:]
        # In a frame that moves with the pelvis' present velocity the base stands: forces are the same.
        left: Array = pin.rnea(self._model, self._data, self._origin, self._velocity, self._acceleration)
        friction = np.tanh(speed * (1.0 / _FRICTION_SPEED))
        friction *= self._coulomb
        friction += self._viscous * speed
        left[6:] += friction
        left[6:] -= self._torque
        weighted = jacobian * self._weight
        _, wrench, _ = dposv(weighted @ jacobian.T + self._prior, weighted @ left)
        self.wrench[:] = wrench.reshape(2, 6)
        return self.wrench


def carried(angular_acceleration: Array, rate: Array, lever: Array) -> Array:
    """Acceleration of a point on a turning body beyond that of its origin, shape (3,): α × l + ω × (ω × l) [m/s²]."""
    (a, b, c), (p, q, r), (x, y, z) = angular_acceleration.tolist(), rate.tolist(), lever.tolist()
    u, v, w = q * z - r * y, r * x - p * z, p * y - q * x
    return np.array((b * z - c * y + q * w - r * v, c * x - a * z + r * u - p * w, a * y - b * x + p * v - q * u))
