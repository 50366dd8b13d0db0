"""How hard head, trunk and hands meet the ground: what a fall does to the body, for logs and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from sim.pose import LinkFrame
from sim.robot_body import RobotBody
from sim.truth import Truth

HEAD, TRUNK, LEFT_HAND, RIGHT_HAND = range(4)
_LINKS = {
    "head_pitch_link": HEAD, "torso_link": TRUNK, "pelvis": TRUNK, "left_wrist_roll_link": LEFT_HAND,
    "right_wrist_roll_link": RIGHT_HAND,
}  # fmt: skip
"""Links with a shape, by the part that they are of."""
_HEAD_LINK = "head_pitch_link"


class Impacts:
    """Sorts the ground's normal forces on the body at every step, and reads how fast the head is."""

    def __init__(self, robot: RobotBody, step: float) -> None:
        """Take the body, and the time between two steps of the physics [s]."""
        self._part = {robot.links[name]: part for name, part in _LINKS.items()}
        self._head = LinkFrame(robot.id, robot.links[_HEAD_LINK], robot.physics.id)
        self._step = step
        self._peak = [0.0] * 4
        self.head_impulse = 0.0

    def look(self, contacts: Sequence[tuple[Any, ...]]) -> None:
        """Take in the contacts of the rider with the ground at a step, the rider as body A."""
        if not contacts:
            return
        force = [0.0] * 4
        for contact in contacts:
            part = self._part.get(contact[3])
            if part is not None:
                force[part] += contact[9]
        self._peak = [max(pair) for pair in zip(self._peak, force, strict=True)]
        self.head_impulse += force[HEAD] * self._step

    def read(self, truth: Truth) -> None:
        """Refresh the truth, and begin a new tick."""
        self._head.read()
        vx, vy, vz = self._head.com_velocity
        truth.head_speed = sqrt(vx * vx + vy * vy + vz * vz)
        truth.impact_force[:] = self._peak
        truth.head_impulse = self.head_impulse
        self._peak = [0.0] * 4
