"""Puts a run on foot together: body, ground, controller, world and bus, ready to be run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.balance.goal import Goal
from robot import Body, ImuReading, JointCommand, LocalizationFix, RobotModel, RobotState
from scenarios.assembly import (
    chosen_sensors,
    judged_limits,
    physics_settings,
    push_force,
)
from scenarios.bus_builder import way_of
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.context import FootContext
from scenarios.foot_body import FootBody, load_foot_body
from scenarios.foot_ground import build_ground
from scenarios.foot_schema import FootPush, FootScenario
from scenarios.foot_start import stand
from scenarios.plant_builder import build_robot, delayed
from scenarios.ride import Ride, RideController
from sim.disturbance import Push
from sim.foot_world import FootStart, FootWorld, FootWorldSettings
from sim.ground import Ground
from sim.mechanics import Mechanics
from sim.robot_world import Mount

Array = NDArray[np.float64]


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


Control = Callable[[RobotModel, Body, tuple[Goal, ...], float], Balancer]
"""Makes a controller for a model, its parameters, goals and a control period [s]."""


def assemble_on_foot(scenario: FootScenario, seed: int, control: Control) -> Ride:
    """Everything that a run on foot needs; the seed sets jitter, ground and the sensors' noise.

    Args:
        scenario: What is asked.
        seed: Its seed.
        control: Makes the controller.

    Raises:
        ValueError: There is or can be no such body or ground, or it cannot stand there.
    """
    robot = load_foot_body(scenario.robot)
    model, body = robot.model, robot.body
    true = build_robot(scenario.plant, model, robot.urdf, robot.drives, robot.links)
    goals = tuple(table.goal() for table in scenario.goals)
    ground = build_ground(scenario.ground, goals, seed)
    controller = control(model, body, goals, CONTROL_PERIOD)
    start = _start(scenario, true.model, body, controller.standing, ground, np.random.default_rng((seed, 0)))
    settings = FootWorldSettings(
        physics=physics_settings(scenario.world),
        sensors=delayed(chosen_sensors(scenario.senses, seed), scenario.plant.sensor_delay),
        drive_noise=scenario.senses.noise_scale,
        pushes=tuple(_push(push, robot) for push in scenario.disturbances),
        period=CONTROL_PERIOD,
        motor_strength=scenario.plant.motor_strength,
        ground=ground,
        frames=body.frames,
    )

    def build(mount: Mount | None = None) -> FootWorld:
        mounted = replace(settings, mount=mount)
        return FootWorld(true.model, true.urdf, start, mounted, np.random.default_rng((seed, 1)))

    way = way_of(scenario, seed, build, model, _first_command(model, body, controller, start))
    mechanics = Mechanics(true.model)
    lower, upper = judged_limits(model, body.held)
    context = FootContext(
        joint_names=model.joint_names,
        joint_lower=lower,
        joint_upper=upper,
        mass=true.model.mass,
        modes=tuple(controller.MODES),
        goals=goals,
        ground=ground,
        sole=(2.0 * body.sole_half[0], 2.0 * body.sole_half[1]),
        robot=robot.drawn,
        scale=body.walk.scale,
    )
    return Ride(
        way.bus, controller, way.world, lambda log: mechanics.over(lambda name: log[f"truth_{name}"]), context,
        safety=way.safety,
    )  # fmt: skip


def _start(
    scenario: FootScenario, model: RobotModel, body: Body, standing: Array, ground: Ground, rng: np.random.Generator
) -> FootStart:
    """Standing at ease but for the jitter."""
    jitter = scenario.jitter.joints * rng.standard_normal(model.size)
    jitter[[model.index(joint) for joint in body.held]] = 0.0
    heading = scenario.jitter.heading * float(rng.standard_normal())
    return stand(model, standing + jitter, heading, ground, body.frames)


def state_at_rest(model: RobotModel, body: Body, start: FootStart) -> RobotState:
    """What perfect senses tell of a body that stands still, localised, at time zero."""
    q = np.concatenate((start.pelvis_position, start.pelvis_orientation, start.joint_position))
    data = model.pinocchio_floating.createData()
    pin.framesForwardKinematics(model.pinocchio_floating, data, q)
    pelvis, torso = (
        _at_rest(data.oMf[model.pinocchio_floating.getFrameId(name)].rotation) for name in (body.imu, body.torso_imu)
    )
    still = np.zeros(model.size)
    fix = LocalizationFix(0.0, start.pelvis_position)
    return RobotState(0.0, start.joint_position, still, still, pelvis, torso, fix)


def _first_command(model: RobotModel, body: Body, controller: Balancer, start: FootStart) -> JointCommand:
    """What the controller would command at the start if its senses were perfect."""
    state = state_at_rest(model, body, start)
    controller.reset(state)
    return replace(controller.step(state), time=0.0)


def _at_rest(turned: Array) -> ImuReading:
    """What a perfect unit reads that is turned so in the world, at rest."""
    return ImuReading(pin.Quaternion(turned).coeffs(), np.zeros(3), turned.T @ np.array((0.0, 0.0, 9.81)))


def _push(push: FootPush, robot: FootBody) -> Push:
    return Push(push.time, push.duration, push_force(push), robot.links[push.body])
