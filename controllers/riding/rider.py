"""The rider: estimate, steering, pedalling and braking, whole-body inverse kinematics, joint command."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import Course
from controllers.riding.estimator import RideEstimate, RideEstimator
from controllers.riding.pace import Pace
from controllers.riding.pedalling import Pedalling, PedallingParameters
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart, SeatedPosture
from controllers.riding.programme import Mode, Phase, Programme
from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.free_leg import FreeLeg, Where
from controllers.riding.modes import RideMode
from controllers.riding.stop import Stop
from controllers.riding.task import Errand, RideTask
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.steering import Steering, SteeringParameters
from robot import JointCommand, RobotModel, RobotState
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RiderParameters:
    """Gains of the rider.

    Attributes:
        steering: The steering law.
        pedalling: The pedalling law.
        bar_stiffness: Torque on the steer axis for an error of the steer angle, by feed-forward of both arms [Nm/rad].
        bar_damping: [Nm·s/rad].
        lead: Time by which the legs' reference is ahead of the measured crank, for the delay of bus and filter [s].
        hand_load: Weight that each hand puts on its grip, which keeps the pelvis flat on the saddle [N].
        hold_torque: Torque with which the fingers hold the bar [Nm].
        brake_torque: Greatest torque with which they squeeze the levers [Nm].
        brake_gain: Share of that for an error of speed [s/m].
        brake_bite: Share at which the pads touch, fitted to a ride; added where the speed follows a profile [1].
        torso_yaw: Share of the steer angle that the waist turns along [1].
    """

    steering: SteeringParameters = field(default_factory=SteeringParameters)
    pedalling: PedallingParameters = field(default_factory=PedallingParameters)
    bar_stiffness: float = 30.0
    bar_damping: float = 1.5
    lead: float = 0.004
    hand_load: float = 20.0
    hold_torque: float = 0.15
    brake_torque: float = 2.4
    brake_gain: float = 1.5
    brake_bite: float = 0.7
    torso_yaw: float = 0.5


@dataclass(slots=True)
class RiderTelemetry:
    """What the rider thought at the last tick, for logs; units as in `RideEstimate`."""

    estimate_roll: float = 0.0
    estimate_lean: float = 0.0
    estimate_roll_rate: float = 0.0
    estimate_heading: float = 0.0
    estimate_speed: float = 0.0
    estimate_steer: float = 0.0
    estimate_steer_rate: float = 0.0
    estimate_crank_angle: float = 0.0
    estimate_crank_rate: float = 0.0
    estimate_lateral_error: float = 0.0
    estimate_progress: float = 0.0
    reference_steer: float = 0.0
    reference_speed: float = 0.0
    reference_crank_torque: float = 0.0
    mode: int = 0


_GAINS = {
    "hip": (80.0, 3.0),
    "knee": (80.0, 3.0),
    "ankle": (20.0, 0.8),
    "waist": (250.0, 10.0),
    "head": (20.0, 1.0),
    "shoulder": (50.0, 2.0),
    "elbow": (50.0, 2.0),
    "wrist": (12.0, 0.4),
    "grip": (6.0, 0.15),
}
"""Stiffness [Nm/rad] and damping [Nm·s/rad] of each group of joints."""


class Rider:
    """Rides a bicycle along a course: one tick from the robot's state to its joint command."""

    def __init__(
        self, model: RobotModel, bicycle: BicycleParameters, course: Course, phases: tuple[Phase, ...],
        start_speed: float, period: float, profile: SpeedProfile | None = None,
        parameters: RiderParameters | None = None, stops: tuple[Stop, ...] = (), foot: int | None = None,
    ) -> None:  # fmt: skip
        """Prepare a ride.

        Args:
            model: The body.
            bicycle: What it sits on.
            course: What the rear wheel should follow.
            phases: When to pedal, coast and brake.
            start_speed: Speed at the first state [m/s].
            period: Time between two steps [s].
            profile: Speed along the course that pedalling does not pass; without one the phases' speeds hold.
            parameters: Gains.
        """
        self.bicycle, self._course = bicycle, course
        self._parameters = p = parameters or RiderParameters()
        self.posture = RiderPosture(model, bicycle, period)
        self._chart = PostureChart(model, self.posture, p.steering.steer_limit, p.torso_yaw)
        whipple = whipple_with_rider(model, self.posture.solve(0.0, 0.5 * pi), self.posture, bicycle)
        self._estimator = RideEstimator(model, self.posture, bicycle, whipple, period)
        self._steering = Steering(whipple, p.steering, period)
        self._pedalling = Pedalling(p.pedalling, bicycle.drive.gear_ratio, bicycle.geometry.rear_wheel_radius, period)
        self._programme = Programme(phases)
        self._pace = None if profile is None else Pace(profile)
        self._bite = 0.0 if profile is None else p.brake_bite
        self._start_speed = start_speed
        self._stiffness, self._damping = _gains(model)
        self._grips = [model.index("left_grip_joint"), model.index("right_grip_joint")]
        self._progress = 0.0
        self.telemetry = RiderTelemetry()
        self.leg = FreeLeg(model, self.posture, whipple, period)
        development = bicycle.drive.gear_ratio * bicycle.geometry.rear_wheel_radius
        self.task = RideTask(self.leg, stops, foot, development, period) if stops or foot is not None else None

    @property
    def finished(self) -> bool:
        """Whether the end of the course is reached."""
        return self._progress >= self._course.length

    def seated(self, crank: float, roll: float, foot: int | None) -> Array:
        """Joint angles at rest, shape (n,) [rad]: both feet on the pedals, or one of them on the ground."""
        position = self.posture.solve(0.0, crank)
        if foot is not None:
            leg = self.leg.legs[foot]
            position[leg.joints] = self.leg.standing(foot, roll)
        return position

    def reset(self, state: RobotState) -> None:
        """Start from a state: seated, hands on the grips, feet on the pedals, rolling at the start speed."""
        if self.task is not None:
            self.task.reset(state.time)
        self._estimator.reset(state, self._start_speed, self.leg.on_pedals)
        estimate = self._estimator.estimate
        self._steering.reset(estimate.steer)
        self._pedalling.reset()
        self._programme.reset(state.time)
        if self._pace is not None:
            self._pace.reset()
        self._progress = 0.0

    def step(self, state: RobotState) -> JointCommand:
        """The joint command for a state."""
        p = self._parameters
        if self.task is not None:
            return self._step_task(state)
        estimate = self._estimator.update(state)
        phase = self._programme.step(state.time, estimate.speed)
        if self._pace is not None:
            phase = self._pace.step(phase, self._progress, estimate.speed)
        self._steer(estimate)
        squeeze = self._work(phase, estimate)
        seated = self._chart.at(
            estimate.crank_angle + p.lead * estimate.crank_rate, estimate.crank_rate,
            self._steering.command, self._steering.rate,
        )  # fmt: skip
        torque = self.posture.kinematics.inverse_dynamics(
            seated.position, seated.velocity, seated.acceleration, estimate.up
        )
        self._forces(torque, seated, estimate)
        torque[self._grips] = p.hold_torque + squeeze * p.brake_torque
        return JointCommand(state.time, seated.position, seated.velocity, torque, self._stiffness, self._damping)

    def _step_task(self, state: RobotState) -> JointCommand:
        p = self._parameters
        assert self.task is not None
        e = self._estimator.update(state, self.leg.on_pedals, straddling=self.leg.where is not Where.PEDAL)
        self._lop, self._swing = self._aside()
        self.task.lopsided = self._lop - 0.27 * self._swing
        errand = self.task.step(state.time, e, self._progress)
        self.errand = errand
        self._steer(e, errand)
        squeeze = errand.squeeze if errand.squeeze is not None else 0.0
        both = all(self.leg.on_pedals)
        ped = self._pedalling
        self._hold = None
        if not both:
            ped.push = errand.push
            if errand.park is not None:
                self._hold = errand.park
        elif errand.park is not None:
            ped.park(e.crank_angle, e.crank_rate, errand.park)
        else:
            ped.drive(errand.speed, e.speed, e.crank_rate)
        if errand.mode is RideMode.STOP:
            squeeze = min(1.0, max(0.0, 1.0 * (e.speed - errand.speed) + (0.7 if e.speed > errand.speed - 0.1 else 0.0)))
        self.telemetry.mode = int(errand.mode)
        self.telemetry.reference_speed = errand.speed
        seated = self._chart.at(
            e.crank_angle + p.lead * e.crank_rate, e.crank_rate, self._steering.command, self._steering.rate
        )
        self.leg.braked = errand.mode in (RideMode.WAIT, RideMode.FOOT_DOWN)
        order = self.leg.step(state.time, state.joint_position, e, errand.prop, errand.kick, self._lop)
        position, velocity, acceleration = seated.position, seated.velocity, seated.acceleration
        if order is not None:
            own = self.leg.legs[self.leg.side].joints
            position[own] = order.posture.position
            velocity[own] = order.posture.velocity
            acceleration[own] = self.leg.acceleration
        self.position, self.velocity = position, velocity
        up = e.up + np.array((e.acceleration / 9.81, 0.0, 0.0))
        torque = self.posture.kinematics.inverse_dynamics(position, velocity, acceleration, up)
        self._forces(torque, seated, e)
        if order is not None:
            torque[own] += order.torque
        torque[self._grips] = p.hold_torque + squeeze * p.brake_torque
        stiffness, damping = self._stiffness, self._damping
        if self.leg.where is Where.DOWN:
            stiffness = stiffness.copy()
            stiffness[own] *= 0.25
        if self.leg.where is Where.GROUND:
            stiffness = stiffness.copy()
            stiffness[own] = 0.0
            damping = damping.copy()
            damping[own] *= 0.5
        return JointCommand(state.time, position, velocity, torque, stiffness, damping)

    def _steer(self, e: RideEstimate, errand: Errand | None = None) -> None:
        """Find the place on the course and the steer angle that leads along it."""
        progress, offset, heading = self._course.locate(e.x, e.y, self._progress)
        self._progress = max(self._progress, progress)
        ahead = self._course.curvature_at(progress + max(0.3, e.speed) * self._steering.times)
        state = np.array((offset, e.heading - heading, e.lean, e.roll_rate, e.steer, e.steer_rate))
        if errand is not None:
            state[2] -= errand.lean + self._lop
            state[3] += self._swing
        if errand is not None and errand.straight:
            self._steering.straighten()
        else:
            self._steering.step(state, e.speed, ahead)
        t = self.telemetry
        t.estimate_roll, t.estimate_lean, t.estimate_roll_rate = e.roll, e.lean, e.roll_rate
        t.estimate_heading, t.estimate_speed = e.heading, e.speed
        t.estimate_steer, t.estimate_steer_rate = e.steer, e.steer_rate
        t.estimate_crank_angle, t.estimate_crank_rate = e.crank_angle, e.crank_rate
        t.estimate_lateral_error, t.estimate_progress = offset, progress
        t.reference_steer = self._steering.command

    def _work(self, phase: Phase, e: RideEstimate) -> float:
        """Push the pedals or park them; returns how hard to brake, 0..1."""
        squeeze = 0.0
        if phase.mode is Mode.PEDAL:
            self._pedalling.drive(phase.speed, e.speed, e.crank_rate)
        else:
            self._pedalling.park(e.crank_angle, e.crank_rate)
        if phase.mode is Mode.BRAKE:
            squeeze = min(1.0, max(0.0, self._parameters.brake_gain * (e.speed - phase.speed) + self._bite))
        self.telemetry.mode = int(phase.mode)
        self.telemetry.reference_speed = phase.speed
        return squeeze

    def _press(self, load: float) -> Array:
        """How hard either hand presses its grip down, so that the pelvis does not tip sideways on the saddle [N]."""
        moment = self._moment_on_seat()
        if self.leg.where is Where.PEDAL:
            self._rest += 0.001 * (float(moment[1]) - self._rest)
            moment[:] = 0.0
        else:
            moment[1] -= self._nominal
        self._moment = self._moment + 0.02 * (self.hand_share * moment - self._moment)
        couple = min(80.0, max(-80.0, -float(self._moment[0]) / 0.48))
        both = min(80.0, max(-80.0, float(self._moment[1]) / 0.76))
        return np.array((load + both + couple, load + both - couple))

    _hold: float | None = None

    def _feet(self, e: RideEstimate) -> Array:
        forces = self._pedalling.forces(e.crank_angle)
        if not all(self.leg.on_pedals):
            forces[:, 0] *= 0.4
            if self._hold is not None:
                side = 1 - self.leg.side
                own = e.crank_angle + pi * side
                error = (self._hold - e.crank_angle + pi) % (2.0 * pi) - pi
                torque = 6.0 * error - 0.5 * e.crank_rate
                down = 25.0
                along = (torque / 0.1 - down * sin(own)) / max(0.2, cos(own))
                forces[side] = (min(0.6 * down, max(-0.6 * down, along)), 0.0, -down)
        return forces

    def _aside(self) -> tuple[float, float]:
        """Roll at which the bicycle balances [rad], and roll rate to which its moving leg amounts [rad/s]."""
        if self.leg.where is Where.PEDAL:
            return 0.0, 0.0
        kinematics = self.posture.kinematics
        linear, angular = kinematics.momentum(self.position, self.velocity)
        com = kinematics.com + self.posture.pelvis_in_bicycle
        roll = 9.81 * kinematics.mass * float(com[1]) / self.leg._weight
        turn = float(angular[0] + com[1] * linear[2] - com[2] * linear[1]) / self.leg._inertia
        return roll, turn

    velocity = np.zeros(33)

    def _moment_on_seat(self) -> Array:
        """Moment of weight and feet about the saddle: right side down, nose down, shape (2,) [Nm]."""
        kinematics, e = self.posture.kinematics, self._estimator.estimate
        seat = np.array((0.0, 0.0, -0.075))
        moment = np.cross(kinematics.centre_of_mass(self.position) - seat, -9.81 * kinematics.mass * e.up)
        forces = -self._feet(e)
        for side, on in enumerate(self.leg.on_pedals):
            if on:
                arm = self.posture.pedal(side, e.crank_angle) - self.posture.pelvis_in_bicycle - seat
                moment += np.cross(arm, forces[side])
            else:
                arm = self.leg._point - self.posture.pelvis_in_bicycle - seat
                moment += np.cross(arm, (0.0, 0.0, self.leg.load))
        return moment[:2]

    _rest = 0.0
    _nominal = 20.0
    position = np.zeros(33)
    hand_share = 0.9
    _moment = np.zeros(2)

    def _forces(self, torque: Array, seated: SeatedPosture, e: RideEstimate) -> None:
        """Feed the forces of feet and hands forward."""
        p = self._parameters
        left, right = self._feet(e)
        on = self.leg.on_pedals
        if on[0]:
            torque += left @ seated.feet[0]
        if on[1]:
            torque += right @ seated.feet[1]
        steer = p.bar_stiffness * (self._steering.command - e.steer) + p.bar_damping * (
            self._steering.rate - e.steer_rate
        )
        torque += steer * seated.bars + self._press(p.hand_load) @ seated.lean
        c, s = cos(e.crank_angle), sin(e.crank_angle)
        self.telemetry.reference_crank_torque = self.bicycle.drive.crank_length * float(
            c * (left[0] - right[0]) - s * (left[2] - right[2])
        )


def _gains(model: RobotModel) -> tuple[Array, Array]:
    pairs = []
    for name in model.joint_names:
        plain = name.removeprefix("left_").removeprefix("right_")
        pairs.append(_GAINS[plain.split("_")[0]])
    stiffness, damping = np.array(pairs).T
    return stiffness.copy(), damping.copy()
