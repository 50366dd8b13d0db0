"""Rotors: taken from the body what its links have too much of them; how well, is among the checks of the physics."""

import numpy as np
import pybullet
import pytest
from scipy.spatial.transform import Rotation

from scenarios.assembly import ROBOT_URDF
from sim.experiments.flight import step
from sim.experiments.momentum import momentum
from sim.robot_body import RobotBody
from sim.rotors import Rotors


def kicked(physics, model, joints, turned, joint, steps=20):
    """Pelvis' velocity in its axes, and joints', after a drive gave 0.2 Nm to a body at rest in an orientation."""
    body = RobotBody(physics, ROBOT_URDF, model)
    body.base.place(np.array((0.0, 0.0, 20.0)), turned.as_quat(), np.zeros(3))
    body.reset(joints, np.zeros(model.size))
    rotors = Rotors(body)
    torque = np.zeros(model.size)
    torque[joint] = 0.2
    for _ in range(steps):
        body.apply(rotors.load(torque))
        step(physics)
        body.read()
    body.base.read()
    found = np.concatenate((turned.inv().apply(body.base.angular), body.velocity))
    pybullet.removeBody(body.id, physicsClientId=physics.id)
    return found


@pytest.mark.parametrize("joint", ["waist_pitch_joint", "left_hip_yaw_joint", "right_wrist_roll_joint"])
def test_the_body_answers_alike_in_every_orientation(space, robot_model, posture, joint):
    """A torque along the wrong axes would be seen at once: what goes to the pelvis is half of what it feels."""
    joints, index = posture.solve(0.0, 1.0), robot_model.index(joint)
    level = kicked(space, robot_model, joints, Rotation.identity(), index)
    turned = kicked(space, robot_model, joints, Rotation.from_euler("xyz", (0.5, 0.3, 2.0)), index)
    np.testing.assert_allclose(turned, level, atol=1e-6 * np.abs(level).max())


def test_at_rest_nothing_is_changed(space, put_robot, posture):
    body = put_robot(space, joints=posture.solve(0.0, 1.0))
    asked = np.arange(body.model.size, dtype=np.float64)
    np.testing.assert_allclose(Rotors(body).load(asked), asked, atol=1e-12)
    step(space)
    body.base.read()
    np.testing.assert_allclose(body.base.angular, 0.0, atol=1e-12)


def test_moving_limbs_get_no_push_from_it(space, put_robot, posture):
    """It is torques alone: the centre of mass stays where it is."""
    body = put_robot(space, joints=posture.solve(0.0, 1.0))
    rotors = Rotors(body)
    phase = np.arange(body.model.size)
    gross = 0.0
    for tick in range(300):
        wave = 0.01 * body.model.limits.effort * np.sin(0.02 * tick + phase) - 0.05 * body.velocity
        body.apply(rotors.load(wave))
        step(space)
        body.read()
        gross = max(gross, momentum(space, body.id).gross)
    assert gross > 1.0  # [kg·m/s]
    assert np.linalg.norm(momentum(space, body.id).linear) < 0.01 * gross
    assert space.undeclared_wrench == 0.0


def test_beginning_anew_forgets_what_was(space, put_robot, posture):
    """A body that is put to rest is not taken for one that brakes."""
    joints = posture.solve(0.0, 1.0)
    body = put_robot(space, joints=joints)
    rotors = Rotors(body)
    body.reset(joints, np.full(body.model.size, 3.0))
    moving = rotors.load(np.zeros(body.model.size)).copy()
    assert np.abs(moving).max() > 1.0  # [Nm]: from rest to 3 rad/s within a step
    body.reset(joints, np.zeros(body.model.size))
    rotors.start()
    np.testing.assert_allclose(rotors.load(np.zeros(body.model.size)), 0.0, atol=1e-12)
