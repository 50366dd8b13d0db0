"""All sensors of the body at once: the robot state at the end of a control tick."""

from __future__ import annotations

from robot import RobotState
from sim.drives import DriveReport
from sim.localization import Localization
from sim.noise import stream
from sim.pose import LinkFrame
from sim.robot_body import RobotBody
from sim.sensors import Imu, SensorParameters


class Senses:
    """What the drives report, two IMUs, and a localisation."""

    def __init__(self, robot: RobotBody, torso: LinkFrame, parameters: SensorParameters, period: float) -> None:
        """Mount the sensors.

        Args:
            robot: The body.
            torso: Frame of its torso link.
            parameters: How good the sensors are.
            period: Time between two readings [s].
        """
        self._pelvis_imu, self._torso_imu = (
            Imu(frame, *robot.link_of(name)[1:], parameters.imu, stream(parameters.seed, name), period)
            for frame, name in ((robot.base, "pelvis_imu"), (torso, "torso_imu"))
        )
        self._localization = (
            Localization(parameters.localization, robot.base, stream(parameters.seed, "localization"), period)
            if parameters.localization
            else None
        )

    def read(self, time: float, joints: DriveReport) -> RobotState:
        """What the sensors say, once in each tick; the frames of pelvis and torso must have been read."""
        return RobotState(
            time=time,
            joint_position=joints.position,
            joint_velocity=joints.velocity,
            joint_torque=joints.torque,
            pelvis_imu=self._pelvis_imu.read(),
            torso_imu=self._torso_imu.read(),
            localization=self._localization.read(time) if self._localization else None,
        )
