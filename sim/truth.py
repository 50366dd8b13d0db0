"""What is really the case in the world of a ride, for logs and metrics; no controller ever sees it."""

from __future__ import annotations

import numpy as np

from sim.robot_truth import RobotTruth


class Truth(RobotTruth):
    """The state of robot and bicycle at the end of a control tick."""

    def __init__(self, robot_joints: int, bicycle_joints: int) -> None:
        super().__init__(robot_joints)
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
        self.foot_ground_force = np.zeros(6)
        self.saddle_force = np.zeros(3)
        self.ground_force = np.zeros(6)
        self.grip_force = np.zeros(2)
        self.grip_closed = np.zeros(2)
        self.grip_gap = np.zeros(2)
        self.drive_torque = 0.0
        self.brake_torque = np.zeros(2)
        self.pedal_work = 0.0
        self.resistance_work = 0.0
        self.brake_work = 0.0
        self.ground_work = 0.0
        self.obstacle_force = 0.0
        self.steer_pulse = 0.0
        self.body_bicycle_contact = 0.0
        self.head_speed = 0.0
        self.impact_force = np.zeros(4)
        self.head_impulse = 0.0
