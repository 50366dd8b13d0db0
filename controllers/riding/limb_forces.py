"""The forces of feet and hands, fed forward as joint torques."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.climbing import Climbing
from controllers.riding.estimator import RideEstimate
from controllers.riding.foot_motion import ease
from controllers.riding.foothold import lightness, relief, restoring, within_grip
from controllers.riding.free_arm import FreeArm
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.handling import BarSwing, BarTrim, Wanted, hand_forces
from controllers.riding.intent import Crank, Intent
from controllers.riding.modes import RideMode
from controllers.riding.pedalling import Pedalling
from controllers.riding.poise import Poise
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart, SeatedPosture
from controllers.riding.prop import Prop
from controllers.riding.rider_parameters import RiderParameters
from controllers.riding.single_foot import hold, push, without_springs
from controllers.riding.steering import Steering
from controllers.whole_body.kinematics import GRAVITY
from robot import RobotModel

Array = NDArray[np.float64]

_FRICTION_SHARE = 0.8
"""Share of the legs' Coulomb friction that is fed forward [1]."""
_FRICTION_SPEED = 0.1
"""Speed of a joint over which its Coulomb friction changes its sign [rad/s]."""
_SLIDES = 0.5
"""Lightness from which a foot counts as one that slides [1]."""


class LimbForces:
    """What feet press on their pedals and hands on the bars, and what that asks of the joints."""

    def __init__(
        self, model: RobotModel, parameters: RiderParameters, posture: RiderPosture, chart: PostureChart,
        crank_length: float, period: float,
        *, pedalling: Pedalling, climbing: Climbing, steering: Steering, prop: Prop, poise: Poise,
        legs: tuple[FreeLeg, FreeLeg], arms: tuple[FreeArm, FreeArm],
    ) -> None:  # fmt: skip
        """Prepare.

        Args:
            model: The body.
            parameters: Gains.
            posture: How it sits.
            chart: Its seated postures, with what forces of its limbs ask of its joints.
            crank_length: [m].
            period: Time between two steps [s].
            pedalling: What both feet are to do on their pedals.
            climbing: What a steep road changes.
            steering: What the bars are to do.
            prop: What a foot on the ground does.
            poise: What the hands do against a moment about the saddle.
            legs: Where the feet are.
            arms: Where the hands are.
        """
        self._parameters, self._posture, self._chart, self._crank_length = parameters, posture, chart, crank_length
        self._pedalling, self._climbing, self._steering = pedalling, climbing, steering
        self._prop, self._poise, self._legs, self._arms = prop, poise, legs, arms
        self._trim = BarTrim(parameters.handling, period)
        self._swing = BarSwing(parameters.bar_swing, period)
        friction = np.zeros(model.size)
        for leg in legs:
            friction[leg.leg.joints] = _FRICTION_SHARE * model.drives.coulomb_friction[leg.leg.joints]
        self._friction = friction
        self.rock_rate = 0.0
        """Roll rate of the pelvis on the saddle that the hands braced against at the last step [rad/s]."""
        self.crank_torque = 0.0
        """Torque of the feet on the crank, as asked at the last step [Nm]."""
        self.drive = 0.0
        """The same while both feet are to drive, else 0 [Nm]."""
        self.loads = (0.0, 0.0)
        """What both feet press on their pedals, with the springs of their joints; 0 for one that is elsewhere [N]."""
        self.sliding: int | None = None
        """The foot that is made light so that it slides to its place, 0 left, 1 right; None while none is."""

    def reset(self) -> None:
        """Forget the past."""
        self._trim.reset()
        self._swing.reset()
        self.rock_rate = 0.0
        self.crank_torque = self.drive = 0.0
        self.loads = (0.0, 0.0)
        self.sliding = None

    def step(self, time: float, seated: SeatedPosture, e: RideEstimate, intent: Intent, springs: Array) -> Array:
        """Joint torques for the forces of all limbs, shape (n,) [Nm].

        Args:
            time: [s].
            seated: Where the joints belong.
            e: The ride.
            intent: What is asked.
            springs: Torques that the joints of legs on pedals give besides, because they are not where they belong,
                shape (n,) [Nm].
        """
        on_pedals = all(leg.on_pedal for leg in self._legs)
        besides = seated.pressing @ springs
        self.sliding = None
        forces = self._pedal(time, e, intent, besides) if on_pedals else self._one_foot(e, intent, besides)
        left, right = forces
        pressed = forces[:, 2] + besides[:, 2]
        self.loads = -float(pressed[0]), -float(pressed[1])
        torque: Array = left @ seated.feet[0] + right @ seated.feet[1]
        rubbing = seated.velocity
        if not on_pedals:
            self._lean_on(e, forces + besides, intent.mode is RideMode.DAB)
            rubbing = rubbing.copy()
            for leg in self._legs:
                if leg.where is Place.GROUND:
                    rubbing[leg.leg.joints] = 0.0
        torque += self._hands(seated, e, intent, forces, on_pedals=on_pedals)
        torque += self._friction * np.tanh(rubbing / _FRICTION_SPEED)
        self.crank_torque = self._on_crank(forces, e.crank_angle)
        self.drive = self.crank_torque if on_pedals and intent.crank is Crank.DRIVE else 0.0
        return torque

    def _on_crank(self, forces: Array, crank: float) -> float:
        """Torque on the crank [Nm] by forces of both feet on their pedals, shape (2, 3) [N], at a crank angle [rad]."""
        along, _, up = (forces[0] - forces[1]).tolist()
        return self._crank_length * float(cos(crank) * along - sin(crank) * up)

    def _pedal(self, time: float, e: RideEstimate, intent: Intent, springs: Array) -> Array:
        """Forces of both feet on their pedals in the bicycle frame, shape (2, 3) [N].

        A foot beside its place is brought back where its force along the pedal turns the crank the least, in front and
        behind; one that is far from it presses lightly while its pedal rises in driving, and slides. Otherwise no sole
        is asked for more along its pedal than it grips.

        Args:
            time: [s].
            e: The ride.
            intent: What is asked.
            springs: What the feet press besides, because the legs' joints are not where they belong, shape (2, 3) [N].
        """
        p = self._parameters.foothold
        sine = sin(e.crank_angle)
        eased, light = np.zeros((2, 3)), [0.0, 0.0]
        for side, rising in enumerate((-sine, sine)):
            if intent.crank is Crank.DRIVE:
                light[side] = lightness(p, e.slip[side], rising)
            if light[side] > _SLIDES:
                self.sliding = side
            eased[side, 2] = relief(p, light[side], self._pedalling.rest - float(springs[side, 2]))
        forces: Array = self._pedalling.forces(e.crank_angle, self._on_crank(springs + eased, e.crank_angle)) + eased
        for side, (foot, spring) in enumerate(zip(forces, springs, strict=True)):
            load = max(0.0, -float(foot[2] + spring[2])) + max(0.0, float(eased[side, 2]))
            driven = ease(self._legs[side].since(time) / p.landing) * (1.0 - light[side]) * float(foot[0])
            asked = driven + sine * sine * restoring(p, e.slip[side])
            foot[0] = within_grip(p, asked, float(spring[0]), load)
        return forces

    def _one_foot(self, e: RideEstimate, intent: Intent, springs: Array) -> Array:
        """Forces of the feet, zero for one that is not on its pedal, in the bicycle frame, shape (2, 3) [N].

        Args:
            e: The ride.
            intent: What is asked.
            springs: What the feet press besides, because the legs' joints are not where they belong, shape (2, 3) [N].
        """
        p = self._parameters.single_foot
        forces = np.zeros((2, 3))
        for side, leg in enumerate(self._legs):
            angle = e.crank_angle + side * pi
            if not leg.on_pedal:
                continue
            if intent.crank is Crank.PUSH:
                asked = push(p, angle, intent.push)
            elif intent.park is not None:
                asked = hold(p, angle, e.crank_rate, intent.park + side * pi, self._crank_length)
            else:
                asked = push(p, angle, 0.0)
            forces[side] = without_springs(p, asked, springs[side])
        return forces

    def _hands(self, seated: SeatedPosture, e: RideEstimate, intent: Intent, feet: Array, *, on_pedals: bool) -> Array:
        """Joint torques for the forces of the hands, shape (n,) [Nm], while the feet press with some, (2, 3) [N]."""
        p = self._parameters
        hurried = self._steering.hurried
        steer = p.bar_stiffness * (self._steering.command - e.steer)
        steer += p.bar_damping * (self._steering.rate - e.steer_rate)
        swing = self._swing.step(self._steering.rate)
        steer += swing if hurried else 0.0
        loads = self._arms[0].load, self._arms[1].load
        steer += self._trim.step(self._steering.command - e.steer, alone=loads != (1.0, 1.0))
        braced = hurried or not (on_pedals or intent.mode is RideMode.DAB)
        self.rock_rate = e.rock_rate if braced else 0.0
        brace = p.brace_stiffness * e.rock + p.brace_damping * self.rock_rate
        brace = min(p.brace_limit, max(-p.brace_limit, brace))
        pressed = self._poise.hands
        if loads != (1.0, 1.0):
            angle = self._steering.command
            wanted = Wanted(steer, p.hand_load, pressed, brace)
            pushes = hand_forces(p.handling, self._posture, angle, loads, wanted)
            return np.tensordot(pushes, self._chart.grasp(angle), 2)
        hands = np.full(2, p.hand_load)
        if self._climbing.share and on_pedals:
            couple, pull = self._climbing.hands(-feet[0, 2], -feet[1, 2])
            brace += couple
            hands -= pull
        hands += pressed
        if intent.most is not None:
            hands = np.clip(hands, -p.pull_limit, p.pull_limit)
        torque: Array = steer * seated.bars + hands @ seated.lean + brace * seated.brace
        return torque

    def _lean_on(self, e: RideEstimate, forces: Array, rising: bool) -> None:
        """Tell the poise what presses on the feet, and whether they bring the bicycle upright."""
        feet, steep = [], self._climbing.share
        moment = self._prop.weight * (e.roll - self._poise.roll)
        for side, leg in enumerate(self._legs):
            if leg.on_pedal:
                feet.append((self._posture.pedal(side, e.crank_angle), -forces[side]))
            elif leg.where is Place.LIMP:
                feet.append((leg.point, np.array((0.0, 0.0, leg.load))))
            elif leg.where is Place.GROUND:
                place = leg.point + np.array((steep * leg.toe_load, 0.0, 0.0))
                feet.append((place, np.array((steep * leg.kick, 0.0, leg.load))))
                moment += leg.load * float(leg.point[1])
        up = e.up + np.array((steep * e.acceleration / GRAVITY, 0.0, 0.0))
        self._poise.lean_on(up, feet, moment / self._prop.inertia if rising else 0.0)
