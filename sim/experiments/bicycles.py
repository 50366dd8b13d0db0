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
    geometry = parameters.geometry
    velocity[REAR_WHEEL] = speed / geometry.rear_wheel_radius
    velocity[FRONT_WHEEL] = speed / geometry.front_wheel_radius
    down = (axle * axle[2] - (0.0, 0.0, 1.0)) * (radius / level)
    vx, vy, _ = np.array(state[6]) + np.cross(state[7], down)
    ax, ay = axle[0] / level, axle[1] / level
    return float(vx * ay - vy * ax), float(vx * ax + vy * ay)
