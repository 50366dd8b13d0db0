"""Where the pelvis is on the bicycle, and how the bars are turned: from where hands and feet are."""

from __future__ import annotations

from math import asin, atan2, inf

import numpy as np
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.rotation import from_angles, wrap

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
    the level counts for less. A limb that is elsewhere is left out. Then the pelvis' place on the saddle counts as
    well, and an angle of which nobody tells stays as it was. A foot that stands ahead of its place on the pedal gives
    the crank a wrong angle when it is at the top and a wrong length when it is in front, so it is found as the crank
    turns.
    """

    _HAND = (1.0, 1.0, 1.0)
    _FOOT = (0.3, 0.3, 1.0)
    _MEMORY = 1e-3
    """Weight by which the unknowns stay at their last values, in m for m and rad."""
    _SLIP_GAIN = 0.3
    """Share of a foot's error that is taken for slip while the crank turns by 1 rad [1/rad]."""
    _MOST_TURN = 0.1
    """A greater turn in one tick is none of the crank's [rad]."""
    _LANDING = 100
    """For how many ticks a foot that has come to its pedal tells nothing, and its place along it is learnt; 0.2 s at
    500 Hz."""
    _LOOKING = 0.05
    """Share of what it is off its place that is taken in at a tick meanwhile [1]."""
    _LOWEST = 1.0
    """Weight of the crank angle where a pedal is known to be at its lowest, in m for rad [m/rad]."""
    _SADDLE = (0.05, 0.05, 0.25, 0.02, 0.03, 0.02)
    """Weight of the pelvis' place and angles on the saddle, in m for m and rad: 20, 20, 4 mm and 50, 33, 50 mrad
    count like 1 mm of a hand."""

    _REMEMBERING = 0.002
    """Share of a tick in what is remembered of the time when all limbs were there; 1 s at 500 Hz [1]."""

    def __init__(self, posture: RiderPosture) -> None:
        """Prepare for a rider's body on its bicycle."""
        self._start = posture.pelvis_in_bicycle
        self._circles = _circles(posture)
        self._weight = np.array((self._FOOT, self._FOOT, self._HAND, self._HAND))
        self._jacobian = np.zeros((4, 3, 8))
        self._jacobian[:, :, _ALONG] = np.eye(3)
        self._memory = self._MEMORY**2 * np.eye(8)
        self._sitting = np.arange(6), np.arange(6)
        self._saddle = np.square(self._SADDLE)
        self._unknowns, self._rotation = np.zeros(8), np.eye(3)
        self._turned = 0.0
        self._landing = [0, 0]
        self._contradiction: Array = np.zeros((4, 3))
        self._usual = np.concatenate((self._start, np.zeros(3)))
        self.slip = np.zeros(2)
        """How far the left and the right foot are ahead of where they belong on their pedals, shape (2,) [m]."""

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

    def grip(self, side: int) -> Array:
        """Centre of the left (side 0) or the right grip (1) in the pelvis frame, shape (3,) [m]."""
        middle, cosine, sine = self._circles
        c, s = np.cos(self.steer), np.sin(self.steer)
        place = middle[2 + side] + c * cosine[2 + side] + s * sine[2 + side]
        there: Array = self._rotation.T @ (place - self._unknowns[_ALONG])
        return there

    def reset(self, points: Array, steer: float, crank: float, present: Array | None = None) -> None:
        """Start at a steer and a crank angle that are about right [rad]; the rest as in :meth:`update`."""
        self._unknowns[_ALONG], self._rotation = self._start, np.eye(3)
        self._turned = crank
        self._landing = [0, 0]
        self._contradiction[:] = 0.0
        self._usual = np.concatenate((self._start, np.zeros(3)))
        self.slip[:] = 0.0
        self._unknowns[_STEER], self._unknowns[_CRANK] = steer, crank
        for _ in range(5):
            self.update(points, present)

    def update(
        self, points: Array, present: Array | None = None, lowest: int | None = None, sliding: int | None = None,
        most: float = inf,
    ) -> None:  # fmt: skip
        """Take in where the limbs are.

        Args:
            points: Ball of left and right foot, left and right hand in the pelvis frame, shape (4, 3) [m].
            present: Which of them are on their pedals and grips, 1 or 0 each, shape (4,); None for all.
            lowest: The foot whose pedal is known to be at its lowest, 0 left, 1 right: it tells nothing of the crank
                then, and where it is along its pedal is learnt.
            sliding: The foot that is let slide along its pedal, 0 left, 1 right: where it is on it is learnt too, and
                it tells nothing of the level.
            most: Greatest crank angle that can be [rad]; what feet say beyond it is slip.
        """
        x, jacobian = self._unknowns, self._jacobian
        there = points @ self._rotation.T
        there[:2, 0] -= self.slip
        jacobian[:, 0, 4], jacobian[:, 0, 5] = there[:, 2], -there[:, 1]
        jacobian[:, 1, 3], jacobian[:, 1, 5] = -there[:, 2], there[:, 0]
        jacobian[:, 2, 3], jacobian[:, 2, 4] = there[:, 1], -there[:, 0]
        middle, cosine, sine = self._circles
        angle = x[[_CRANK, _CRANK, _STEER, _STEER], None]
        c, s = np.cos(angle), np.sin(angle)
        motion = s * cosine - c * sine
        jacobian[:2, :, _CRANK], jacobian[2:, :, _STEER] = motion[:2], motion[2:]
        error = middle + c * cosine + s * sine - there - x[_ALONG]
        landing = self._land(present)
        whole = not landing and (present is None or bool(present.all()))
        by_feet = not landing and present is not None and bool(present[:2].all())
        if by_feet and not whole:
            error -= self._contradiction
        weight = self._weight * (1.0 if present is None else present[:, None])
        for foot in landing:
            self.slip[foot] -= self._LOOKING * error[foot, 0]
            weight[foot] = 0.0
        for foot in (0, 1):
            if foot in (lowest, sliding):
                self.slip[foot] -= self._LOOKING * error[foot, 0]
                weight = weight.copy()
                weight[foot, 0] = 0.0
        rows = (weight[:, :, None] * jacobian).reshape(12, 8)
        normal, right = rows.T @ rows + self._memory, rows.T @ (weight * error).ravel()
        if whole:
            self._feel_slip(error[:2, 0], float(angle[0, 0]))
            self._remember(error)
        elif by_feet:
            self._feel_slip(error[:2, 0], float(angle[0, 0]))
            normal[self._sitting] += self._saddle
            right[:6] += self._saddle * (self._usual - np.concatenate((x[_ALONG], self.angles)))
        else:
            normal[self._sitting] += self._saddle
            right[:6] += self._saddle * np.concatenate((self._start - x[_ALONG], np.negative(self.angles)))
        if lowest is not None:
            normal[_CRANK, _CRANK] += self._LOWEST**2
            right[_CRANK] -= self._LOWEST**2 * wrap(float(x[_CRANK]) - (1 - lowest) * np.pi)
        step = np.minimum(_LARGEST, np.maximum(-_LARGEST, np.linalg.solve(normal, right)))
        x += step
        x[_CRANK] = min(x[_CRANK], most)
        self._rotation = from_angles(*step[_ABOUT].tolist()) @ self._rotation

    def _land(self, present: Array | None) -> list[int]:
        """The feet that have only just come to their pedals, while the other one is there to tell of the crank."""
        there = (True, True) if present is None else (present[0] > 0.0, present[1] > 0.0)
        for foot in (0, 1):
            if not there[foot]:
                self._landing[foot], self.slip[foot] = self._LANDING, 0.0
            else:
                self._landing[foot] = max(0, self._landing[foot] - 1) if there[1 - foot] else 0
        return [foot for foot in (0, 1) if all(there) and self._landing[foot]]

    def _remember(self, error: Array) -> None:
        """Take in what is left between the limbs, shape (4, 3) [m], and how the pelvis sits."""
        share = self._REMEMBERING
        self._contradiction += share * (error - self._contradiction)
        self._usual += share * (np.concatenate((self._unknowns[_ALONG], self.angles)) - self._usual)

    def _feel_slip(self, error: Array, crank: float) -> None:
        """Take in by how much each foot is behind its pedal [m], at a crank angle [rad]."""
        turned, self._turned = abs(crank - self._turned), crank
        self.slip -= self._SLIP_GAIN * min(turned, self._MOST_TURN) * error


def _circles(posture: RiderPosture) -> Array:
    """Places of both pedals and grips as middle + cos(angle) cosine + sin(angle) sine, shape (3, 4, 3) [m]."""
    quarter = 0.5 * np.pi
    at = [
        np.array([posture.pedal(side, angle) for side in (0, 1)] + [posture.grip(side, angle)[0] for side in (0, 1)])
        for angle in (0.0, quarter, 2.0 * quarter)
    ]
    middle = 0.5 * (at[0] + at[2])
    return np.stack((middle, at[0] - middle, at[1] - middle))
