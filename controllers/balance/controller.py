"""A body on its feet: estimate, mode, references, feet and weight, whole body, joint command."""

from __future__ import annotations

from math import cos, hypot, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from controllers.balance.area import SoleArea, unloaded
from controllers.balance.bearing import Bearing
from controllers.balance.body_control import LEFT_HAND, PELVIS, TORSO, BodyControl
from controllers.balance.fall import FallWatch, Protection
from controllers.balance.feet import Feet, FootPlace, Walk, between, heading_of, middle
from controllers.balance.gait import Gait
from controllers.balance.goal import Goal
from controllers.balance.lift import Lift
from controllers.balance.modes import TABLE, Mode
from controllers.balance.parameters import BalanceParameters
from controllers.balance.reference import References
from controllers.balance.telemetry import BalanceTelemetry
from controllers.balance.walking import Walking
from controllers.balance.wanted import Wanted, WantedHand
from controllers.estimation.floating_base import FloatingBaseEstimator, FloatingBaseParameters
from controllers.rotation import from_angles, wrap
from controllers.whole_body.kinematics import GRAVITY
from robot import Body, JointCommand, RobotModel, RobotState

Array = NDArray[np.float64]

_TOUCH = 120.0
"""Load from which on a foot that swings has touched down [N]."""
_BEARS = 2000.0
"""Normal force that a standing foot may have [N]."""


