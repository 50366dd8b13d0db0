"""The rider: estimate, steering, pedalling and braking, whole-body inverse kinematics, joint command."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import Course
from controllers.riding.estimator import RideEstimate, RideEstimator
from controllers.riding.leg_swing import LegSwing
from controllers.riding.pace import Pace
from controllers.riding.pedalling import Load, Pedalling, PedallingParameters
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart, SeatedPosture
from controllers.riding.programme import Mode, Phase, Programme
from controllers.riding.rider_dynamics import whipple_with_rider, with_moving_arms
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
        brace_stiffness: Force of each hand for the pelvis' roll on the saddle: one presses, the other lifts [N/rad].
        brace_damping: [N·s/rad].
        brace_limit: Greatest such force [N].
        slip_stiffness: Force along the pedal against a foot's slip on it [N/m].
        slip_limit: Greatest such force [N].
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
    brace_stiffness: float = 600.0
    brace_damping: float = 120.0
    brace_limit: float = 60.0
    slip_stiffness: float = 2000.0
    slip_limit: float = 10.0
    hold_torque: float = 0.15
    brake_torque: float = 1.2
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


_FRICTION_SHARE = 0.8
"""Share of the legs' Coulomb friction that is fed forward [1]."""
_FRICTION_SPEED = 0.1
"""Speed of a joint over which its Coulomb friction changes its sign [rad/s]."""
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
        parameters: RiderParameters | None = None,
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
        rigid = whipple_with_rider(model, self.posture.solve(0.0, 0.5 * pi), self.posture, bicycle)
        whipple = with_moving_arms(rigid, model, self.posture, self._chart)
        self._swing = LegSwing(model, self.posture, self._chart, whipple)
        self._estimator = RideEstimator(model, self.posture, bicycle, whipple, period)
        self._steering = Steering(whipple, p.steering, period)
        self._pedalling = Pedalling(p.pedalling, Load.of(bicycle, model.mass), period)
        self._programme = Programme(phases)
        self._pace = None if profile is None else Pace(profile)
        self._bite = 0.0 if profile is None else p.brake_bite
        self._start_speed = start_speed
        self._stiffness, self._damping = _gains(model)
        legs = [any(part in name for part in ("_hip_", "_knee_", "_ankle_")) for name in model.joint_names]
        self._leg_friction = _FRICTION_SHARE * model.drives.coulomb_friction * legs
        self._grips = [model.index("left_grip_joint"), model.index("right_grip_joint")]
        self._progress = 0.0
        self.telemetry = RiderTelemetry()

    @property
    def finished(self) -> bool:
        """Whether the end of the course is reached."""
        return self._progress >= self._course.length

    def reset(self, state: RobotState) -> None:
        """Start from a state: seated, hands on the grips, feet on the pedals, rolling at the start speed."""
        self._estimator.reset(state, self._start_speed)
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
        estimate = self._estimator.update(state)
        phase = self._programme.step(state.time, estimate.speed)
        if self._pace is not None:
            phase = self._pace.step(phase, self._progress, estimate.speed)
        self._steer(estimate)
        squeeze = self._work(phase, estimate)
        seated = self._chart.at(
            estimate.crank_angle + p.lead * estimate.crank_rate, estimate.crank_rate,
            self._steering.command, self._steering.rate, self._pedalling.crank_acceleration,
        )  # fmt: skip
        torque = self.posture.kinematics.inverse_dynamics(
            seated.position, seated.velocity, seated.acceleration, estimate.up
        )
        spring = float(self._stiffness * (seated.position - state.joint_position) @ seated.pedalling)
        self._forces(torque, seated, estimate, spring)
        torque[self._grips] = p.hold_torque + squeeze * p.brake_torque
        return JointCommand(state.time, seated.position, seated.velocity, torque, self._stiffness, self._damping)

    def _steer(self, e: RideEstimate) -> None:
        """Find the place on the course and the steer angle that leads along it."""
        progress, offset, heading = self._course.locate(e.x, e.y, self._progress)
        self._progress = max(self._progress, progress)
        ahead = self._course.curvature_at(progress + max(0.3, e.speed) * self._steering.times)
        swing, swing_rate = self._swing.at(e.crank_angle, e.crank_rate)
        state = np.array((offset, e.heading - heading, e.lean - swing, e.roll_rate - swing_rate, e.steer, e.steer_rate))
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

    def _forces(self, torque: Array, seated: SeatedPosture, e: RideEstimate, spring: float) -> None:
        """Feed the forces of feet and hands forward."""
        p = self._parameters
        left, right = self._pedalling.forces(e.crank_angle, spring)
        for foot, slip in zip((left, right), e.slip, strict=True):
            foot[0] -= min(p.slip_limit, max(-p.slip_limit, p.slip_stiffness * slip))
        torque += left @ seated.feet[0]
        torque += right @ seated.feet[1]
        steer = p.bar_stiffness * (self._steering.command - e.steer) + p.bar_damping * (
            self._steering.rate - e.steer_rate
        )
        brace = p.brace_stiffness * e.rock + p.brace_damping * e.rock_rate
        brace = min(p.brace_limit, max(-p.brace_limit, brace))
        torque += steer * seated.bars + p.hand_load * seated.lean + brace * seated.brace
        torque += self._leg_friction * np.tanh(seated.velocity / _FRICTION_SPEED)
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
