"""Puts a run on foot together: body, ground, controller, world and bus, ready to be run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from xml.etree import ElementTree

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.balance.goal import Goal
from robot import ImuReading, JointCommand, LocalizationFix, RobotModel, RobotState
from scenarios.assembly import (
    DRIVES,
    ROBOT_URDF,
    chosen_sensors,
    guarded,
    judged_limits,
    load_robot,
    physics_settings,
    push_force,
)
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.context import FootContext
from scenarios.foot_ground import build_ground
from scenarios.foot_schema import FootPush, FootScenario
from scenarios.foot_start import stand
from scenarios.plant_builder import build_robot, delayed
from scenarios.ride import Ride, RideController
from sim.disturbance import Push
from sim.foot_world import FootStart, FootWorld, FootWorldSettings
from sim.ground import Ground
from sim.mechanics import Mechanics
from sim.sim_bus import SimBus
from sim.urdf_source import UrdfText

Array = NDArray[np.float64]

_PUSHED = {"torso": "torso_link", "pelvis": "pelvis"}
_FOOT = "left_ankle_roll_link"


class Balancer(RideController, Protocol):
    """A controller of a body on its feet, as :class:`controllers.balance.controller.BalanceController` is one."""

    @property
    def MODES(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the class
        """Names of its modes; `mode` of its telemetry is an index into them."""
        ...

    @property
    def standing(self) -> Array:
        """Joint positions of how it stands at ease, feet parallel, shape (n,) [rad]."""
        ...


Control = Callable[[RobotModel, tuple[Goal, ...], float], Balancer]
"""Makes a controller for a model, goals and a control period [s]."""


def assemble_on_foot(scenario: FootScenario, seed: int, control: Control) -> Ride:
    """Everything that a run on foot needs; the seed sets jitter, ground and the sensors' noise.

    Args:
        scenario: What is asked.
        seed: Its seed.
        control: Makes the controller.

    Raises:
        ValueError: There is no such body or ground, or it cannot stand there.
    """
    model = load_robot()
    true = build_robot(scenario.plant, model, ROBOT_URDF, DRIVES)
    goals = tuple(table.goal() for table in scenario.goals)
    ground = build_ground(scenario.ground, goals, seed)
    controller = control(model, goals, CONTROL_PERIOD)
    start = _start(scenario, true.model, controller.standing, ground, np.random.default_rng((seed, 0)))
    settings = FootWorldSettings(
        physics=physics_settings(scenario.world),
        sensors=delayed(chosen_sensors(scenario.senses, seed), scenario.plant.sensor_delay),
        drive_noise=scenario.senses.noise_scale,
        pushes=tuple(_push(push) for push in scenario.disturbances),
        period=CONTROL_PERIOD,
        motor_strength=scenario.plant.motor_strength,
        ground=ground,
    )

    def build() -> FootWorld:
        return FootWorld(true.model, true.urdf, start, settings, np.random.default_rng((seed, 1)))

    bus = SimBus(build, model, _first_command(model, controller, start))
    mechanics = Mechanics(true.model)
    lower, upper = judged_limits(model)
    context = FootContext(
        joint_names=model.joint_names,
        joint_lower=lower,
        joint_upper=upper,
        mass=true.model.mass,
        modes=tuple(controller.MODES),
        goals=goals,
        ground=ground,
        sole=_sole(UrdfText.of(true.urdf).text),
    )
    return Ride(
        guarded(bus, model), controller, lambda: bus.world,
        lambda log: mechanics.over(lambda name: log[f"truth_{name}"]), context,
    )  # fmt: skip


def _start(
    scenario: FootScenario, model: RobotModel, standing: Array, ground: Ground, rng: np.random.Generator
) -> FootStart:
    """Standing at ease but for the jitter."""
    jitter = scenario.jitter.joints * rng.standard_normal(model.size)
    jitter[[model.index(f"{side}_grip_joint") for side in ("left", "right")]] = 0.0
    return stand(model, standing + jitter, scenario.jitter.heading * float(rng.standard_normal()), ground)


def _first_command(model: RobotModel, controller: Balancer, start: FootStart) -> JointCommand:
    """What the controller would command at the start if its senses were perfect."""
    q = np.concatenate((start.pelvis_position, start.pelvis_orientation, start.joint_position))
    data = model.pinocchio_floating.createData()
    pin.framesForwardKinematics(model.pinocchio_floating, data, q)
    pelvis, torso = (
        _at_rest(data.oMf[model.pinocchio_floating.getFrameId(name)].rotation) for name in ("pelvis_imu", "torso_imu")
    )
    still = np.zeros(model.size)
    fix = LocalizationFix(0.0, start.pelvis_position)
    state = RobotState(0.0, start.joint_position, still, still, pelvis, torso, fix)
    controller.reset(state)
    return replace(controller.step(state), time=0.0)


def _at_rest(turned: Array) -> ImuReading:
    """What a perfect unit reads that is turned so in the world, at rest."""
    return ImuReading(pin.Quaternion(turned).coeffs(), np.zeros(3), turned.T @ np.array((0.0, 0.0, 9.81)))


def _push(push: FootPush) -> Push:
    return Push(push.time, push.duration, push_force(push), _PUSHED[push.body])


def _sole(urdf: str) -> tuple[float, float]:
    """Length and width of a sole, the box of the left foot [m]."""
    box = ElementTree.fromstring(urdf).find(f"link[@name='{_FOOT}']/collision/geometry/box")
    if box is None:
        raise ValueError(f"{_FOOT} has no box as its sole")
    length, width, _ = (float(side) for side in box.get("size", "").split())
    return length, width
