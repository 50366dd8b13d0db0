"""How fast a course is ridden, by its arc length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpeedProfile:
    """Speed by arc length.

    Attributes:
        spacing: Arc length from one value to the next [m].
        speed: Shape (k,) [m/s].
    """

    spacing: float
    speed: Array

    def at(self, arc_length: float) -> float:
        """Speed at an arc length [m/s]; beyond the ends it is that of the end."""
        place = min(max(arc_length / self.spacing, 0.0), self.speed.size - 1.0)
        low = min(int(place), self.speed.size - 2)
        share = place - low
        return float((1.0 - share) * self.speed[low] + share * self.speed[low + 1])

    @property
    def duration(self) -> float:
        """Time that the path takes, up to where it stands for good [s]; it does not wait at stops."""
        speed = self.speed[: int(np.max(np.flatnonzero(self.speed), initial=0)) + 2]
        between = 0.5 * (speed[1:] + speed[:-1])
        return float("inf") if (between == 0.0).any() else float((self.spacing / between).sum())
