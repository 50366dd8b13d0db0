"""How the pelvis is turned and how it turns: the attitude filter of its IMU, brought to the pelvis and to now."""

from __future__ import annotations

from math import cos, sin

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.rotation import matrix_from_quaternion
from robot import ImuReading, RobotModel

Array = NDArray[np.float64]
Quaternion = tuple[float, float, float, float]


class PelvisAttitude:
    """Orientation and rates of the pelvis frame from an IMU that is mounted askew, arrives late and is held.

    A reading is `delay` old when it arrives, and one period more when it is the same as at the tick before, because
    the unit is slower than the ticks. The orientation is carried on over that age with the gyro's own rate. Roll and
    pitch are the unit's; its heading counts from where `head` set it to zero.

    Attributes:
        quaternion: Pelvis in world now, x, y, z, w.
        rotation: The same as a matrix, shape (3, 3).
        rotation_read: What it was when the reading was true, shape (3, 3).
        age: Of the reading [s].
        rate: Angular velocity in the pelvis frame when the reading was true, shape (3,) [rad/s].
        force: Specific force at the IMU along the axes of the pelvis, shape (3,) [m/s²].
        lever: IMU in the pelvis frame, shape (3,) [m].
    """

    def __init__(self, model: RobotModel, imu: str, period: float, delay: float) -> None:
        """Prepare for the IMU at a frame of the model, read every `period` [s], readings `delay` [s] old."""
        frame = model.pinocchio_floating.frames[model.pinocchio_floating.getFrameId(imu)]
        self._imu_in_pelvis: Array = frame.placement.rotation.copy()
        self.lever: Array = frame.placement.translation.copy()
        x, y, z, w = pin.Quaternion(self._imu_in_pelvis).coeffs().tolist()
        self._pelvis_in_imu: Quaternion = (-x, -y, -z, w)
        self._delay, self._period = delay, period
        self._heading: Quaternion = (0.0, 0.0, 0.0, 1.0)
        self._last: list[float] = []
        self.age = delay
        self.quaternion: Quaternion = (0.0, 0.0, 0.0, 1.0)
        self.rotation, self.rotation_read = np.eye(3), np.eye(3)
        self.rate, self.force = np.zeros(3), np.zeros(3)

    def head(self, zero: float) -> None:
        """Call a heading of the IMU's own world zero [rad]."""
        self._heading = (0.0, 0.0, sin(-0.5 * zero), cos(0.5 * zero))

    def update(self, reading: ImuReading) -> None:
        """Take in what the IMU says at this tick."""
        np.matmul(self._imu_in_pelvis, reading.angular_velocity_imu_in_imu, out=self.rate)
        np.matmul(self._imu_in_pelvis, reading.specific_force_imu_in_imu, out=self.force)
        raw: list[float] = reading.orientation_imu_in_world.tolist()
        self.age = age = self._delay + self._period if raw == self._last else self._delay
        self._last = raw
        x, y, z, w = raw
        read = product(self._heading, product((x, y, z, w), self._pelvis_in_imu))
        self.rotation_read = matrix_from_quaternion(np.array(read))
        a, b, c = self.rate.tolist()
        half = 0.5 * age
        # Below 0.1 rad the half angle's sine is the angle within 1e-4 of it.
        x, y, z, w = product(read, (half * a, half * b, half * c, 1.0))
        scale = (x * x + y * y + z * z + w * w) ** -0.5
        self.quaternion = (scale * x, scale * y, scale * z, scale * w)
        self.rotation = matrix_from_quaternion(np.array(self.quaternion))


def product(first: Quaternion, second: Quaternion) -> Quaternion:
    """The rotation `second` followed by `first`, both quaternions x, y, z, w."""
    ax, ay, az, aw = first
    bx, by, bz, bw = second
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )
