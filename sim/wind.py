"""Wind: a mean, declared gusts, and turbulence, as one velocity of the air at a time, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, pi, sin, sqrt

import numpy as np

from sim.pose import Triple

_ACROSS_P, _ACROSS_Q = sqrt(3.0), 1.0 - sqrt(3.0)
_ACROSS_GAIN = 1.0 / sqrt(0.5 * _ACROSS_P**2 + 0.5 * _ACROSS_P * _ACROSS_Q + 0.25 * _ACROSS_Q**2)
"""Makes the variance one: that of (p, q) is ((1/2, 1/4), (1/4, 1/4)) with time in units of T."""


@dataclass(frozen=True, slots=True)
class Gust:
    """A gust of the shape 1 - cosine (as in FAR 25.341), on top of the mean.

    Attributes:
        start: [s].
        duration: From calm to calm [s].
        speed: At its peak, half-way [m/s].
        direction: Where it blows to, from the world's x axis to the left [rad].
    """

    start: float
    duration: float
    speed: float
    direction: float

    def at(self, time: float) -> float:
        """Its speed at a time [s]; zero before and after [m/s]."""
        share = (time - self.start) / self.duration
        return 0.5 * self.speed * (1.0 - cos(2.0 * pi * share)) if 0.0 < share < 1.0 else 0.0


@dataclass(frozen=True, slots=True)
class WindParameters:
    """What blows.

    Attributes:
        speed: Mean [m/s].
        direction: Where it blows to, from the world's x axis to the left [rad].
        gusts: On top of the mean.
        intensity: Standard deviation of each horizontal component of the turbulence, as a part of the mean speed [1].
        length: Length scale of the turbulence [m].
        side_area: Drag coefficient times area of robot and bicycle against a wind from the side [m²].
    """

    speed: float
    direction: float
    gusts: tuple[Gust, ...] = ()
    intensity: float = 0.0
    length: float = 30.0
    side_area: float = 0.6


class Wind:
    """The wind as it goes on, tick by tick.

    Turbulence is Dryden's (MIL-F-8785C): white noise through a first-order filter along the mean wind and through a
    second-order one across it, frozen and carried past by the mean wind, discretised exactly.
    """

    def __init__(self, parameters: WindParameters, period: float, rng: np.random.Generator) -> None:
        """Make a wind.

        Args:
            parameters: What blows.
            period: Time between two ticks [s].
            rng: Where the turbulence comes from.
        """
        self.parameters = p = parameters
        self._mean = p.speed * cos(p.direction), p.speed * sin(p.direction)
        self._turbulence = _Turbulence(p.intensity * p.speed, p.length / p.speed, period, rng) if p.intensity else None

    def step(self, time: float) -> tuple[float, float]:
        """Velocity of the air (x, y) in world during the tick that begins at a time [s]; ticks come in order [m/s]."""
        x, y = self._mean
        for gust in self.parameters.gusts:
            speed = gust.at(time)
            x += speed * cos(gust.direction)
            y += speed * sin(gust.direction)
        if self._turbulence is not None:
            along, across = self._turbulence.step()
            c, s = cos(self.parameters.direction), sin(self.parameters.direction)
            x += c * along - s * across
            y += s * along + c * across
        return x, y


class _Turbulence:
    """Two components of Dryden's turbulence, along and across the mean wind, from their stationary distribution on."""

    def __init__(self, deviation: float, time_scale: float, period: float, rng: np.random.Generator) -> None:
        """Both have one standard deviation [m/s] and the time scale length over mean speed [s]."""
        self._rng, self._deviation = rng, deviation
        decay = exp(-period / time_scale)
        self._decay, self._along_noise = decay, sqrt(1.0 - decay * decay)
        # Across: sigma sqrt(T/pi) (1 + sqrt(3) T s) / (1 + T s)^2 is a sum of two states in a chain of equal poles,
        # p' = -p/T + n and q' = (p - q)/T; output sqrt(3) p + (1 - sqrt(3)) q. Their exact transition and covariance:
        step = period / time_scale
        self._mix = decay * step
        moments = [_moment(k, step) for k in range(3)]
        self._across_noise = np.linalg.cholesky(np.array(((moments[0], moments[1]), (moments[1], moments[2]))))
        self._u = float(rng.standard_normal())
        stationary = np.linalg.cholesky(np.array(((0.5, 0.25), (0.25, 0.25))))
        self._p, self._q = (float(value) for value in stationary @ rng.standard_normal(2))

    def step(self) -> tuple[float, float]:
        """The next pair [m/s]."""
        first, second, third = self._rng.standard_normal(3).tolist()
        self._u = self._decay * self._u + self._along_noise * first
        noise = self._across_noise
        self._q = self._decay * self._q + self._mix * self._p + float(noise[1, 0]) * second + float(noise[1, 1]) * third
        self._p = self._decay * self._p + float(noise[0, 0]) * second
        across = _ACROSS_GAIN * (_ACROSS_P * self._p + _ACROSS_Q * self._q)
        return self._deviation * self._u, self._deviation * across


def _moment(power: int, end: float) -> float:
    """Integral of t^power exp(-2 t) from 0 to an end."""
    if power == 0:
        return 0.5 * (1.0 - exp(-2.0 * end))
    return 0.5 * (power * _moment(power - 1, end) - end**power * exp(-2.0 * end))


def drag_in_wind(
    velocity: Triple, wind: tuple[float, float], heading: float, ahead_factor: float, side_factor: float
) -> Triple:
    """Force of the air on a rider, in world [N]: against the velocity relative to the air, ½ ρ C A |v| v.

    Args:
        velocity: Of the rider in world [m/s].
        wind: Velocity of the air in world, (x, y) [m/s].
        heading: Of the bicycle [rad].
        ahead_factor: ½ ρ C A for the part of the relative velocity along the bicycle and upward [kg/m].
        side_factor: The same for the part across the bicycle [kg/m].
    """
    x, y, z = velocity[0] - wind[0], velocity[1] - wind[1], velocity[2]
    speed = sqrt(x * x + y * y + z * z)
    c, s = cos(heading), sin(heading)
    ahead, side = -ahead_factor * speed * (c * x + s * y), -side_factor * speed * (c * y - s * x)
    return c * ahead - s * side, s * ahead + c * side, -ahead_factor * speed * z
