"""A foot that is lifted to stand on the other one, and put down again."""

from __future__ import annotations

from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from controllers.balance.feet import Feet
from controllers.balance.wanted import WantedFoot

Array = NDArray[np.float64]

_UNLOAD = 0.3
"""Time in which the foot's load goes to nothing [s]."""
_RISE = 1.0
"""Time in which it goes up, and down to where the other one stands [s]."""
_SINK = 0.05
"""Speed with which it goes on down from there [m/s]."""
_LEAST = 0.3
"""Time for which a touch on the way down is not believed [s]."""


class Lift:
    """The motion of the lifted foot.

    Attributes:
        foot: Which one: 0 left, 1 right.
        held: From where it was lifted, shape (3,) [m].
    """

    def __init__(self, height: float, half_weight: float) -> None:
        """Take the height to which it is lifted [m], and half the body's weight [N]."""
        self._height, self._half_weight = height, half_weight
        self.foot = 0
        self.held = np.zeros(3)
        self._down_from = 0.0

    def begin(self, feet: Feet) -> None:
        """The foot leaves the ground from where it is."""
        self.held = feet[self.foot].position.copy()

    def raise_(self, wanted: WantedFoot, since: float, feet: Feet) -> None:
        """Unload it, and lift it; `since` is the time since that began [s]."""
        if since < _UNLOAD:
            wanted.load_max = max(1.0, (1.0 - since / _UNLOAD) * self._half_weight)
            self.held = feet[self.foot].position.copy()
            return
        self._hang(wanted, feet)
        wanted.due = False
        u = min(1.0, (since - _UNLOAD) / _RISE)
        wanted.position[2] = self.held[2] + self._height * u * u * (3 - 2 * u)
        wanted.velocity[2] = self._height * 6 * u * (1 - u)

    def lower(self, wanted: WantedFoot, since: float, feet: Feet, period: float, touches: bool) -> bool:
        """Put it down; returns whether it bears again."""
        self._hang(wanted, feet)
        wanted.due = True
        if since <= period:
            self._down_from = float(feet[self.foot].position[2])
        start, ground = self._down_from, float(feet[1 - self.foot].position[2])
        u = min(1.0, since / _RISE)
        wanted.position[2] = start + (ground - start) * u * u * (3 - 2 * u) - max(0.0, since - _RISE) * _SINK
        wanted.velocity[2] = (ground - start) * 6 * u * (1 - u) if u < 1.0 else -_SINK
        return since > _LEAST and touches

    def _hang(self, wanted: WantedFoot, feet: Feet) -> None:
        wanted.stands, wanted.load_max = False, 0.0
        heading = feet[1 - self.foot].heading
        c, s = cos(heading), sin(heading)
        wanted.rotation[:] = ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
        wanted.acceleration[:], wanted.spin = 0.0, 0.0
        wanted.position[:2] = self.held[:2]
        wanted.velocity[:] = 0.0
