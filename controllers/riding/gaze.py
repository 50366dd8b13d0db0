"""The head looks where the way leads."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import Course
from controllers.riding.estimator import RideEstimate
from controllers.riding.posture_chart import SeatedPosture
from controllers.rotation import from_angles
from robot import RobotModel

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GazeParameters:
    """Where to look, and how quickly.

    Attributes:
        ahead: How far ahead in time the point is that is looked at [s]; cyclists look 1 to 2 s ahead (Vansteenkiste et
            al. 2013).
        least: Least distance of it along the course [m].
        eyes: Place of the eyes ahead of the rear contact and above the ground [m].
        margin: How far the joints stay from their limits [rad].
        bandwidth: With which the head follows, critically damped [rad/s].
        rate: Greatest rate of its joints [rad/s].
        acceleration: Their greatest acceleration [rad/s²].
    """

    ahead: float = 1.75
    least: float = 2.0
    eyes: tuple[float, float] = (0.16, 1.2)
    margin: float = 0.02
    bandwidth: float = 8.0
    rate: float = 1.5
    acceleration: float = 10.0


class Gaze:
    """Turns the head to the point of the course that is reached some time later.

    Its joints follow by a second-order system with limited rate and acceleration, so that another course makes no jump.
    """

    def __init__(self, model: RobotModel, period: float, parameters: GazeParameters | None = None) -> None:
        """Prepare for a body; `period` is the time between two steps [s]."""
        self._parameters, self._period = parameters or GazeParameters(), period
        self._head = np.array([model.index("head_yaw_joint"), model.index("head_pitch_joint")])
        self._waist = [model.index(f"waist_{axis}_joint") for axis in ("roll", "pitch", "yaw")]
        self._lower = model.limits.lower[self._head] + self._parameters.margin
        self._upper = model.limits.upper[self._head] - self._parameters.margin
        self.reset()

    def reset(self) -> None:
        """Begin where the seated posture has the head."""
        self._position: Array | None = None
        self._velocity: Array = np.zeros(2)

    def step(self, e: RideEstimate, course: Course, arc_length: float, seated: SeatedPosture) -> None:
        """Put the head's joints into the body's reference, in place.

        Args:
            e: The ride.
            course: What is followed.
            arc_length: Where the rear wheel is along it [m].
            seated: The reference.
        """
        p = self._parameters
        if self._position is None:
            self._position = seated.position[self._head]
        place = arc_length + max(p.least, p.ahead * e.speed)
        x, y = course.points[min(len(course.points) - 1, round(place / course.spacing))].tolist()
        waist = from_angles(*seated.position[self._waist].tolist())
        wanted = np.clip(self._angles(x - e.x, y - e.y, e, waist), self._lower, self._upper)
        w = p.bandwidth
        push = w * w * (wanted - self._position) - 2.0 * w * self._velocity
        push = np.clip(push, -p.acceleration, p.acceleration)
        before = self._velocity
        self._velocity = np.clip(before + self._period * push, -p.rate, p.rate)
        self._position = self._position + self._period * self._velocity
        seated.position[self._head], seated.velocity[self._head] = self._position, self._velocity
        seated.acceleration[self._head] = (self._velocity - before) / self._period

    def _angles(self, x: float, y: float, e: RideEstimate, waist: Array) -> Array:
        """Yaw and pitch of the head that look at a point of the ground, from the rear contact in the world [m]."""
        c, s = cos(e.heading), sin(e.heading)
        ahead, above = self._parameters.eyes
        level = np.array((c * x + s * y - ahead, -s * x + c * y, -above))
        dx, dy, dz = (waist.T @ from_angles(-e.roll, 0.0, 0.0) @ level).tolist()
        return np.array((atan2(dy, dx), atan2(-dz, hypot(dx, dy))))
