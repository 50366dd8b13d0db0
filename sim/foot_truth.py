"""What is really the case in the world of a body on its feet, for logs and metrics; no controller ever sees it."""

from __future__ import annotations

import numpy as np

from sim.robot_truth import RobotTruth


class FootTruth(RobotTruth):
    """The state of the robot on its feet at the end of a control tick; of two feet or hands the left comes first.

    Attributes:
        foot_cop: Centre of pressure under each foot, shape (6,) [m]; zeros under a foot that bears nothing.
        foot_position: Middle of each sole, shape (6,) [m].
        foot_yaw: Heading of each sole, shape (2,) [rad].
        foot_slip: Way that each sole slid level over the ground while it bore load, since time zero, shape (2,) [m].
        com: Centre of mass, shape (3,) [m].
        com_velocity: Shape (3,) [m/s].
        hand_position: Centre of each grip, shape (6,) [m].
        hand_orientation: Quaternion x, y, z, w of each grip, shape (8,).
        torso_orientation: Quaternion x, y, z, w.
        self_contact: Sum of the normal forces between links of the robot [N].
    """

    def __init__(self, joints: int) -> None:
        super().__init__(joints)
        self.foot_cop = np.zeros(6)
        self.foot_position = np.zeros(6)
        self.foot_yaw = np.zeros(2)
        self.foot_slip = np.zeros(2)
        self.com = np.zeros(3)
        self.com_velocity = np.zeros(3)
        self.hand_position = np.zeros(6)
        self.hand_orientation = np.tile((0.0, 0.0, 0.0, 1.0), 2)
        self.torso_orientation = np.zeros(4)
        self.self_contact = 0.0
