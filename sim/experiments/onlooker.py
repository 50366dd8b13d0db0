"""Somebody looks at a running world, as a viewer does: reads every link, and draws a picture in the world's client."""

from __future__ import annotations

import pybullet

from sim.world import World


def look_at(world: World, width: int = 64, height: int = 48) -> int:
    """Read where all links and contacts are, and draw the bodies; gives the number of pixels that show one."""
    client = world.physics.id
    for body in (world.robot.id, world.bicycle.id):
        links = range(world.physics.joint_count(body))
        pybullet.getLinkStates(body, links, computeLinkVelocity=1, computeForwardKinematics=1, physicsClientId=client)
        pybullet.getAABB(body, -1, physicsClientId=client)
    pybullet.getContactPoints(physicsClientId=client)
    x, y, z = world.bicycle.base.position
    view = pybullet.computeViewMatrix((x - 2.0, y - 2.0, z + 1.2), (x, y, z + 0.6), (0.0, 0.0, 1.0))
    projection = pybullet.computeProjectionMatrixFOV(50.0, width / height, 0.1, 20.0)
    segmentation = pybullet.getCameraImage(
        width, height, view, projection, renderer=pybullet.ER_TINY_RENDERER, physicsClientId=client
    )[4]
    return sum(1 for body in segmentation.ravel() if body in (world.robot.id, world.bicycle.id))
