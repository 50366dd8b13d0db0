"""In the air nothing but gravity acts: bodies fall as Galileo said, and what their drives do inside stays inside."""

import numpy as np
import pybullet
import pytest

from sim.physics import GRAVITY
from tests.physics.flight import momentum, step

FALL = 1.0
"""How long a body falls [s]: from 20 m it does not reach the ground."""


def fall(physics, body):
    """Let a body fall; gives the velocity of every link, shape (links, 3) [m/s]."""
    for _ in range(round(FALL / physics.settings.step)):
        step(physics)
    base = pybullet.getBaseVelocity(body.id, physicsClientId=physics.id)
    links = range(physics.joint_count(body.id))
    states = [pybullet.getLinkState(body.id, link, computeLinkVelocity=1, physicsClientId=physics.id) for link in links]
    return np.array((base[0], *(state[6] for state in states)))


def test_the_robot_falls_by_gravity_alone(physics, put_robot, posture):
    """In its riding posture; a body with hidden damping lacks an eighth after a second (measured: -8.55 m/s)."""
    velocities = fall(physics, put_robot(physics, joints=posture.solve(0.0, 1.0)))
    np.testing.assert_allclose(velocities[:, 2], -GRAVITY * FALL, rtol=1e-6)
    np.testing.assert_allclose(velocities[:, :2], 0.0, atol=1e-6)


def test_the_bicycle_falls_by_gravity_alone(physics, put_bicycle):
    velocities = fall(physics, put_bicycle(physics))
    np.testing.assert_allclose(velocities[:, 2], -GRAVITY * FALL, rtol=1e-6)
    np.testing.assert_allclose(velocities[:, :2], 0.0, atol=1e-6)


def test_a_flying_body_keeps_its_speed_ahead(physics, put_bicycle):
    """No hidden drag: the air's is declared, and nobody applied it here."""
    velocities = fall(physics, put_bicycle(physics, velocity=(5.0, 0.0, 0.0)))
    np.testing.assert_allclose(velocities[:, 0], 5.0, rtol=1e-6)


def test_a_spinning_wheel_spins_for_ever_without_its_bearing(physics, put_bicycle):
    """Bullet's own damping of a joint is off."""
    body = put_bicycle(physics, front_wheel=30.0)
    fall(physics, body)
    body.read()
    assert body.velocity[7] == pytest.approx(30.0, rel=1e-6)


# A drive pushes on both of its ends. What it gives to one and does not take from the other would be a motor from
# nowhere: all of the limbs' own momentum. What the integration in steps of 1 ms leaves is of first order in the step:
# 0.2 to 0.4 % of the limbs' own momentum were measured here, so one part in a hundred tells them apart.
INSIDE = 0.01


def swing(body, physics, seconds=0.3):
    """Every limb swings by its drive, gently damped, out of step with the others; gives the greatest gross momenta."""
    limits = body.model.limits
    phase = np.arange(limits.effort.size)
    gross = gross_angular = 0.0
    for tick in range(round(seconds / physics.settings.step)):
        torque = 0.01 * limits.effort * np.sin(20.0 * tick * physics.settings.step + phase) - 0.05 * body.velocity
        body.apply(torque)
        step(physics)
        body.read()
        if tick % 10 == 0:
            now = momentum(physics, body.id)
            gross, gross_angular = max(gross, now.gross), max(gross_angular, now.gross_angular)
    return gross, gross_angular


def test_moving_limbs_do_not_move_the_robot(space, put_robot, posture):
    body = put_robot(space, joints=posture.solve(0.0, 1.0))
    before = momentum(space, body.id)
    gross, _ = swing(body, space)
    after = momentum(space, body.id)
    assert gross > 1.0  # [kg·m/s]: the limbs did move
    assert np.linalg.norm(after.linear - before.linear) < INSIDE * gross


def test_moving_limbs_do_not_turn_the_robot(space, put_robot, posture):
    body = put_robot(space, joints=posture.solve(0.0, 1.0))
    before = momentum(space, body.id)
    _, gross_angular = swing(body, space)
    after = momentum(space, body.id)
    assert gross_angular > 0.1  # [kg·m²/s]
    assert np.linalg.norm(after.angular - before.angular) < INSIDE * gross_angular


def test_moving_limbs_fall_like_resting_ones(physics, put_robot, posture):
    body = put_robot(physics, joints=posture.solve(0.0, 1.0))
    gross, _ = swing(body, physics)
    after = momentum(physics, body.id)
    fallen = np.array((0.0, 0.0, -after.mass * GRAVITY * 0.3))
    assert np.linalg.norm(after.linear - fallen) < INSIDE * gross


def drive_train(body, physics, seconds=0.3, **squeeze):
    """Let chain, freewheel, bearings, levers and brakes of a bicycle in space do what they do."""
    body.lever_pull = squeeze.get("lever_pull", [0.0, 0.0])
    gross = 0.0
    for _ in range(round(seconds / physics.settings.step)):
        body.apply(physics.settings.step)
        step(physics)
        body.read()
        body.weigh_wheels()
        gross = max(gross, momentum(physics, body.id).gross_angular)
    return gross


@pytest.mark.parametrize(
    ("speeds", "squeeze"),
    [
        ({"crank": 10.0}, [0.0, 0.0]),
        ({"crank": -10.0}, [0.0, 0.0]),
        ({"rear_wheel": 20.0, "front_wheel": 20.0}, [1.0, 1.0]),
    ],
    ids=["the crank drives", "the crank runs free", "the brakes bite"],
)
def test_drive_train_and_brakes_neither_move_nor_turn_the_bicycle(space, put_bicycle, speeds, squeeze):
    body = put_bicycle(space, **speeds)
    before = momentum(space, body.id)
    gross = drive_train(body, space, lever_pull=squeeze)
    after = momentum(space, body.id)
    assert gross > 0.05  # [kg·m²/s]
    assert np.linalg.norm(after.angular - before.angular) < INSIDE * gross
    # Nothing here has a lever longer than half a metre to turn angular into linear momentum.
    assert np.linalg.norm(after.linear - before.linear) < INSIDE * gross / 0.5
