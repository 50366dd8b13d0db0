"""All sensors of the body at once: the robot state at the end of a control tick."""

from __future__ import annotations

import numpy as np

from robot import LocalizationFix, RobotState
from sim.drives import DriveReport
from sim.pose import LinkFrame
from sim.robot_body import RobotBody
from sim.sensors import Imu, SensorParameters


class Senses:
    """What the drives report, two IMUs, and a localisation that is ideal."""

    def __init__(
        self, robot: RobotBody, torso: LinkFrame, parameters: SensorParameters, rng: np.random.Generator,
        period: float,
    ) -> None:  # fmt: skip
        """Mount the sensors.

        Args:
            robot: The body.
            torso: Frame of its torso link.
            parameters: How good the sensors are.
            rng: Where their errors come from.
            period: Time between two readings [s].
        """
        self._robot, self._rng = robot, rng
        self._pelvis_imu, self._torso_imu = (
            Imu(frame, *robot.link_of(name)[1:], parameters, rng, period)
            for frame, name in ((robot.base, "pelvis_imu"), (torso, "torso_imu"))
        )
        self._scale = np.concatenate((self._pelvis_imu.noise_scale, self._torso_imu.noise_scale))

    def read(self, time: float, joints: DriveReport) -> RobotState:
        """What the sensors say now; the frames of pelvis and torso must have been read."""
        robot = self._robot
        errors: list[float] = (self._scale * self._rng.standard_normal(self._scale.size)).tolist()
        return RobotState(
            time=time,
            joint_position=joints.position,
            joint_velocity=joints.velocity,
            joint_torque=joints.torque,
            pelvis_imu=self._pelvis_imu.read(errors[:9]),
            torso_imu=self._torso_imu.read(errors[9:]),
            localization=LocalizationFix(time, np.array(robot.base.position)),
        )
