"""A bicycle alone: put somewhere, let go, its steer or its wheels held by what is on the bicycle itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import hypot
from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.bicycle_body import FRONT_LEVER, FRONT_WHEEL, REAR_LEVER, REAR_WHEEL, STEER, BicycleBody
from sim.experiments.flight import step
from sim.physics import Physics
from sim.pose import rotate
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

_STEER_STIFFNESS, _STEER_DAMPING = 60.0, 1.5
"""Of the drive between fork and frame that holds the steer [Nm/rad], [Nm·s/rad]."""


def without_resistances(parameters: BicycleParameters) -> BicycleParameters:
    """The same bicycle with frictionless bearings, tyres that roll freely, and no drag."""
    return with_resistances(parameters, rolling=0.0, wheel_bearing=0.0)


def with_resistances(parameters: BicycleParameters, rolling: float, wheel_bearing: float) -> BicycleParameters:
    """The same bicycle with these resistances alone.

    Args:
        parameters: The bicycle.
        rolling: Coefficient of rolling resistance [1].
        wheel_bearing: Friction torque of each wheel's bearing [Nm].
    """
    bearings = parameters.bearings.model_copy(update={"wheel": wheel_bearing, "crank": 0.0, "pedal": 0.0, "steer": 0.0})
    resistance = parameters.resistance.model_copy(update={"rolling_coefficient": rolling, "drag_area": 0.0})
    return parameters.model_copy(update={"bearings": bearings, "resistance": resistance})


def put_bicycle(
    physics: Physics, urdf: Path, parameters: BicycleParameters, *, speed: float = 0.0, roll: float = 0.0,
    height: float = 0.0, brakes: bool = False, rates: Mapping[str, float] | None = None,
) -> BicycleBody:  # fmt: skip
    """Put a bicycle on the ground, or above it, rolling along x without slip.

    Args:
        physics: Where.
        urdf: Its file.
        parameters: Its laws.
        speed: [m/s].
        roll: Lean about the line of its wheels' contacts, positive to the right [rad].
        height: Of the wheels' lowest points [m].
        brakes: Whether both levers are pulled, and held, to the bar.
        rates: Speeds of joints that do not roll along, such as that of "crank" [rad/s].
    """
    body = BicycleBody(physics, urdf, parameters, air_density=0.0)
    body.base.place(
        np.array((0.0, 0.0, height)), Rotation.from_rotvec((roll, 0.0, 0.0)).as_quat(), np.array((speed, 0.0, 0.0))
    )
    position, velocity = np.zeros(len(JOINTS)), np.zeros(len(JOINTS))
    velocity[[REAR_WHEEL, FRONT_WHEEL]] = speed / parameters.geometry.wheel_radius
    for name, rate in (rates or {}).items():
        velocity[JOINTS.index(f"{name}_joint")] = rate
    if brakes:
        levers = parameters.brakes
        position[[REAR_LEVER, FRONT_LEVER]] = levers.lever_travel
        body.lever_pull = [2.0 * (levers.lever_preload + levers.lever_stiffness * levers.lever_travel)] * 2
    body.reset(position, velocity)
    return body


def roll_on(
    body: BicycleBody, seconds: float, steer: Callable[[], float] | None = None,
    drive: Callable[[], float] | None = None,
) -> Iterator[int]:  # fmt: skip
    """Let the bicycle do what it does; gives the number of steps made, after each one.

    Args:
        body: The bicycle.
        seconds: How long.
        steer: Where a drive between fork and frame shall hold the steer [rad]; the steer is free without it.
        drive: Torque of a hub motor between frame and rear wheel [Nm]; none without it.
    """
    dt = body.physics.settings.step
    for tick in range(round(seconds / dt)):
        body.apply(dt)
        if steer is not None:
            away = steer() - body.position[STEER]
            _add_torque(body, STEER, _STEER_STIFFNESS * away - _STEER_DAMPING * body.velocity[STEER])
        if drive is not None:
            _add_torque(body, REAR_WHEEL, drive())
        step(body.physics)
        body.read()
        body.weigh_wheels()
        yield tick + 1


def _add_torque(body: BicycleBody, joint: int, torque: float) -> None:
    """Between the two links of a joint, for the next step [Nm]; Bullet adds up what a joint is given."""
    pybullet.setJointMotorControl2(
        body.id, body.joint_index[joint], pybullet.TORQUE_CONTROL, force=torque, physicsClientId=body.physics.id
    )


def slip_of(body: BicycleBody, wheel: int) -> tuple[float, float]:
    """Speed of a wheel's lowest point over level ground: along and across the direction in which it rolls [m/s]."""
    state = pybullet.getLinkState(
        body.id, body.joint_index[wheel], computeLinkVelocity=1, computeForwardKinematics=1,
        physicsClientId=body.physics.id,
    )  # fmt: skip
    axle = np.array(rotate(state[5], (0.0, 1.0, 0.0)))
    level = hypot(axle[0], axle[1])
    down = (axle * axle[2] - (0.0, 0.0, 1.0)) * (body.parameters.geometry.wheel_radius / level)
    vx, vy, _ = np.array(state[6]) + np.cross(state[7], down)
    ax, ay = axle[0] / level, axle[1] / level
    return float(vx * ay - vy * ax), float(vx * ax + vy * ay)
