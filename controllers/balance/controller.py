"""A body on its feet: estimate, mode, references, feet and weight, whole body, joint command."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import cos, hypot, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from controllers.balance.bearing import Bearing
from controllers.balance.body_control import LEFT_HAND, PELVIS, TORSO, BodyControl
from controllers.balance.fall import FallWatch, Protection
from controllers.balance.gait import FootPlace, Gait, GaitParameters, Pose, heading_of
from controllers.balance.goal import Goal
from controllers.balance.modes import Mode, require_allowed
from controllers.balance.reference import References
from controllers.balance.sizing import sized, walking
from controllers.balance.support import Point, convex_hull, margin
from controllers.balance.telemetry import BalanceTelemetry
from controllers.balance.wanted import Wanted
from controllers.estimation.floating_base import FloatingBaseEstimator
from controllers.rotation import wrap
from controllers.whole_body.kinematics import GRAVITY
from robot import Body, JointCommand, RobotModel, RobotState

Array = NDArray[np.float64]
Walk = tuple[float, float, float]

_STILL: Walk = (0.0, 0.0, 0.0)
_TOUCH = 120.0
"""Load from which on a foot that swings has touched down [N]."""
_BEARS = 2000.0
"""Normal force that a standing foot may have [N]."""


@dataclass(frozen=True, slots=True)
class BalanceParameters:
    """Gains and limits.

    Attributes:
        gait: How it walks.
        catch: How it steps when it is pushed.
        tracking: Rate at which the divergent component of motion goes back while standing [1/s].
        walk_drop: How much lower the pelvis is while walking [m].
        step_margin: A step is taken when the divergent component is less than this inside of the soles' area [m].
        step_edge: And when it is less than this inside for longer than
        edge_time: this [s].
        turn_back: A heading that it was turned away from by more than this when it begins to step is forgotten [rad].
        lost: Balance is lost when it is farther than this outside of that area, where no step reaches [m].
        settle_time: In which the weight comes to the middle when both feet bear again [s].
        shift_time: In which the weight goes over to one foot [s].
        lift_height: Of the sole of a lifted foot [m].
        acceleration: At which the velocity of a walk changes, forward, left [m/s²], turning [rad/s²].
        trim: Rate at which the commanded velocity makes up for what the walk lacks, where the ground is as expected [1/s].
        trim_max: Greatest share of it, forward and left [m/s].
        turn_settling: Time constant of the body's heading [s].
        rest_margin: A walk ends when the divergent component is so far inside of the soles' area [m].
        rest_width: How much wider than the least step the feet may then be [m].
        reach: Walk to a pose: greatest velocity forward, left, turning, and rate of approach [1/s].
        near: From where on it steps onto its places there [m].
        arrived: Distance [m] and heading error [rad] at which a pose is reached.
    """

    gait: GaitParameters = field(default_factory=GaitParameters)
    catch: GaitParameters = field(
        default_factory=lambda: replace(
            GaitParameters(), swing_time=0.30, transfer_time=0.04, cop_length=0.09, cop_width=0.045, clearance=0.045,
            step_length_max=0.55,
        )
    )  # fmt: skip
    tracking: float = 3.0
    walk_drop: float = 0.03
    step_margin: float = -0.015
    step_edge: float = 0.015
    edge_time: float = 0.3
    turn_back: float = 0.3
    lost: float = 0.4
    settle_time: float = 0.8
    shift_time: float = 1.5
    lift_height: float = 0.08
    acceleration: Walk = (0.35, 0.2, 0.8)
    trim: float = 0.5
    trim_max: float = 0.3
    turn_settling: float = 0.15
    rest_margin: float = 0.02
    rest_width: float = 0.2
    reach: tuple[float, float, float, float] = (0.4, 0.15, 0.5, 0.8)
    near: float = 0.6
    arrived: tuple[float, float] = (0.03, 0.04)

    @classmethod
    def of(cls, body: Body) -> BalanceParameters:
        """Those of a body: what depends on its size is scaled, or told by its file."""
        base, walk = cls(), body.walk
        return replace(
            base,
            gait=walking(base.gait, body),
            catch=sized(base.catch, body),
            shift_time=sqrt(walk.scale) * base.shift_time,
            lift_height=walk.told.get("lift_height", walk.scale * base.lift_height),
            walk_drop=walk.told.get("walk_drop", walk.scale * base.walk_drop),
        )


class BalanceController:
    """Stands, squats, reaches, takes pushes, steps and walks: one tick from the robot's state to its joint command."""

    MODES = tuple(mode.name.lower() for mode in Mode)

    def __init__(
        self, model: RobotModel, body: Body, goals: tuple[Goal, ...], period: float,
        parameters: BalanceParameters | None = None,
    ) -> None:  # fmt: skip
        """Prepare a body for its goals.

        Args:
            model: The body.
            body: Its frames, posture and gains.
            goals: What is asked, one after the other.
            period: Time between two steps [s].
            parameters: Gains and limits; None for those of the body.
        """
        self._model, self._body, self._period = model, body, period
        self._parameters = p = parameters or BalanceParameters.of(body)
        self._estimator = FloatingBaseEstimator(model, body.soles, body.imu, period, body.sole_half)
        self._control = BodyControl(model, body, period)
        self._ease = _height_at_ease(self._control, model, body)
        self._references = References(goals, self._ease, period)
        self._gaits = {Mode.WALK: Gait(p.gait, period), Mode.STEP: Gait(p.catch, period)}
        self._gait = self._gaits[Mode.WALK]
        self._watch, self._protection = FallWatch(period), Protection(model, body)
        self._wanted = Wanted()
        dynamics = self._control.dynamics
        half_length, half_width = dynamics.pressure_max[0].tolist()
        self._bearing = Bearing((half_length, half_width), period)
        self.telemetry = BalanceTelemetry()
        self.mode = Mode.STAND
        self._restart()

    @property
    def standing(self) -> Array:
        """Joint positions with which the body stands at ease, shape (n,) [rad]."""
        return self._body.posture

    @property
    def finished(self) -> bool:
        """Whether all goals are done."""
        return self._references.finished

    def reset(self, state: RobotState) -> None:
        """Start from a state: on both feet, at rest."""
        self._estimator.reset(state)
        self._control.reset()
        self._references.reset()
        self._watch.reset()
        self._restart()

    def _restart(self) -> None:
        self.mode, self._since = Mode.STAND, 0.0
        self._walk, self._trim = np.zeros(3), np.zeros(2)
        self._drift = np.zeros(2)
        self._edge, self._course = 0.0, 0.0
        self._ground, self._heading, self._drop = 0.0, 0.0, 0.0
        self._lifted, self._steps = 0, 0
        self._xi, self._shift_from, self._settle_from = np.zeros(2), np.zeros(2), np.zeros(2)
        self._held, self._down_from = np.zeros(3), 0.0
        self._arrived = False
        self._pose: Pose | None = None
        self._bearing.reset()

    def step(self, state: RobotState) -> JointCommand:
        """The joint command for a state."""
        estimate = self._estimator.update(state)
        control, body = self._control, self._control.body
        control.see(estimate.q, estimate.v, state.joint_torque)
        self._since += self._period
        if self.mode is Mode.PROTECT or self._falls(estimate.foot_load):
            return self._protect(state)
        left, right = (FootPlace(body.position(side).copy(), heading_of(body.rotation(side))) for side in (0, 1))
        feet = left, right
        self._see_ground(feet)
        com, velocity = body.com, body.com_velocity
        omega = sqrt(GRAVITY / max(0.2, float(com[2]) - self._ground))
        self._xi = xi = com[:2] + velocity[:2] / omega
        if self._margin(xi, feet, 0.3) < -self._parameters.lost:
            return self._protect(state)
        origin, heading = self._stance(feet)
        hands = tuple(self._in_stance(body.position(LEFT_HAND + side), origin, heading) for side in (0, 1))
        goal = self._references.step((hands[0], hands[1]), self._arrived)
        walk = self._wish(goal, origin, heading)
        touches = (self._touches(0), self._touches(1))
        self._decide(goal, walk, xi, feet, omega)
        self._feel_soles(estimate.pressure, estimate.foot_load)
        cop = self._move_feet(xi, omega, feet, touches, walk)
        wanted = self._wanted
        wanted.com_acceleration[:] = omega * omega * (com[:2] - cop)
        self._hold(origin, heading, feet)
        self._estimator.expect((wanted.feet[0].stands or wanted.feet[0].due, wanted.feet[1].stands or wanted.feet[1].due))
        command = control.command(state.time, wanted)
        self._tell(hands, cop, omega)
        return command

    def _touches(self, side: int) -> bool:
        """Whether a foot is on the ground. A load is found with an error that grows with the legs' speed."""
        estimate = self._estimator.estimate
        least = _TOUCH if self.mode in (Mode.WALK, Mode.STEP) else 0.0
        return bool(estimate.contact[side] > 0.3) and float(estimate.foot_load[side]) > least

    # Modes

    def _enter(self, mode: Mode) -> None:
        require_allowed(self.mode, mode)
        self.mode, self._since = mode, 0.0
        self._settle_from = self._xi.copy()

    def _decide(
        self, goal: Goal, walk: Walk | None, xi: Array, feet: tuple[FootPlace, FootPlace], omega: float
    ) -> None:
        """Go over to another mode when it is time."""
        p = self._parameters
        if self.mode is Mode.STAND:
            if self._pushed(xi, feet):
                self._start_gait(Mode.STEP, self._free_foot(xi, feet), xi, feet)
            elif goal.lift is not None and not self._references.finished:
                self._lifted = 0 if goal.lift == "left" else 1
                self._shift_from = xi.copy()
                self._enter(Mode.SHIFT)
            elif walk is not None:
                self._start_gait(Mode.WALK, 0 if walk[1] >= 0.0 else 1, xi, feet)
        elif self.mode is Mode.SHIFT:
            stance = feet[1 - self._lifted].position[:2]
            if goal.lift is None and self._since < p.shift_time:
                self.mode = Mode.ONE_LEG  # not lifted yet: straight on to lowering
                self._held = feet[self._lifted].position.copy()
                self._enter(Mode.LOWER)
            elif self._since > p.shift_time and hypot(*(xi - stance)) < 0.02:
                self._held = feet[self._lifted].position.copy()
                self._enter(Mode.ONE_LEG)
        elif self.mode is Mode.ONE_LEG:
            if goal.lift is None:
                self._enter(Mode.LOWER)
        elif self.mode is Mode.STEP and self._gait.steps > 0:
            place = self._gait
            self._gait = self._gaits[Mode.WALK]
            self._gait.follow(place)
            self._enter(Mode.WALK)

    def _start_gait(self, mode: Mode, swing: int, xi: Array, feet: tuple[FootPlace, FootPlace]) -> None:
        p = self._parameters
        self._gait = self._gaits[mode]
        between = _between(feet)
        astray = wrap(self._course - between)
        if abs(astray) > p.turn_back:
            self._course = between
        self._gait.start(swing, xi, self._course, quick=mode is Mode.STEP)
        self._edge = 0.0
        self._walk[:], self._trim[:] = 0.0, 0.0
        self._enter(mode)

    def _pushed(self, xi: Array, feet: tuple[FootPlace, FootPlace]) -> bool:
        """Whether the soles' area no longer holds the divergent component, or has not brought it back for a while."""
        p, inside = self._parameters, self._margin(xi, feet, 0.05)
        near = inside < p.step_edge
        self._edge = self._edge + self._period if near else 0.0
        return inside < p.step_margin or self._edge > p.edge_time

    def _margin(self, xi: Array, feet: tuple[FootPlace, FootPlace], near: float) -> float:
        """How far xi is inside of the soles' area [m]; infinity where it is nearer to their middle than `near` [m]."""
        x, y = (xi - 0.5 * (feet[0].position + feet[1].position)[:2]).tolist()
        if x * x + y * y < near * near:
            return float("inf")
        corners = [corner for foot in feet for corner in self._corners(foot)]
        return margin((float(xi[0]), float(xi[1])), convex_hull(corners))

    def _corners(self, foot: FootPlace) -> list[Point]:
        x, y, _ = foot.position.tolist()
        c, s = cos(foot.heading), sin(foot.heading)
        a, b = self._body.sole_half
        return [(x + c * i - s * j, y + s * i + c * j) for i in (-a, a) for j in (-b, b)]

    def _free_foot(self, xi: Array, feet: tuple[FootPlace, FootPlace]) -> int:
        """The foot from which a push takes the weight: it can be lifted."""
        heading = _between(feet)
        x, y = (xi - 0.5 * (feet[0].position + feet[1].position)[:2]).tolist()
        return 1 if -sin(heading) * x + cos(heading) * y > 0.0 else 0

    def _falls(self, load: Array) -> bool:
        body = self._control.body
        up = float(body.rotation(PELVIS)[2, 2]), float(body.rotation(TORSO)[2, 2])
        return self._watch.falls(*up, float(load.sum()))

    def _protect(self, state: RobotState) -> JointCommand:
        if self.mode is not Mode.PROTECT:
            self._enter(Mode.PROTECT)
            self._protection.begin(state)
            self.telemetry.mode = int(self.mode)
        return self._protection.command(state)

    # Where the weight and the feet go

    def _move_feet(
        self, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], touches: tuple[bool, bool], walk: Walk | None
    ) -> Array:
        """Write what the feet should do; returns where the weight should act, shape (2,) [m]."""
        if self.mode in (Mode.WALK, Mode.STEP):
            return self._walk_on(xi, omega, feet, touches, walk)
        p, wanted = self._parameters, self._wanted
        for foot in wanted.feet:
            foot.stands, foot.load_min, foot.load_max = True, 0.0, _BEARS
        middle = 0.5 * (feet[0].position + feet[1].position)[:2]
        if self.mode is Mode.STAND:
            aim, rate = _over(self._settle_from, middle, self._since, p.settle_time)
            return xi + p.tracking / omega * (xi - aim) - rate / omega
        stance = feet[1 - self._lifted].position[:2]
        if self.mode is Mode.SHIFT:
            aim, rate = _over(self._shift_from, stance, self._since, p.shift_time)
            return xi + p.tracking / omega * (xi - aim) - rate / omega
        self._air(feet, touches)
        return xi + p.tracking / omega * (xi - stance)

    def _air(self, feet: tuple[FootPlace, FootPlace], touches: tuple[bool, bool]) -> None:
        """The lifted foot: unloaded, up, and down again."""
        p, side = self._parameters, self._lifted
        foot = self._wanted.feet[side]
        unload = 0.3
        if self.mode is Mode.ONE_LEG and self._since < unload:
            foot.load_max = max(1.0, (1.0 - self._since / unload) * 0.5 * self._model.mass * GRAVITY)
            self._held = feet[side].position.copy()
            return
        foot.stands, foot.load_max = False, 0.0
        heading = feet[1 - side].heading
        c, s = cos(heading), sin(heading)
        foot.rotation[:] = ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
        foot.acceleration[:], foot.spin, foot.due = 0.0, 0.0, self.mode is Mode.LOWER
        foot.position[:2] = self._held[:2]
        foot.velocity[:] = 0.0
        if self.mode is Mode.ONE_LEG:
            u = min(1.0, (self._since - unload) / 1.0)
            foot.position[2] = self._held[2] + p.lift_height * u * u * (3 - 2 * u)
            foot.velocity[2] = p.lift_height * 6 * u * (1 - u)
            return
        if self._since <= self._period:
            self._down_from = float(feet[side].position[2])
        start = self._down_from
        ground = float(feet[1 - side].position[2])
        u = min(1.0, self._since / 1.0)
        foot.position[2] = start + (ground - start) * u * u * (3 - 2 * u) - max(0.0, self._since - 1.0) * 0.05
        foot.velocity[2] = (ground - start) * 6 * u * (1 - u) if u < 1.0 else -0.05
        if self._since > 0.3 and touches[side]:
            self._enter(Mode.STAND)

    def _walk_on(
        self, xi: Array, omega: float, feet: tuple[FootPlace, FootPlace], touches: tuple[bool, bool], walk: Walk | None
    ) -> Array:
        p, gait = self._parameters, self._gait
        steps, asked = gait.steps, walk or _STILL
        for axis in range(3):
            most = p.acceleration[axis] * self._period
            self._walk[axis] += min(most, max(-most, asked[axis] - self._walk[axis]))
        pose = self._pose
        if pose is not None:
            self._walk[:], self._trim[:] = 0.0, 0.0
        else:
            self._make_up(feet)
        ahead, aside, turn = self._walk.tolist()
        e = self._estimator.estimate
        pressures = np.array(
            [(foot.position + e.foot_rotation[side][:, :2] @ e.pressure[side])[:2] for side, foot in enumerate(feet)]
        )
        patches = np.stack((self._bearing.low, self._bearing.high), axis=1)
        gait.tick(
            self._wanted, xi, omega, feet, touches, pressures, patches,
            (ahead + float(self._trim[0]), aside + float(self._trim[1]), turn), pose,
        )  # fmt: skip
        self._course = gait.heading
        if gait.steps > steps:
            self._steps += 1
            if self.mode is Mode.WALK and self._may_stand(walk, xi, feet):
                self._enter(Mode.STAND)
        return gait.cop

    def _feel_soles(self, measured: Array, load: Array) -> None:
        """Find the parts of the soles that have ground under them, and keep the pressure within."""
        dynamics, bearing = self._control.dynamics, self._bearing
        if self.mode in (Mode.WALK, Mode.STEP):
            wrench = dynamics.wrench
            commanded = wrench[:, (4, 3)] * (-1.0, 1.0) / np.maximum(wrench[:, 2:3], 30.0)
            bearing.update(commanded, measured, load)
        else:
            bearing.reset()
        dynamics.pressure_min[:], dynamics.pressure_max[:] = bearing.low, bearing.high

    def _make_up(self, feet: tuple[FootPlace, FootPlace]) -> None:
        """Trim the commanded velocity by what the walk has lacked."""
        p, dt = self._parameters, self._period
        heading = _between(feet)
        c, s = cos(heading), sin(heading)
        x, y, _ = self._control.body.com_velocity.tolist()
        self._drift += dt / 0.5 * (np.array((c * x + s * y, -s * x + c * y)) - self._drift)
        if self.mode is Mode.WALK and self._since > 2.0:
            lacks = self._walk[:2] - self._drift
            self._trim += dt * (-self._trim if self._gait.doubts else p.trim * lacks)
            np.clip(self._trim, -p.trim_max, p.trim_max, out=self._trim)

    def _may_stand(self, walk: Walk | None, xi: Array, feet: tuple[FootPlace, FootPlace]) -> bool:
        """Whether the walk has come to where it leads, or to rest, with feet between which the weight can stay."""
        p = self._parameters
        if self._pose is not None:
            x, y = (0.5 * (feet[0].position + feet[1].position))[:2].tolist()
            near, straight = p.arrived
            off = hypot(self._pose[0] - x, self._pose[1] - y)
            there = off < 0.5 * near and abs(wrap(self._pose[2] - _between(feet))) < 0.5 * straight
        else:
            there = walk is None and float(np.abs(self._walk).max()) < 1e-9
        return there and self._side_by_side(feet) and self._margin(xi, feet, 0.05) > p.rest_margin

    def _side_by_side(self, feet: tuple[FootPlace, FootPlace]) -> bool:
        heading = _between(feet)
        c, s = cos(heading), sin(heading)
        x, y, _ = (feet[0].position - feet[1].position).tolist()
        p = self._parameters
        narrow, wide = p.gait.step_width_min - 0.02, p.gait.step_width_min + p.rest_width
        beside = narrow < -s * x + c * y < wide
        return beside and abs(c * x + s * y) < 0.05 and abs(wrap(feet[0].heading - feet[1].heading)) < 0.1

    def _wish(self, goal: Goal, origin: Array, heading: float) -> Walk | None:
        """The velocity that the goal asks for, or None to stand."""
        self._arrived, self._pose = False, None
        if self._references.finished:
            return None
        if goal.walk is not None:
            return goal.walk
        if goal.walk_to is None:
            return None
        return self._towards(goal.walk_to, origin, heading)

    def _towards(self, pose: tuple[float, float, float], origin: Array, heading: float) -> Walk | None:
        """Velocity towards a pose: far from it, facing where it goes; near it the gait steps onto it."""
        p = self._parameters
        x, y, final = pose
        dx, dy = x - float(origin[0]), y - float(origin[1])
        distance, turn = hypot(dx, dy), wrap(final - heading)
        near, straight = p.arrived
        if self.mode is Mode.STAND and distance < near and abs(turn) < straight:
            self._arrived = True
            return None
        if distance < p.near:
            self._pose = pose
            return _STILL
        c, s = cos(heading), sin(heading)
        forward, left, turning, rate = p.reach
        turn = wrap(float(np.arctan2(dy, dx)) - heading)
        slow = max(0.0, cos(turn)) ** 2
        ahead, aside = slow * (c * dx + s * dy), slow * (-s * dx + c * dy)
        return (
            min(forward, max(0.0, rate * ahead)), min(left, max(-left, rate * aside)),
            min(turning, max(-turning, 1.2 * turn)),
        )  # fmt: skip

    # Body

    def _see_ground(self, feet: tuple[FootPlace, FootPlace]) -> None:
        """The height on which the body stands, and its heading, both smoothed."""
        standing = [foot for foot, wanted in zip(feet, self._wanted.feet, strict=True) if wanted.stands]
        height = sum(float(foot.position[2]) for foot in standing) / max(1, len(standing))
        share = self._period / self._parameters.turn_settling
        self._ground += share * (height - self._ground)
        self._heading += share * wrap(_between(feet) - self._heading)

    def _stance(self, feet: tuple[FootPlace, FootPlace]) -> tuple[Array, float]:
        """Origin (3,) [m] and heading [rad] of the stance frame."""
        origin = 0.5 * (feet[0].position + feet[1].position)
        if self.mode in (Mode.ONE_LEG, Mode.LOWER):
            origin[:2] = 0.5 * (feet[1 - self._lifted].position + self._held)[:2]
        origin[2] = self._ground
        return origin, self._heading

    def _in_stance(self, point: Array, origin: Array, heading: float) -> Array:
        x, y, z = (point - origin).tolist()
        c, s = cos(heading), sin(heading)
        return np.array((c * x + s * y, -s * x + c * y, z))

    def _hold(self, origin: Array, heading: float, feet: tuple[FootPlace, FootPlace]) -> None:
        """Write height, torso and hands."""
        p, wanted, values, rates = self._parameters, self._wanted, self._references.values, self._references.rates
        drop = p.walk_drop if self.mode in (Mode.WALK, Mode.STEP) else 0.0
        self._drop += self._period / 0.4 * (drop - self._drop)
        wanted.pelvis_height = self._ground + float(values[0]) - self._drop
        wanted.pelvis_velocity = float(rates[0])
        roll, pitch, yaw = values[1:4].tolist()
        c, s = cos(heading), sin(heading)
        wanted.pelvis_rotation[:] = ((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))
        wanted.torso_rotation[:] = _from_angles(roll, pitch, heading + yaw)
        turn = wanted.pelvis_rotation
        wanted.torso_velocity[:] = turn @ (rates[1], rates[2], rates[3])
        for side in (0, 1):
            part = slice(4 + 3 * side, 7 + 3 * side)
            wanted.hands[side] = (
                (origin + turn @ values[part], turn @ rates[part]) if self._references.hands[side] else None
            )

    def _tell(self, hands: tuple[Array, ...], cop: Array, omega: float) -> None:
        t, e, control, wanted = self.telemetry, self._estimator.estimate, self._control, self._wanted
        body, dynamics, values = control.body, control.dynamics, self._references.values
        t.estimate_position[:], t.estimate_velocity[:], t.estimate_orientation[:] = e.position, e.velocity, e.quaternion
        t.estimate_com[:], t.estimate_com_velocity[:] = body.com, body.com_velocity
        t.estimate_foot_load[:], t.estimate_contact[:] = e.foot_load, e.contact
        t.reference_com[:2], t.reference_com[2] = cop, body.com[2]
        for side in (0, 1):
            part = slice(3 * side, 3 * side + 3)
            foot = wanted.feet[side]
            t.reference_foot[part] = body.position(side) if foot.stands else foot.position
            t.reference_foot_force[part] = body.rotation(side) @ dynamics.wrench[side, :3]
            t.estimate_hand[part] = hands[side]
            t.reference_hand[part] = values[4 + 3 * side : 7 + 3 * side] if self._references.hands[side] else np.nan
        t.reference_velocity[:] = self._walk
        t.reference_torso[:] = values[1:4]
        t.reference_pelvis_height = float(values[0]) - self._drop
        t.solver_failed = float(not dynamics.solved)
        t.task_residual = dynamics.residual
        t.steps, t.mode = self._steps, int(self.mode)


