"""What the body's sensors make of the truth: noise and bias, seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot import ImuReading
from sim.physics import GRAVITY
from sim.pose import Quaternion, Triple, inverse, product, rotate

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SensorParameters:
    """Standard deviations at 500 Hz, of a good MEMS attitude unit.

    Attributes:
        attitude_noise: White noise of the attitude about each axis [rad].
        attitude_bias: Spread of its constant error about the two level axes, drawn once a run [rad].
        gyro_noise: [rad/s].
        accelerometer_noise: [m/s²].
    """

    attitude_noise: float = 0.0005
    attitude_bias: float = 0.002
    gyro_noise: float = 0.005
    accelerometer_noise: float = 0.05

    def scaled(self, factor: float) -> SensorParameters:
        """The same sensors with every error multiplied by a factor."""
        return SensorParameters(*(getattr(self, name) * factor for name in self.__slots__))


class Frame(Protocol):
    """A link's frame that moves in the world."""

    orientation: Quaternion
    angular: Triple

    def velocity_at(self, point: Sequence[float]) -> Triple:
        """Velocity in world [m/s] of a point that is fixed in the frame [m]."""
        ...


class Imu:
    """One IMU on a link: turns the link's true motion into readings along the unit's own axes."""

    def __init__(
        self, frame: Frame, origin: Array, rotation_imu_in_link: Array, parameters: SensorParameters,
        rng: np.random.Generator, period: float,
    ) -> None:  # fmt: skip
        """Mount a unit.

        Args:
            frame: The link's.
            origin: Of the unit in the link's frame, shape (3,) [m].
            rotation_imu_in_link: Shape (3, 3).
            parameters: How good it is.
            rng: Where its bias comes from.
            period: Time between two readings [s].
        """
        self._frame, self._period = frame, period
        self._origin: list[float] = origin.tolist()
        self._imu_in_link = quaternion(rotation_imu_in_link)
        bias = parameters.attitude_bias * rng.standard_normal(3) * (1.0, 1.0, 0.0)
        self._bias: list[float] = bias.tolist()
        self._velocity: Triple | None = None
        self.noise_scale = np.repeat(
            (parameters.attitude_noise, parameters.gyro_noise, parameters.accelerometer_noise), 3
        )
        """Standard deviations of what `read` takes, shape (9,)."""

    def read(self, noise: Sequence[float]) -> ImuReading:
        """A reading, with errors of attitude about the world's axes [rad], of gyro [rad/s] and accelerometer [m/s²]."""
        a, b, c, gx, gy, gz, fx, fy, fz = noise
        frame = self._frame
        orientation = product(frame.orientation, self._imu_in_link)
        world_in_imu = inverse(orientation)
        wx, wy, wz = rotate(world_in_imu, frame.angular)
        sx, sy, sz = rotate(world_in_imu, self._specific_force())
        bx, by, bz = self._bias
        return ImuReading(
            _turned(orientation, (bx + a, by + b, bz + c)),
            np.array((wx + gx, wy + gy, wz + gz)),
            np.array((sx + fx, sy + fy, sz + fz)),
        )

    def _specific_force(self) -> Triple:
        """Acceleration less gravity at the unit, in world [m/s²]: the mean since the last reading."""
        velocity = x, y, z = self._frame.velocity_at(self._origin)
        bx, by, bz = self._velocity or velocity
        self._velocity = velocity
        period = self._period
        return (x - bx) / period, (y - by) / period, (z - bz) / period + GRAVITY


def _turned(orientation: Quaternion, turn_in_world: Triple) -> Array:
    """An orientation that a small turn about the world's axes follows, shape (4,)."""
    a, b, c = turn_in_world
    x, y, z, w = product((0.5 * a, 0.5 * b, 0.5 * c, 1.0), orientation)
    norm = sqrt(x * x + y * y + z * z + w * w)
    return np.array((x / norm, y / norm, z / norm, w / norm))


def quaternion(rotation: Array) -> tuple[float, float, float, float]:
    """Unit quaternion x, y, z, w of a rotation matrix (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = rotation.tolist()
    trace = a + e + i
    if trace > 0.0:
        s = 2.0 * sqrt(1.0 + trace)
        return (h - f) / s, (c - g) / s, (d - b) / s, 0.25 * s
    if a > e and a > i:
        s = 2.0 * sqrt(1.0 + a - e - i)
        return 0.25 * s, (b + d) / s, (c + g) / s, (h - f) / s
    if e > i:
        s = 2.0 * sqrt(1.0 + e - a - i)
        return (b + d) / s, 0.25 * s, (f + h) / s, (c - g) / s
    s = 2.0 * sqrt(1.0 + i - a - e)
    return (c + g) / s, (f + h) / s, 0.25 * s, (d - b) / s
