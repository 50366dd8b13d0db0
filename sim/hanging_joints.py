"""A robot that hangs by its pelvis, for virtual drives without a world: gravity and drives move its joints."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import RobotModel
from sim.held_joints import HeldJoints
from sim.virtual_drives import VirtualDrives

Array = NDArray[np.float64]


class HangingJoints(HeldJoints):
    """Virtual drives at work on a robot whose pelvis is clamped, feet off the ground.

    Forward dynamics are Pinocchio's (articulated bodies, rotors as armature), with the drives' torque, which has their
    friction; Euler's method, the velocities first, at the step of the drives. A joint stops at its limit without a
    rebound.
    Nothing of the robot touches anything, itself included.
    """

    def __init__(self, drives: VirtualDrives, position: Array, steps: int, *, model: RobotModel, step: float) -> None:
        """Let it hang.

        Args:
            drives: The drives.
            position: Where the joints are at first, shape (n,) [rad].
            steps: Steps of the drives in a control period.
            model: The robot.
            step: Of the drives [s].
        """
        super().__init__(drives, position, steps)
        self._model, self._data, self._step = model.pinocchio, model.pinocchio.createData(), step
        self._lower, self._upper = model.limits.lower, model.limits.upper

    @property
    def energy(self) -> float:
        """Kinetic and potential energy [J]."""
        return float(
            pin.computeKineticEnergy(self._model, self._data, self.position, self.velocity)
            + pin.computePotentialEnergy(self._model, self._data, self.position)
        )

    def _move(self) -> None:
        model, data = self._model, self._data
        self.velocity += self._step * pin.aba(model, data, self.position, self.velocity, self.torque)
        self._stop()
        self.position += self._step * self.velocity
        np.clip(self.position, self._lower, self._upper, out=self.position)

    def _stop(self) -> None:
        """Let joints that would leave their limits stop there, by the impulses on them alone that do so."""
        to = self.position + self._step * self.velocity
        beyond = np.flatnonzero((to < self._lower) | (to > self._upper))
        if beyond.size:
            pin.computeMinverse(self._model, self._data, self.position)
            upper = np.triu(self._data.Minv)
            inverse = upper + np.triu(upper, 1).T
            impulse = np.linalg.solve(inverse[np.ix_(beyond, beyond)], self.velocity[beyond])
            self.velocity -= inverse[:, beyond] @ impulse
