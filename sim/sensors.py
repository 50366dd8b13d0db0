"""What the body's sensors make of the truth: noise and bias, seeded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot import ImuReading

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SensorParameters:
    """Standard deviations at 500 Hz, of a good MEMS attitude unit and 16-bit encoders.

    Attributes:
        attitude_noise: White noise of the attitude about each axis [rad].
        attitude_bias: Spread of its constant error about the two level axes, drawn once a run [rad].
        gyro_noise: [rad/s].
        accelerometer_noise: [m/s²].
        joint_position_noise: [rad].
        joint_velocity_noise: [rad/s].
    """

    attitude_noise: float = 0.0005
    attitude_bias: float = 0.002
    gyro_noise: float = 0.005
    accelerometer_noise: float = 0.05
    joint_position_noise: float = 0.0001
    joint_velocity_noise: float = 0.01

    def scaled(self, factor: float) -> SensorParameters:
        """The same sensors with every error multiplied by a factor."""
        return SensorParameters(*(getattr(self, name) * factor for name in self.__slots__))


class Imu:
    """One IMU on a link: turns the link's true motion into a reading along the unit's own axes."""

    def __init__(self, rotation_imu_in_link: Array, parameters: SensorParameters, rng: np.random.Generator) -> None:
        self._imu_in_link = rotation_imu_in_link
        self._parameters = parameters
        self._rng = rng
        self._bias = parameters.attitude_bias * rng.standard_normal(3) * (1.0, 1.0, 0.0)
        self._scale = np.repeat((parameters.attitude_noise, parameters.gyro_noise, parameters.accelerometer_noise), 3)

    def read(self, rotation_link_in_world: Array, angular_velocity: Array, specific_force: Array) -> ImuReading:
        """A reading.

        Args:
            rotation_link_in_world: Shape (3, 3).
            angular_velocity: Of the link, in world, shape (3,) [rad/s].
            specific_force: Acceleration less gravity at the unit, in world, shape (3,) [m/s²].
        """
        rotation = rotation_link_in_world @ self._imu_in_link
        noise = self._scale * self._rng.standard_normal(9)
        return ImuReading(
            _turned_quaternion(rotation, self._bias + noise[:3]),
            angular_velocity @ rotation + noise[3:6],
            specific_force @ rotation + noise[6:],
        )


def _turned_quaternion(rotation: Array, turn_in_world: Array) -> Array:
    """Quaternion x, y, z, w of a rotation that a small turn about world axes follows."""
    x, y, z, w = quaternion(rotation)
    a, b, c = 0.5 * turn_in_world
    turned = np.array(
        (x + a * w + b * z - c * y, y + b * w + c * x - a * z, z + c * w + a * y - b * x, w - a * x - b * y - c * z)
    )
    return turned / np.sqrt(turned @ turned)


def quaternion(rotation: Array) -> tuple[float, float, float, float]:
    """Unit quaternion x, y, z, w of a rotation matrix (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = rotation.tolist()
    trace = a + e + i
    if trace > 0.0:
        s = 2.0 * float(np.sqrt(1.0 + trace))
        return (h - f) / s, (c - g) / s, (d - b) / s, 0.25 * s
    if a > e and a > i:
        s = 2.0 * float(np.sqrt(1.0 + a - e - i))
        return 0.25 * s, (b + d) / s, (c + g) / s, (h - f) / s
    if e > i:
        s = 2.0 * float(np.sqrt(1.0 + e - a - i))
        return (b + d) / s, 0.25 * s, (f + h) / s, (c - g) / s
    s = 2.0 * float(np.sqrt(1.0 + i - a - e))
    return (c + g) / s, (f + h) / s, 0.25 * s, (d - b) / s
