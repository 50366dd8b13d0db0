"""How warm the drives' windings are, and how much torque that leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from robot.drives import DriveTable

Array = NDArray[np.float64]


class Windings:
    """Winding and housing of each drive as two heat capacities in a row (Cauer network).

        C_w T_w' = P - (T_w - T_h) / R_w            P = (torque / motor constant)² (1 + copper (T_w - reference))
        C_h T_h' = (T_w - T_h) / R_w - (T_h - ambient) / R_h

    Over a period the heat P is taken as constant, from the mean of the torque's square and the temperature at the
    period's beginning; with that the equations are solved exactly. Iron losses and the heat of friction are left out.
    The torque left falls from all of it at `derating_begin` to none at `derating_end`.
    """

    def __init__(self, drives: DriveTable, period: float) -> None:
        """All at the temperature of the air; `period` is the time between two calls of `warm` [s]."""
        size, thermal = drives.motor_constant.size, drives.thermal
        network = np.zeros((size, 3, 3))
        network[:, 0, 0] = -1.0 / (drives.winding_capacity * drives.winding_resistance)
        network[:, 0, 1] = -network[:, 0, 0]
        network[:, 0, 2] = 1.0 / drives.winding_capacity
        network[:, 1, 0] = 1.0 / (drives.housing_capacity * drives.winding_resistance)
        network[:, 1, 1] = -network[:, 1, 0] - 1.0 / (drives.housing_capacity * drives.housing_resistance)
        solved = expm(network * period)
        self._decay = np.ascontiguousarray(solved[:, :2, :2].transpose(1, 2, 0))
        self._inflow = np.ascontiguousarray(solved[:, :2, 2].T)
        self._ambient = thermal.ambient
        self._rise = np.zeros((2, size))
        self._hot = self._rise[0]
        self._product, self._heat = np.zeros((2, 2, size)), np.zeros(size)
        self._of_winding, self._of_housing = self._product[:, 0], self._product[:, 1]
        self._supply = np.zeros((2, size))
        # P = torque² (base + growth · rise of the winding)
        cold = 1.0 / drives.motor_constant**2
        self._base = cold * (1.0 + thermal.copper * (thermal.ambient - thermal.reference))
        self._growth = cold * thermal.copper
        self._fall = -1.0 / (drives.derating_end - drives.derating_begin)
        self._whole = (thermal.ambient - drives.derating_end) * self._fall
        self.share = np.ones(size)
        """Part of the torque limit that is left, shape (n,) [1]."""

    @property
    def winding(self) -> Array:
        """Temperature of the windings, shape (n,), a new array [°C]."""
        return self._rise[0] + self._ambient

    @property
    def housing(self) -> Array:
        """Temperature of the housings, shape (n,), a new array [°C]."""
        return self._rise[1] + self._ambient

    def preheat(self, winding: Array, housing: Array) -> None:
        """Start from temperatures [°C], shape (n,)."""
        self._rise[0], self._rise[1] = winding - self._ambient, housing - self._ambient
        self._derate()

    def warm(self, torque_squared: Array) -> None:
        """Let a period pass with this mean of the motor torque's square, shape (n,) [N²m²]."""
        heat, supply = self._heat, self._supply
        np.multiply(self._hot, self._growth, out=heat)
        np.add(heat, self._base, out=heat)
        np.multiply(heat, torque_squared, out=heat)
        np.multiply(self._inflow, heat, out=supply)
        np.multiply(self._decay, self._rise, out=self._product)
        np.add(self._of_winding, self._of_housing, out=self._rise)
        np.add(self._rise, supply, out=self._rise)
        self._derate()

    def _derate(self) -> None:
        share = self.share
        np.multiply(self._hot, self._fall, out=share)
        np.add(share, self._whole, out=share)
        np.maximum(share, 0.0, out=share)
        np.minimum(share, 1.0, out=share)
