"""Gravity pulls at every link alike, and nothing else does."""

from contextlib import closing

import numpy as np

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF, load_robot
from scenarios.physics.check import Check, Finding
from sim.bicycle_body import BicycleBody
from sim.experiments.flight import fall
from sim.physics import GRAVITY, Physics, PhysicsSettings
from sim.robot_body import RobotBody
from urdf.bicycle_parameters import BicycleParameters

_HIGH = np.array((0.0, 0.0, 20.0))
"""From here nothing reaches the ground within a second [m]."""
_LEVEL = np.array((0.0, 0.0, 0.0, 1.0))


def _free_fall() -> tuple[Finding, ...]:
    return _falls("robot"), _falls("bicycle")


def _falls(name: str) -> Finding:
    seconds = 1.0
    with closing(Physics(PhysicsSettings())) as physics:
        body: RobotBody | BicycleBody
        if name == "robot":
            body = RobotBody(physics, ROBOT_URDF, load_robot())
        else:
            body = BicycleBody(physics, BICYCLE_URDF, BicycleParameters.load(), air_density=0.0)
        body.base.place(_HIGH, _LEVEL, np.zeros(3))
        velocity = fall(physics, body.id, seconds)
    greatest = float(np.abs(velocity - (0.0, 0.0, -GRAVITY * seconds)).max())
    return Finding(f"{name}: error of a link's velocity after 1 s", greatest, 0.0, "m/s", 1e-6, GRAVITY * seconds)


CHECKS = (Check("free-fall", "every link falls with g t and moves nowhere else", _free_fall),)
