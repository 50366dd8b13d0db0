"""Stepping and walking: which foot bears, where the other one goes, and where the weight should act."""

from __future__ import annotations

from enum import IntEnum
from math import cos, exp, log, sin

import numpy as np
from numpy.typing import NDArray

from controllers.balance.caution import Caution
from controllers.balance.feet import Feet, FootPlace, Pose, Walk
from controllers.balance.gait_parameters import GaitParameters
from controllers.balance.swing import Swing
from controllers.balance.wanted import Wanted
from controllers.rotation import wrap

Array = NDArray[np.float64]


class Phase(IntEnum):
    """What the feet do."""

    SHIFT = 0
    SWING = 1
    TRANSFER = 2


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
        self.caution = Caution(parameters, period)
        self._air = Swing(parameters, period)
        self._left = 0.0
        self._offset = np.zeros(2)
        self._patches = np.zeros((2, 2, 2))
        self._pose: Pose | None = None
        self._swing_time, self._width, self._cop_width = parameters.swing_time, parameters.width, parameters.cop_width
        self._from = np.zeros(2)

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
        self.caution.begin()
        self.phase = Phase.TRANSFER if quick else Phase.SHIFT
        self.cop[:] = xi

    def follow(self, other: Gait) -> None:
        """Go on from where another gait has just touched down."""
        self.caution.wary = 1.0
        self.swing, self.steps, self.heading = other.swing, 0, other.heading
        self.phase, self._elapsed = Phase.TRANSFER, 0.0
        self.cop[:] = other.cop
        self._from = other.cop.copy()

    def tick(
        self, wanted: Wanted, xi: Array, omega: float, feet: Feet, touches: tuple[bool, bool],
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
                self._lift(feet, walk)
        elif self.phase is Phase.TRANSFER:
            self._transfer(wanted, xi, omega, feet, walk)
            if self._elapsed >= p.transfer_time:
                self._lift(feet, walk)
        if self.phase is Phase.SWING:
            self._left = max(0.0, self._left - dt)
            found = pressures[1 - self.swing] - self.cop
            self._offset += dt / p.settling * (found - self._offset)
            self._swing_foot(wanted, xi, omega, feet, walk)
            if self._air.share > 0.6 and touches[self.swing]:
                self._doubt(xi, omega, feet, walk)
                self._land()
        self.caution.fade()

    def _doubt(self, xi: Array, omega: float, feet: Feet, walk: Walk) -> None:
        """Judge a touch-down: was the ground where it was expected, and the weight?"""
        p = self.parameters
        stance, landed = feet[1 - self.swing], feet[self.swing]
        _, offset, _ = self._aim(stance, omega, walk)
        _, end = self._steer(xi, omega, 0.5 * p.transfer_time, stance, landed.position[:2] + offset)
        x, y = end - offset - landed.position[:2]
        aside = -sin(stance.heading) * x + cos(stance.heading) * y
        self.caution.judge(self.swing, aside, float(landed.position[2] - stance.position[2]))

    def _lift(self, feet: Feet, walk: Walk) -> None:
        foot, caution = feet[self.swing], self.caution
        self.phase, self._elapsed = Phase.SWING, 0.0
        self._swing_time, self._width, self._cop_width = caution.swing_time, caution.width, caution.cop_width
        if not caution.doubts:
            slow, longer = self.parameters.stride
            self._swing_time += longer * max(0.0, abs(walk[0]) - slow)
        self._left = self._swing_time
        self._offset[:] = 0.0
        self._air.lift(foot, self._swing_time)
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
        far, wide, most = p.approach
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
            rate = 0.0 if self.caution.doubts else 1.0 / p.passing
            end -= omega / (omega + rate) * (growth - exp(-rate * left)) * self._offset
        return cop, end

    def _shift(
        self, wanted: Wanted, xi: Array, omega: float, feet: Feet, walk: Walk
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
        self, wanted: Wanted, xi: Array, omega: float, feet: Feet, walk: Walk
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
        self, wanted: Wanted, xi: Array, omega: float, feet: Feet, walk: Walk
    ) -> None:  # fmt: skip
        air, stance = self._air, feet[1 - self.swing]
        foothold, offset, heading = self._aim(stance, omega, walk)
        rest = 0.5 * self.parameters.transfer_time
        self._hurry(xi, omega, rest, stance, foothold + offset, offset)
        self.cop[:], end = self._steer(xi, omega, self._left + rest, stance, foothold + offset)
        if self._left > self.caution.freeze or air.overdue:
            self.foothold[:] = self._reachable(end - offset, stance)
        ground = float(stance.position[2]) - self.caution.dip
        air.move(self._left, self.foothold, heading, ground, self.caution.late_speed)
        bears, swings = wanted.feet[1 - self.swing], wanted.feet[self.swing]
        bears.stands, bears.load_min, bears.load_max = True, 0.0, 2000.0
        swings.stands, swings.load_min, swings.load_max = False, 0.0, 0.0
        swings.position[:], swings.velocity[:], swings.acceleration[:] = air.place, air.velocity, air.acceleration
        c, s = cos(air.heading), sin(air.heading)
        swings.rotation[:] = ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
        swings.spin, swings.due = air.turning, self._left <= 0.0 or self.caution.doubts

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
        way = float(np.abs(self._reachable(end - offset, stance) - self._air.place[:2]).max())
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
