"""How the body sits on its bicycle, and where bars and cranks are, from what touches: saddle, grips and pedals."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.rotation import from_angles

Array = NDArray[np.float64]

_ROLL, _PITCH, _YAW, _STEER, _CRANK = range(3, 8)
_SIZE = 8


@dataclass(frozen=True, slots=True)
class ContactParameters:
    """How far things are from where they should be, standard deviations.

    Attributes:
        hand: Middle of a hand from the middle of its grip [m].
        foot: Ball of a foot from the axle of its pedal, ahead, aside, up [m].
        seat: Pelvis from its place on the saddle, ahead, aside, up [m].
        seat_turn: Its roll and its yaw there [rad].
        pitch: Pitch of the pelvis against the bicycle, less the one that its IMU tells [rad].
    """

    hand: float = 0.001
    foot: tuple[float, float, float] = (0.008, 0.015, 0.004)
    seat: tuple[float, float, float] = (0.02, 0.02, 0.004)
    seat_turn: tuple[float, float] = (0.05, 0.05)
    pitch: float = 0.02


class ContactKinematics:
    """Weighted least squares over the pelvis' pose in the bicycle frame, the steer and the crank angle.

    Each hand is at its grip, each foot on a pedal is at its axle, the pelvis is about its place on the saddle, and its
    pitch is about what the IMU says on level ground. One Gauss-Newton step a tick, from the last solution.
    """

    def __init__(self, posture: RiderPosture, parameters: ContactParameters | None = None) -> None:
        """Take how the body should sit."""
        p = parameters or ContactParameters()
        self._posture = posture
        self._hand = 1.0 / p.hand
        self._foot = 1.0 / np.array(p.foot)
        self._prior = 1.0 / np.array((*p.seat, p.seat_turn[0], p.pitch, p.seat_turn[1]))
        self._matrix, self._right = np.zeros((18, _SIZE)), np.zeros(18)
        self._matrix[12:, :6] = np.diag(self._prior)
        self.reset(0.0)

    def reset(self, crank: float) -> None:
        """Sit straight, bars straight, cranks at an angle [rad]."""
        self._state = np.zeros(_SIZE)
        self._state[_CRANK] = crank

    @property
    def offset(self) -> Array:
        """Pelvis from its place on the saddle, in the bicycle frame, shape (3,) [m]."""
        return self._state[:3]

    @property
    def roll(self) -> float:
        """Of the pelvis on the saddle, right side down positive [rad]."""
        return float(self._state[_ROLL])

    @property
    def pitch(self) -> float:
        """Of the pelvis on the saddle, forward positive [rad]."""
        return float(self._state[_PITCH])

    @property
    def yaw(self) -> float:
        """Of the pelvis on the saddle, to the left positive [rad]."""
        return float(self._state[_YAW])

    @property
    def steer(self) -> float:
        """Of the bars, to the left positive [rad]."""
        return float(self._state[_STEER])

    @property
    def crank(self) -> float:
        """Zero with the left pedal on top [rad]."""
        return float(self._state[_CRANK])

    @property
    def rotation(self) -> Array:
        """Pelvis axes in the bicycle frame, shape (3, 3)."""
        return from_angles(self.roll, self.pitch, self.yaw)

    def update(self, hands: tuple[Array, Array], feet: tuple[Array | None, Array | None], pitch: float) -> None:
        """Take a posture in.

        Args:
            hands: Middle of the left and the right hand in the pelvis frame, shape (3,) each [m].
            feet: Ball of the left and the right foot there; None for one that is not on its pedal.
            pitch: Of the pelvis as its IMU says, forward positive [rad].
        """
        posture, state, a, b = self._posture, self._state, self._matrix, self._right
        rotation = self.rotation
        origin = posture.pelvis_in_bicycle + state[:3]
        a[:12] = 0.0
        b[:12] = 0.0
        for side, hand in enumerate(hands):
            steer = float(state[_STEER])
            target = posture.grip(side, steer)[0]
            row = slice(3 * side, 3 * side + 3)
            self._point(row, rotation @ hand, origin, target, self._hand)
            a[row, _STEER] = -self._hand * posture.grip_velocity(side, steer)
        for side, foot in enumerate(feet):
            if foot is None:
                continue
            crank = float(state[_CRANK])
            row = slice(6 + 3 * side, 9 + 3 * side)
            self._point(row, rotation @ foot, origin, posture.pedal(side, crank), self._foot)
            reach = (1 - 2 * side) * posture.crank_length
            a[row, _CRANK] = -self._foot * (reach * cos(crank), 0.0, -reach * sin(crank))
        b[12:] = -self._prior * (state[:6] - (0.0, 0.0, 0.0, 0.0, pitch, 0.0))
        known = slice(0, _SIZE if any(foot is not None for foot in feet) else _CRANK)
        a = a[:, known]
        state[known] += np.linalg.solve(a.T @ a, a.T @ b)

    def _point(self, row: slice, arm: Array, origin: Array, target: Array, weight: Array | float) -> None:
        """A point of the body, at an arm from the pelvis in bicycle axes, is at a target."""
        x, y, z = arm.tolist()
        turn = np.array(((0.0, z, -y), (-z, 0.0, x), (y, -x, 0.0)))
        self._right[row] = weight * (target - origin - arm)
        self._matrix[row, :3] = np.eye(3) * weight
        self._matrix[row, 3:6] = turn * (weight if isinstance(weight, float) else weight[:, None])
