"""Which links of a body may touch each other."""

from __future__ import annotations

from itertools import combinations

import pybullet

from sim.physics import Physics

_EVERYTHING = -1


def let_links_touch(physics: Physics, body: int) -> list[tuple[int, int]]:
    """Let the links of a body that was loaded for it collide with each other, but for those pairs that cannot help it.

    A pair is left out when its two links are neighbours, or overlap while all joints are at zero. Neighbours are found
    in the tree of joints without the links that have no shape: the parent of a link there is the nearest of its
    ancestors that has one, so that a thigh is a neighbour of the pelvis although two drives are between them.

    Call it when the body has just been loaded, all joints at zero.

    Returns:
        The pairs that may touch, as PyBullet's indices of links.
    """
    client = physics.id
    parents = {-1: -1} | {
        link: pybullet.getJointInfo(body, link, physicsClientId=client)[16] for link in range(physics.joint_count(body))
    }
    shaped = [link for link in parents if pybullet.getCollisionShapeData(body, link, physicsClientId=client)]
    touching = []
    for first, second in combinations(shaped, 2):
        kept = second != _ancestor(first, parents, shaped) and first != _ancestor(second, parents, shaped)
        if kept and not _overlap(client, body, first, second):
            touching.append((first, second))
        else:
            pybullet.setCollisionFilterPair(body, body, first, second, 0, physicsClientId=client)
    for link in shaped:
        pybullet.setCollisionFilterGroupMask(body, link, physics.group(body), _EVERYTHING, physicsClientId=client)
    return touching


def _ancestor(link: int, parents: dict[int, int], shaped: list[int]) -> int | None:
    """The nearest ancestor that has a shape; None where there is none."""
    while link != -1:
        link = parents[link]
        if link in shaped:
            return link
    return None


def _overlap(client: int, body: int, first: int, second: int) -> bool:
    return bool(pybullet.getClosestPoints(body, body, 0.0, linkIndexA=first, linkIndexB=second, physicsClientId=client))
