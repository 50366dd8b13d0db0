"""The rider: estimate, steering, pedalling and braking, whole-body inverse kinematics, joint command."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from controllers.riding.abort import Abort
from controllers.riding.braking import Brakes
from controllers.riding.capture import Capture, CaptureParameters
from controllers.riding.climbing import Climbing
from controllers.riding.dab import Dab
from controllers.riding.descent import Descent
from controllers.riding.estimator import RideEstimate, RideEstimator
from controllers.riding.free_arm import Feel, FreeArm
from controllers.riding.free_leg import FreeLeg, LegOrder, Place
from controllers.riding.gains import GRIP_STIFFNESS, joint_gains
from controllers.riding.gaze import Gaze
from controllers.riding.intent import Bars, Crank, Intent
from controllers.riding.leg_swing import LegSwing
from controllers.riding.limb_forces import LimbForces
from controllers.riding.lost_pedal import LostPedal
from controllers.riding.manners import HandTask, Manners
from controllers.riding.modes import STANDING, RideMode
from controllers.riding.pace import Pace
from controllers.riding.pedalling import Load, Pedalling
from controllers.riding.poise import Poise
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart, SeatedPosture
from controllers.riding.programme import Phase, Programme
from controllers.riding.prop import Prop
from controllers.riding.push import PushSense
from controllers.riding.rider_dynamics import whipple_with_rider, with_moving_arms
from controllers.riding.rider_parameters import RiderParameters
from controllers.riding.route import Guide, Route
from controllers.riding.steering import Steering
from controllers.riding.task import RideTask
from controllers.riding.telemetry import RiderTelemetry
from controllers.riding.weighing import LegWeighing
from controllers.whole_body.kinematics import GRAVITY
from robot import JointCommand, RobotModel, RobotState
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class Rider:
    """Rides a bicycle along a course: one tick from the robot's state to its joint command."""

    def __init__(
        self, model: RobotModel, bicycle: BicycleParameters, guide: Guide, phases: tuple[Phase, ...],
        start_speed: float, period: float, foot: int | None = None, manners: Manners | None = None,
        parameters: RiderParameters | None = None,
    ) -> None:  # fmt: skip
        """Prepare a ride.

        Args:
            model: The body.
            bicycle: What it sits on.
            guide: Tells which route to follow; the phases' speeds hold where that has no profile.
            phases: When to pedal, coast and brake.
            start_speed: Speed at the first state [m/s].
            period: Time between two steps [s].
            foot: The foot that stands on the ground at the first state, 0 left, 1 right, the bicycle at rest; None for
                a rolling start, both feet on the pedals.
            manners: What the hands do besides riding, and whether the head looks where it goes; None is nothing.
            parameters: Gains.
        """
        self.bicycle, self._guide = bicycle, guide
        self._parameters = p = parameters or RiderParameters()
        self.posture = RiderPosture(model, bicycle, period)
        self._chart = PostureChart.of(model, bicycle, period, p.steering.steer_limit, p.torso_yaw)
        rigid = whipple_with_rider(model, self.posture.solve(0.0, 0.5 * pi), self.posture, bicycle)
        whipple = with_moving_arms(rigid, model, self.posture, self._chart)
        self._swing = LegSwing(model, self.posture, self._chart, whipple)
        self._estimator = RideEstimator(model, self.posture, bicycle, whipple, period)
        self._steering = Steering(whipple, p.steering, period)
        self._push = PushSense(p.push, period)
        self._pedalling = Pedalling(p.pedalling, Load.of(bicycle, model.mass), period)
        self._climbing = Climbing(bicycle, p.climbing)
        self._descent = Descent()
        self._programme = Programme(phases)
        self._route = guide.route
        self._pace = None if self._route.profile is None else Pace(self._route.profile)
        self._start_speed = start_speed
        prop = Prop(whipple, period)
        self._prop, self._poise = prop, Poise(self.posture, bicycle, prop)
        self.legs = (FreeLeg(model, self.posture, 0, period), FreeLeg(model, self.posture, 1, period))
        """What carries either foot between pedal and ground."""
        capture = Capture(whipple, prop.rate, CaptureParameters(p.steering.steer_limit, p.steering.lateral_limit))
        self._dab = Dab(capture, period, p.saves)
        self.arms = (FreeArm(model, 0, period), FreeArm(model, 1, period))
        """What carries either hand between its grip and elsewhere."""
        self._manners = HandTask(manners or Manners())
        self._gaze = Gaze(model, period) if manners is not None and manners.gaze else None
        lost = LostPedal(self._pedalling.crank_per_metre, period)
        self.task = RideTask(self.legs, self._poise, self._dab, lost, foot, period, low_gear=self._pedalling.low_gear)
        """What the ride is at."""
        self._abort = Abort(model)
        self._asked = np.zeros(model.size)
        self._brakes = Brakes(bicycle, bicycle.mass + model.mass, GRIP_STIFFNESS)
        self._stiffness, self._damping = joint_gains(model)
        self._limbs = LimbForces(
            model, p, self.posture, self._chart, bicycle.drive.crank_length, period, pedalling=self._pedalling,
            climbing=self._climbing, steering=self._steering, prop=prop, poise=self._poise, legs=self.legs,
            arms=self.arms,
        )  # fmt: skip
        self._leg_joints = np.concatenate([leg.leg.joints for leg in self.legs])
        self._weighing = LegWeighing(model, period)
        self._grips = [model.index("left_grip_joint"), model.index("right_grip_joint")]
        self._progress = 0.0
        self.telemetry = RiderTelemetry()

    @property
    def finished(self) -> bool:
        """Whether the end of the course is reached."""
        return self.task.finished or self._progress >= self._route.course.length

    @property
    def _on_pedals(self) -> tuple[bool, bool]:
        return self.legs[0].on_pedal, self.legs[1].on_pedal

    @property
    def _touching(self) -> tuple[bool, bool]:
        return self.legs[0].touches, self.legs[1].touches

    @property
    def _on_grips(self) -> tuple[bool, bool]:
        return self.arms[0].holds, self.arms[1].holds

    def seated(self, crank: float, roll: float, foot: int | None) -> Array:
        """Joint angles at the start, shape (n,) [rad].

        Args:
            crank: Crank angle [rad].
            roll: Of the bicycle, positive to the right [rad].
            foot: The one that stands on the ground, 0 left, 1 right; None where both are on the pedals.
        """
        position = self.posture.solve(0.0, crank)
        if foot is not None:
            leg = self.legs[foot]
            position[leg.leg.joints] = leg.standing(roll)
        return position

    def reset(self, state: RobotState) -> None:
        """Start from a state: seated, hands on the grips, feet on pedals or on the ground, at the start speed."""
        self.task.reset(state.time)
        self._prop.reset()
        self._poise.reset()
        self._abort.reset()
        self._manners.reset()
        self._limbs.reset()
        if self._gaze is not None:
            self._gaze.reset()
        for arm in self.arms:
            arm.reset()
        self._estimator.reset(state, self._start_speed, self._on_pedals)
        estimate = self._estimator.estimate
        self._steering.reset(estimate.steer)
        self._push.reset()
        self._pedalling.reset()
        self._pedalling.rest = self._parameters.pedalling.rest[0]
        self._programme.reset(state.time)
        self._descent.reset()
        self._weighing.reset()
        self._guide.reset()
        self._follow(self._guide.route)
        if self._pace is not None:
            self._pace.reset()
        self._progress = 0.0

    def step(self, state: RobotState) -> JointCommand:
        """The joint command for a state."""
        p = self._parameters
        if self.task.mode is RideMode.ABORT:
            return self._abort.command(state.time, self.task.ground_side, self._asked)
        loose = any(arm.free for arm in self.arms)
        poise = self._poise.worth if loose else (0.0, 0.0)
        e = self._estimator.update(
            state, self._touching, self._on_grips, poise, self._limbs.drive, self.task.lowest, self._limbs.sliding
        )  # fmt: skip
        self._follow(self._guide.step(state.time, self._progress, e.speed, e.x, e.y))
        wish = self._programme.step(state.time, e.speed)
        if self._pace is not None:
            wish = self._pace.step(wish, self._progress, e.speed)
        wish = self._descent.step(wish, e.speed, e.slope)
        intent = self.task.step(state.time, e, self._limbs.loads, wish, self._route, self._progress)
        self._climbing.update(e.slope)
        coming = self._push.step(e.pushed, e.shake, e.steer_rate, new=e.sensed) if all(self._on_pedals) else None
        self._pedalling.weight = self._weighing.scale
        self._pedalling.brace(e.shaken, pushed=self._push.lately)
        self._pedalling.steepness = self._poise.steepness = self._climbing.share
        intent = self._manners.step(state.time, e.speed, intent, self._route, self._progress, loose=loose)
        self._steer(e, intent, coming, self.task.upright_first(state.time))
        self._turn(e, intent)
        seated = self._chart.at(
            e.crank_angle + p.lead * e.crank_rate, e.crank_rate, self._steering.command, self._steering.rate,
            self._pedalling.crank_acceleration,
        )  # fmt: skip
        if self._gaze is not None:
            self._gaze.step(e, self._route.course, self._progress, seated)
        usual = self._free_arms(state, seated, intent)
        stiffness, damping = self._stiffness, self._damping
        if usual is not None:
            stiffness, damping = stiffness.copy(), damping.copy()
            for arm, other in (self.arms, self.arms[::-1]):
                firm, calm = p.handling.gains(1.0 - other.load) if arm.holds else arm.gains
                stiffness[arm.joints] *= firm
                damping[arm.joints] *= calm
        orders = self._free(state, e, intent)
        if orders:
            stiffness, damping = stiffness.copy(), damping.copy()
            for joints, order in orders:
                seated.position[joints], seated.velocity[joints] = order.position, order.velocity
                seated.acceleration[joints] = order.acceleration
                stiffness[joints] *= order.stiffness
                damping[joints] *= order.damping
            self._poise.update(seated.position, seated.velocity)
        elif usual is not None:
            self._poise.compare(seated.position, seated.velocity, usual)
        else:
            self._poise.straighten()
        up = e.up + np.array((e.acceleration / GRAVITY, 0.0, 0.0)) if orders else e.up
        torque = self.posture.kinematics.inverse_dynamics(seated.position, seated.velocity, seated.acceleration, up)
        self._weigh(state, e)
        torque[self._leg_joints] *= self._weighing.scale
        pulling = self._stiffness * (seated.position - state.joint_position)
        for joints, _ in orders:
            pulling[joints] = 0.0
        torque += self._limbs.step(state.time, seated, e, intent, pulling)
        self.telemetry.reference_crank_torque = self._limbs.crank_torque
        self.telemetry.braced_rock_rate = self._limbs.rock_rate
        for joints, order in orders:
            torque[joints] += order.torque
        self._close_fingers(torque, e, intent)
        self._asked = seated.position
        return JointCommand(state.time, seated.position, seated.velocity, torque, stiffness, damping)

    def _close_fingers(self, torque: Array, e: RideEstimate, intent: Intent) -> None:
        """Hold the bar and squeeze the levers; one hand alone brakes for two, and open fingers do neither."""
        p, wanted = self._parameters, intent.deceleration
        squeeze = 0.0 if wanted is None else self._brakes.squeeze(wanted, e.slope, held=intent.held)
        torque[self._grips] = p.hold_torque + min(p.brake_torque, squeeze)
        for arm, other in (self.arms, self.arms[::-1]):
            if not other.holds:
                alone = 0.0 if wanted is None else self._brakes.squeeze(2.0 * wanted, 2.0 * e.slope)
                torque[arm.fingers] = p.hold_torque + min(p.brake_torque, alone)
                torque[other.fingers] = 0.0

    def _follow(self, route: Route) -> None:
        """Take another route if it is one; what of it is ridden already is the same."""
        if route is self._route:
            return
        self._route = route
        if route.profile is None:
            self._pace = None
        elif self._pace is None:
            self._pace = Pace(route.profile)
        else:
            self._pace.follow(route.profile)

    def _steer(self, e: RideEstimate, intent: Intent, coming: float | None, upright_first: bool) -> None:
        """Find the place on the course and the steer angle that leads along it."""
        course = self._route.course
        progress, offset, heading = course.locate(e.x, e.y, self._progress)
        self._progress = max(self._progress, progress)
        if intent.bars is Bars.STRAIGHT:
            self._steering.straighten()
        else:
            ahead = course.curvature_at(progress + max(0.3, e.speed) * self._steering.times)
            poise = self._poise
            swing, swing_rate = self._swing.at(e.crank_angle, e.crank_rate) if all(self._on_pedals) else (0.0, 0.0)
            roll = e.lean - swing - poise.roll - intent.lean
            rate = e.roll_rate - swing_rate + poise.roll_rate
            if intent.most is not None:
                rate = self._dab.believe(rate)
            away = (0.0, 0.0) if upright_first else (offset, e.heading - heading)
            state = np.array((*away, roll, rate, e.steer, e.steer_rate))
            self._steering.step(state, e.speed, ahead, coming)
        t = self.telemetry
        t.estimate_roll, t.estimate_lean, t.estimate_roll_rate = e.roll, e.lean, e.roll_rate
        t.estimate_x, t.estimate_y = e.x, e.y
        t.estimate_heading, t.estimate_speed = e.heading, e.speed
        t.estimate_steer, t.estimate_steer_rate = e.steer, e.steer_rate
        t.estimate_rock, t.estimate_rock_rate = e.rock, e.rock_rate
        t.estimate_crank_angle, t.estimate_crank_rate = e.crank_angle, e.crank_rate
        t.estimate_lateral_error, t.estimate_progress = offset, progress
        t.route = self._guide.changes
        t.reference_steer = self._steering.command
        t.steered_roll_rate = self._steering.roll_rate
        t.reference_speed = intent.speed
        t.mode = int(intent.mode)
        t.hands_asked = sum((pose is not None) << side for side, pose in enumerate(intent.arms))
        t.hands_off = sum((not arm.holds) << arm.side for arm in self.arms)

    def _turn(self, e: RideEstimate, intent: Intent) -> None:
        """Push the pedals or park them with both feet."""
        if not all(self._on_pedals):
            self._pedalling.reset()
        elif intent.crank is Crank.DRIVE:
            gently = not all(self._on_grips)
            self._pedalling.drive(intent.speed, e.speed, e.crank_rate, e.slope, gently=gently)
        else:
            self._pedalling.park(e.crank_angle, e.crank_rate, e.speed, intent.park)

    def _free(self, state: RobotState, e: RideEstimate, intent: Intent) -> list[tuple[Indices, LegOrder]]:
        """What legs do that are not on their pedals, with their joints."""
        free = [leg for leg in self.legs if not leg.on_pedal]
        props = [leg for leg in free if leg.where is Place.GROUND]
        poise = self._poise
        rate = e.roll_rate + poise.roll_rate
        if intent.most is not None:
            rate = self._dab.believe(rate)
        aside = [float(leg.point[1]) for leg in props]
        stands = intent.mode in STANDING and len(props) == 1
        loads = self._prop.loads(e.lean - poise.roll, rate, intent.lean, aside, intent.most, stands=stands)
        load = dict(zip((leg.side for leg in props), loads, strict=True))
        return [
            (
                leg.leg.joints,
                leg.step(state.time, state.joint_position, e, load.get(leg.side, 0.0), intent.kick, intent.held),
            )
            for leg in free
        ]

    def _weigh(self, state: RobotState, e: RideEstimate) -> None:
        """Weigh a leg that hangs in the air."""
        hanging = [leg.side for leg in self.legs if leg.hangs]
        if len(hanging) == 1:
            self._weighing.update(hanging[0], state, e.turning, e.specific_force)
        else:
            self._weighing.interrupt()

    def _free_arms(self, state: RobotState, seated: SeatedPosture, intent: Intent) -> tuple[Array, Array] | None:
        """Move an arm that lets go, in the body's reference; its joints with both hands on the bars, if one does.

        While one hand is away the other one does not let go.
        """
        left, right = self.arms
        asked = [(arm, other, intent.arms[arm.side]) for arm, other in ((left, right), (right, left))]
        moving = [(arm, pose) for arm, other, pose in asked if arm.free or (pose is not None and not other.free)]
        if not moving:
            return None
        usual = seated.position.copy(), seated.velocity.copy()
        steer = self._steering.command
        grasp = self._chart.grasp(steer)
        for arm, pose in moving:
            grip, apart = self._estimator.apart(arm.side)
            shift = grip - (self.posture.grip(arm.side, steer)[0] - self.posture.pelvis_in_bicycle)
            feel = Feel(float(state.joint_position[arm.fingers]), apart)
            arm.step(state.time, pose, feel, shift, grasp[arm.side])
            arm.place(seated)
        return usual
