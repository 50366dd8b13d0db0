"""Pedalling: how the two legs share the work on flat pedals, which feet can push but never pull."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from controllers.riding.foot_motion import ease
from controllers.whole_body.kinematics import GRAVITY
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_MOST = 6.0
"""Greatest integral of the speed's error [Nm]."""
_AIR_DENSITY = 1.2
"""[kg/m³]."""


@dataclass(frozen=True, slots=True)
class PedallingParameters:
    """How hard the legs push.

    Attributes:
        rest: Downward force of a resting foot, on a smooth road, and on a rough one or when pushed from the side [N];
            below about 10 N a foot leaves its pedal, and one that is light on a bump slides ahead, for the bicycle is
            stopped by it and the leg is not.
        rough: Shaking of the pelvis (RMS) from which a road counts as rough, and at which it is so altogether [m/s²].
        firmness: How fast the feet become firm [1/s].
        speed_gain: Torque on the crank for an error of speed [Nm·s/m].
        speed_integral: Torque for its integral [Nm/m].
        push_limit: Greatest push, on the level and on a steep slope [N], of a body as heavy as its model. From about
            115 N on one leg tips the pelvis off the other side of the saddle if the hands do not hold it
            (`controllers.riding.climbing`); with them, 200 N lift it off in front and let it creep.
        torque_rate: How fast the torque may grow, on the level and on a steep slope [Nm/s].
        acceleration: How fast the wanted speed may grow [m/s²].
        follow_gain: Acceleration of a crank that turns slower than the freewheel, for what it lacks [1/s].
        follow_limit: Greatest such acceleration [rad/s²].
        follow_torque: Torque for what it lacks, besides the inertia of the legs [Nm·s/rad].
        follow_integral: Torque for the integral of what it lacks [Nm/rad].
        follow_torque_limit: Greatest such torque [Nm].
        bites: Share of the freewheel's rate above which the crank counts as driving, on the level and on a steep
            slope [1].
        idle: Share of the freewheel's rate at which the feet turn the crank while nothing is to be driven [1].
        grip: Greatest share of the downward force that may go along the pedal; with the toes down by up to 0.32 rad 0.4
            is 0.84 of the load on the sole, and it slid by 2 cm at a stroke [1].
        light: Turn of the crank on a metre of the way from which the gear counts as low [rad/m].
        park_stiffness: Push for an error of the angle of a crank that is parked, or on the way there, in a gear that is
            not low and on the level, and otherwise [N/rad]; in a low gear the wheel lets the crank turn on faster.
        park_damping: The same for its rate [N·s/rad].
        park_limit: Greatest push for parking [N].
        park_haste: Rate for a way that is left to the place where the crank is parked [1/s].
        park_rate: Greatest rate at which a crank is turned to where it is parked, forward and backward [rad/s];
            forward, no more than `idle` of the freewheel's either, or the feet would drive.
        park_acceleration: How fast that rate may change [rad/s²]; a foot that is jerked slides on its pedal.
        park_smoothing: Share of a new acceleration that the legs' inertia is fed forward for at a tick [1].
    """

    rest: tuple[float, float] = (50.0, 80.0)
    rough: tuple[float, float] = (2.0, 3.0)
    firmness: float = 10.0
    speed_gain: float = 15.0
    speed_integral: float = 8.0
    push_limit: tuple[float, float] = (100.0, 170.0)
    torque_rate: tuple[float, float] = (30.0, 100.0)
    acceleration: float = 0.2
    follow_gain: float = 10.0
    follow_limit: float = 20.0
    follow_torque: float = 2.0
    follow_integral: float = 8.0
    follow_torque_limit: float = 6.0
    bites: tuple[float, float] = (0.93, 0.7)
    idle: float = 0.9
    grip: float = 0.3
    light: float = 3.0
    park_stiffness: tuple[float, float] = (40.0, 100.0)
    park_damping: tuple[float, float] = (8.0, 9.0)
    park_limit: float = 180.0
    park_haste: float = 8.0
    park_rate: tuple[float, float] = (6.0, 6.0)
    park_acceleration: float = 25.0
    park_smoothing: float = 0.1


