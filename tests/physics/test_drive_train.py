"""Chain, freewheel, brakes and bearings of a bicycle in space: one-way, losing energy, never making any."""

from contextlib import contextmanager

import numpy as np
import pybullet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.bicycle_body import CRANK, FRONT_WHEEL, REAR_LEVER, REAR_WHEEL
from sim.experiments.flight import step
from sim.experiments.momentum import momentum
from sim.physics import Physics, PhysicsSettings

MS = 0.001
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def new_space():
    """A space for one example of many."""
    physics = Physics(PhysicsSettings())
    pybullet.setGravity(0.0, 0.0, 0.0, physicsClientId=physics.id)
    yield physics
    physics.close()


def run(body, seconds, dt=MS):
    """Let the bicycle do what it does; gives joint speeds and chain torque after each step."""
    speeds, chain = [], []
    for _ in range(round(seconds / dt)):
        body.apply(dt)
        step(body.physics)
        body.read()
        speeds.append(list(body.velocity))
        chain.append(body.chain_torque)
    return np.array(speeds), np.array(chain)


def kinetic_energy(body):
    """Of the whole bicycle [J]."""
    return momentum(body.physics, body.id).kinetic


# Freewheel


def test_the_crank_turns_back_freely(space, put_bicycle):
    body = put_bicycle(space, crank=-10.0)
    speeds, chain = run(body, 0.5)
    assert not chain.any()
    # Only its bearing slows the crank, and the wheel stays with the frame.
    assert speeds[-1, CRANK] < -5.0
    assert abs(speeds[-1, REAR_WHEEL]) < 0.2


def test_the_crank_drives_the_wheel_forward_through_the_gear(space, put_bicycle, bicycle):
    body = put_bicycle(space, crank=10.0)
    speeds, chain = run(body, 0.5)
    assert chain.max() > 1.0
    # Once the chain has pulled, the wheel is at least as fast as the gear says and the crank does not wind it up.
    assert speeds[-1, REAR_WHEEL] >= bicycle.drive.gear_ratio * speeds[-1, CRANK] - 0.1
    assert speeds[-1, REAR_WHEEL] > 0.5


def test_a_rolling_wheel_does_not_turn_the_crank(space, put_bicycle):
    body = put_bicycle(space, rear_wheel=20.0)
    speeds, chain = run(body, 0.5)
    assert not chain.any()
    assert abs(speeds[-1, CRANK]) < 0.5


def test_the_chain_bites_anew_wherever_the_crank_was_turned_back_to(space, put_bicycle):
    """No slack is left that would have to be wound up first: pawls catch at once."""
    body = put_bicycle(space, crank=-10.0)
    run(body, 0.3)
    joint = body.joint_index[CRANK]
    pybullet.resetJointState(body.id, joint, body.position[CRANK], 10.0, physicsClientId=space.id)
    body.read()
    _, chain = run(body, 0.01)
    assert chain.max() > 1.0


@few
@given(crank=st.floats(-15.0, 15.0), wheel=st.floats(-15.0, 15.0))
def test_the_chain_never_pushes(put_bicycle, crank, wheel):
    with new_space() as space:
        _, chain = run(put_bicycle(space, crank=crank, rear_wheel=wheel), 0.3)
    assert chain.min() >= 0.0


@few
@given(crank=st.floats(-15.0, 15.0), wheel=st.floats(-15.0, 15.0))
def test_the_drive_train_never_makes_energy(put_bicycle, crank, wheel):
    with new_space() as space:
        body = put_bicycle(space, crank=crank, rear_wheel=wheel)
        before = kinetic_energy(body)
        run(body, 0.3)
        after = kinetic_energy(body)
    # A hundredth for what integration in steps of 1 ms leaves, a microjoule for levers sprung to their stops.
    assert after <= before * 1.01 + 1e-6


# Brakes


