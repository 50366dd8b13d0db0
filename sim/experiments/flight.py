"""Bodies in free flight: nothing may act on them but gravity, and in space not even that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.physics import Physics, PhysicsSettings

Array = NDArray[np.float64]


def step(physics: Physics) -> None:
    """One step of the physics."""
    pybullet.stepSimulation(physicsClientId=physics.id)


def pull(physics: Physics, gravity: Array) -> None:
    """Set gravity, shape (3,) [m/s²]: tilted against the ground it makes a slope, zero makes space."""
    pybullet.setGravity(*gravity.tolist(), physicsClientId=physics.id)


@contextmanager
def space(settings: PhysicsSettings) -> Iterator[Physics]:
    """A world without gravity, closed at the end."""
    physics = Physics(settings)
    try:
        pull(physics, np.zeros(3))
        yield physics
    finally:
        physics.close()


def fall(physics: Physics, body: int, seconds: float) -> Array:
    """Let a body fall; gives the velocity in world of every link's centre of mass, base first, (links, 3) [m/s]."""
    for _ in range(round(seconds / physics.settings.step)):
        step(physics)
    base = pybullet.getBaseVelocity(body, physicsClientId=physics.id)[0]
    links = range(physics.joint_count(body))
    states = [pybullet.getLinkState(body, link, computeLinkVelocity=1, physicsClientId=physics.id) for link in links]
    return np.array((base, *(state[6] for state in states)))
