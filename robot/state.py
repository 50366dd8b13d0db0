"""What the body can feel: the only input of every controller."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.drive_status import DriveStatus

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImuReading:
    """One reading of an inertial measurement unit.

    Attributes:
        orientation_imu_in_world: Unit quaternion x, y, z, w, shape (4,), from the unit's own attitude filter.
        angular_velocity_imu_in_imu: Shape (3,) [rad/s].
        specific_force_imu_in_imu: What the accelerometer measures, shape (3,) [m/s²]; at rest it points up, 9.81.
    """

    orientation_imu_in_world: Array
    angular_velocity_imu_in_imu: Array
    specific_force_imu_in_imu: Array


@dataclass(frozen=True, slots=True)
class LocalizationFix:
    """Where the pelvis is, as a localisation system outside the body tells it.

    Attributes:
        stamp: Time at which the position was true [s].
        position_pelvis_in_world: Origin of the pelvis frame, shape (3,) [m].
        deviation: Standard deviation of x and of y as the system itself declares it [m].
    """

    stamp: float
    position_pelvis_in_world: Array
    deviation: float = 0.0


@dataclass(frozen=True, slots=True)
class RobotState:
    """What the body can feel at one tick; joints are in the order of the robot model.

    Attributes:
        time: Time of the reading [s].
        joint_position: Shape (n,) [rad].
        joint_velocity: Shape (n,) [rad/s].
        joint_torque: Torque that the drives report, shape (n,) [Nm].
        pelvis_imu: IMU in the pelvis.
        torso_imu: IMU in the torso.
        localization: The latest fix that has arrived, held until the next one does: whether it is new, and how old
            what it says is, its stamp tells. None before the first, and when there is no localisation.
        drives: What the drives say of themselves; None where the bus cannot tell.
    """

    time: float
    joint_position: Array
    joint_velocity: Array
    joint_torque: Array
    pelvis_imu: ImuReading
    torso_imu: ImuReading
    localization: LocalizationFix | None
    drives: DriveStatus | None = None