def _height_at_ease(control: BodyControl, model: RobotModel, body: Body) -> float:
    """Height of the pelvis above the soles in the posture at ease [m]."""
    q = np.zeros(model.size + 7)
    q[6], q[7:] = 1.0, body.posture
    control.see(q, np.zeros(model.size + 6))
    return -0.5 * float(control.body.position(0)[2] + control.body.position(1)[2])


def _over(start: Array, end: Array, since: float, time: float) -> tuple[Array, Array]:
    """Least-jerk way from one point to another in a time: where it is [m], and how fast it goes [m/s]."""
    u = min(1.0, since / time)
    way = end - start
    return start + u * u * u * (10 - 15 * u + 6 * u * u) * way, 30 * u * u * (1 - u) ** 2 / time * way


def _between(feet: tuple[FootPlace, FootPlace]) -> float:
    """The heading between those of both feet [rad]."""
    return feet[0].heading + 0.5 * wrap(feet[1].heading - feet[0].heading)


def _from_angles(roll: float, pitch: float, yaw: float) -> Array:
    """Axes that are turned by yaw, then pitch, then roll about their own axes, shape (3, 3)."""
    cr, sr, cp, sp, cy, sy = cos(roll), sin(roll), cos(pitch), sin(pitch), cos(yaw), sin(yaw)
    return np.array(
        (
            (cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr),
            (sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr),
            (-sp, cp * sr, cp * cr),
        )
    )
