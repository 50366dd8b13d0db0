"""Bodies in free flight: nothing may act on them but gravity."""

from __future__ import annotations

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.physics import Physics

Array = NDArray[np.float64]


def fall(physics: Physics, body: int, seconds: float) -> Array:
    """Let a body fall; gives the velocity in world of every link's centre of mass, base first, (links, 3) [m/s]."""
    for _ in range(round(seconds / physics.settings.step)):
        pybullet.stepSimulation(physicsClientId=physics.id)
    base = pybullet.getBaseVelocity(body, physicsClientId=physics.id)[0]
    links = range(physics.joint_count(body))
    states = [pybullet.getLinkState(body, link, computeLinkVelocity=1, physicsClientId=physics.id) for link in links]
    return np.array((base, *(state[6] for state in states)))
