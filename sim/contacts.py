"""Who touches whom: contact forces sorted into feet, saddle, ground and what should not touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pybullet

from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL, BicycleBody
from sim.robot_body import RobotBody
from sim.truth import Truth

_LEFT_FOOT, _RIGHT_FOOT, _SADDLE = range(3)


class ContactReader:
    """Reads the contacts of the last step into the truth."""

    def __init__(self, robot: RobotBody, bicycle: BicycleBody) -> None:
        self._robot, self._bicycle = robot, bicycle
        self._client = robot.physics.id
        feet = (robot.links["left_ankle_roll_link"], robot.links["right_ankle_roll_link"])
        self._feet = {link: side for side, link in enumerate(feet)}
        self._seat = {
            (feet[0], bicycle.links["left_pedal"]): _LEFT_FOOT,
            (feet[1], bicycle.links["right_pedal"]): _RIGHT_FOOT,
            (-1, -1): _SADDLE,
        }
        self.ground: Sequence[tuple[Any, ...]] = ()
        """PyBullet's contact points of the rider with the ground at the last step, the rider as body A."""
        self._wheels = {bicycle.joint_index[REAR_WHEEL]: 0, bicycle.joint_index[FRONT_WHEEL]: 1}

    def look(self) -> None:
        """Take the rider's contacts with the ground of the step that has just been made."""
        self.ground = self._robot.physics.ground_contacts(self._robot.id)

    def read(self, truth: Truth) -> None:
        """Refresh the contact forces and flags of the truth; the bicycle must have weighed its wheels."""
        on_rider, truth.body_bicycle_contact = self._on_rider()
        truth.foot_force[:3], truth.foot_force[3:] = on_rider[_LEFT_FOOT], on_rider[_RIGHT_FOOT]
        truth.saddle_force[:] = on_rider[_SADDLE]
        on_wheels, fallen = self._on_wheels()
        truth.ground_force[:3], truth.ground_force[3:] = on_wheels
        truth.body_ground_contact = float(self._feet_on_ground(truth) or fallen)

    def _on_rider(self) -> tuple[list[list[float]], float]:
        """Forces on left foot, right foot and seat in world [N]; normal forces where nothing should touch [N]."""
        forces = [[0.0, 0.0, 0.0] for _ in range(3)]
        stray = 0.0
        for contact in pybullet.getContactPoints(self._robot.id, self._bicycle.id, physicsClientId=self._client):
            if not contact[9]:
                continue
            part = self._seat.get(contact[3:5])
            if part is None:
                stray += contact[9]
            else:
                add_force(contact, forces[part])
        return forces, stray

    def _on_wheels(self) -> tuple[list[list[float]], bool]:
        """Forces of the ground on rear and front wheel in world [N], and whether it touches any other part."""
        forces = [[0.0, 0.0, 0.0] for _ in range(2)]
        fallen = False
        for contact in self._bicycle.ground_contacts:
            wheel = self._wheels.get(contact[3])
            if wheel is None:
                fallen = True
            else:
                add_force(contact, forces[wheel])
        return forces, fallen

    def _feet_on_ground(self, truth: Truth) -> bool:
        """Refresh the forces of the ground on the feet; returns whether another part of the rider touches it."""
        forces = [[0.0, 0.0, 0.0] for _ in range(2)]
        fallen = False
        for contact in self.ground:
            side = self._feet.get(contact[3])
            if side is None:
                fallen = True
            else:
                add_force(contact, forces[side])
        truth.foot_ground_force[:3], truth.foot_ground_force[3:] = forces
        return fallen


def add_force(contact: tuple[Any, ...], total: list[float]) -> None:
    """Add the force on body A of a PyBullet contact point, in world [N]."""
    normal, _, push, slide_a, along_a, slide_b, along_b = contact[7:14]
    total[0] += push * normal[0] + slide_a * along_a[0] + slide_b * along_b[0]
    total[1] += push * normal[1] + slide_a * along_a[1] + slide_b * along_b[1]
    total[2] += push * normal[2] + slide_a * along_a[2] + slide_b * along_b[2]