@dataclass(frozen=True, slots=True)
class Load:
    """What the crank has to move.

    Attributes:
        crank_per_metre: Turn of the crank on a metre of the way [rad/m].
        crank_length: [m].
        mass: Of rider and bicycle [kg].
        rolling: Force of what resists at any speed [N].
        drag: Force of the air for the square of the speed [N·s²/m²].
    """

    crank_per_metre: float
    crank_length: float
    mass: float
    rolling: float
    drag: float

    @classmethod
    def of(cls, bicycle: BicycleParameters, rider_mass: float) -> Load:
        """That of a bicycle with a rider of a mass [kg], on level ground in still air."""
        g, r = bicycle.geometry, bicycle.resistance
        mass = bicycle.mass + rider_mass
        bearings = bicycle.bearings.wheel * (1.0 / g.rear_wheel_radius + 1.0 / g.front_wheel_radius)
        return cls(
            crank_per_metre=1.0 / (bicycle.drive.gear_ratio * g.rear_wheel_radius),
            crank_length=bicycle.drive.crank_length,
            mass=mass,
            rolling=r.rolling_coefficient * mass * GRAVITY + bearings,
            drag=0.5 * _AIR_DENSITY * r.drag_area,
        )

    def torque(self, speed: float, acceleration: float, slope: float = 0.0) -> float:
        """Torque at the crank that keeps a speed [m/s] or makes it grow [m/s²] up a slope [rad]: [Nm]."""
        force = self.rolling + self.drag * speed * speed + self.mass * acceleration
        if slope:
            force += self.mass * GRAVITY * sin(slope)
        return force / self.crank_per_metre


