"""Sensors on a frame that moves as it is told, without any body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from robot.sensor_parts import ImuPart, LocalizationPart
from sim.localization import Localization
from sim.pose import Quaternion, Triple, rotate
from sim.sensors import Imu

Array = NDArray[np.float64]


class GuidedFrame:
    """A frame whose motion is written into its attributes.

    Attributes:
        position: Of its origin in the world [m].
        orientation: Quaternion x, y, z, w.
        linear: Velocity of the origin in the world [m/s].
        angular: Angular velocity in the world [rad/s].
    """

    def __init__(self, orientation: Quaternion = (0.0, 0.0, 0.0, 1.0)) -> None:
        self.position: Triple = (0.0, 0.0, 0.0)
        self.orientation = orientation
        self.linear: Triple = (0.0, 0.0, 0.0)
        self.angular: Triple = (0.0, 0.0, 0.0)

    def velocity_at(self, point: Sequence[float]) -> Triple:
        """Velocity in world [m/s] of a point that is fixed in the frame [m]."""
        x, y, z = rotate(self.orientation, point)
        (vx, vy, vz), (wx, wy, wz) = self.linear, self.angular
        return vx + wy * z - wz * y, vy + wz * x - wx * z, vz + wx * y - wy * x


def spin(part: ImuPart, rates: Array, rng: np.random.Generator, period: float) -> Array:
    """What the gyro of a unit reads about x when it is shaken at rates of shape (k,) [rad/s]: shape (k,) [rad/s]."""
    frame = GuidedFrame()
    unit = Imu(frame, np.zeros(3), np.eye(3), part, rng, period)
    read = np.empty(rates.size)
    for row, rate in enumerate(rates.tolist()):
        frame.angular = (rate, 0.0, 0.0)
        read[row] = unit.read().angular_velocity_imu_in_imu[0]
    return read


def roll_along(
    part: LocalizationPart, speed: float, ticks: int, rng: np.random.Generator, period: float
) -> tuple[Array, Array, Array]:
    """Locate what moves along x at a speed [m/s] from the origin, for a number of ticks.

    Returns:
        Of every fix when it arrives: the time [s], its stamp [s], and its position, shapes (k,), (k,) and (k, 3) [m].
    """
    frame = GuidedFrame()
    frame.linear = (speed, 0.0, 0.0)
    system = Localization(part, frame, rng, period)
    last = None
    arrivals, stamps, places = [], [], []
    for tick in range(ticks):
        time = tick * period
        frame.position = (speed * time, 0.0, 0.0)
        fix = system.read(time)
        if fix is not last and fix is not None:
            arrivals.append(time)
            stamps.append(fix.stamp)
            places.append(fix.position_pelvis_in_world)
            last = fix
    return np.array(arrivals), np.array(stamps), np.array(places).reshape(-1, 3)
