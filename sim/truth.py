"""What is really the case in the world, for logs and metrics; no controller ever sees it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Truth:
    """The state of the world at the end of a control tick. Arrays are refreshed in place; SI units, world frame.

    Contact forces are those of the last physics step of the tick. Works are totals since time zero [J].
    """

    def __init__(self, robot_joints: int, bicycle_joints: int) -> None:
        self.robot_position = np.zeros(3)
        self.robot_orientation = np.zeros(4)
        self.robot_velocity = np.zeros(6)
        self.robot_joint_position = np.zeros(robot_joints)
        self.robot_joint_velocity = np.zeros(robot_joints)
        self.robot_joint_torque = np.zeros(robot_joints)
        self.winding_temperature = np.zeros(robot_joints)
        self.bicycle_position = np.zeros(3)
        self.bicycle_orientation = np.zeros(4)
        self.bicycle_velocity = np.zeros(6)
        self.bicycle_joint_position = np.zeros(bicycle_joints)
        self.bicycle_joint_velocity = np.zeros(bicycle_joints)
        self.rear_contact = np.zeros(3)
        self.front_contact = np.zeros(3)
        self.roll = 0.0
        self.heading = 0.0
        self.steer = 0.0
        self.speed = 0.0
        self.crank_angle = 0.0
        self.crank_rate = 0.0
        self.foot_force = np.zeros(6)
        self.saddle_force = np.zeros(3)
        self.ground_force = np.zeros(6)
        self.grip_force = np.zeros(2)
        self.grip_closed = np.zeros(2)
        self.drive_torque = 0.0
        self.brake_torque = np.zeros(2)
        self.push = np.zeros(3)
        self.pedal_work = 0.0
        self.resistance_work = 0.0
        self.brake_work = 0.0
        self.push_work = 0.0
        self.ground_work = 0.0
        self.joint_work = 0.0
        self.external_impulse = np.zeros(3)
        self.undeclared_wrench = 0.0
        self.body_ground_contact = 0.0
        self.body_bicycle_contact = 0.0
        self.torque_saturated = 0.0
        self.torque_derated = 0.0
