"""What a contact that yields does to angular momentum: its two ends do not lie at one point."""

from __future__ import annotations

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.contacts import add_force
from sim.physics import Physics

Array = NDArray[np.float64]


def contact_couple(physics: Physics, a: int, b: int) -> Array:
    """Couple of the last step's contact forces between two bodies, shape (3,) [Nm].

    Bullet applies the force on A at A's surface and the one on B at B's; where padding is pressed in they are apart by
    the depth, and friction, which is across that distance, makes a couple out of nothing.
    """
    couple = np.zeros(3)
    for contact in pybullet.getContactPoints(a, b, physicsClientId=physics.id):
        if contact[9]:
            force = [0.0, 0.0, 0.0]
            add_force(contact, force)
            couple += np.cross(np.subtract(contact[5], contact[6]), force)
    return couple