class BalanceController:
    """Stands, squats, reaches, takes pushes, steps and walks: one tick from the robot's state to its joint command."""

    MODES = tuple(mode.name.lower() for mode in Mode)

    def __init__(
        self, model: RobotModel, body: Body, goals: tuple[Goal, ...], period: float,
        parameters: BalanceParameters | None = None, estimate: FloatingBaseParameters | None = None,
    ) -> None:  # fmt: skip
        """Prepare a body for its goals.

        Args:
            model: The body.
            body: Its frames, posture and gains.
            goals: What is asked, one after the other.
            period: Time between two steps [s].
            parameters: Gains and limits; None for those of the body.
            estimate: Figures of the estimate; None for those of the IMU that a body has where nothing is said.
        """
        self._model, self._body, self._period = model, body, period
        self._parameters = p = parameters or BalanceParameters.of(body)
        self._estimator = FloatingBaseEstimator(model, body.soles, body.imu, period, body.sole_half, estimate)
        self._control = BodyControl(model, body, period)
        self._ease = _height_at_ease(self._control, model, body)
        self._references = References(goals, self._ease, period)
        self._area = SoleArea(body.sole_half, period)
        self._walking = Walking(p, self._area, period)
        self._lift = Lift(p.lift_height, 0.5 * model.mass * GRAVITY)
        self._watch, self._protection = FallWatch(period), Protection(model, body)
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
        p, period = self._parameters, self._period
        self.mode, self._since = Mode.STAND, 0.0
        self._gaits = {Mode.WALK: Gait(p.gait, period), Mode.STEP: Gait(p.catch, period)}
        self._gait = self._gaits[Mode.WALK]
        self._wanted = Wanted()
        self._ground, self._heading, self._drop = 0.0, 0.0, 0.0
        self._steps = 0
        self._xi, self._shift_from, self._settle_from = np.zeros(2), np.zeros(2), np.zeros(2)
        self._walking.reset()
        self._area.reset()
        self._bearing.reset()

    def step(self, state: RobotState) -> JointCommand:
        """The joint command for a state."""
        estimate = self._estimator.update(state)
        control, body = self._control, self._control.body
        control.see(estimate.q, estimate.v, state.joint_torque)
        self._since += self._period
        if self.mode is Mode.PROTECT or self._falls(estimate.foot_load):
            return self._protect(state)
        feet = self._see_feet()
        self._see_ground(feet)
        com, velocity = body.com, body.com_velocity
        omega = sqrt(GRAVITY / max(0.2, float(com[2]) - self._ground))
        self._xi = xi = com[:2] + velocity[:2] / omega
        if self._area.margin(xi, feet, 0.3) < -self._parameters.lost:
            return self._protect(state)
        origin, heading = self._stance(feet)
        hands = tuple(self._in_stance(body.position(LEFT_HAND + side), origin, heading) for side in (0, 1))
        back = _about_the_vertical(-heading)
        turns = tuple(back @ body.rotation(LEFT_HAND + side) for side in (0, 1))
        goal = self._references.step((hands[0], hands[1]), (turns[0], turns[1]), self._walking.arrived)
        walk = self._wish(goal, origin, heading)
        touches = (self._touches(0), self._touches(1))
        self._decide(goal, walk, xi, feet)
        self._feel_soles(estimate.pressure, estimate.foot_load)
        cop = self._move_feet(xi, omega, feet, touches, walk)
        wanted = self._wanted
        wanted.com_acceleration[:] = omega * omega * (com[:2] - cop)
        self._hold(origin, heading, feet)
        left, right = (foot.stands or foot.due for foot in wanted.feet)
        self._estimator.expect((left, right))
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
        TABLE.require(self.mode, mode)
        self.mode, self._since = mode, 0.0
        self._settle_from = self._xi.copy()

    def _decide(self, goal: Goal, walk: Walk | None, xi: Array, feet: Feet) -> None:
        """Go over to another mode when it is time."""
        p = self._parameters
        if self.mode is Mode.STAND:
            if self._area.pushed(xi, feet, p.step_margin, p.step_edge, p.edge_time):
                self._start_gait(Mode.STEP, unloaded(xi, feet), xi, feet)
            elif goal.lift is not None and not self._references.finished:
                self._lift.foot = 0 if goal.lift == "left" else 1
                self._shift_from = xi.copy()
                self._enter(Mode.SHIFT)
            elif walk is not None:
                self._start_gait(Mode.WALK, 0 if walk[1] >= 0.0 else 1, xi, feet)
        elif self.mode is Mode.SHIFT:
            stance = feet[1 - self._lift.foot].position[:2]
            if goal.lift is None and self._since < p.shift_time:
                self.mode = Mode.ONE_LEG  # not lifted yet: straight on to lowering
                self._lift.begin(feet)
                self._enter(Mode.LOWER)
            elif self._since > p.shift_time and hypot(*(xi - stance)) < 0.02:
                self._lift.begin(feet)
                self._enter(Mode.ONE_LEG)
        elif self.mode is Mode.ONE_LEG:
            if goal.lift is None:
                self._enter(Mode.LOWER)
        elif self.mode is Mode.STEP and self._gait.steps > 0:
            place = self._gait
            self._gait = self._gaits[Mode.WALK]
            self._gait.follow(place)
            self._enter(Mode.WALK)

    def _start_gait(self, mode: Mode, swing: int, xi: Array, feet: Feet) -> None:
        self._gait = self._gaits[mode]
        self._gait.start(swing, xi, self._walking.begin(feet), quick=mode is Mode.STEP)
        self._area.reset()
        self._enter(mode)

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

    def _move_feet(self, xi: Array, omega: float, feet: Feet, touches: tuple[bool, bool], walk: Walk | None) -> Array:
        """Write what the feet should do; returns where the weight should act, shape (2,) [m]."""
        if self.mode in (Mode.WALK, Mode.STEP):
            return self._walk_on(xi, omega, feet, touches, walk)
        p, wanted = self._parameters, self._wanted
        for foot in wanted.feet:
            foot.stands, foot.load_min, foot.load_max = True, 0.0, _BEARS
        if self.mode is Mode.STAND:
            aim, rate = _over(self._settle_from, middle(feet)[:2], self._since, p.settle_time)
            return xi + p.tracking / omega * (xi - aim) - rate / omega
        lift = self._lift
        stance = feet[1 - lift.foot].position[:2]
        if self.mode is Mode.SHIFT:
            aim, rate = _over(self._shift_from, stance, self._since, p.shift_time)
            return xi + p.tracking / omega * (xi - aim) - rate / omega
        foot = wanted.feet[lift.foot]
        if self.mode is Mode.ONE_LEG:
            lift.raise_(foot, self._since, feet)
        elif lift.lower(foot, self._since, feet, self._period, touches[lift.foot]):
            self._enter(Mode.STAND)
        return xi + p.tracking / omega * (xi - stance)

    def _walk_on(self, xi: Array, omega: float, feet: Feet, touches: tuple[bool, bool], walk: Walk | None) -> Array:
        gait, walking = self._gait, self._walking
        steps = gait.steps
        since = self._since if self.mode is Mode.WALK else None
        velocity = walking.step(walk, self._control.body.com_velocity, feet, since, gait.caution.doubts)
        e = self._estimator.estimate
        pressures = np.array(
            [(foot.position + e.foot_rotation[side][:, :2] @ e.pressure[side])[:2] for side, foot in enumerate(feet)]
        )
        patches = np.stack((self._bearing.low, self._bearing.high), axis=1)
        gait.tick(self._wanted, xi, omega, feet, touches, pressures, patches, velocity, walking.pose)
        walking.course = gait.heading
        if gait.steps > steps:
            self._steps += 1
            if self.mode is Mode.WALK and walking.may_stand(walk, xi, feet):
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

    def _wish(self, goal: Goal, origin: Array, heading: float) -> Walk | None:
        """The velocity that the goal asks for, or None to stand."""
        self._walking.arrived, self._walking.pose = False, None
        if self._references.finished:
            return None
        if goal.walk is not None:
            return goal.walk
        if goal.walk_to is None:
            return None
        return self._walking.towards(goal.walk_to, origin, heading, self.mode is Mode.STAND)

    # Body

    def _see_feet(self) -> Feet:
        body = self._control.body
        left, right = (FootPlace(body.position(side).copy(), heading_of(body.rotation(side))) for side in (0, 1))
        return left, right

    def _see_ground(self, feet: Feet) -> None:
        """The height on which the body stands, and its heading, both smoothed."""
        standing = [foot for foot, wanted in zip(feet, self._wanted.feet, strict=True) if wanted.stands]
        height = sum(float(foot.position[2]) for foot in standing) / max(1, len(standing))
        share = self._period / self._parameters.turn_settling
        self._ground += share * (height - self._ground)
        self._heading += share * wrap(between(feet) - self._heading)

    def _stance(self, feet: Feet) -> tuple[Array, float]:
        """Origin (3,) [m] and heading [rad] of the stance frame."""
        origin = middle(feet)
        if self.mode in (Mode.ONE_LEG, Mode.LOWER):
            origin[:2] = 0.5 * (feet[1 - self._lift.foot].position + self._lift.held)[:2]
        origin[2] = self._ground
        return origin, self._heading

    def _in_stance(self, point: Array, origin: Array, heading: float) -> Array:
        x, y, z = (point - origin).tolist()
        c, s = cos(heading), sin(heading)
        return np.array((c * x + s * y, -s * x + c * y, z))

    def _hold(self, origin: Array, heading: float, feet: Feet) -> None:
        """Write height, torso and hands."""
        p, wanted, values, rates = self._parameters, self._wanted, self._references.values, self._references.rates
        drop = p.walk_drop if self.mode in (Mode.WALK, Mode.STEP) else 0.0
        self._drop += self._period / 0.4 * (drop - self._drop)
        wanted.pelvis_height = self._ground + float(values[0]) - self._drop
        wanted.pelvis_velocity = float(rates[0])
        roll, pitch, yaw = values[1:4].tolist()
        wanted.pelvis_rotation[:] = _about_the_vertical(heading)
        wanted.torso_rotation[:] = from_angles(roll, pitch, heading + yaw)
        turn = wanted.pelvis_rotation
        wanted.torso_velocity[:] = turn @ (rates[1], rates[2], rates[3])
        for side in (0, 1):
            wanted.hands[side] = self._hand(side, origin, turn) if self._references.hands[side] else None

    def _hand(self, side: int, origin: Array, stance: Array) -> WantedHand:
        references, part = self._references, slice(4 + 3 * side, 7 + 3 * side)
        hand = WantedHand(origin + stance @ references.values[part], stance @ references.rates[part])
        turn = references.turns[side]
        if turn is not None:
            hand.rotation, hand.spin = stance @ turn[0], stance @ turn[1]
        return hand

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
        t.reference_velocity[:] = self._walking.velocity
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


def _about_the_vertical(angle: float) -> Array:
    """Turn to the left, shape (3, 3)."""
    c, s = cos(angle), sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
