"""All sensors of the body at once: the robot state at the end of a control tick."""

from __future__ import annotations

from robot import BodyFrames, RobotState
from robot.body_senses import BodySenses
from sim.drives import DriveReport
from sim.localization import Localization
from sim.noise import stream
from sim.pose import LinkFrame
from sim.robot_body import RobotBody
from sim.sensors import Imu, SensorParameters


class Senses:
    """What the drives report, two IMUs, and a localisation."""

    def __init__(
        self, robot: RobotBody, torso: LinkFrame, frames: BodyFrames, parameters: SensorParameters, period: float
    ) -> None:
        """Mount the sensors.

        Args:
            robot: The body.
            torso: Frame of its torso link.
            frames: The names of its parts.
            parameters: How good the sensors are.
            period: Time between two readings [s].
        """
        self._pelvis_imu, self._torso_imu = (
            Imu(link, *robot.link_of(frame)[1:], parameters.imu, stream(parameters.seed, name), period)
            for link, frame, name in (
                (robot.base, frames.pelvis_imu, "pelvis_imu"),
                (torso, frames.torso_imu, "torso_imu"),
            )
        )
        self._localization = (
            Localization(
                parameters.localization, robot.base, stream(parameters.seed, "localization"), period, parameters.outages
            )
            if parameters.localization
            else None
        )

    def feel(self, time: float) -> BodySenses:
        """What IMUs and localisation say, once in each tick; the frames of pelvis and torso must have been read."""
        return BodySenses(
            self._pelvis_imu.read(),
            self._torso_imu.read(),
            self._localization.read(time) if self._localization else None,
        )

    def read(self, time: float, joints: DriveReport) -> RobotState:
        """What the sensors say, once in each tick; the frames of pelvis and torso must have been read."""
        pelvis, torso, localization = self.feel(time)
        return RobotState(
            time=time,
            joint_position=joints.position,
            joint_velocity=joints.velocity,
            joint_torque=joints.torque,
            pelvis_imu=pelvis,
            torso_imu=torso,
            localization=localization,
            drives=joints.status,
        )
