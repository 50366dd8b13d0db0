"""Bodies in the physics: on the ground, high above it, and in space, where no gravity confuses an account."""

import numpy as np
import pybullet
import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from sim.bicycle_body import BicycleBody
from sim.physics import Physics, PhysicsSettings
from sim.robot_body import RobotBody
from urdf.bicycle_parameters import JOINTS

AIR_DENSITY = 1.2  # [kg/m³]


@pytest.fixture
def physics():
    """A world with nothing in it but the ground."""
    world = Physics(PhysicsSettings())
    yield world
    world.close()


@pytest.fixture
def space(physics):
    """The same without gravity."""
    pybullet.setGravity(0.0, 0.0, 0.0, physicsClientId=physics.id)
    return physics


@pytest.fixture
def put_robot(robot_model):
    """Puts the robot somewhere, moving without rotation, its joints in a posture and at rest."""

    def put(physics, height=20.0, joints=None, velocity=(0.0, 0.0, 0.0)):
        body = RobotBody(physics, ROBOT_URDF, robot_model)
        body.base.place(np.array((0.0, 0.0, height)), np.array((0.0, 0.0, 0.0, 1.0)), np.array(velocity))
        body.reset(np.zeros(robot_model.size) if joints is None else joints, np.zeros(robot_model.size))
        return body

    return put


@pytest.fixture
def put_bicycle(bicycle):
    """Puts the bicycle somewhere, moving without rotation, its joints at zero and at given speeds [rad/s]."""

    def put(physics, height=20.0, velocity=(0.0, 0.0, 0.0), parameters=bicycle, **speeds):
        body = BicycleBody(physics, BICYCLE_URDF, parameters, AIR_DENSITY)
        body.base.place(np.array((0.0, 0.0, height)), np.array((0.0, 0.0, 0.0, 1.0)), np.array(velocity))
        rates = [speeds.get(name.removesuffix("_joint"), 0.0) for name in JOINTS]
        body.reset(np.zeros(len(JOINTS)), np.array(rates))
        return body

    return put
