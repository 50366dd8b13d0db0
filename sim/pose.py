"""Rigid-body arithmetic for readings of PyBullet, on plain tuples: a handful of numbers is quicker without numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pybullet
from numpy.typing import NDArray

Array = NDArray[np.float64]
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


def product(first: Sequence[float], second: Sequence[float]) -> Quaternion:
    """The rotation `second` followed by `first`, all unit quaternions x, y, z, w."""
    ax, ay, az, aw = first
    bx, by, bz, bw = second
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


class LinkFrame:
    """A link's own frame in world, as it was when it was last read.

    Bullet's link frames are one step old until somebody asks for its forward kinematics; asking moves the state by
    rounding (2e-9 within a second). So the world reads one link of each body at every tick, and who reads
    more links after that, such as a viewer, changes nothing.

    Attributes:
        position: Of the frame's origin [m].
        orientation: Quaternion x, y, z, w.
        angular: Angular velocity [rad/s].
        com: The link's centre of mass [m].
    """

    position: Triple
    orientation: Quaternion
    angular: Triple
    com: Triple

    def __init__(self, body: int, link: int, client: int) -> None:
        self._body, self._link, self._client = body, link, client
        self.read()

    def read(self) -> None:
        """Refresh every attribute from the physics."""
        state = pybullet.getLinkState(
            self._body, self._link, computeLinkVelocity=1, computeForwardKinematics=1, physicsClientId=self._client
        )
        self.com, _, _, _, self.position, self.orientation, self._com_velocity, self.angular = state

    def velocity_at(self, point: Sequence[float]) -> Triple:
        """Velocity in world [m/s] of a point that is fixed in the frame [m]."""
        x, y, z = rotate(self.orientation, point)
        px, py, pz = self.position
        cx, cy, cz = self.com
        return _carried(self._com_velocity, self.angular, (px + x - cx, py + y - cy, pz + z - cz))


class BaseFrame:
    """The base link's own frame in world, as it was when it was last read; PyBullet speaks of its inertial frame.

    Attributes:
        position: Of the frame's origin [m].
        orientation: Quaternion x, y, z, w.
        linear: Velocity of the frame's origin [m/s].
        angular: Angular velocity [rad/s].
    """

    position: Triple
    orientation: Quaternion
    linear: Triple
    angular: Triple

    def __init__(self, body: int, client: int) -> None:
        self._body, self._client = body, client
        com, orientation = pybullet.getDynamicsInfo(body, -1, physicsClientId=client)[3:5]
        self._com: Triple = com
        self._inertial = com, orientation
        self._inverse = pybullet.invertTransform(com, orientation)
        self.read()

    @property
    def inertial_orientation(self) -> Quaternion:
        """PyBullet's axes of the base (those of its inertia) in the frame, x, y, z, w."""
        return self._inertial[1]

    def read(self) -> None:
        """Refresh every attribute from the physics."""
        inertial = pybullet.getBasePositionAndOrientation(self._body, physicsClientId=self._client)
        self.position, self.orientation = pybullet.multiplyTransforms(*inertial, *self._inverse)
        linear, self.angular = pybullet.getBaseVelocity(self._body, physicsClientId=self._client)
        x, y, z = rotate(self.orientation, self._com)
        self.linear = _carried(linear, self.angular, (-x, -y, -z))

    def velocity_at(self, point: Sequence[float]) -> Triple:
        """Velocity in world [m/s] of a point that is fixed in the frame [m]."""
        return _carried(self.linear, self.angular, rotate(self.orientation, point))

    def place(self, position: Array, orientation: Array, linear: Array) -> None:
        """Put the frame somewhere, moving without rotation; for the time before the first step."""
        at = pybullet.multiplyTransforms(position, orientation, *self._inertial)
        pybullet.resetBasePositionAndOrientation(self._body, *at, physicsClientId=self._client)
        pybullet.resetBaseVelocity(self._body, linear, (0.0, 0.0, 0.0), physicsClientId=self._client)


def _carried(linear: Triple, angular: Triple, arm: Triple) -> Triple:
    """Velocity of a point at an arm from a point that moves with a rigid body."""
    (vx, vy, vz), (wx, wy, wz), (x, y, z) = linear, angular, arm
    return vx + (wy * z - wz * y), vy + (wz * x - wx * z), vz + (wx * y - wy * x)
