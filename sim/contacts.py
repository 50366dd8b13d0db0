"""Who touches whom: contact forces sorted into feet, saddle, ground and what should not touch."""

from __future__ import annotations

import pybullet

from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL, BicycleBody
from sim.robot_body import RobotBody
from sim.truth import Truth


class ContactReader:
    """Reads the contacts of the last step into the truth."""

    def __init__(self, robot: RobotBody, bicycle: BicycleBody) -> None:
        self._robot, self._bicycle = robot, bicycle
        self._client = robot.physics.id
        self._ground = robot.physics.ground
        feet = (robot.links["left_ankle_roll_link"], robot.links["right_ankle_roll_link"])
        pedals = (bicycle.links["left_pedal"], bicycle.links["right_pedal"])
        self._feet = set(feet)
        self._place = {(foot, pedal): 3 * side for side, (foot, pedal) in enumerate(zip(feet, pedals, strict=True))}
        self._wheels = {bicycle.joint_index[REAR_WHEEL]: 0, bicycle.joint_index[FRONT_WHEEL]: 3}

    def read(self, truth: Truth) -> None:
        """Refresh the contact forces and flags of the truth."""
        truth.foot_force[:] = 0.0
        truth.saddle_force[:] = 0.0
        truth.ground_force[:] = 0.0
        stray = fallen = 0.0
        for contact in pybullet.getContactPoints(self._robot.id, self._bicycle.id, physicsClientId=self._client):
            links = (contact[3], contact[4])
            if links in self._place:
                start = self._place[links]
                truth.foot_force[start : start + 3] += _force(contact)
            elif links == (-1, -1):
                truth.saddle_force += _force(contact)
            else:
                stray += contact[9]
        for contact in pybullet.getContactPoints(self._bicycle.id, self._ground, physicsClientId=self._client):
            wheel = self._wheels.get(contact[3])
            if wheel is None:
                fallen = 1.0
            else:
                truth.ground_force[wheel : wheel + 3] += _force(contact)
        for contact in pybullet.getContactPoints(self._robot.id, self._ground, physicsClientId=self._client):
            if contact[3] not in self._feet:
                fallen = 1.0
        truth.body_bicycle_contact = stray
        truth.body_ground_contact = fallen


def _force(contact: tuple[object, ...]) -> tuple[float, float, float]:
    """Force on body A of a PyBullet contact point, in world [N]."""
    normal, push = contact[7], contact[9]
    slide_a, along_a, slide_b, along_b = contact[10:14]
    x, y, z = (
        push * n + slide_a * a + slide_b * b  # type: ignore[operator]
        for n, a, b in zip(normal, along_a, along_b, strict=True)  # type: ignore[call-overload]
    )
    return x, y, z
