"""Position and velocity of a body that stands on feet which stay where they are: a Kalman filter."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POSITION, VELOCITY, LEFT, RIGHT, BIAS = range(5)
_SIZE = 5

GRAVITY = 9.81
"""[m/s²]"""


@dataclass(frozen=True, slots=True)
class AnchorParameters:
    """What the filter expects of body, ground and sensors; standard deviations along each axis.

    Attributes:
        acceleration: How far the velocity strays from the integral of the unbiased accelerometer [m/s/√s].
        bias_drift: How far the accelerometer's bias wanders, most of which is an error of the level [m/s²/√s].
        start_bias: Of that bias at the start [m/s²].
        start_velocity: At the start [m/s].
        stance: How far a foot that stands strays from its place [m/√s].
        swing: How far a foot in the air does [m/√s].
        kinematics: Of a foot's measured place against the base, white [m].
    """

    acceleration: float = 0.02
    bias_drift: float = 0.02
    start_bias: float = 0.06
    start_velocity: float = 0.02
    stance: float = 3e-3
    swing: float = 2.0
    kinematics: float = 5e-4


class AnchoredMotion:
    """Kalman filter for position and velocity of the base, the places of two feet, and the accelerometer's bias.

    The state of Bloesch et al. (2012), "State estimation for legged robots", with the attitude taken from the IMU as
    in the linear filter of the MIT Cheetah 3 (Bledt et al. 2018), and the bias in the world, where an error of the
    level shows as a constant pull of gravity:

        p' = v,   v' = a - b,   s_i' = noise that grows as the contact becomes unsure,   b' = noise,
        measured: the vectors from base to feet, s_i - p, by attitude and encoders.

    As all noise is the same along every axis and no axis mixes with another, the three axes share one covariance
    (5, 5) and one gain; the state is (5, 3).

    The velocities of the feet are not measured: the encoders' positions are finer than their velocities, whose frame
    cannot even say zero, and the accelerometer bridges the ticks in between.
    """

    def __init__(self, period: float, delay: float, parameters: AnchorParameters) -> None:
        """Prepare a filter that is updated every `period` [s], by an accelerometer that is `delay` [s] late."""
        self._p = p = parameters
        self._period, self._delay = period, delay
        self._transition = np.eye(_SIZE)
        self._transition[POSITION, VELOCITY] = period
        self._transition[POSITION, BIAS] = -period * (0.5 * period + delay)
        self._transition[VELOCITY, BIAS] = -period
        self._gravity = np.array((0.0, 0.0, GRAVITY))
        self._drift = np.zeros(_SIZE)
        self._drift[VELOCITY] = p.acceleration**2 * period
        self._drift[BIAS] = p.bias_drift**2 * period
        self._stance, self._ratio = p.stance**2 * period, 2.0 * log(p.swing / p.stance)
        self._variance = p.kinematics**2
        self.state = np.zeros((_SIZE, 3))
        """Rows: position [m], velocity [m/s], left and right foot [m], bias of the accelerometer [m/s²]."""
        self.velocity = np.zeros(3)
        """Of the base now, the last reading of the accelerometer carried on over its delay [m/s]."""
        self.covariance = np.zeros((_SIZE, _SIZE))
        """Of the state along each axis."""
        self._diagonal = self.covariance.reshape(-1)[:: _SIZE + 1]

    def reset(self, position: Array, arms: Array) -> None:
        """Stand at a position, shape (3,) [m], on feet at arms from there, shape (2, 3) [m]."""
        p = self._p
        self.state[:] = 0.0
        self.velocity[:] = 0.0
        self.state[POSITION] = position
        self.state[LEFT : RIGHT + 1] = position + arms
        self.covariance[:] = 0.0
        self._diagonal[:] = (0.0, p.start_velocity**2, self._variance, self._variance, p.start_bias**2)

    def update(self, force: Array, arms: Array, rolled: Array, contact: tuple[float, float]) -> None:
        """Go on by a period.

        Args:
            force: Specific force at the base in the world, shape (3,) [m/s²].
            arms: From the base to the feet in the world, as measured, shape (2, 3) [m].
            rolled: How far the feet's reference points moved by turning about what stays on the ground, (2, 3) [m].
            contact: How surely each foot stands, 0 to 1.
        """
        x, P, F, period = self.state, self.covariance, self._transition, self._period
        gain = force - self._gravity
        gain -= x[BIAS]
        # The velocity of the state is as old as the accelerometer's reading; position and feet are of now.
        x[POSITION] += period * (x[VELOCITY] + (0.5 * period + self._delay) * gain)
        x[VELOCITY] += period * gain
        x[LEFT : RIGHT + 1] += rolled
        P[:] = F @ P @ F.T
        left, right = contact
        drift = self._drift
        drift[LEFT] = self._stance * exp(self._ratio * (1.0 - left))
        drift[RIGHT] = self._stance * exp(self._ratio * (1.0 - right))
        np.add(self._diagonal, drift, out=self._diagonal)

        shared = P[:, LEFT : RIGHT + 1] - P[:, POSITION : POSITION + 1]
        (a, b), (c, d) = (shared[LEFT : RIGHT + 1] - shared[POSITION]).tolist()
        a, d, b = a + self._variance, d + self._variance, 0.5 * (b + c)
        scale = 1.0 / (a * d - b * b)
        gains = shared @ np.array(((scale * d, -scale * b), (-scale * b, scale * a)))
        surprise = arms - x[LEFT : RIGHT + 1]
        surprise += x[POSITION]
        x += gains @ surprise
        np.multiply(gain, self._delay, out=self.velocity)
        self.velocity += x[VELOCITY]
        P -= gains @ shared.T
        P += P.T.copy()
        P *= 0.5
