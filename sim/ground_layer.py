"""Lays a ground in the physics."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import pybullet

from sim.ground import Blocks, Ground
from sim.physics import Physics
from sim.pose import Triple

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
    tops = blocks.tops()
    _lay_boxes(physics, blocks.start, [(0.0, 0.0, 0.0)])
    while some := list(islice(tops, _SHAPES)):
        _lay_boxes(physics, blocks.side, some)


def _lay_boxes(physics: Physics, side: float, tops: Sequence[Triple]) -> None:
    """Lay square boxes of a side [m] in one body, the middles of their upper sides in world [m]."""
    half = 0.5 * side, 0.5 * side, _HALF_THICKNESS
    shape = pybullet.createCollisionShapeArray(
        shapeTypes=[pybullet.GEOM_BOX] * len(tops),
        halfExtents=[half] * len(tops),
        collisionFramePositions=[(x, y, z - _HALF_THICKNESS) for x, y, z in tops],
        physicsClientId=physics.id,
    )
    body = pybullet.createMultiBody(0.0, shape, physicsClientId=physics.id)
    physics.set_friction(body, -1, physics.settings.ground_friction)
    physics.ground.add(body)
