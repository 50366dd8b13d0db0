"""What is really the case with the robot, in every world, for logs and metrics; no controller ever sees it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class RobotTruth:
    """The state of the robot at the end of a control tick. Arrays are refreshed in place; SI units, world frame.

    Contact forces are those of the last physics step of the tick. Works are totals since time zero [J].
    """

    def __init__(self, joints: int) -> None:
        self.robot_position = np.zeros(3)
        self.robot_orientation = np.zeros(4)
        self.robot_velocity = np.zeros(6)
        self.robot_joint_position = np.zeros(joints)
        self.robot_joint_velocity = np.zeros(joints)
        self.robot_joint_torque = np.zeros(joints)
        self.winding_temperature = np.zeros(joints)
        self.foot_force = np.zeros(6)
        self.push = np.zeros(3)
        self.push_work = 0.0
        self.joint_work = 0.0
        self.external_impulse = np.zeros(3)
        self.undeclared_wrench = 0.0
        self.body_ground_contact = 0.0
        self.torque_saturated = 0.0
        self.torque_derated = 0.0