@pytest.mark.parametrize(("side", "wheel", "name"), [(0, REAR_WHEEL, "rear_wheel"), (1, FRONT_WHEEL, "front_wheel")])
def test_pulling_a_lever_slows_its_wheel_and_costs_work(space, put_bicycle, side, wheel, name):
    body = put_bicycle(space, **{name: 20.0})
    body.lever_pull[side] = 0.8  # [Nm]
    speeds, _ = run(body, 0.5)
    free = put_bicycle(space, height=40.0, **{name: 20.0})
    unbraked, _ = run(free, 0.5)
    assert speeds[-1, wheel] < unbraked[-1, wheel] - 5.0
    assert body.brake_torque[side] > 0
    assert body.brake_torque[1 - side] == 0
    assert body.brake_work > 1.0
    assert free.brake_work == 0.0


def test_a_brake_only_stops(space, put_bicycle):
    """It holds the wheel against the frame; it does not turn it back."""
    body = put_bicycle(space, rear_wheel=5.0)
    body.lever_pull[0] = 1.5
    speeds, _ = run(body, 1.0)
    assert abs(speeds[-1, REAR_WHEEL]) < 0.05
    assert speeds[:, REAR_WHEEL].min() > -0.5


def test_pulling_harder_brakes_harder(space, put_bicycle):
    torques = []
    for pull, height in ((0.7, 20.0), (0.8, 40.0), (1.2, 60.0)):
        body = put_bicycle(space, height=height, rear_wheel=20.0)
        body.lever_pull[0] = pull
        run(body, 0.3)
        torques.append(body.brake_torque[0])
    assert 0 < torques[0] < torques[1] < torques[2]


def test_a_pull_that_only_takes_up_the_free_play_does_not_brake(space, put_bicycle, bicycle):
    brakes = bicycle.brakes
    body = put_bicycle(space, rear_wheel=20.0)
    body.lever_pull[0] = 0.95 * (brakes.lever_preload + brakes.lever_stiffness * brakes.free_play)
    run(body, 0.3)
    assert body.position[REAR_LEVER] > 0.01
    assert body.brake_torque[0] == 0


def test_a_pull_below_the_preload_does_not_brake(space, put_bicycle, bicycle):
    body = put_bicycle(space, rear_wheel=20.0)
    body.lever_pull[0] = 0.9 * bicycle.brakes.lever_preload
    run(body, 0.3)
    assert body.brake_torque[0] == 0
    assert body.brake_work == 0


def test_a_lever_that_is_let_go_springs_back(space, put_bicycle):
    body = put_bicycle(space, rear_wheel=20.0)
    body.lever_pull[0] = 1.0
    run(body, 0.3)
    body.lever_pull[0] = 0.0
    run(body, 0.5)
    assert body.brake_torque[0] == 0


def test_the_work_of_brakes_and_bearings_is_the_energy_that_is_gone(space, put_bicycle):
    body = put_bicycle(space, rear_wheel=20.0, front_wheel=20.0)
    before = kinetic_energy(body)
    body.lever_pull = [0.8, 0.8]
    run(body, 0.2)
    gone = before - kinetic_energy(body)
    # The fingers put some 0.1 J into the levers' springs; the account is summed once a step.
    assert body.brake_work + body.resistance_work == pytest.approx(gone, rel=0.05)


# Bearings


def test_a_bearing_takes_its_coulomb_torque(space, put_bicycle, bicycle):
    """The front wheel in space: angular momentum falls by the torque, for the wheel against the much heavier frame."""
    body = put_bicycle(space, front_wheel=20.0)
    run(body, 1.0)
    spin = bicycle.bodies.front_wheel.inertia[3]
    slowed = bicycle.bearings.wheel * 1.0 / spin
    # The frame, twenty times heavier to turn, takes up a twentieth of the change.
    assert 20.0 - body.velocity[FRONT_WHEEL] == pytest.approx(slowed, rel=0.1)
