"""Static bodies for what stands on the ground, and how hard robot and bicycle run into them."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, inf, sin

import pybullet

from sim.physics import Physics
from sim.standing import Pillar, Standing

_NEAR = 3.0
"""Farthest that a part of robot or bicycle can be from the bicycle's middle, with room to spare [m]."""
_STATIC, _ALL_BUT_STATIC = 2, -3
"""Bullet's own collision group of what does not move, and what that collides with."""


class StandingBodies:
    """Pillars and walls in a world; they are obstacles from their time on, and until it is over."""

    def __init__(self, physics: Physics, things: Sequence[Standing]) -> None:
        """Put things up.

        Args:
            physics: The world.
            things: What stands there.
        """
        self._client = physics.id
        self._bodies = [(thing, _body(physics, thing)) for thing in things]
        self._passing = [one for one in self._bodies if one[0].since > 0.0 or one[0].until < inf]
        self._there = {body: True for _, body in self._bodies}
        self.change(0.0)

    def change(self, time: float) -> None:
        """Let what is there at a time [s] be in the way, and nothing else."""
        for thing, body in self._passing:
            there = thing.since <= time < thing.until
            if there != self._there[body]:
                self._there[body] = there
                group, mask = (_STATIC, _ALL_BUT_STATIC) if there else (0, 0)
                pybullet.setCollisionFilterGroupMask(body, -1, group, mask, physicsClientId=self._client)

    def force(self, x: float, y: float) -> float:
        """Sum of the normal forces at the last step [N]; x and y are where the bicycle is in the world [m]."""
        total = 0.0
        for thing, body in self._bodies:
            if hypot(x - thing.middle[0], y - thing.middle[1]) < thing.reach + _NEAR:
                for contact in pybullet.getContactPoints(body, physicsClientId=self._client):
                    total += contact[9]
        return total


def _body(physics: Physics, thing: Standing) -> int:
    if isinstance(thing, Pillar):
        shape = pybullet.createCollisionShape(
            pybullet.GEOM_CYLINDER, radius=thing.radius, height=thing.height, physicsClientId=physics.id
        )
        turn = (0.0, 0.0, 0.0, 1.0)
    else:
        half = (0.5 * thing.length, 0.5 * thing.thickness, 0.5 * thing.height)
        shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=physics.id)
        turn = (0.0, 0.0, sin(0.5 * thing.heading), cos(0.5 * thing.heading))
    body: int = pybullet.createMultiBody(
        0.0, shape, basePosition=(*thing.middle, 0.5 * thing.height), baseOrientation=turn, physicsClientId=physics.id
    )
    physics.set_friction(body, -1, physics.settings.ground_friction)
    return body
