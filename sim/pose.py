"""Rigid-body arithmetic for readings of PyBullet, on plain tuples: a handful of numbers is quicker without numpy."""

from __future__ import annotations

from collections.abc import Sequence

import pybullet

Triple = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


def rotate(orientation: Sequence[float], vector: Sequence[float]) -> Triple:
    """A vector turned by a unit quaternion x, y, z, w."""
    x, y, z, w = orientation
    vx, vy, vz = vector
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return (
        vx + w * tx + y * tz - z * ty,
        vy + w * ty + z * tx - x * tz,
        vz + w * tz + x * ty - y * tx,
    )


def inverse(orientation: Sequence[float]) -> Quaternion:
    """The inverse of a unit quaternion x, y, z, w."""
    x, y, z, w = orientation
    return (-x, -y, -z, w)


def cross(a: Sequence[float], b: Sequence[float]) -> Triple:
    """Cross product of two 3-vectors."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


class BaseFrame:
    """The base link's own frame of a body; PyBullet speaks of its inertial frame instead."""

    def __init__(self, body: int, client: int) -> None:
        self._body, self._client = body, client
        info = pybullet.getDynamicsInfo(body, -1, physicsClientId=client)
        self._com: Triple = info[3]
        self._inverse = pybullet.invertTransform(info[3], info[4])
        self._inertial = (info[3], info[4])

    def read(self) -> tuple[Triple, Quaternion, Triple, Triple]:
        """Position [m], orientation, and linear [m/s] and angular velocity [rad/s] of the frame's origin, in world."""
        position, orientation = pybullet.getBasePositionAndOrientation(self._body, physicsClientId=self._client)
        position, orientation = pybullet.multiplyTransforms(position, orientation, *self._inverse)
        linear, angular = pybullet.getBaseVelocity(self._body, physicsClientId=self._client)
        sway = cross(angular, rotate(orientation, self._com))
        return position, orientation, (linear[0] - sway[0], linear[1] - sway[1], linear[2] - sway[2]), angular

    def place(self, position: Sequence[float], orientation: Sequence[float], linear: Sequence[float]) -> None:
        """Put the frame somewhere, moving without rotation; for the time before the first step."""
        at = pybullet.multiplyTransforms(position, orientation, *self._inertial)
        pybullet.resetBasePositionAndOrientation(self._body, *at, physicsClientId=self._client)
        pybullet.resetBaseVelocity(self._body, linear, (0.0, 0.0, 0.0), physicsClientId=self._client)
