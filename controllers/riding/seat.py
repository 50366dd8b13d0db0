"""Where the pelvis is on the bicycle, and how the bars are turned: from where hands and feet are."""

from __future__ import annotations

from math import asin, atan2

import numpy as np
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.rotation import from_angles

Array = NDArray[np.float64]

_ALONG, _ABOUT, _STEER, _CRANK = slice(0, 3), slice(3, 6), 6, 7
_LARGEST = 0.1
"""Greatest change of an unknown at one tick [m, rad]; what is larger comes of a limb that has let go."""


class SeatObserver:
    """Finds the pelvis' place on the bicycle by least squares over the four limbs.

    Pedal axles turn about the bottom bracket by the crank angle, grips about the steer axis by the steer angle. Forward
    kinematics tell where the ball of each foot and each hand is from the pelvis. Those twelve numbers fix eight
    unknowns: place and angles of the pelvis in the bicycle frame, steer and crank angle. One Gauss-Newton step is made
    at each tick, from where the last one ended. A foot may slip along its pedal but not through it, so what it says of
    the level counts for less. A limb that is elsewhere is left out; what the others do not tell stays as it was.
    """

    _HAND = (1.0, 1.0, 1.0)
    _FOOT = (0.3, 0.3, 1.0)
    _MEMORY = 1e-3
    """Weight by which the unknowns stay at their last values, in m for m and rad."""

    def __init__(self, posture: RiderPosture) -> None:
        """Prepare for a rider's body on its bicycle."""
        self._start = posture.pelvis_in_bicycle
        self._circles = _circles(posture)
        self._weight = np.array((self._FOOT, self._FOOT, self._HAND, self._HAND))
        self._jacobian = np.zeros((4, 3, 8))
        self._jacobian[:, :, _ALONG] = np.eye(3)
        self._memory = self._MEMORY**2 * np.eye(8)
        self._unknowns, self._rotation = np.zeros(8), np.eye(3)
        self.slip = [0.0, 0.0]
        """How far the left and the right foot are ahead of their places on the pedals, as far as it shows [m]."""

    @property
    def place(self) -> Array:
        """Origin of the pelvis in the bicycle frame, shape (3,) [m]."""
        place: Array = self._unknowns[_ALONG]
        return place

    @property
    def angles(self) -> tuple[float, float, float]:
        """Roll, pitch and yaw of the pelvis in the bicycle frame [rad]."""
        (a, _, _), (b, _, _), (c, d, e) = self._rotation.tolist()
        return atan2(d, e), -asin(min(1.0, max(-1.0, c))), atan2(b, a)

    @property
    def steer(self) -> float:
        """Positive to the left [rad]."""
        return float(self._unknowns[_STEER])

    @property
    def crank(self) -> float:
        """Zero with the left pedal on top; counts turns [rad]."""
        return float(self._unknowns[_CRANK])

    def reset(self, points: Array, steer: float, crank: float) -> None:
        """Start at a steer and a crank angle that are about right [rad]; `points` as in :meth:`update`."""
        self._unknowns[_ALONG], self._rotation = self._start, np.eye(3)
        self._unknowns[_STEER], self._unknowns[_CRANK] = steer, crank
        for _ in range(5):
            self.update(points)

    def update(self, points: Array, present: Array | None = None) -> None:
        """Take in where the limbs are.

        Args:
            points: Ball of left and right foot, left and right hand in the pelvis frame, shape (4, 3) [m].
            present: Which of them are on their pedals and grips, 1 or 0 each, shape (4,); None for all.
        """
        x, jacobian = self._unknowns, self._jacobian
        there = points @ self._rotation.T
        jacobian[:, 0, 4], jacobian[:, 0, 5] = there[:, 2], -there[:, 1]
        jacobian[:, 1, 3], jacobian[:, 1, 5] = -there[:, 2], there[:, 0]
        jacobian[:, 2, 3], jacobian[:, 2, 4] = there[:, 1], -there[:, 0]
        middle, cosine, sine = self._circles
        angle = x[[_CRANK, _CRANK, _STEER, _STEER], None]
        c, s = np.cos(angle), np.sin(angle)
        motion = s * cosine - c * sine
        jacobian[:2, :, _CRANK], jacobian[2:, :, _STEER] = motion[:2], motion[2:]
        error = middle + c * cosine + s * sine - there - x[_ALONG]
        self.slip = (-error[:2, 0]).tolist()
        weight = self._weight if present is None else self._weight * present[:, None]
        rows = (weight[:, :, None] * jacobian).reshape(12, 8)
        step = np.linalg.solve(rows.T @ rows + self._memory, rows.T @ (weight * error).ravel())
        step = np.minimum(_LARGEST, np.maximum(-_LARGEST, step))
        x += step
        self._rotation = from_angles(*step[_ABOUT].tolist()) @ self._rotation


def _circles(posture: RiderPosture) -> Array:
    """Places of both pedals and grips as middle + cos(angle) cosine + sin(angle) sine, shape (3, 4, 3) [m]."""
    quarter = 0.5 * np.pi
    at = [
        np.array([posture.pedal(side, angle) for side in (0, 1)] + [posture.grip(side, angle)[0] for side in (0, 1)])
        for angle in (0.0, quarter, 2.0 * quarter)
    ]
    middle = 0.5 * (at[0] + at[2])
    return np.stack((middle, at[0] - middle, at[1] - middle))
