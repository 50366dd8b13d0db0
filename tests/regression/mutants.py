"""Riders with one thing wrong each, as data: what a change to the controller must not do unseen.

A mutant takes the place of `controllers.riding.rider.Rider` in the assembly. It is made with other parameters, with
another model of the body, by changing one thing inside a rider that is already made, or by a layer around it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np

from controllers.riding.pedalling import PedallingParameters
from controllers.riding.rider import Rider
from controllers.riding.steering import COMMAND, HEADING, OFFSET, ROLL, ROLL_RATE, STEER, STEER_RATE
from robot import RobotModel
from scenarios import assembly


@dataclass(frozen=True)
class Mutant:
    """A rider that is not what it was.

    Attributes:
        name: What is wrong with it.
        make: Makes it from what a Rider is made from.
        quick: Whether the test rides it; the others are ridden by benchmarks/mutations.py, which takes several minutes.
    """

    name: str
    make: Callable
    quick: bool = False

    def assemble(self, scenario, seed):
        """The project's assembly of a ride, with this rider in it."""
        with patch.object(assembly, "Rider", self.make):
            return assembly.assemble(scenario, seed)


# What can be wrong


def parameters(**changes):
    """A rider with other parameters than it is given."""

    def make(*made):
        return Rider(*(*made[:-1], replace(made[-1], **changes)))

    return make


def edited(edit):
    """A rider inside which one thing is changed once it is made."""

    def make(*made):
        rider = Rider(*made)
        edit(rider)
        return rider

    return make


def within(layer):
    """A rider with something between it and its bus: `layer(rider)` is a class's worth of `step` around it."""
    return lambda *made: layer(Rider(*made))


def steering_gain(factor, *states):
    """The feedback of some states to the steering, times a factor; of all and of the preview if none is named."""

    def edit(rider):
        steering = rider._steering
        steering._gains[:, list(states or range(COMMAND + 1))] *= factor
        if not states:
            steering._preview *= factor

    return edited(edit)


def preview(factor):
    """What the course ahead says to the steering, times a factor."""

    def edit(rider):
        rider._steering._preview *= factor

    return edited(edit)


def joint_gain(factor, *parts, stiffness=True, damping=True):
    """Stiffness and damping of the joints whose names have one of some parts, times a factor."""

    def make(model, *made):
        rider = Rider(model, *made)
        chosen = [any(part in name for part in parts) for name in model.joint_names]
        if stiffness:
            rider._stiffness[chosen] *= factor
        if damping:
            rider._damping[chosen] *= factor
        return rider

    return make


def tracker(name, factor):
    """The bandwidth of one of the estimator's tracking filters, 80 rad/s, times a factor."""

    def edit(rider):
        filter_ = getattr(rider._estimator, name)
        filter_.__init__(80.0 * factor, filter_._period)

    return edited(edit)


def balance_settling(factor):
    """The time constant of the balance observer, times a factor."""

    def edit(rider):
        rider._estimator._balance.settling *= factor

    return edited(edit)


def estimate(change):
    """A change to every estimate before any other layer sees it."""

    def edit(rider):
        update = rider._estimator.update

        def changed(*seen):
            made = update(*seen)
            change(made)
            return made

        rider._estimator.update = changed

    return edited(edit)


def roll_rate_gain(factor):
    """The estimated roll rate, times a factor."""

    def change(made):
        made.roll_rate *= factor

    return estimate(change)


def seated(**factors):
    """Some of what the chart of postures gives, times a factor each."""

    def edit(rider):
        at = rider._chart.at

        def changed(*place):
            posture = at(*place)
            return replace(posture, **{name: factor * getattr(posture, name) for name, factor in factors.items()})

        rider._chart.at = changed

    return edited(edit)


def inverse_dynamics(factor):
    """The torque of weight and inertia that is fed forward, times a factor for each joint."""

    def make(model, *made):
        rider = Rider(model, *made)
        kinematics = rider.posture.kinematics
        torque = kinematics.inverse_dynamics
        scale = factor(model) if callable(factor) else factor
        kinematics.inverse_dynamics = lambda *motion: scale * torque(*motion)  # type: ignore[method-assign]
        return rider

    return make


def of_left_leg(factor):
    """A factor for the joints of the left leg, 1 for all others."""
    return lambda model: np.array([factor if _is_leg(name, "left_") else 1.0 for name in model.joint_names])


def body_mass(factor):
    """The mass and the inertia of all links in the model that the controller has, times a factor."""

    def scaled(match):
        return f'{match[1]}{float(match[2]) * factor!r}"'

    def make(model, *made):
        urdf = assembly.ROBOT_URDF.read_text(encoding="utf-8")
        urdf = re.sub(r'(<mass value=")([^"]+)"', scaled, urdf)
        urdf = re.sub(r'(\bi[xyz]{2}=")([^"]+)"', scaled, urdf)
        return Rider(RobotModel.from_urdf(urdf, assembly.DRIVES.read_text(encoding="utf-8")), *made)

    return make


def _is_leg(name, side=""):
    return name.startswith(side) and any(part in name for part in ("_hip_", "_knee_", "_ankle_"))


# What can be between a rider and its bus


class Around:
    """A rider behind a layer; everything but its step is the rider's."""

    def __init__(self, rider):
        self._rider = rider

    def __getattr__(self, name):
        return getattr(self._rider, name)

    def step(self, state):
        return self._rider.step(state)


class LateCommand(Around):
    """Gives the command of the tick before."""

    def reset(self, state):
        self._late: deque = deque(maxlen=2)
        self._rider.reset(state)

    def step(self, state):
        self._late.append(self._rider.step(state))
        return replace(self._late[0], time=state.time)


