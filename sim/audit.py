"""The audit of the world: every known impulse from outside, to be held against the momentum that was gained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.contacts import add_force
from sim.physics import GRAVITY


class ImpulseAudit:
    """Adds up gravity, the ground's contact forces, air drag and pushes on what is watched, step by step.

    Rolling resistance and brakes are torques and give no impulse of their own. What the engine may do besides (damping,
    motors, constraints to the world) is not in here, and so appears as a difference from the gain of momentum.
    """

    def __init__(self, ground_contacts: Callable[[], Sequence[tuple[Any, ...]]], mass: float) -> None:
        """Watch what is of a mass [kg], by its contact points with the ground at the last step, itself as body A."""
        self._ground_contacts = ground_contacts
        self._weight = GRAVITY * mass
        self.impulse = [0.0, 0.0, 0.0]
        """Sum of all known external impulses since time zero, in world [N·s]."""

    def add(self, drag: Sequence[float], push: Sequence[float], dt: float) -> None:
        """Take the step of length dt [s] in that has just been made under a drag and a push [N]."""
        force = [drag[0] + push[0], drag[1] + push[1], drag[2] + push[2] - self._weight]
        for contact in self._ground_contacts():
            add_force(contact, force)
        total = self.impulse
        total[0] += force[0] * dt
        total[1] += force[1] * dt
        total[2] += force[2] * dt
