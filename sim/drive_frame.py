"""What is left of numbers that went over the wire in the bits of a frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.drives import DriveTable

Array = NDArray[np.float64]

POSITION, VELOCITY, TORQUE, STIFFNESS, DAMPING = range(5)
"""Rows of a frame; a reply has the first three."""


class DriveFrame:
    """The grid of numbers that frames of these drives can say.

    A number x is sent as the nearest of the 2ᵇ whole numbers u that stand for low + u · span / (2ᵇ - 1), as in the
    frame of the MIT mini-cheetah (bgkatz/motorcontrol, can.c, which truncates where this rounds). Torque and velocity
    zero lie between two of them, so they arrive as half a grain. What is out of range arrives as the range's end.
    """

    def __init__(self, drives: DriveTable) -> None:
        bits = drives.frame
        ranges = np.stack(
            (
                drives.position_range, drives.velocity_range, drives.torque_range,
                drives.stiffness_range, drives.damping_range,
            )
        )  # fmt: skip
        widths = (
            bits.position_bits, bits.velocity_bits, bits.torque_bits, bits.stiffness_bits, bits.damping_bits,
        )  # fmt: skip
        self._most = np.array([[2.0**width - 1.0] for width in widths])
        self._low = np.where(np.arange(5)[:, None] <= TORQUE, -ranges, 0.0)
        self.grain = (ranges - self._low) / self._most
        """Distance from one number of the frame to the next, shape (5, n)."""

    def through(self, numbers: Array) -> Array:
        """Numbers as they arrive, shape (rows, n) as they were sent; rows from the first on."""
        rows = len(numbers)
        low, grain = self._low[:rows], self.grain[:rows]
        whole: Array = np.subtract(numbers, low)
        whole /= grain
        np.rint(whole, out=whole)
        np.maximum(whole, 0.0, out=whole)
        np.minimum(whole, self._most[:rows], out=whole)
        whole *= grain
        whole += low
        return whole
