"""Stepping and walking: which foot bears, where the other one goes, and where the weight should act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import atan2, cos, exp, log, sin

import numpy as np
from numpy.typing import NDArray

from controllers.balance.wanted import Wanted
from controllers.rotation import wrap

Array = NDArray[np.float64]
Walk = tuple[float, float, float]
"""Velocity forward and to the left [m/s], and of turning to the left [rad/s]."""
Pose = tuple[float, float, float]
"""Place on the ground [m] and heading [rad]."""


@dataclass(frozen=True, slots=True)
class GaitParameters:
    """How it walks.

    Attributes:
        swing_time: A foot in the air [s].
        transfer_time: Both feet on the ground, from touch-down of one to lift-off of the other [s].
        shift_time: Before the first step the weight goes over to the foot that stands [s].
        width: Distance of the soles' middles from side to side [m].
        clearance: Height of the sole at the top of its swing [m].
        landing: Downward speed of the sole at the planned touch-down, and from then on until it touches [m/s].
        cop_length: How far the weight may act from the middle of the sole, forward and back [m].
        cop_width: To either side [m].
        step_length_max: From one foot to the other, forward and back [m].
        step_width_min: Sideways, from middle to middle [m].
        step_width_max: Sideways [m].
        turn_max: Of one foot against the other [rad].
        freeze: Time before touch-down from which on the foothold stays, usually and when it is wary [s].
        quickest: Shortest time in which a foot in the air can be brought down [s].
        swiftest: Speed of a foot beyond that time [m/s].
        settling: Time constant with which what the soles really bear at is taken in [s].
        passing: Time constant with which a difference of that passes, unless it is wary [s].
        tracking: Rate at which the divergent motion goes to its reference while both feet bear [1/s].
        release: Load on a foot from which it is let go at the start of its lift-off [N].
        wary: A touch-down whose divergent component is off to a side by more than the first makes wary, in full when it
            is off by the second more; so does ground that is higher or lower by a third as much [m].
        custom: How much of that to a side one step changes what is held for usual, for each foot [m].
        stride: Greatest way of the middle between the feet in one step to a pose, forward and back, to a side [m], and
            of its turn [rad].
        wary_width: How much wider it steps when it is wary [m].
        wary_swing: How much quicker [s].
        wary_cop: How much nearer to the sole's edge the weight may act then [m].
        wary_dip: How far below the other foot it expects the ground then [m].
        wary_speed: How much faster a foot that is late comes down then [m/s].
        calm: It is wary from here on.
        calming: Time constant with which that passes [s].
        patience: A foot that is later than this goes on to where the weight goes while it comes down [s].
    """

    swing_time: float = 0.36
    transfer_time: float = 0.06
    shift_time: float = 0.5
    width: float = 0.20
    clearance: float = 0.06
    landing: tuple[float, float] = (0.2, 0.4)
    cop_length: float = 0.07
    cop_width: float = 0.03
    step_length_max: float = 0.45
    step_width_min: float = 0.15
    step_width_max: float = 0.52
    turn_max: float = 0.45
    freeze: tuple[float, float] = (0.10, 0.05)
    quickest: float = 0.10
    swiftest: float = 1.8
    settling: float = 0.03
    passing: float = 0.08
    tracking: float = 4.0
    release: float = 450.0
    wary: tuple[float, float] = (0.02, 0.03)
    custom: float = 0.005
    stride: tuple[float, float, float] = (0.18, 0.09, 0.3)
    wary_width: float = 0.06
    wary_swing: float = 0.06
    wary_cop: float = 0.015
    wary_dip: float = 0.015
    wary_speed: float = 0.2
    calm: float = 0.1
    calming: float = 2.0
    patience: float = 0.01


class Phase(IntEnum):
    """What the feet do."""

    SHIFT = 0
    SWING = 1
    TRANSFER = 2


@dataclass(slots=True)
class FootPlace:
    """Where a sole is in the world: middle (3,) [m] and heading [rad]."""

    position: Array
    heading: float


class Gait:
    """Steps one after the other, each placed where the divergent component of motion will be.

    With the weight acting at u the divergent component xi = c + c'/omega goes as xi' = omega (xi - u). While a foot
    swings, u is chosen within the sole such that xi is at the touch-down where the commanded walk would have it; what
    the sole is too small for, the next foothold takes: foothold = xi(touch-down) - b, with b the offset of the steady
    walk. After Khadiv, Herzog, Moosavian, Righetti 2020 (with their step timing held) and Englsberger, Ott,
    Albu-Schäffer 2015. Where a sole really bears, on an edge for instance, is taken in as an offset of u; a
    foothold that would be out of reach is taken earlier.
    """

    def __init__(self, parameters: GaitParameters, period: float) -> None:
        """Take parameters and the time between two ticks [s]."""
        self.parameters, self._period = parameters, period
        self.phase = Phase.SHIFT
        self.swing = 0
        """Which foot swings, or will next: 0 left, 1 right."""
        self.steps = 0
        """Touch-downs since the start."""
        self.cop = np.zeros(2)
        """Where the weight should act, in the world, shape (2,) [m]."""
        self.foothold = np.zeros(2)
        """Where the swinging foot goes, shape (2,) [m]."""
        self.heading = 0.0
        """Commanded heading of the walk [rad]."""
        self._elapsed = 0.0
        self._left, self._share, self._late = 0.0, 0.0, 0.0
        self._offset = np.zeros(2)
        self._patches = np.zeros((2, 2, 2))
        self._pose: Pose | None = None
        self.wary = 0.0
        """How much it doubts the ground, 0 to 1."""
        self._usual = np.zeros(2)
        self._swing_time, self._width, self._cop_width = parameters.swing_time, parameters.width, parameters.cop_width
        self._from = np.zeros(2)
        self._place = np.zeros(3)
        self._velocity = np.zeros(3)
        self._acceleration = np.zeros(3)
        self._start_height = 0.0
        self._start_heading = 0.0

    @property
    def doubts(self) -> bool:
        """Whether it is wary."""
        return self.wary > self.parameters.calm

    def start(self, swing: int, xi: Array, heading: float, *, quick: bool = False) -> None:
        """Begin to walk.

        Args:
            swing: The foot that is lifted first.
            xi: Divergent component of motion, shape (2,) [m].
            heading: Of the walk [rad].
            quick: Lift the foot at once, for a step that catches a push.
        """
        self.swing, self.steps, self.heading = swing, 0, heading
        self._elapsed, self._from = 0.0, xi.copy()
        self._usual[:] = 0.0
        self.phase = Phase.TRANSFER if quick else Phase.SHIFT
        self.cop[:] = xi

    def follow(self, other: Gait) -> None:
        """Go on from where another gait has just touched down."""
        self.wary = 1.0
        self.swing, self.steps, self.heading = other.swing, 0, other.heading
        self.phase, self._elapsed = Phase.TRANSFER, 0.0
        self.cop[:] = other.cop
        self._from = other.cop.copy()

    def tick(
        self, wanted: Wanted, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], touches: tuple[bool, bool],
        pressures: Array, patches: Array, walk: Walk, pose: Pose | None = None,
    ) -> None:  # fmt: skip
        """One tick: write what the feet should do into `wanted`, and where the weight should act into `cop`.

        Args:
            wanted: Its feet are written.
            xi: Divergent component of motion, shape (2,) [m].
            omega: Of the pendulum [1/s].
            feet: Where the soles are.
            touches: Whether they touch the ground.
            pressures: Where the left and the right sole bear, in the world, shape (2, 2) [m].
            patches: Within which they can bear, in the frame of each sole: foot, least and greatest, x and y,
                shape (2, 2, 2) [m].
            walk: Velocity forward and to the left [m/s], and of turning [rad/s].
            pose: Where to step to, place of the middle between the soles (x, y) [m] and heading [rad]; None to keep the
                velocity. It is reached in as few steps as it takes, on the soles' own places there.
        """
        p, dt = self.parameters, self._period
        self._patches, self._pose = patches, pose
        stands = feet[1 - self.swing].heading
        ahead = wrap(self.heading + walk[2] * dt - stands) if pose is None else 0.0
        self.heading = stands + min(p.turn_max, max(-p.turn_max, ahead))
        self._elapsed += dt
        if self.phase is Phase.SHIFT:
            self._shift(wanted, xi, omega, feet, walk)
            if self._elapsed >= p.shift_time:
                self._lift(feet)
        elif self.phase is Phase.TRANSFER:
            self._transfer(wanted, xi, omega, feet, walk)
            if self._elapsed >= p.transfer_time:
                self._lift(feet)
        if self.phase is Phase.SWING:
            self._left = max(0.0, self._left - dt)
            found = pressures[1 - self.swing] - self.cop
            self._offset += dt / p.settling * (found - self._offset)
            self._swing_foot(wanted, xi, omega, feet, walk)
            if self._share > 0.6 and touches[self.swing]:
                self._doubt(xi, omega, feet, walk)
                self._land()
        self.wary -= dt / p.calming * self.wary

    def _doubt(self, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], walk: Walk) -> None:
        """Judge a touch-down: was the ground where it was expected, and the weight?"""
        p = self.parameters
        stance, landed = feet[1 - self.swing], feet[self.swing]
        _, offset, _ = self._aim(stance, omega, walk)
        _, end = self._steer(xi, omega, 0.5 * p.transfer_time, stance, landed.position[:2] + offset)
        x, y = end - offset - landed.position[:2]
        aside = -sin(stance.heading) * x + cos(stance.heading) * y
        unusual = aside - self._usual[self.swing]
        self._usual[self.swing] += min(p.custom, max(-p.custom, unusual))
        step = 3.0 * abs(float(landed.position[2] - stance.position[2]))
        self.wary = max(self.wary, min(1.0, max(0.0, (max(abs(unusual), step) - p.wary[0]) / p.wary[1])))

    def _lift(self, feet: tuple[FootPlace, FootPlace]) -> None:
        p, foot = self.parameters, feet[self.swing]
        self.phase, self._elapsed = Phase.SWING, 0.0
        self._swing_time = p.swing_time - self.wary * p.wary_swing
        self._width, self._cop_width = p.width + self.wary * p.wary_width, p.cop_width + self.wary * p.wary_cop
        self._left, self._share, self._late = self._swing_time, 0.0, 0.0
        self._offset[:] = 0.0
        self._place[:] = foot.position
        self._velocity[:] = self._acceleration[:] = 0.0
        self._start_height, self._start_heading = float(foot.position[2]), foot.heading
        self.foothold[:] = foot.position[:2]

    def _land(self) -> None:
        self.phase, self._elapsed = Phase.TRANSFER, 0.0
        self.swing = 1 - self.swing
        self.steps += 1
        self._from = self.cop.copy()

    def _aim(self, stance: FootPlace, omega: float, walk: Walk) -> tuple[Array, Array, float]:
        """Nominal foothold (2,), offset of xi from it at the touch-down (2,), and heading of the foot [rad]."""
        p = self.parameters
        side = 1.0 if self.swing == 0 else -1.0
        step = self._swing_time + p.transfer_time
        if self._pose is not None:
            return self._aim_at(self._pose, stance, side, exp(omega * step))
        ahead, aside = walk[0] * step, walk[1] * step
        width = side * max(self._width, p.step_width_min + abs(aside))  # the foot that follows must not come too close
        growth = exp(omega * step)
        c, s = cos(stance.heading), sin(stance.heading)
        turn = np.array(((c, -s), (s, c)))
        foothold = stance.position[:2] + turn @ np.array((ahead, width + aside))
        offset = turn @ np.array((ahead / (growth - 1.0), -width / (growth + 1.0) + aside / (growth - 1.0)))
        left = self._left if self.phase is Phase.SWING else self._swing_time
        wanted = wrap(self.heading + walk[2] * left - stance.heading)
        return foothold, offset, stance.heading + min(p.turn_max, max(-p.turn_max, wanted))

    def _aim_at(self, pose: Pose, stance: FootPlace, side: float, growth: float) -> tuple[Array, Array, float]:
        """The same on the way to a pose: the foot's place in the next pose that a step reaches, marching there."""
        p = self.parameters
        c, s = cos(stance.heading), sin(stance.heading)
        half = 0.5 * p.width
        x, y = stance.position[:2] + side * half * np.array((-s, c))
        dx, dy = pose[0] - x, pose[1] - y
        far, wide, most = p.stride
        ahead, aside = min(far, max(-far, c * dx + s * dy)), min(wide, max(-wide, -s * dx + c * dy))
        turn = min(most, max(-most, wrap(pose[2] - stance.heading)))
        x, y, heading = x + c * ahead - s * aside, y + s * ahead + c * aside, stance.heading + turn
        across = side * half * np.array((-sin(heading), cos(heading)))
        foothold = self._reachable(np.array((x, y)) + across, stance)
        other = np.array((x, y)) - across
        return foothold, (other - foothold) / (growth + 1.0), heading

    def _steer(self, xi: Array, omega: float, left: float, stance: FootPlace, aim: Array) -> tuple[Array, Array]:
        """Where within the stance sole the weight should act so that xi comes to `aim`, and where xi then comes to."""
        p = self.parameters
        growth = exp(omega * max(left, 0.02))
        wanted = (aim - growth * xi) / (1.0 - growth)
        c, s = cos(stance.heading), sin(stance.heading)
        x, y = wanted - stance.position[:2]
        along, across = c * x + s * y, -s * x + c * y
        (behind, right), (ahead, left_side) = self._patches[1 - self.swing].tolist()
        along = min(ahead, max(behind, min(p.cop_length, max(-p.cop_length, along))))
        across = min(left_side, max(right, min(self._cop_width, max(-self._cop_width, across))))
        cop = stance.position[:2] + np.array((c * along - s * across, s * along + c * across))
        end = cop + growth * (xi - cop)
        if self.phase is Phase.SWING:
            rate = 0.0 if self.doubts else 1.0 / p.passing
            end -= omega / (omega + rate) * (growth - exp(-rate * left)) * self._offset
        return cop, end

    def _shift(
        self, wanted: Wanted, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], walk: Walk
    ) -> None:  # fmt: skip
        """Both feet bear; xi goes from where it was to where the first swing wants it."""
        p = self.parameters
        stance = feet[1 - self.swing]
        side = 1.0 if self.swing == 0 else -1.0
        growth = exp(omega * (p.swing_time + p.transfer_time))
        c, s = cos(stance.heading), sin(stance.heading)
        inside = side * p.width / (growth + 1.0)
        target = stance.position[:2] + np.array((-s * inside, c * inside))
        u = min(1.0, self._elapsed / p.shift_time)
        blend, rate = u * u * u * (10 - 15 * u + 6 * u * u), 30 * u * u * (1 - u) ** 2 / p.shift_time
        aim = self._from + blend * (target - self._from)
        self.cop[:] = xi + p.tracking / omega * (xi - aim) - rate * (target - self._from) / omega
        for foot in wanted.feet:
            foot.stands, foot.load_min, foot.load_max = True, 0.0, 2000.0

    def _transfer(
        self, wanted: Wanted, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], walk: Walk
    ) -> None:  # fmt: skip
        """Both feet bear; the weight goes over to the foot that stands."""
        p = self.parameters
        stance = feet[1 - self.swing]
        foothold, offset, _ = self._aim(stance, omega, walk)
        left = self._swing_time + 0.5 * p.transfer_time + max(0.0, 0.5 * p.transfer_time - self._elapsed)
        cop, _ = self._steer(xi, omega, left, stance, foothold + offset)
        share = min(1.0, self._elapsed / p.transfer_time)
        self.cop[:] = self._from + share * (cop - self._from)
        bears, leaves = wanted.feet[1 - self.swing], wanted.feet[self.swing]
        bears.stands = leaves.stands = True
        bears.load_min, bears.load_max = 0.0, 2000.0
        leaves.load_min, leaves.load_max = 0.0, max(5.0, (1.0 - share) * p.release)

    def _swing_foot(
        self, wanted: Wanted, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], walk: Walk
    ) -> None:  # fmt: skip
        p, dt = self.parameters, self._period
        stance = feet[1 - self.swing]
        foothold, offset, heading = self._aim(stance, omega, walk)
        rest = 0.5 * p.transfer_time
        self._hurry(xi, omega, rest, stance, foothold + offset, offset)
        self.cop[:], end = self._steer(xi, omega, self._left + rest, stance, foothold + offset)
        if self._left > p.freeze[int(self.doubts)] or self._late > p.patience:
            self.foothold[:] = self._reachable(end - offset, stance)
        self._share += (1.0 - self._share) * min(1.0, dt / max(self._left, dt))
        self._move(self._left, stance)
        share = self._share
        blend = share * share * share * (10 - 15 * share + 6 * share * share)
        way = wrap(heading - self._start_heading)
        turned, turning = self._start_heading + blend * way, 30.0 * share * share * (1.0 - share) ** 2 / self._swing_time * way
        bears, swings = wanted.feet[1 - self.swing], wanted.feet[self.swing]
        bears.stands, bears.load_min, bears.load_max = True, 0.0, 2000.0
        swings.stands, swings.load_min, swings.load_max = False, 0.0, 0.0
        swings.position[:], swings.velocity[:], swings.acceleration[:] = (
            self._place, self._velocity, self._acceleration,
        )  # fmt: skip
        c, s = cos(turned), sin(turned)
        swings.rotation[:] = ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
        swings.spin, swings.due = turning, self._left <= 0.0 or self.doubts

    def _hurry(self, xi: Array, omega: float, rest: float, stance: FootPlace, aim: Array, offset: Array) -> None:
        """Bring the foot down earlier where its place would be too far to the side, or beyond the other foot."""
        p = self.parameters
        cop, end = self._steer(xi, omega, self._left + rest, stance, aim)
        side = 1.0 if self.swing == 0 else -1.0
        across = np.array((-side * sin(stance.heading), side * cos(stance.heading)))
        wide = float(across @ (end - offset - stance.position[:2]))
        left = self._left
        if wide > p.step_width_max:
            bears = cop + self._offset
            apart = float(across @ (xi - bears))
            room = p.step_width_max + float(across @ (stance.position[:2] + offset - bears))
            left = log(room / apart) / omega - rest if apart > 1e-3 and room > apart else 0.0
        elif wide < p.step_width_min - 0.05:
            left = 0.0
        way = float(np.abs(self._reachable(end - offset, stance) - self._place[:2]).max())
        self._left = min(self._left, max(left, p.quickest + way / p.swiftest))

    def _reachable(self, foothold: Array, stance: FootPlace) -> Array:
        p = self.parameters
        side = 1.0 if self.swing == 0 else -1.0
        c, s = cos(stance.heading), sin(stance.heading)
        x, y = foothold - stance.position[:2]
        along, across = c * x + s * y, side * (-s * x + c * y)
        along = min(p.step_length_max, max(-p.step_length_max, along))
        across = side * min(p.step_width_max, max(p.step_width_min, across))
        foothold = stance.position[:2] + np.array((c * along - s * across, s * along + c * across))
        return np.asarray(foothold)

    def _move(self, left: float, stance: FootPlace) -> None:
        """Move the swinging foot's reference on by one tick: least jerk to the foothold, a bump in height."""
        p, dt = self.parameters, self._period
        late = self._late > p.patience
        tau = p.freeze[1] if late else max(left, 0.02)
        place, velocity, acceleration = self._place[:2], self._velocity[:2], self._acceleration[:2]
        if left > 0.0 or late:
            jerk = 60.0 * (self.foothold - place) / tau**3 - 36.0 * velocity / tau**2 - 9.0 * acceleration / tau
            np.clip(jerk, -4000.0, 4000.0, out=jerk)
            place += dt * velocity + 0.5 * dt * dt * acceleration
            velocity += dt * acceleration + 0.5 * dt * dt * jerk
            acceleration += dt * jerk
        else:
            velocity[:] = 0.0
            acceleration[:] = 0.0
        ground = float(stance.position[2]) - self.wary * p.wary_dip
        u = self._share
        rise = ground - self._start_height
        blend = u * u * u * (10 - 15 * u + 6 * u * u)
        down, after = p.landing[0] * self._swing_time, p.landing[1] + self.wary * p.wary_speed
        self._place[2] = (
            self._start_height + blend * rise + p.clearance * 16.0 * u * u * (1 - u) ** 2 + down * u * u * (1 - u)
        )
        self._velocity[2] = (
            30.0 * u * u * (1 - u) ** 2 * rise + p.clearance * 32.0 * u * (1 - u) * (1 - 2 * u) + down * u * (2 - 3 * u)
        ) / self._swing_time
        bend = p.clearance * 32.0 * (1 - 6 * u + 6 * u * u) + down * (2 - 6 * u)
        self._acceleration[2] = bend / self._swing_time**2
        if left <= 0.0:
            self._late += dt
            self._place[2], self._velocity[2], self._acceleration[2] = ground - after * self._late, -after, 0.0


def heading_of(rotation: Array) -> float:
    """Heading of a sole or a pelvis: of its x axis on the ground [rad]."""
    return atan2(rotation[1, 0], rotation[0, 0])
