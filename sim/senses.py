"""All sensors of the body at once: the robot state at the end of a control tick."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot import RobotState
from sim.localization import Localization
from sim.noise import stream
from sim.pose import LinkFrame
from sim.robot_body import RobotBody
from sim.sensors import Imu, SensorParameters

Array = NDArray[np.float64]


class Senses:
    """Encoders, two IMUs, and a localisation."""

    def __init__(
        self, robot: RobotBody, torso: LinkFrame, parameters: SensorParameters, rng: np.random.Generator,
        period: float,
    ) -> None:  # fmt: skip
        """Mount the sensors.

        Args:
            robot: The body.
            torso: Frame of its torso link.
            parameters: How good the sensors are.
            rng: Where the encoders' errors come from.
            period: Time between two readings [s].
        """
        self._robot, self._rng = robot, rng
        self._pelvis_imu, self._torso_imu = (
            Imu(frame, *robot.link_of(name)[1:], parameters.imu, stream(parameters.seed, name), period)
            for frame, name in ((robot.base, "pelvis_imu"), (torso, "torso_imu"))
        )
        self._localization = (
            Localization(parameters.localization, robot.base, stream(parameters.seed, "localization"), period)
            if parameters.localization
            else None
        )
        self._scale = np.repeat((parameters.joint_position_noise, parameters.joint_velocity_noise), robot.model.size)

    def read(self, time: float, motor_torque: Array) -> RobotState:
        """What the sensors say, once in each tick; the frames of pelvis and torso must have been read."""
        robot = self._robot
        motion = robot.motion
        noise = self._scale * self._rng.standard_normal(self._scale.size)
        sensed = motion + noise.reshape(motion.shape)
        return RobotState(
            time=time,
            joint_position=sensed[0],
            joint_velocity=sensed[1],
            joint_torque=motor_torque,
            pelvis_imu=self._pelvis_imu.read(),
            torso_imu=self._torso_imu.read(),
            localization=self._localization.read(time) if self._localization else None,
        )
