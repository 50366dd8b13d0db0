"""Who touches whom on foot: forces and centre of pressure of each sole, falls, and links that touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pybullet

from sim.contacts import add_force
from sim.foot_truth import FootTruth
from sim.robot_body import RobotBody


class FootContacts:
    """The contacts of the last step."""

    def __init__(self, robot: RobotBody, soles: Sequence[str]) -> None:
        """Take the robot, and the frames of its soles: the links that carry them are to touch the ground."""
        self._robot = robot
        self._feet = {robot.link_of(sole)[0]: side for side, sole in enumerate(soles)}
        self.ground: Sequence[tuple[Any, ...]] = ()
        """PyBullet's contact points with the ground, the robot as body A."""

    def look(self) -> None:
        """Take the contacts with the ground of the step that has just been made."""
        self.ground = self._robot.physics.ground_contacts(self._robot.id)

    def read(self, truth: FootTruth) -> None:
        """Refresh forces, centres of pressure and flags of the truth."""
        forces, moments, loads = [[0.0] * 3, [0.0] * 3], [[0.0] * 3, [0.0] * 3], [0.0, 0.0]
        fallen = False
        for contact in self.ground:
            side = self._feet.get(contact[3])
            if side is None:
                fallen = True
                continue
            add_force(contact, forces[side])
            load, moment = contact[9], moments[side]
            loads[side] += load
            for axis, place in enumerate(contact[6]):
                moment[axis] += load * place
        for side, load in enumerate(loads):
            part = slice(3 * side, 3 * side + 3)
            truth.foot_force[part] = forces[side]
            truth.foot_cop[part] = [moment / load for moment in moments[side]] if load > 0.0 else 0.0
        truth.body_ground_contact = float(fallen)
        truth.self_contact = self._on_itself()

    def _on_itself(self) -> float:
        body = self._robot.id
        contacts = pybullet.getContactPoints(body, body, physicsClientId=self._robot.physics.id)
        return float(sum(contact[9] for contact in contacts))
