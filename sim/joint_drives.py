"""What a world needs of the drives of its robot, however these come by their commands."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.winding import Windings

Array = NDArray[np.float64]


class JointDrives(Protocol):
    """All drives of the robot, as the loop of the physics uses them."""

    saturated: int
    """Number of drives that were at a limit in the last step."""

    @property
    def windings(self) -> Windings:
        """How warm the drives are."""
        ...

    @property
    def derated(self) -> int:
        """Number of drives that are too warm for their full torque."""
        ...

    def start(self, motion: Array) -> None:
        """Begin with joints at positions [rad] and velocities [rad/s], shape (2, n)."""
        ...

    def torque(self, velocity: Array) -> Array:
        """Mean torque on the joints over the step that begins, shape (n,) [Nm], their velocities being these [rad/s].

        The next call writes it anew.
        """
        ...

    def measure(self, position: Array) -> Array:
        """Read the encoders at the end of a step, the joints being at these positions, shape (n,) [rad]."""
        ...

    def warm(self) -> None:
        """Give the windings the heat of the steps since the last call, which are one control period."""
        ...
