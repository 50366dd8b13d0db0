"""Pedalling: how the two legs share the work on flat pedals, which feet can push but never pull."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PedallingParameters:
    """How hard the legs push.

    Attributes:
        rest: Downward force of a resting foot [N]; below about 10 N a foot leaves its pedal.
        speed_gain: Push for an error of speed [N·s/m].
        speed_integral: Push for its integral [N/m].
        push_limit: Greatest push; from about 115 N on one leg tips the pelvis off the other side of the saddle [N].
        push_rate: How fast the push may grow [N/s].
        acceleration: How fast the wanted speed may grow [m/s²].
        catch_up_limit: Greatest push while the crank turns freely, before the freewheel bites [N].
        grip: Greatest share of the downward force that may go along the pedal [1].
        park_stiffness: Push for an error of the parked crank's angle [N/rad].
        park_damping: [N·s/rad].
    """

    rest: float = 50.0
    speed_gain: float = 120.0
    speed_integral: float = 60.0
    push_limit: float = 100.0
    push_rate: float = 250.0
    acceleration: float = 0.2
    catch_up_limit: float = 45.0
    grip: float = 0.4
    park_stiffness: float = 40.0
    park_damping: float = 8.0


class Pedalling:
    """Turns a wish for speed, or for a parked crank, into the push of each foot.

    One number, the push P, drives both feet: each presses down with rest + max(0, P sin a) and along the pedal with
    P cos a, where a is its own crank angle from the top, as far as friction allows. P > 0 drives the crank forward,
    P < 0 turns it back.
    """

    def __init__(self, parameters: PedallingParameters, gear: float, wheel_radius: float, period: float) -> None:
        self._parameters, self._period = parameters, period
        self._crank_per_metre = 1.0 / (gear * wheel_radius)
        self._integral = 0.0
        self._wanted: float | None = None
        self.push = 0.0
        """The push P of the last step [N]."""

    def reset(self) -> None:
        """Forget the past."""
        self._integral = self.push = 0.0
        self._wanted = None

    def drive(self, wanted: float, speed: float, crank_rate: float) -> None:
        """Push for a speed [m/s]; `speed` is the present one and `crank_rate` the crank's [rad/s]."""
        p = self._parameters
        if self._wanted is None:
            self._wanted = speed
        self._wanted = min(wanted, self._wanted + p.acceleration * self._period)
        error = self._wanted - speed
        push = p.speed_gain * error + self._integral
        free = crank_rate < 0.93 * speed * self._crank_per_metre
        limit = min(p.catch_up_limit if free else p.push_limit, max(0.0, self.push) + p.push_rate * self._period)
        self.push = min(limit, max(0.0, push))
        if not free and (push < limit or error < 0.0):
            self._integral = min(p.push_limit, max(0.0, self._integral + p.speed_integral * error * self._period))

    def park(self, crank_angle: float, crank_rate: float, at: float | None = None) -> None:
        """Hold the crank at an angle [rad], or level, the nearer way round, while the wheel runs free."""
        p = self._parameters
        if at is None:
            level = pi * round((crank_angle - 0.5 * pi) / pi) + 0.5 * pi
        else:
            level = 2.0 * pi * round((crank_angle - at) / (2.0 * pi)) + at
        self.push = p.park_stiffness * (level - crank_angle) - p.park_damping * crank_rate
        self._integral = 0.0
        self._wanted = None

    def forces(self, crank_angle: float) -> Array:
        """Forces of the left and the right foot on their pedals, in the bicycle frame, shape (2, 3) [N]."""
        p, push = self._parameters, self.push
        s, c = sin(crank_angle), cos(crank_angle)
        rows = []
        for sine, cosine in ((s, c), (-s, -c)):
            down = p.rest + max(0.0, push * sine)
            rows.append((min(p.grip * down, max(-p.grip * down, push * cosine)), 0.0, -down))
        return np.array(rows)
