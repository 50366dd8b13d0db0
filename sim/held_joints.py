"""Joints that somebody holds where they are: a body for virtual drives without a world, to try what goes over buses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.virtual_drives import VirtualDrives

Array = NDArray[np.float64]


class HeldJoints:
    """Virtual drives at work against joints that do not move, whatever torque there is."""

    def __init__(self, drives: VirtualDrives, position: Array, steps: int) -> None:
        """Hold the joints.

        Args:
            drives: The drives.
            position: Where the joints are, shape (n,) [rad].
            steps: Steps of the drives in a control period.
        """
        self.drives, self._steps, self._done = drives, steps, 0
        self.position = np.array(position, dtype=np.float64)
        """Where the joints are, shape (n,); writing to it moves them [rad]."""
        self.velocity = np.zeros_like(self.position)
        """How fast they move, shape (n,) [rad/s]."""
        self.torque = np.zeros_like(self.position)
        """Mean torque of the drives on the joints over the last step, shape (n,) [Nm]."""
        drives.start(np.stack((self.position, self.velocity)))

    def step(self) -> None:
        """Let one step of the drives pass."""
        self.torque[:] = self.drives.torque(self.velocity)
        self._move()
        self.drives.measure(self.position)
        self._done += 1
        if self._done % self._steps == 0:
            self.drives.warm()

    def pass_period(self) -> None:
        """Let one control period pass."""
        for _ in range(self._steps):
            self.step()

    def _move(self) -> None:
        """Let the joints move under the torque of a step; these do not."""
