"""The leg that is not on its pedal: on the way to the ground, standing there, or on the way back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import cos, sin, tan

import numpy as np
from numpy.typing import NDArray

from controllers.riding.estimator import RideEstimate
from controllers.riding.leg import Leg, LegPosture, pitched
from controllers.riding.posture import RiderPosture
from controllers.riding.whipple import Whipple
from robot import RobotModel

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FreeLegParameters:
    """Places and times of the foot.

    Attributes:
        toe: Where the tip of the sole goes down, ahead of the rear contact and to the side [m].
        hover: Height of the sole above the ground before it is put down [m].
        out: Time from the pedal to there [s].
        down: Speed at which it goes down [m/s].
        back: Time from the ground to the pedal [s].
        lift: Height above pedal or ground at which it is carried [m].
        half_sole: Half the length of the sole [m].
        frequency: With which the foot's force holds the lean [rad/s].
        damping: Damping ratio of that [1].
        load_limit: Greatest force of the foot [N].
        reach: Greatest distance from hip to sole with a flat foot [m]; beyond it the heel is raised.
    """

    toe: tuple[float, float] = (0.38, 0.25)
    hover: float = 0.02
    out: float = 0.6
    down: float = 0.25
    back: float = 0.6
    lift: float = 0.08
    half_sole: float = 0.102
    frequency: float = 5.0
    damping: float = 0.9
    load_limit: float = 240.0
    reach: float = 0.62


class Where(Enum):
    """Where the foot is."""

    PEDAL = auto()
    OUT = auto()
    HOVER = auto()
    DOWN = auto()
    GROUND = auto()
    BACK = auto()


@dataclass(slots=True)
class FootOrder:
    """What the free leg is to do.

    Attributes:
        posture: Its joints.
        torque: Of its joints for the force of the foot, shape (6,) [Nm].
    """

    posture: LegPosture
    torque: Array


class FreeLeg:
    """Carries one foot between pedal and ground, and holds the bicycle's lean with it while it stands there."""

    def __init__(
        self, model: RobotModel, posture: RiderPosture, whipple: Whipple, period: float,
        parameters: FreeLegParameters | None = None,
    ) -> None:  # fmt: skip
        self._parameters = parameters or FreeLegParameters()
        self._posture, self._period = posture, period
        self.legs = (Leg(model, 0), Leg(model, 1))
        self._weight = -whipple.g * float(whipple.gravity[0, 0])
        self._inertia = float(whipple.mass[0, 0])
        self.reset()

    braked = False
    _landing = False
    length = 0.0

    def reset(self) -> None:
        """Both feet are on their pedals."""
        self.where = Where.PEDAL
        self.side = 0
        self.load = 0.0
        """Force with which the foot is to press on the ground [N]."""
        self.heel = 0.0
        """Pitch of the sole on the ground [rad]."""
        self.since = 0.0
        self._point, self._rotation = np.zeros(3), np.eye(3)
        self._from, self._from_rotation = self._point, self._rotation
        self._velocity = self._from_velocity = np.zeros(3)
        self._yaw = 0.0
        self._position: Array | None = None
        self._rate: Array | None = None
        self.acceleration = np.zeros(6)

    @property
    def on_pedals(self) -> tuple[bool, bool]:
        """Which feet are on their pedals."""
        free = self.where is not Where.PEDAL
        return (not (free and self.side == 0), not (free and self.side == 1))

    def stand(self, side: int, time: float) -> None:
        """The foot stands on the ground where it is."""
        self.side = side
        self._landing = self.where is Where.HOVER
        self._go(Where.GROUND, time)

    def leave(self, side: int, time: float) -> None:
        """Take the foot off its pedal, to beside the bicycle."""
        self.side = side
        self._position = self._rate = None
        self._go(Where.OUT, time)

    def put_down(self, time: float) -> None:
        """Put the foot on the ground."""
        self._go(Where.DOWN, time)

    def pick_up(self, time: float) -> None:
        """Bring the foot back to its pedal."""
        self._go(Where.BACK, time)

    def standing(self, side: int, roll: float) -> Array:
        """Joint angles with which a foot stands flat on the ground beside the bicycle, shape (6,) [rad]."""
        p = self._parameters
        e = RideEstimate(*(0.0,) * 13, up=np.array((0.0, 0.0, 1.0)))
        e.roll = roll
        self.side = side
        goal = self._hover_at(e, 0.0) - self._posture.pelvis_in_bicycle
        position = np.array((-0.5, 0.15 * (1 - 2 * side), 0.0, 0.7, -0.2, 0.0))
        for _ in range(30):
            posture = self.legs[side].reach(goal, self._flat(e, 0.0, 0.0), np.zeros(6), position)
            position = posture.position
        if posture.miss > 0.005:
            raise ValueError(f"the foot misses the ground by {1000 * posture.miss:.0f} mm: the saddle is too high")
        return position

    def _go(self, where: Where, time: float) -> None:
        self.where = where
        self.since = time
        self._from, self._from_rotation = self._point.copy(), self._rotation.copy()
        self._from_velocity = self._velocity.copy()

    def step(self, time: float, joints: Array, e: RideEstimate, lean: float, push: float, lopsided: float = 0.0) -> FootOrder | None:
        """What the free leg is to do; None while both feet are on their pedals.

        Args:
            time: [s].
            joints: Measured joint angles of the body, shape (n,) [rad].
            e: The ride.
            lean: Lean towards the foot to be held while it stands [rad].
            push: Force with which the standing foot pushes the ground back [N].
        """
        if self.where is Where.PEDAL:
            return None
        leg = self.legs[self.side]
        measured = joints[leg.joints]
        point, axes = leg.place(measured)
        point = point + self._posture.pelvis_in_bicycle
        if self._position is None:
            self._position = measured
            self._point, self._rotation = point, axes
            self._from, self._from_rotation = point, axes
        elapsed = time - self.since
        before = self._point
        force, lever = np.zeros(3), np.zeros(3)
        self.load = 0.0
        if self.where is Where.GROUND:
            velocity = self._on_ground(point, axes, e)
            force, lever = self._prop(time, e, lean, push, lopsided)
        else:
            {Where.OUT: self._out, Where.HOVER: self._over, Where.DOWN: self._down, Where.BACK: self._back}[self.where](
                elapsed, e
            )
            velocity = np.concatenate(((self._point - before) / self._period, np.zeros(3)))
        self._velocity = velocity[:3]
        posture = leg.reach(
            self._point - self._posture.pelvis_in_bicycle, self._rotation, velocity,
            measured if self.where is Where.GROUND else self._position,
        )
        self._position = posture.position
        if self.where is Where.GROUND or self._rate is None:
            self.acceleration = np.zeros(6)
        else:
            self.acceleration += 0.15 * ((posture.velocity - self._rate) / self._period - self.acceleration)
        self._rate = posture.velocity
        torque = posture.jacobian[:3].T @ force + posture.jacobian[3:].T @ np.cross(lever, force)
        if self.where is Where.BACK and elapsed >= self._parameters.back:
            self.where = Where.PEDAL
        return FootOrder(posture, torque)

    def _ground(self, y: float, e: RideEstimate) -> float:
        """Height of the ground beside the wheels' line, in the bicycle frame [m]."""
        return -y * tan(e.roll)

    def _flat(self, e: RideEstimate, yaw: float, pitch: float) -> Array:
        """Axes of a sole that is flat on the ground but for a raised heel, in the bicycle frame, shape (3, 3)."""
        c, s = cos(e.roll), sin(e.roll)
        level = np.array(((1.0, 0.0, 0.0), (0.0, c, s), (0.0, -s, c)))
        cy, sy = cos(yaw), sin(yaw)
        return level @ np.array(((cy, -sy, 0.0), (sy, cy, 0.0), (0.0, 0.0, 1.0))) @ pitched(pitch)

    def _on_ground(self, point: Array, axes: Array, e: RideEstimate) -> Array:
        """The foot stays where it is felt to be, flat on the ground, and the bicycle moves over it."""
        p = self._parameters
        self._point, self._rotation = point, axes
        self.heel = float(-np.arcsin(axes[2, 0]))
        ankle = point + axes @ np.array((-0.037, 0.0, 0.068))
        hip = self._posture.pelvis_in_bicycle + np.array((0.0, 0.137 * (1 - 2 * self.side), 0.0))
        self.length = float(np.linalg.norm(ankle - hip))
        turn = np.array((e.roll_rate, 0.0, 0.0))
        linear = -np.array((0.0 if self.braked else e.speed, 0.0, 0.0)) - np.cross(turn, self._point)
        return np.concatenate((linear, -turn))

    def _prop(self, time: float, e: RideEstimate, lean: float, push: float, lopsided: float) -> tuple[Array, Array]:
        """Force of the foot on the ground that brings the lean to a reference, and where on the sole it acts."""
        p = self._parameters
        sign = -1.0 if self.side == 0 else 1.0
        toward, rate = sign * (e.roll - lopsided), sign * e.roll_rate
        w = p.frequency
        moment = self._weight * toward + self._inertia * (w * w * (toward - lean) + 2.0 * p.damping * w * rate)
        load = min(p.load_limit, max(15.0, moment / max(0.1, abs(float(self._point[1])))))
        if time - self.since < 0.08 and self._landing:
            load = min(load, 30.0)
        self.load = load
        level = self._flat(e, 0.0, 0.0)
        force = level @ np.array((-min(push, 0.5 * load), 0.0, -load))
        share = min(1.0, max(0.0, (self.length - 0.57) / 0.02))
        return force, self._rotation @ np.array((share * p.half_sole, 0.0, 0.0))

    def _hover_at(self, e: RideEstimate, height: float) -> Array:
        p = self._parameters
        sign = 1 - 2 * self.side
        x, y = p.toe[0] - p.half_sole, sign * p.toe[1]
        return np.array((x, y, self._ground(y, e) + height))

    def _out(self, elapsed: float, e: RideEstimate) -> None:
        p = self._parameters
        t = elapsed / p.out
        goal = self._hover_at(e, p.hover)
        share = np.array((_ease(t, 0.2, 0.9), _ease(t, 0.1, 0.65), _ease(t, 0.58, 1.0)))
        self._point = self._from + share * (goal - self._from)
        self._point[2] += 0.06 * _bump(t, 0.0, 0.7)
        self._rotation = _between(self._from_rotation, self._flat(e, 0.0, 0.0), _ease(t, 0.2, 1.0))
        if t >= 1.0:
            self.where = Where.HOVER

    def _over(self, elapsed: float, e: RideEstimate) -> None:
        self._point = self._hover_at(e, self._parameters.hover)
        self._rotation = self._flat(e, 0.0, 0.0)

    def _down(self, elapsed: float, e: RideEstimate) -> None:
        p = self._parameters
        height = max(0.0, p.hover - p.down * elapsed)
        self._point = self._hover_at(e, height)
        self._rotation = self._flat(e, 0.0, 0.0)

    def _back(self, elapsed: float, e: RideEstimate) -> None:
        p = self._parameters
        t = elapsed / p.back
        sole = self._posture.sole_rotation(self.side, e.crank_angle)
        goal = self._posture.pedal(self.side, e.crank_angle) - sole @ self._posture.ball_in_sole
        over = goal[2] + p.lift
        run = self._from_velocity * elapsed * _fade(t / 0.6)
        x = self._from[0] + _ease(t, 0.0, 0.8) * (goal[0] - self._from[0])
        y = self._from[1] + _ease(t, 0.3, 0.8) * (goal[1] - self._from[1])
        z = self._from[2] + _ease(t, 0.0, 0.6) * (over - self._from[2]) - _ease(t, 0.7, 1.0) * p.lift
        self._point = np.array((x, y, z)) + run
        level = self._flat(e, 0.0, 0.0)
        self._rotation = _between(_between(self._from_rotation, level, _ease(t, 0.0, 0.4)), sole, _ease(t, 0.6, 1.0))


def _ease(t: float, start: float, end: float) -> float:
    """From 0 to 1 with minimum jerk while t goes from start to end."""
    u = min(1.0, max(0.0, (t - start) / (end - start)))
    return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)


def _fade(u: float) -> float:
    """From 1 to 0 while u goes from 0 to 1, so that t times it begins with slope 1 and no curvature."""
    return 1.0 - u * u * (6.0 - u * (8.0 - 3.0 * u)) if u < 1.0 else 0.0


def _bump(t: float, start: float, end: float) -> float:
    """From 0 to 1 and back while t goes from start to end, smooth at both ends."""
    u = min(1.0, max(0.0, (t - start) / (end - start)))
    return 64.0 * (u * (1.0 - u)) ** 3


def _between(first: Array, second: Array, share: float) -> Array:
    """Axes between two orientations that are not far from each other, shape (3, 3)."""
    mixed = (1.0 - share) * first + share * second
    x = mixed[:, 0] / np.linalg.norm(mixed[:, 0])
    y = mixed[:, 1] - (x @ mixed[:, 1]) * x
    y /= np.linalg.norm(y)
    return np.column_stack((x, y, np.cross(x, y)))