class Pedalling:
    """Turns a wish for speed, or for a parked crank, into the push of each foot.

    One number, the push P, drives both feet: each presses down with rest + max(0, P sin a) and along the pedal with
    P cos a, where a is its own crank angle from the top, as far as friction allows. P > 0 drives the crank forward,
    P < 0 turns it back. While driving, P is what gives the wanted torque at the present crank angle, so that the torque
    is the same over the turn.
    """

    def __init__(self, parameters: PedallingParameters, load: Load, period: float) -> None:
        """Prepare for a load; `period` is the time between two steps [s]."""
        self._parameters, self._load, self._period = parameters, load, period
        self.steepness = 0.0
        """How steep the road is for the legs, from 0 on the level to 1 [1]."""
        self.rest = parameters.rest[0]
        """Downward force of a resting foot [N]."""
        self.weight = 1.0
        """How heavy the body is, as a multiple of its model: it holds the pelvis down on the saddle [1]."""
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._integral = 0.0
        self._wanted: float | None = None
        self._lacked = 0.0
        self._push: float | None = 0.0
        self._turning: float | None = None
        self._place = 0.0
        self.torque = 0.0
        """Torque on the crank that is wanted while driving [Nm]."""
        self.crank_acceleration = 0.0
        """What the legs' inertia is to be fed forward for [rad/s²]."""

    def drive(
        self, wanted: float, speed: float, crank_rate: float, slope: float = 0.0, *, gently: bool = False
    ) -> None:
        """Push for a speed.

        Args:
            wanted: That speed [m/s].
            speed: The present one [m/s].
            crank_rate: [rad/s].
            slope: Of the road, positive uphill [rad].
            gently: Whether the wanted speed is not to grow now.
        """
        p = self._parameters
        self._turning = None
        if self._wanted is None:
            self._wanted = speed
        before = self._wanted
        self._wanted = min(wanted, before + (0.0 if gently else p.acceleration * self._period))
        error = self._wanted - speed
        growth = max(0.0, (self._wanted - before) / self._period)
        asked = self._load.torque(speed, growth, slope) + p.speed_gain * error + self._integral
        wheel = speed * self._load.crank_per_metre
        if crank_rate < self._between(p.bites) * wheel:
            self._follow((1.0 if asked > 0.0 else p.idle) * wheel - crank_rate)
        else:
            self.crank_acceleration = self._lacked = 0.0
            limit = max(0.0, self.torque) + self._between(p.torque_rate) * self._period
            self.torque = min(limit, max(0.0, asked))
            if asked < limit or error < 0.0:
                self._integral = min(_MOST, max(-_MOST, self._integral + p.speed_integral * error * self._period))
        self._push = None

    def brace(self, shaken: float, *, pushed: bool) -> None:
        """Press firmly where the pelvis is shaken, by so much (RMS) [m/s²], or pushed from the side."""
        p = self._parameters
        smooth, rough = p.rough
        share = 1.0 if pushed else ease((shaken - smooth) / (rough - smooth))
        firm = p.rest[0] + share * (p.rest[1] - p.rest[0])
        self.rest += p.firmness * self._period * (firm - self.rest)

    @property
    def crank_per_metre(self) -> float:
        """Turn of a crank that drives, on a metre of the way [rad/m]."""
        return self._load.crank_per_metre

    @property
    def low_gear(self) -> bool:
        """Whether the wheel turns so little for a turn of the crank that the gear counts as low."""
        return self._load.crank_per_metre > self._parameters.light

    def _between(self, pair: tuple[float, float]) -> float:
        """What holds at the present steepness, of a value on the level and one on a steep slope."""
        level, steep = pair
        return level + self.steepness * (steep - level)

    def _follow(self, lack: float) -> None:
        """Bring the crank to a rate of which it lacks some [rad/s]."""
        p = self._parameters
        self.crank_acceleration = min(p.follow_limit, max(0.0, p.follow_gain * lack))
        self._lacked += lack * self._period
        most = p.follow_torque_limit
        self.torque = min(most, max(0.0, p.follow_torque * lack + p.follow_integral * self._lacked))
        self._lacked = min(most / p.follow_integral, max(0.0, self._lacked))

    def park(self, crank_angle: float, crank_rate: float, speed: float, at: float | None = None) -> None:
        """Turn the crank to an angle, or level, the nearer way round, and hold it there, while the wheel runs free.

        Args:
            crank_angle: [rad].
            crank_rate: [rad/s].
            speed: [m/s].
            at: Where it is to be [rad]; None is level.
        """
        p, rate, growth = self._parameters, self._turning, self.crank_acceleration
        place, rate = (crank_angle, crank_rate) if rate is None else (self._place, rate)
        self.reset()
        turn, level = (pi, 0.5 * pi) if at is None else (2.0 * pi, at)
        away, step = turn * round((crank_angle - level) / turn) + level - place, p.park_acceleration * self._period
        light = max(self.steepness, float(self.low_gear))
        stiffness = p.park_stiffness[0] + light * (p.park_stiffness[1] - p.park_stiffness[0])
        damping = p.park_damping[0] + light * (p.park_damping[1] - p.park_damping[0])
        forward, backward = p.park_rate
        forward = min(forward, p.idle * max(0.0, speed) * self._load.crank_per_metre)
        most = sqrt(2.0 * p.park_acceleration * abs(away))
        wanted = max(-most, min(most, p.park_haste * away))
        wanted = min(forward, max(-backward, wanted))
        self._turning = min(rate + step, max(rate - step, wanted))
        self._place = place + self._turning * self._period
        self.crank_acceleration = growth + p.park_smoothing * ((self._turning - rate) / self._period - growth)
        push = stiffness * (self._place - crank_angle) + damping * (self._turning - crank_rate)
        self._push = min(p.park_limit, max(-p.park_limit, push))

    def push_at(self, crank_angle: float, spring: float = 0.0) -> float:
        """The push P at a crank angle [rad], where the legs' springs give a torque of their own [Nm]: [N]."""
        if self._push is not None:
            return self._push
        return self._push_for(max(0.0, self.torque - spring), crank_angle) if self.torque > 0.0 else 0.0

    def forces(self, crank_angle: float, spring: float = 0.0) -> Array:
        """Forces of the left and the right foot on their pedals, in the bicycle frame, shape (2, 3) [N].

        Args:
            crank_angle: [rad].
            spring: Torque on the crank that the legs give besides, because the pelvis is not where their reference
                has it [Nm].
        """
        p, push = self._parameters, self.push_at(crank_angle, spring)
        s, c = sin(crank_angle), cos(crank_angle)
        rows = []
        for sine, cosine in ((s, c), (-s, -c)):
            down = self.rest + max(0.0, push * sine)
            rows.append((min(p.grip * down, max(-p.grip * down, push * cosine)), 0.0, -down))
        return np.array(rows)

    def _push_for(self, torque: float, crank_angle: float) -> float:
        """The push that gives a torque [Nm] at a crank angle [rad], as far as the limit allows [N].

        With s and c the sizes of sine and cosine, the pressing foot gives P s² and min(P c, grip (rest + P s)) c, the
        other one min(P c, grip rest) c, times the crank's length: a line with two kinks.
        """
        p = self._parameters
        most = self.weight * self._between(p.push_limit)
        s, c = abs(sin(crank_angle)), abs(cos(crank_angle))
        wanted = torque / self._load.crank_length
        hold = p.grip * self.rest
        first = hold / max(c, 1e-9)
        second = hold / max(c - p.grip * s, 1e-9)
        push = wanted / (s * s + 2.0 * c * c)
        if push > first:
            push = (wanted - hold * c) / (s * s + c * c)
            if push > second:
                push = (wanted - 2.0 * hold * c) / (s * s + p.grip * s * c) if s > 1e-9 else most
        return min(most, push)
