"""All sensors of the body at once: the robot state at the end of a control tick."""

from __future__ import annotations

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import ImuReading, LocalizationFix, RobotState
from sim.physics import GRAVITY
from sim.pose import cross
from sim.robot_body import RobotBody
from sim.sensors import Imu, SensorParameters

Array = NDArray[np.float64]


class Senses:
    """Encoders, two IMUs, and a localisation that is ideal."""

    def __init__(self, robot: RobotBody, parameters: SensorParameters, rng: np.random.Generator, period: float) -> None:
        """Mount the sensors on a body; `period` is the time between two readings [s]."""
        self._robot, self._parameters, self._rng, self._period = robot, parameters, rng, period
        self._mounts: list[tuple[int, Array, Imu]] = []
        for frame in ("pelvis_imu", "torso_imu"):
            link, origin, rotation = robot.link_of(frame)
            self._mounts.append((link, origin, Imu(rotation, parameters, rng)))
        self._velocity: list[Array | None] = [None, None]

    def read(self, time: float, motor_torque: Array) -> RobotState:
        """What the sensors say now."""
        robot, p = self._robot, self._parameters
        noise = self._rng.standard_normal((2, robot.position.size))
        return RobotState(
            time=time,
            joint_position=robot.position + p.joint_position_noise * noise[0],
            joint_velocity=robot.velocity + p.joint_velocity_noise * noise[1],
            joint_torque=motor_torque,
            pelvis_imu=self._read_imu(0),
            torso_imu=self._read_imu(1),
            localization=LocalizationFix(time, np.array(robot.base.read()[0])),
        )

    def _read_imu(self, which: int) -> ImuReading:
        link, origin, imu = self._mounts[which]
        if link < 0:
            position, orientation, linear, angular = self._robot.base.read()
            centre = position
        else:
            state = pybullet.getLinkState(
                self._robot.id, link, computeLinkVelocity=1, physicsClientId=self._robot.physics.id
            )
            centre, position, orientation, linear, angular = state[0], state[4], state[5], state[6], state[7]
        rotation = np.array(pybullet.getMatrixFromQuaternion(orientation)).reshape(3, 3)
        arm = rotation @ origin + position - np.array(centre)
        velocity = np.array(linear) + cross(angular, arm.tolist())
        before = self._velocity[which]
        force = np.zeros(3) if before is None else (velocity - before) / self._period
        force[2] += GRAVITY
        self._velocity[which] = velocity
        return imu.read(rotation, np.array(angular), force)
