"""The motion of a foot in the air."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from controllers.balance.feet import FootPlace
from controllers.balance.gait_parameters import GaitParameters
from controllers.rotation import wrap

Array = NDArray[np.float64]

_SHORTEST = 0.02
"""Least time over which a way is planned [s]."""
_JERK = 4000.0
"""Greatest jerk of the reference [m/s³]."""


class Swing:
    """Least jerk on the ground to a foothold that may move on the way, a bump in height, and a gentle landing.

    Attributes:
        place: Middle of the sole, shape (3,) [m].
        velocity: Shape (3,) [m/s].
        acceleration: Shape (3,) [m/s²].
        heading: Of the sole [rad].
        turning: How fast that changes [rad/s].
        share: How much of the swing is over, 0 to 1.
        late: Time since the touch-down was due [s].
    """

    def __init__(self, parameters: GaitParameters, period: float) -> None:
        """Take parameters and the time between two ticks [s]."""
        self._parameters, self._period = parameters, period
        self.place, self.velocity, self.acceleration = np.zeros(3), np.zeros(3), np.zeros(3)
        self.heading, self.turning = 0.0, 0.0
        self.share, self.late = 0.0, 0.0
        self._time = parameters.swing_time
        self._start_height, self._start_heading = 0.0, 0.0

    def lift(self, foot: FootPlace, time: float) -> None:
        """Begin where a foot stands, for a swing of this time [s]."""
        self._time = time
        self.share, self.late = 0.0, 0.0
        self.place[:] = foot.position
        self.velocity[:] = self.acceleration[:] = 0.0
        self._start_height, self._start_heading = float(foot.position[2]), foot.heading

    @property
    def overdue(self) -> bool:
        """Whether the foot is so late that it goes on to where the weight goes."""
        return self.late > self._parameters.patience

    def move(self, left: float, foothold: Array, heading: float, ground: float, late_speed: float) -> None:
        """One tick.

        Args:
            left: Time to the touch-down [s].
            foothold: Where it goes, shape (2,) [m].
            heading: Of the foot there [rad].
            ground: Expected height there [m].
            late_speed: With which it comes down from the touch-down that was due on [m/s].
        """
        self.share += (1.0 - self.share) * min(1.0, self._period / max(left, self._period))
        self._along(left, foothold)
        self._up_and_down(ground)
        u, way = self.share, wrap(heading - self._start_heading)
        self.heading = self._start_heading + u * u * u * (10 - 15 * u + 6 * u * u) * way
        self.turning = 30.0 * u * u * (1.0 - u) ** 2 / self._time * way
        if left <= 0.0:
            self.late += self._period
            self.place[2] = ground - late_speed * self.late
            self.velocity[2], self.acceleration[2] = -late_speed, 0.0

    def _along(self, left: float, foothold: Array) -> None:
        p, dt = self._parameters, self._period
        place, velocity, acceleration = self.place[:2], self.velocity[:2], self.acceleration[:2]
        if left <= 0.0 and not self.overdue:
            velocity[:] = 0.0
            acceleration[:] = 0.0
            return
        tau = p.freeze[1] if self.overdue else max(left, _SHORTEST)
        jerk = 60.0 * (foothold - place) / tau**3 - 36.0 * velocity / tau**2 - 9.0 * acceleration / tau
        np.clip(jerk, -_JERK, _JERK, out=jerk)
        place += dt * velocity + 0.5 * dt * dt * acceleration
        velocity += dt * acceleration + 0.5 * dt * dt * jerk
        acceleration += dt * jerk

    def _up_and_down(self, ground: float) -> None:
        p, u, time = self._parameters, self.share, self._time
        rise = ground - self._start_height
        blend = u * u * u * (10 - 15 * u + 6 * u * u)
        down = p.landing[0] * time
        self.place[2] = (
            self._start_height + blend * rise + p.clearance * 16.0 * u * u * (1 - u) ** 2 + down * u * u * (1 - u)
        )
        self.velocity[2] = (
            30.0 * u * u * (1 - u) ** 2 * rise + p.clearance * 32.0 * u * (1 - u) * (1 - 2 * u) + down * u * (2 - 3 * u)
        ) / time
        bend = p.clearance * 32.0 * (1 - 6 * u + 6 * u * u) + down * (2 - 6 * u)
        self.acceleration[2] = bend / time**2
