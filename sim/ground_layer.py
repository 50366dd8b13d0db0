"""Lays a ground in the physics."""

from __future__ import annotations

from itertools import islice

import pybullet

from sim.ground import Blocks, Ground
from sim.physics import Physics

_SHAPES = 16
"""Bullet takes so many shapes in one body, and is ten times slower with a body for each block."""
_HALF_THICKNESS = 0.1
"""[m]"""


def lay(physics: Physics, ground: Ground) -> None:
    """Incline or lower the plane of a world, and lay the blocks on it.

    Call it after the bodies are loaded: their collision groups are numbered with them.
    """
    if ground.angle or ground.depth:
        pybullet.resetBasePositionAndOrientation(
            physics.plain, (0.0, 0.0, -ground.depth), ground.orientation, physicsClientId=physics.id
        )
    if ground.blocks is not None:
        _lay_blocks(physics, ground.blocks)


def _lay_blocks(physics: Physics, blocks: Blocks) -> None:
    half = 0.5 * blocks.side, 0.5 * blocks.side, _HALF_THICKNESS
    tops = blocks.tops()
    while some := list(islice(tops, _SHAPES)):
        shape = pybullet.createCollisionShapeArray(
            shapeTypes=[pybullet.GEOM_BOX] * len(some),
            halfExtents=[half] * len(some),
            collisionFramePositions=[(x, y, z - _HALF_THICKNESS) for x, y, z in some],
            physicsClientId=physics.id,
        )
        body = pybullet.createMultiBody(0.0, shape, physicsClientId=physics.id)
        physics.set_friction(body, -1, physics.settings.ground_friction)
        physics.ground.add(body)