class LateState(Around):
    """Sees the state of the tick before."""

    def reset(self, state):
        self._late: deque = deque(maxlen=2)
        self._rider.reset(state)

    def step(self, state):
        self._late.append(state)
        return replace(self._rider.step(self._late[0]), time=state.time)


class SluggishLeg(Around):
    """The commands to the left leg go through a low pass of 20 ms."""

    lag = 0.020

    def __init__(self, rider):
        super().__init__(rider)
        names = assembly.load_robot().joint_names
        self._leg = [index for index, name in enumerate(names) if _is_leg(name, "left_")]

    def reset(self, state):
        self._smooth = None
        self._rider.reset(state)

    def step(self, state):
        command = self._rider.step(state)
        new = np.stack((command.position, command.velocity, command.torque))
        self._smooth = new if self._smooth is None else self._smooth + 0.002 / self.lag * (new - self._smooth)
        mixed = new.copy()
        mixed[:, self._leg] = self._smooth[:, self._leg]
        return replace(command, position=mixed[0], velocity=mixed[1], torque=mixed[2])


class Rearranged(Around):
    """The same rider, its command taken apart and put together again: a refactoring, not a mutation."""

    def step(self, state):
        command = self._rider.step(state)
        halves = np.array_split(np.arange(command.position.size), 2)
        parts = {}
        for name in ("position", "velocity", "torque", "stiffness", "damping"):
            values = getattr(command, name)
            parts[name] = np.concatenate([values[half] for half in halves])
        return replace(command, **parts)


MUTANTS = (
    # a gain off by 30 %
    Mutant("steering gains +30 %", steering_gain(1.3)),
    Mutant("steering gains -30 %", steering_gain(0.7)),
    *(
        Mutant(f"steering gain of {name} {100 * (factor - 1):+.0f} %", steering_gain(factor, state))
        for name, state in (
            ("offset", OFFSET),
            ("heading", HEADING),
            ("roll", ROLL),
            ("roll rate", ROLL_RATE),
            ("steer", STEER),
            ("steer rate", STEER_RATE),
            ("the command", COMMAND),
        )
        for factor in (0.7, 1.3)
    ),
    Mutant("preview gain -30 %", preview(0.7)),
    Mutant("pedalling gain -30 %", parameters(pedalling=PedallingParameters(speed_gain=10.5))),
    Mutant("pedalling gain +30 %", parameters(pedalling=PedallingParameters(speed_gain=19.5))),
    Mutant("pedalling integral -30 %", parameters(pedalling=PedallingParameters(speed_integral=5.6))),
    Mutant("bar stiffness +30 %", parameters(bar_stiffness=39.0)),
    Mutant("bar stiffness -30 %", parameters(bar_stiffness=21.0), quick=True),
    Mutant("bar damping -30 %", parameters(bar_damping=1.05)),
    Mutant("steer filter -30 %", tracker("_steer", 0.7)),
    Mutant("crank filter -30 %", tracker("_crank", 0.7)),
    Mutant("balance observer's time constant +30 %", balance_settling(1.3)),
    Mutant("roll rate -30 %", roll_rate_gain(0.7)),
    Mutant("leg stiffness -30 %", joint_gain(0.7, "_hip_", "_knee_", "_ankle_", damping=False)),
    Mutant("leg damping -30 %", joint_gain(0.7, "_hip_", "_knee_", "_ankle_", stiffness=False)),
    Mutant("arm stiffness -30 %", joint_gain(0.7, "_shoulder_", "_elbow_", "_wrist_", damping=False)),
    Mutant("arm damping -30 %", joint_gain(0.7, "_shoulder_", "_elbow_", "_wrist_", stiffness=False)),
    Mutant("trunk stiffness -30 %", joint_gain(0.7, "waist_", damping=False)),
    Mutant("hand load -30 %", parameters(hand_load=14.0)),
    Mutant("torso yaw -30 %", parameters(torso_yaw=0.35)),
    # a sign
    Mutant("sign of the roll feedback", steering_gain(-1.0, ROLL), quick=True),
    Mutant("sign of the preview", preview(-1.0)),
    Mutant("sign of the torso's yaw", parameters(torso_yaw=-0.5)),
    Mutant("sign of the left leg's inverse dynamics", inverse_dynamics(of_left_leg(-1.0))),
    Mutant("sign of the bars' torque", seated(bars=-1.0)),
    # a dropped feed-forward
    Mutant("no inverse dynamics", inverse_dynamics(0.0)),
    Mutant("no inverse dynamics of the left leg", inverse_dynamics(of_left_leg(0.0))),
    Mutant("no preview", preview(0.0), quick=True),
    Mutant("no hand load", parameters(hand_load=0.0)),
    Mutant("no acceleration of the legs", seated(acceleration=0.0)),
    Mutant("no forces of the feet", seated(feet=0.0)),
    Mutant("no torque on the bars", seated(bars=0.0)),
    # time
    Mutant("command one tick late", within(LateCommand), quick=True),
    Mutant("state one tick late", within(LateState)),
    Mutant("legs' lead dropped", parameters(lead=0.0)),
    Mutant("legs' lead doubled", parameters(lead=0.008)),
    # a limb
    Mutant("left leg slow by 20 ms", within(SluggishLeg)),
    Mutant("left leg's stiffness halved", joint_gain(0.5, "left_hip_", "left_knee_", "left_ankle_", damping=False)),
    # the model
    Mutant("mass of the body +30 %", body_mass(1.3)),
    Mutant("mass of the body -30 %", body_mass(0.7)),
)
