"""A leg that is not on its pedal: on the way to the ground, standing there, or on the way back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf, tan

import numpy as np
from numpy.typing import NDArray

from controllers.riding.estimator import RideEstimate
from controllers.riding.foot_motion import between, bump, ease, fade
from controllers.riding.leg import JOINTS, Leg
from controllers.riding.posture import RiderPosture
from controllers.rotation import from_angles
from robot import RobotModel

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FreeLegParameters:
    """Places and times of a foot.

    Attributes:
        toe: Where the tip of the sole goes down, ahead of the rear contact and to the side [m].
        hover: Height of the sole above the ground before it is put down [m].
        out: Time from the pedal to there [s].
        back: Time from the ground to the pedal [s].
        calm: How fast both are done calmly [1].
        brisk: How fast they are done when there is no time [1].
        unstick: Height by which it leaves the pedal before it goes aside [m].
        over: Height above the pedal at which it comes back [m].
        aside: How much farther from the pedal it passes by [m].
        clear: The same on the way back when it is calm, for the shin passes by as well [m].
        half_sole: Half the length of the sole [m].
        landing: Time for which it presses softly at first [s].
        soft: How hard it does [N].
        soften: Share of the way back from which on the joints that bend the leg are soft [1].
        hang: Shares of its way between which a leg certainly hangs free [1].
        soft_stiffness: Their stiffness then, as a share of their usual one [1].
        firm: Stiffness of the others, which bring the foot over its pedal, all the way back, as a share of their usual
            one [1]; a folded leg would swing past it.
        carry: Shares of the way back over which the foot loses the velocity with which it begins, from the ground or
            turned back in the air; there it is on its way down, and would stretch its leg [1].
        lead: Time by which the way back is ahead of the pedal, which moves on while drives and soft joints lag [s].
        looking: How fast the way back follows what is known of where the pelvis sits [rad/s].
        yielding: Damping of its joints while it stands, as a share of their usual one [1].
        quick_toe: As `toe`, for a dab [m].
        quick: Time from the pedal to the ground for a dab, at least, and what each metre down adds [s, s/m].
        quick_up: Height by which the foot leaves its pedal then, and the ground, to be set anew [m].
        quick_gains: Stiffness and damping of its joints meanwhile, as shares of their usual ones [1].
        quick_landing: As `landing`, for a dab [s].
        limp: How hard a limp leg presses its pedal down [N].
        aside_out: Time from beside a pedal, or under it, to where it is clear of it [s].
        beside: How far aside that is [m].
        straight: Length of the leg at which it stands on its toes, and from where on it begins to, less than its
            greatest one [m].
        unlock: Torque that bends the knee of a leg that stands straight while the bicycle is held: no load bends it,
            and it could neither lean as it should nor push off [Nm].
    """

    toe: tuple[float, float] = (0.38, 0.26)
    hover: float = 0.02
    out: float = 0.6
    back: float = 0.6
    calm: float = 0.6
    brisk: float = 1.4
    unstick: float = 0.06
    over: float = 0.08
    aside: float = 0.02
    clear: float = 0.05
    half_sole: float = 0.102
    landing: float = 0.08
    soft: float = 30.0
    soften: float = 0.8
    hang: tuple[float, float] = (0.45, 0.8)
    soft_stiffness: float = 0.4
    firm: float = 2.0
    carry: tuple[float, float] = (0.6, 0.2)
    lead: float = 0.03
    looking: float = 20.0
    yielding: float = 0.5
    quick_toe: tuple[float, float] = (0.36, 0.32)
    quick: tuple[float, float] = (0.26, 0.3)
    quick_up: tuple[float, float] = (0.035, 0.08)
    quick_gains: tuple[float, float] = (3.0, 2.0)
    quick_landing: float = 0.02
    limp: float = 45.0
    aside_out: float = 0.35
    beside: float = 0.13
    straight: tuple[float, float] = (0.012, 0.032)
    unlock: float = 15.0


_BENDING = np.array((1.0, 0.0, 0.0, 1.0, 1.0, 1.0))
"""Which joints bend a leg: those that are soft when it lands."""
_KNEE = JOINTS.index("knee")
_LIMP = np.array((0.0, 1.0, 1.0, 0.0, 1.0, 1.0))
"""Which joints of a limp leg hold where they are: those that neither bring the foot up and down nor to and fro."""


class Place(Enum):
    """Where a foot is."""

    PEDAL = auto()
    LIMP = auto()
    OUT = auto()
    BESIDE = auto()
    GROUND = auto()
    BACK = auto()


@dataclass(slots=True)
class LegOrder:
    """What the six joints of a free leg are to do, in the order of `controllers.riding.leg.JOINTS`.

    Attributes:
        position: Shape (6,) [rad].
        velocity: Shape (6,) [rad/s].
        acceleration: Shape (6,) [rad/s²].
        torque: For the force of the foot on the ground, shape (6,) [Nm].
        stiffness: Share of their usual stiffness, one for all or shape (6,) [1].
        damping: Share of their usual damping [1].
    """

    position: Array
    velocity: Array
    acceleration: Array
    torque: Array
    stiffness: float | Array = 1.0
    damping: float | Array = 1.0


class FreeLeg:
    """Carries one foot between pedal and ground, and presses it on the ground.

    In the air it follows a path in the bicycle frame. On the ground its joints have no stiffness: it stays where it is
    felt to be, its joints move as the bicycle passes over it, and it presses by torque alone. A leg that is nearly
    straight would otherwise answer a few millimetres of error with hundreds of newtons.
    """

    _SMOOTHING = 0.15
    """Share of a new joint acceleration that is taken in at a tick [1]."""

    def __init__(
        self, model: RobotModel, posture: RiderPosture, side: int, period: float,
        parameters: FreeLegParameters | None = None,
    ) -> None:  # fmt: skip
        """Prepare the left (side 0) or the right leg (1); `period` is the time between two steps [s]."""
        self._parameters = parameters or FreeLegParameters()
        self._posture, self._period, self.side = posture, period, side
        self.leg = Leg(model, side)
        self._sign = 1 - 2 * side
        self.reset()

    def reset(self) -> None:
        """The foot is on its pedal."""
        self.where = Place.PEDAL
        self.load = 0.0
        """How hard it is to press on the ground [N]."""
        self.kick = 0.0
        """How hard it is to push the ground back [N]."""
        self.toe_load = 0.0
        """How far ahead of the middle of the sole that force acts [m]."""
        self.point: Array = np.zeros(3)
        """Middle of the sole in the bicycle frame, shape (3,) [m]."""
        self.hangs = False
        """Whether it hangs in the air, touching neither pedal nor ground."""
        self.stretch = 0.0
        """How much the leg could still be longer [m]."""
        self._rotation: Array = np.eye(3)
        self._velocity: Array = np.zeros(3)
        self._from_velocity: Array = np.zeros(3)
        self._since = -inf
        self._lands = self._calmly = self._briskly = self._quickly = self._treads = self._sideways = False
        self._time_out = 0.0
        self._carry = self._parameters.carry[0]
        self._joints: Array | None = None
        self._rate: Array | None = None
        self._acceleration: Array = np.zeros(6)
        self._sitting: Array | None = None

    @property
    def hip(self) -> float:
        """How far ahead of the rear contact the hip is [m]."""
        return float(self._posture.pelvis_in_bicycle[0] + self.leg.hip[0])

    @property
    def behind(self) -> float:
        """How far behind its hip the middle of the sole is [m]."""
        return self.hip - float(self.point[0])

    @property
    def on_pedal(self) -> bool:
        """Whether the foot is on its pedal, to do there what is asked."""
        return self.where is Place.PEDAL

    @property
    def touches(self) -> bool:
        """Whether the foot is on its pedal, the leg limp or not."""
        return self.where in (Place.PEDAL, Place.LIMP)

    def rest(self, time: float) -> None:
        """Leave the foot on its pedal and the leg limp: it goes where the pedal goes, and weighs it down [s]."""
        self._joints = None
        self._go(Place.LIMP, time)

    def tread(self, time: float) -> None:
        """Have a limp leg do again what is asked of a foot on its pedal [s]."""
        self._go(Place.PEDAL, time)

    def leave(self, time: float, *, calmly: bool = False, briskly: bool = False, quickly: bool = False) -> None:
        """Take the foot off its pedal, to beside the bicycle, or quickly down to the ground there; times in [s]."""
        self._calmly, self._briskly, self._quickly, self._sideways = calmly, briskly, quickly, False
        self._treads = self.where is Place.GROUND
        self._joints = self._rate = None
        self._velocity = np.zeros(3)
        self._go(Place.OUT, time)

    def stand(self, time: float) -> None:
        """Put the foot on the ground, or let it stand where it is."""
        self._lands = self.where is Place.BESIDE
        self._go(Place.GROUND, time)

    def pick_up(self, time: float, *, calmly: bool = False, briskly: bool = False) -> None:
        """Bring the foot back to its pedal; calmly, it passes by farther from it as well."""
        self._calmly, self._briskly, self._quickly = calmly, briskly, False
        airborne = self.where is not Place.GROUND
        self._carry = self._parameters.carry[airborne]
        self._go(Place.BACK, time)
        if airborne:  # what is its velocity in time is less of one along a brisk way
            self._from_velocity = self._from_velocity / self._pace

    def slip_off(self, time: float) -> None:
        """Take the foot off its pedal, or away from under it, straight aside [s]."""
        self.leave(time)
        self._sideways = True

    def since(self, time: float) -> float:
        """How long it has been where it is [s]."""
        return time - self._since

    def standing(self, roll: float) -> Array:
        """Joint angles, shape (6,) [rad], with which the foot stands flat beside a bicycle of a roll [rad].

        Raises:
            ValueError: It does not reach the ground.
        """
        goal = self._beside(roll, 0.0) - self._posture.pelvis_in_bicycle
        position = np.array((-0.5, 0.15 * self._sign, 0.0, 0.7, -0.2, 0.0))
        for _ in range(10):
            found = self.leg.reach(goal, from_angles(-roll, 0.0, 0.0), np.zeros(6), position)
            position = found.position
        if found.miss > 0.005:
            raise ValueError(
                f"the rider's foot misses the ground by {1000 * found.miss:.0f} mm beside the bicycle: lower the saddle"
            )
        return position

    def step(self, time: float, joints: Array, e: RideEstimate, load: float, kick: float, held: bool) -> LegOrder:
        """What the leg is to do; the foot must not be on its pedal.

        Args:
            time: [s].
            joints: Measured joint angles of the body, shape (n,) [rad].
            e: The ride.
            load: How hard to press on the ground while standing there [N].
            kick: How hard to push the ground back [N].
            held: Whether the brakes hold the bicycle.
        """
        measured = joints[self.leg.joints]
        point, axes = self.leg.place(measured)
        point = point + self._posture.pelvis_in_bicycle
        if self._joints is None:
            self._joints = measured
            self.point, self._rotation = point, axes
            self._start()
        self.hangs = False
        if self.where is Place.LIMP:
            return self._hang(measured, point, axes, e.slip[self.side])
        if self.where is Place.GROUND:
            return self._stand(time, measured, point, axes, e, load, kick, held)
        p = self._parameters
        before = self.point
        elapsed = (time - self._since) * self._pace
        if self.where is Place.BACK:
            self._come_back(elapsed, e, p.clear if self._calmly else p.aside)
            if elapsed >= p.back:
                self.where, self._since = Place.PEDAL, time
        elif self._quickly:
            self._dab(elapsed, e)
        elif self._sideways:
            self._slip_out(elapsed)
        else:
            self._go_out(elapsed, e)
        self.hangs = not self._quickly and self._is_clear(elapsed)
        self.load = 0.0
        self._velocity = (self.point - before) / self._period
        found = self.leg.reach(
            self.point - self._posture.pelvis_in_bicycle, self._rotation,
            np.concatenate((self._velocity, np.zeros(3))), self._joints,
        )  # fmt: skip
        if self._rate is not None:
            growth = (found.velocity - self._rate) / self._period
            self._acceleration = self._acceleration + self._SMOOTHING * (growth - self._acceleration)
        self._joints, self._rate = found.position, found.velocity
        lands = self.where is Place.BACK and elapsed > p.soften * p.back
        stiffness: float | Array = 1.0
        damping: float | Array = 1.0
        if self.where is Place.BACK:
            bending = p.soft_stiffness if lands else 1.0
            damping = np.sqrt(p.firm + (1.0 - p.firm) * _BENDING)
            stiffness = p.firm + (bending - p.firm) * _BENDING
        if self._quickly:
            stiffness, damping = p.quick_gains
        return LegOrder(found.position, found.velocity, self._acceleration, np.zeros(6), stiffness, damping)

    @property
    def _pace(self) -> float:
        """How fast it goes along its way [1]."""
        p = self._parameters
        return p.calm if self._calmly else p.brisk if self._briskly else 1.0

    def _is_clear(self, elapsed: float) -> bool:
        """Whether it has left what it stood on, and is not yet where it will stand."""
        first, last = self._parameters.hang
        if self.where is Place.BACK:
            return first < elapsed / self._parameters.back < last
        return self.where is Place.BESIDE or (self.where is Place.OUT and elapsed > first * self._parameters.out)

    def _go(self, where: Place, time: float) -> None:
        self.where, self._since = where, time
        self._acceleration = np.zeros(6)
        self._start()

    def _start(self) -> None:
        """Paths begin where the foot is now."""
        self._from, self._from_rotation, self._from_velocity = self.point, self._rotation, self._velocity
        self._sitting = None

    def _stand(
        self, time: float, measured: Array, point: Array, axes: Array, e: RideEstimate, load: float, kick: float,
        held: bool,
    ) -> LegOrder:  # fmt: skip
        p = self._parameters
        self.point, self._rotation = point, axes
        hip = self._posture.pelvis_in_bicycle + self.leg.hip
        self.stretch = self.leg.length - float(np.linalg.norm(point + axes @ self.leg.ankle - hip))
        if self._lands and time - self._since < (p.quick_landing if self._quickly else p.landing):
            load = min(load, p.soft)
        self.load, self.kick = load, min(kick, 0.5 * load)
        level = from_angles(-e.roll, 0.0, 0.0)
        force = level @ np.array((-self.kick, 0.0, -load))
        long, longer = p.straight
        on_toes = min(1.0, max(0.0, (longer - self.stretch) / (longer - long)))
        self.toe_load = on_toes * p.half_sole
        lever = axes @ np.array((self.toe_load, 0.0, 0.0))
        turn = np.array((e.roll_rate, 0.0, 0.0))
        self._velocity = -np.array((0.0 if held else e.speed, 0.0, 0.0)) - np.cross(turn, point)
        found = self.leg.reach(
            point - self._posture.pelvis_in_bicycle, axes, np.concatenate((self._velocity, -turn)), measured
        )
        self._joints, self._rate = measured, found.velocity
        torque = found.jacobian[:3].T @ force + found.jacobian[3:].T @ np.cross(lever, force)
        if held:
            torque[_KNEE] += p.unlock * max(0.0, 1.0 - self.stretch / long)
        return LegOrder(measured, found.velocity, np.zeros(6), torque, 0.0, p.yielding)

    def _hang(self, measured: Array, point: Array, axes: Array, slip: float) -> LegOrder:
        """Nothing holds a foot that is ahead of its place by some [m]: it weighs the pedal down as low as it goes."""
        p = self._parameters
        assert self._joints is not None
        self.point, self._rotation, self.load = point, axes, p.limp
        position = np.where(_LIMP > 0.0, self._joints, measured)
        still = np.zeros(6)
        jacobian = self.leg.reach(point - self._posture.pelvis_in_bicycle, axes, still, measured).jacobian
        force = np.array((0.0, 0.0, -p.limp))
        lever = axes @ self._posture.ball_in_sole - (slip, 0.0, 0.0)
        torque = (jacobian[:3].T @ force + jacobian[3:].T @ np.cross(lever, force)) * (1.0 - _LIMP)
        damping = _LIMP + p.yielding * (1.0 - _LIMP)
        return LegOrder(position, still, still, torque, _LIMP, damping)

    def _beside(self, roll: float, height: float) -> Array:
        """Middle of the sole at a height above the ground beside a bicycle that rolls [rad], shape (3,) [m]."""
        p = self._parameters
        toe = p.quick_toe if self._quickly else p.toe
        y = self._sign * toe[1]
        return np.array((toe[0] - p.half_sole, y, -y * tan(roll) + height))

    def _dab(self, elapsed: float, e: RideEstimate) -> None:
        """Aside and down on the ground in one sweep; at its end the foot goes back as the ground does."""
        p = self._parameters
        goal = self._beside(e.roll, 0.5 * p.hover)
        if elapsed == 0.0:
            self._time_out = p.quick[0] + p.quick[1] * max(0.0, float(self._from[2] - goal[2]))
        t = elapsed / self._time_out
        goal[0] += max(0.0, e.speed) * max(0.0, self._time_out - elapsed)
        share = np.array((ease(t, 0.05, 1.0), ease(t, 0.0, 0.7), ease(t, 0.4, 1.0)))
        point = self._from + share * (goal - self._from)
        point[2] += p.quick_up[self._treads] * bump(t, 0.0, 0.75)
        self.point = point
        self._rotation = between(self._from_rotation, from_angles(-e.roll, 0.0, 0.0), ease(t, 0.2))
        if t >= 1.0:
            self.where = Place.BESIDE

    def _slip_out(self, elapsed: float) -> None:
        """Straight aside until it is clear of its pedal, on which or under which it is."""
        p = self._parameters
        t = elapsed / p.aside_out
        self.point = self._from + np.array((0.0, self._sign * p.beside * ease(t), 0.0))
        if t >= 1.0:
            self.where = Place.BESIDE

    def _go_out(self, elapsed: float, e: RideEstimate) -> None:
        """Off the pedal, aside, then down to above the ground."""
        p = self._parameters
        t = elapsed / p.out
        goal = self._beside(e.roll, p.hover)
        share = np.array((ease(t, 0.2, 0.9), ease(t, 0.1, 0.65), ease(t, 0.58)))
        point = self._from + share * (goal - self._from)
        point[1] += self._sign * p.aside * bump(t, 0.3, 1.0)
        point[2] += p.unstick * bump(t, 0.0, 0.7)
        self.point = point
        self._rotation = between(self._from_rotation, from_angles(-e.roll, 0.0, 0.0), ease(t, 0.2))
        if t >= 1.0:
            self.where = Place.BESIDE

    def _on(self, crank: float) -> tuple[Array, Array]:
        """Middle [m] and axes of the sole on its pedal at a crank angle [rad], in the bicycle frame."""
        sole = self._posture.sole_rotation(self.side, crank)
        return self._posture.pedal(self.side, crank) - sole @ self._posture.ball_in_sole, sole

    def _seat(self, e: RideEstimate, point: Array, axes: Array) -> tuple[Array, Array]:
        """A place [m] and axes in the bicycle frame as they would be if the pelvis sat where it belongs."""
        if self._sitting is None:
            self._sitting = e.sitting.copy()
        self._sitting += self._parameters.looking * self._period * (e.sitting - self._sitting)
        pelvis = from_angles(*self._sitting[3:].tolist())
        there: Array = self._posture.pelvis_in_bicycle + pelvis.T @ (point - self._sitting[:3])
        return there, pelvis.T @ axes

    def _come_back(self, elapsed: float, e: RideEstimate, aside: float) -> None:
        """Up, then inward over the pedal, then down on it; the pedal may be moving."""
        p = self._parameters
        t = elapsed / p.back
        goal, sole = self._on(e.crank_angle + p.lead * e.crank_rate)
        if not self._calmly:  # without a foot on a pedal the pelvis' place is not known well enough
            goal, sole = self._seat(e, goal, sole)
        away = goal - self._from
        path = np.array((ease(t, 0.0, 0.8), ease(t, 0.4, 0.85), ease(t, 0.0, 0.55))) * away
        path[1] += self._sign * aside * bump(t, 0.0, 0.8)
        path[2] += p.over * (ease(t, 0.0, 0.55) - ease(t, 0.75))
        self.point = self._from + path + self._from_velocity * (elapsed * fade(t / self._carry))
        level = between(self._from_rotation, from_angles(-e.roll, 0.0, 0.0), ease(t, 0.0, 0.4))
        self._rotation = between(level, sole, ease(t, 0.6))
