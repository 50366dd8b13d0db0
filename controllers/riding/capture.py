"""What the bars can still catch: how far a ride may tip at a speed before turning them brings it back no more."""

from __future__ import annotations

from dataclasses import dataclass
from math import tan

from controllers.riding.whipple import Whipple


@dataclass(frozen=True, slots=True)
class CaptureParameters:
    """What the bars can do.

    Attributes:
        steer_limit: Greatest steer angle [rad].
        lateral_limit: Greatest steady lateral acceleration that is steered for [m/s²].
    """

    steer_limit: float = 0.65
    lateral_limit: float = 2.8


class Capture:
    """The reach of steering, from the roll line of the Whipple equations with the steer angle given.

    Roll and roll rate count together as the tilt x = r + r' / a, where a is the rate at which the bicycle falls by
    itself: x is the divergent part of the motion (the capture point of a walking robot, Pratt et al. 2006, or the
    divergent component of motion, Takenaka et al. 2009). Bars turned to the side of the fall take two things from it:
    what the turn at the steer limit holds up for good, and what turning them there gives once. A tilt beyond both grows
    whatever the bars do.
    """

    def __init__(self, bicycle: Whipple, falling: float, parameters: CaptureParameters | None = None) -> None:
        """Take bicycle and rider, and the rate at which they fall by themselves [1/s]."""
        p = self._parameters = parameters or CaptureParameters()
        weight = -bicycle.g * float(bicycle.gravity[0, 0])
        self._turn = float(bicycle.speed[0, 1]) * tan(p.steer_limit) / weight
        self._still = bicycle.g * float(bicycle.gravity[0, 1]) * tan(p.steer_limit) / weight
        self._most = p.lateral_limit / bicycle.g
        self._kick = float(bicycle.damping[0, 1]) / (float(bicycle.mass[0, 0]) * falling)

    def reach(self, speed: float, toward: float) -> float:
        """Greatest tilt that steering brings back [rad]; less than zero where it brings back none.

        Args:
            speed: [m/s].
            toward: How far the bars are turned to the side of the fall already [rad].
        """
        limit = self._parameters.steer_limit
        held = min(self._most, self._turn * speed * speed + self._still)
        return held + self._kick * speed * min(2.0 * limit, max(0.0, limit - toward))
