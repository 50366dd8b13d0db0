"""Heavy bodies on light ones: standing by a joint's stop on a light foot, and flying with a light link between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pybullet

from sim.physics import GRAVITY, Physics
from urdf.xml_writer import Inertial, Shape, Urdf

_BODY, _FOOT = 0.3, 0.1
"""Edges of the two cubes [m]."""
_STOP = 0.05
"""Where the foot's slide ends [m]."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How a body stands, over the second half of the time.

    Attributes:
        weight: Mean force of the ground as a share of the weight [1].
        overrun: How far the joint was beyond its stop at most [m].
        bounce: Greatest speed of the foot against the body [m/s].
    """

    weight: float
    overrun: float
    bounce: float


def stand(physics: Physics, ratio: float, seconds: float = 4.0) -> Stand:
    """Let a body of 10 kg stand on a foot that is lighter by a ratio; the guard does not look at it."""
    mass = 10.0
    urdf = Urdf("stand")
    for name, kilograms, edge in (("body", mass, _BODY), ("foot", mass / ratio, _FOOT)):
        urdf.link(name, _cube(kilograms, edge), collisions=[Shape("box", (edge, edge, edge))])
    urdf.joint(
        "slide", "prismatic", "body", "foot", (0.0, 0.0, -0.4), axis=(0.0, 0.0, 1.0), lower=-_STOP, upper=_STOP,
        effort=1.0, velocity=1.0,
    )  # fmt: skip
    body = physics.load_text(urdf.text())
    client = physics.id
    pybullet.resetBasePositionAndOrientation(
        body, (0.0, 0.0, 0.4 + _FOOT / 2.0), (0.0, 0.0, 0.0, 1.0), physicsClientId=client
    )
    steps = round(seconds / physics.settings.step)
    force, place, speed = np.zeros((3, steps))
    for k in range(steps):
        pybullet.stepSimulation(physicsClientId=client)
        contacts = pybullet.getContactPoints(body, physics.ground, physicsClientId=client)
        force[k] = sum(contact[9] for contact in contacts)
        place[k], speed[k] = pybullet.getJointState(body, 0, physicsClientId=client)[:2]
    late = slice(steps // 2, None)
    weight = (mass + mass / ratio) * GRAVITY
    return Stand(float(force[late].mean() / weight), float(place[late].max() - _STOP), float(np.abs(speed[late]).max()))


def chain(ratio: float) -> str:
    """The URDF of three cubes on turning joints, the middle one lighter by a ratio, without collision shapes."""
    urdf = Urdf("chain")
    names = ("first", "middle", "last")
    for name, kilograms in zip(names, (10.0, 10.0 / ratio, 10.0), strict=True):
        urdf.link(name, _cube(kilograms, _FOOT))
    for parent, child, axis in (("first", "middle", (1.0, 0.0, 0.0)), ("middle", "last", (0.0, 1.0, 0.0))):
        urdf.joint(
            f"to_{child}", "continuous", parent, child, (0.0, 0.0, 0.2), axis=axis, effort=1.0, velocity=1.0
        )  # fmt: skip
    return urdf.text()


def _cube(mass: float, edge: float) -> Inertial:
    moment = mass * edge * edge / 6.0
    return Inertial(mass, (0.0, 0.0, 0.0), (moment, 0.0, 0.0, moment, 0.0, moment))
