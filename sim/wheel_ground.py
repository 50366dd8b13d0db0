"""The ground under each wheel: planes that are laid, after every step, where the wheel is nearest to the terrain.

Bullet's own meeting of a thin wheel with a box's edge, a mesh or a height field is no rolling: at every seam the wheel
loses energy and gets a knock to the side (docs/physics.md has the figures). On a plane it rolls truly. So a wheel meets
the terrain in planes alone: where wheel and profile are nearest each other they have a common tangent plane, and that
is all of the ground that the wheel can feel in a step. Where they are near each other in two places, as at the foot of
a kerb, there are two planes. The planes are static: they have no velocity, and so do no work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.contacts import add_force
from sim.physics import Physics
from sim.pose import Quaternion, Triple, rotate
from sim.relief import relief
from sim.terrain import Strip, Terrain

Array = NDArray[np.float64]
Touch = tuple[Triple, Triple]
"""A point of the ground and the normal of the tangent plane there, both in world."""

_PLANES = 2
"""How many places of the ground a wheel can touch at once."""
_NEAR = 0.004
"""A second place of the ground that is farther from the rim than this is out of reach in the next step [m]."""
_STEP_UP = 0.005
"""A wheel that comes in from the side of a strip is not lifted by more than this [m]."""
_PARKED: Triple = (0.0, 0.0, -50.0)
_ORIGIN: Triple = (0.0, 0.0, 0.0)
_UP: Triple = (0.0, 0.0, 1.0)


class WheelGround:
    """The planes on which the wheels of one body roll."""

    def __init__(self, physics: Physics, body: int, wheels: Mapping[int, float], terrain: Terrain) -> None:
        """Take the wheels off the plain and put them on planes of their own, which are ground from now on.

        What is not a wheel meets the plain, and a mesh of each strip that is not flat.

        Args:
            physics: The world.
            body: The bicycle.
            wheels: Radius of each wheel by its link, with the centre of mass in the hub and the axle along y [m].
            terrain: What they roll on.
        """
        self._client, self._body, self._links, self._dt = physics.id, body, list(wheels), physics.settings.step
        self._feet = [_Foot(physics, body, link, radius, terrain) for link, radius in wheels.items()]
        solid = [physics.plain, *(_solid(physics, strip) for strip in terrain.strips if not strip.flat)]
        for ground in solid:
            for link in wheels:
                pybullet.setCollisionFilterPair(ground, body, -1, link, 0, physicsClientId=physics.id)
        self._before: list[tuple[Triple, Triple, Triple]] = []
        self.work = 0.0
        """What the ground has done on the wheels by knocks and sliding up to the last laying, mostly below zero [J]."""
        physics.ground.update(solid, *(foot.planes for foot in self._feet))

    def lay(self, contacts: Sequence[tuple[Any, ...]]) -> None:
        """Book the work of the ground in the last step, and lay the planes for the next one.

        Args:
            contacts: PyBullet's contact points of the wheels' body with the ground at the last step.
        """
        states = pybullet.getLinkStates(
            self._body, self._links, computeLinkVelocity=1, computeForwardKinematics=1, physicsClientId=self._client
        )
        now = [(state[0], state[6], state[7]) for state in states]
        for before, after, link in zip(self._before, now, self._links, strict=False):
            for contact in contacts:
                if contact[3] == link:
                    self.work += self._dt * _power(contact, before, after)
        self._before = now
        for foot, state in zip(self._feet, states, strict=True):
            foot.lay(state[0], rotate(state[1], (0.0, 1.0, 0.0)))

    @property
    def contact_points(self) -> tuple[Triple, ...]:
        """The point of the ground that is nearest to each wheel, in world [m]."""
        return tuple(foot.nearest for foot in self._feet)


class _Foot:
    """The planes under one wheel."""

    def __init__(self, physics: Physics, body: int, link: int, radius: float, terrain: Terrain) -> None:
        self._physics, self._radius, self._terrain = physics, radius, terrain
        self._hills = tuple(_Hill(strip, radius) for strip in terrain.strips if not strip.flat)
        self._patchy = any(strip.friction is not None for strip in terrain.strips)
        self._friction: float | None = None
        self._hill: _Hill | None = None
        self._beside: _Hill | None = None
        self._level = False
        self._used = 0
        self.planes = [self._plane(body, link) for _ in range(_PLANES)]
        self.nearest: Triple = _ORIGIN

    def _plane(self, body: int, link: int) -> int:
        physics = self._physics
        shape = pybullet.createCollisionShape(pybullet.GEOM_PLANE, physicsClientId=physics.id)
        plane: int = pybullet.createMultiBody(0.0, shape, basePosition=_PARKED, physicsClientId=physics.id)
        physics.set_friction(plane, -1, physics.settings.ground_friction)
        pybullet.setCollisionFilterGroupMask(plane, -1, 0, 0, physicsClientId=physics.id)
        pybullet.setCollisionFilterPair(plane, body, -1, link, 1, physicsClientId=physics.id)
        return plane

    def lay(self, hub: Triple, axle: Triple) -> None:
        """Lay the planes for a wheel with its hub in a place and a unit vector along its axle."""
        touches = self._on_hill(hub, axle)
        if touches:
            self._level = False
            self.nearest = touches[0][0]
            for plane, (point, normal) in zip(self.planes, touches, strict=False):
                self._put(plane, point, normal)
        else:
            touches = [(_ORIGIN, _UP)]
            self.nearest = _lowest(hub, axle, self._radius)
            if not self._level:
                self._put(self.planes[0], _ORIGIN, _UP)
                self._level = True
        for plane in self.planes[len(touches) : self._used]:
            self._put(plane, _PARKED, _UP)
        self._used = len(touches)
        if self._patchy:
            self._grip()

    def _on_hill(self, hub: Triple, axle: Triple) -> list[Touch]:
        """What the wheel can touch of the hill that it is on; nothing on the plain."""
        hill = next((hill for hill in self._hills if hill.covers(hub)), None)
        if hill is None:
            self._hill = self._beside = None
            return []
        touches, depth = hill.touches(hub, axle)
        if hill is not self._hill:
            self._hill = hill
            self._beside = hill if depth > _STEP_UP else None
        return [] if self._beside is hill else touches

    def _put(self, plane: int, point: Triple, normal: Triple) -> None:
        nx, ny, nz = normal
        scale = 1.0 / sqrt(2.0 * (1.0 + nz))
        turn: Quaternion = (-ny * scale, nx * scale, 0.0, (1.0 + nz) * scale)
        pybullet.resetBasePositionAndOrientation(plane, point, turn, physicsClientId=self._physics.id)

    def _grip(self) -> None:
        """Give the planes the friction of the ground where the wheel is."""
        friction = self._terrain.friction(self.nearest[0], self.nearest[1])
        if friction != self._friction:
            self._friction = friction
            coefficient = self._physics.settings.ground_friction if friction is None else friction
            for plane in self.planes:
                self._physics.set_friction(plane, -1, coefficient)


class _Hill:
    """A strip with a profile, with a bit of the plain before and behind it, as one wheel meets it."""

    def __init__(self, strip: Strip, radius: float) -> None:
        self._strip, self._radius = strip, radius
        self._reach = 1.25 * radius
        ends = np.linspace(0.0, 2.0 * self._reach, 51)
        self._along = np.concatenate((ends - ends[-1], strip.along, ends + strip.length))
        self._height = np.concatenate((np.zeros(51), strip.height, np.zeros(51)))
        self._places: list[float] = self._along.tolist()
        self._hollows = _hollows(self._along, self._height, 0.5 / radius)
        self._ahead: Triple = strip.ahead

    def covers(self, hub: Triple) -> bool:
        along, across = self._strip.local(hub[0], hub[1])
        return -self._reach < along < self._strip.length + self._reach and abs(across) <= 0.5 * self._strip.width

    def touches(self, hub: Triple, axle: Triple) -> tuple[list[Touch], float]:
        """Where the ground is near the wheel, the nearest place first, and how deep the wheel is in it there [m].

        The wheel is a thin disc. Its plane cuts the profile in a line, whose vertices have coordinates (u, w) in that
        plane, u level and w upward from the hub; local minima of their distance from the hub are the places.
        """
        ax, ay, az = axle
        level = sqrt(ax * ax + ay * ay)
        ex, ey, _ = self._ahead
        x, y, z = hub
        along = self._strip.local(x, y)[0]
        if level < 0.3 or abs(ay * ex - ax * ey) < 0.3 * level:  # lying down or rolling across: no profile to speak of
            height = self._strip.height_at(along)
            return [((x, y, height), _UP)], height - (z - self._radius * level)
        fx, fy = ay / level, -ax / level  # the level direction in the wheel's plane
        gx, gy, gz = fy * az, -fx * az, level  # the upward one
        first, last = bisect_left(self._places, along - self._reach), bisect_left(self._places, along + self._reach)
        w = (self._height[first:last] - z) * (1.0 / gz)
        u = self._along[first:last] - along
        skew = gx * ex + gy * ey
        if skew:
            u -= w * skew
        u *= 1.0 / (fx * ex + fy * ey)
        distance = u * u + w * w
        places = [int(distance.argmin())]
        if self._hollows[last - 1] > self._hollows[first]:
            places = _minima(distance, (self._radius + _NEAR) ** 2, places[0])
        touches = []
        for place in places:
            pu, pw = _nearest_on_line(u, w, place)
            reach = sqrt(pu * pu + pw * pw)
            tx, ty, tz = -pw * fx + pu * gx, -pw * fy + pu * gy, pu * gz  # along the rim
            # Left of the strip's direction is (-ey, ex, 0); the normal is at right angles to it and to the rim.
            nx, ny, nz = -ex * tz, -ey * tz, ey * ty + ex * tx
            scale = (1.0 if nz > 0.0 else -1.0) / sqrt(nx * nx + ny * ny + nz * nz)
            point = (x + pu * fx + pw * gx, y + pu * fy + pw * gy, z + pw * gz)
            touches.append((point, (scale * nx, scale * ny, scale * nz)))
            if place == places[0]:
                depth = self._radius - reach
        return touches, depth


def _power(
    contact: tuple[Any, ...], before: tuple[Triple, Triple, Triple], after: tuple[Triple, Triple, Triple]
) -> float:
    """Power of a contact's force on a wheel in a step, by the mean velocity of the point that it acts on [W].

    The wheel's hub, velocity and angular velocity are those before and after the step.
    """
    force = [0.0, 0.0, 0.0]
    add_force(contact, force)
    x, y, z = (p - h for p, h in zip(contact[5], before[0], strict=True))
    power = 0.0
    for _, (vx, vy, vz), (wx, wy, wz) in (before, after):
        power += force[0] * (vx + wy * z - wz * y) + force[1] * (vy + wz * x - wx * z)
        power += force[2] * (vz + wx * y - wy * x)
    return 0.5 * power


def _solid(physics: Physics, strip: Strip) -> int:
    """A strip as a static mesh, for pedals, feet and whatever falls on it."""
    mesh = relief(strip)
    shape = pybullet.createCollisionShape(
        pybullet.GEOM_MESH, vertices=mesh.vertices.tolist(), indices=mesh.triangles.ravel().tolist(),
        flags=pybullet.GEOM_FORCE_CONCAVE_TRIMESH, physicsClientId=physics.id,
    )  # fmt: skip
    body: int = pybullet.createMultiBody(0.0, shape, physicsClientId=physics.id)
    physics.set_friction(body, -1, physics.settings.ground_friction)
    return body


def _hollows(along: Array, height: Array, curvature: float) -> list[int]:
    """Count up to each vertex those in hollows of more than a curvature [1/m], where a wheel may touch twice."""
    steps = np.diff(along)
    slope = np.arctan2(np.diff(height), steps)
    bend = np.diff(slope)
    hollow = bend > curvature * np.maximum(0.5 * (steps[1:] + steps[:-1]), 1e-6)
    counts: list[int] = np.cumsum(np.concatenate(((False,), hollow, (False,)))).tolist()
    return counts


def _minima(distance: Array, limit: float, best: int) -> list[int]:
    """Where a distance has its least value and, if it is within a limit, its next local minimum."""
    inner = distance[1:-1]
    places = (np.flatnonzero((inner < distance[:-2]) & (inner <= distance[2:]) & (inner < limit)) + 1).tolist()
    return sorted({best, *places}, key=lambda place: float(distance[place]))[:_PLANES]


def _nearest_on_line(u: Array, w: Array, at: int) -> tuple[float, float]:
    """The point nearest to the origin on the two pieces of a line that meet in a vertex."""
    pu, pw = float(u[at]), float(w[at])
    best, least = (pu, pw), pu * pu + pw * pw
    for other in (at - 1, at + 1):
        if 0 <= other < len(u):
            du, dw = float(u[other]) - pu, float(w[other]) - pw
            length = du * du + dw * dw
            share = min(1.0, max(0.0, -(pu * du + pw * dw) / length)) if length else 0.0
            qu, qw = pu + share * du, pw + share * dw
            if qu * qu + qw * qw < least:
                best, least = (qu, qw), qu * qu + qw * qw
    return best


def _lowest(hub: Triple, axle: Triple, radius: float) -> Triple:
    """Lowest point of a wheel."""
    x, y, z = axle
    level = sqrt(max(1e-12, 1.0 - z * z))
    return hub[0] + radius * z * x / level, hub[1] + radius * z * y / level, hub[2] - radius * level
