"""The audit of the world: every known impulse from outside, to be held against the momentum that was gained."""

from __future__ import annotations

from collections.abc import Sequence

from sim.bicycle_body import BicycleBody
from sim.contacts import add_force
from sim.physics import GRAVITY


class ImpulseAudit:
    """Adds up gravity, the ground's contact forces, air drag and pushes on robot and bicycle, step by step.

    Rolling resistance and brakes are torques and give no impulse of their own. What the engine may do besides (damping,
    motors, constraints to the world) is not in here, and so appears as a difference from the gain of momentum.
    """

    def __init__(self, bicycle: BicycleBody, mass: float) -> None:
        """Watch a bicycle and whoever sits on it, together of a mass [kg]."""
        self._bicycle = bicycle
        self._weight = GRAVITY * mass
        self.impulse = [0.0, 0.0, 0.0]
        """Sum of all known external impulses since time zero, in world [N·s]."""

    def add(self, drag: Sequence[float], push: Sequence[float], dt: float) -> None:
        """Take the step of length dt [s] in that has just been made under a drag and a push [N]."""
        force = [drag[0] + push[0], drag[1] + push[1], drag[2] + push[2] - self._weight]
        for contact in self._bicycle.ground_contacts:
            add_force(contact, force)
        total = self.impulse
        total[0] += force[0] * dt
        total[1] += force[1] * dt
        total[2] += force[2] * dt
