"""Frames, Jacobians and gravity torques of the body against finite differences."""

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from controllers.riding.posture import FRAMES
from controllers.whole_body.kinematics import GRAVITY, Kinematics

STEP = 1e-6
"""Of a central difference [rad]: its truncation and its rounding error are both below 1e-8 for a body of a metre."""
TOLERANCE = 1e-7
seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def kinematics(robot_model):
    return Kinematics(robot_model, (*FRAMES, "torso_imu"))


@pytest.fixture(scope="module")
def anywhere(robot_model):
    """Random joint positions within the limits."""

    def sample(seed):
        return np.random.default_rng(seed).uniform(robot_model.limits.lower, robot_model.limits.upper)

    return sample


def places(kinematics, position):
    kinematics.place(position)
    frames = range(len(kinematics.frames))
    return np.array([kinematics.position(i) for i in frames]), [kinematics.rotation(i).copy() for i in frames]


@given(seeds)
def test_jacobians_are_how_the_frames_move(kinematics, anywhere, seed):
    position = anywhere(seed)
    direction = np.random.default_rng(seed + 1).standard_normal(position.size)
    kinematics.update(position)
    velocities = [kinematics.jacobian(i) @ direction for i in range(len(kinematics.frames))]
    (after, turned), (before, turning) = (places(kinematics, position + s * STEP * direction) for s in (1, -1))
    for index, velocity in enumerate(velocities):
        linear = (after[index] - before[index]) / (2 * STEP)
        angular = Rotation.from_matrix(turned[index] @ turning[index].T).as_rotvec() / (2 * STEP)
        scale = float(np.linalg.norm(direction))
        np.testing.assert_allclose(velocity[:3], linear, atol=TOLERANCE * scale)
        np.testing.assert_allclose(velocity[3:], angular, atol=TOLERANCE * scale)


@given(seeds)
def test_placing_and_updating_agree(kinematics, anywhere, seed):
    position = anywhere(seed)
    kinematics.update(position)
    updated = np.array([kinematics.position(i) for i in range(len(kinematics.frames))])
    np.testing.assert_array_equal(places(kinematics, position)[0], updated)


@given(seeds, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_torques_at_rest_are_the_slope_of_the_potential_energy(robot_model, kinematics, anywhere, seed, roll, pitch):
    """With the pelvis leaned: gravity comes along `up`."""
    position = anywhere(seed)
    up = np.array((np.sin(pitch), np.sin(roll), 1.0))
    up /= np.linalg.norm(up)
    body, data = robot_model.pinocchio_floating, robot_model.pinocchio_floating.createData()
    direction = np.random.default_rng(seed + 1).standard_normal(position.size)

    def energy(at):
        com = pin.centerOfMass(body, data, np.concatenate((np.zeros(6), (1.0,), at)))
        return robot_model.mass * GRAVITY * float(up @ com)

    slope = (energy(position + STEP * direction) - energy(position - STEP * direction)) / (2 * STEP)
    still = np.zeros_like(position)
    torque = kinematics.inverse_dynamics(position, still, still, up)
    # 440 N of weight at a metre: rounding of the energy leaves a millionth of that.
    assert torque @ direction == pytest.approx(slope, abs=1e-4)


@given(seeds)
def test_torques_in_motion_are_what_changes_the_energy(robot_model, kinematics, anywhere, seed):
    """Power of the torques = rate of kinetic energy, rotors included, and of potential energy."""
    rng = np.random.default_rng(seed + 2)
    position = anywhere(seed)
    velocity, acceleration = rng.standard_normal((2, position.size))
    up = np.array((0.0, 0.0, 1.0))
    torque = kinematics.inverse_dynamics(position, velocity, acceleration, up)
    body = robot_model.pinocchio.copy()
    body.gravity.linear = np.array((0.0, 0.0, -GRAVITY))
    data = body.createData()

    def energy(time):
        q, v = position + velocity * time + 0.5 * acceleration * time**2, velocity + acceleration * time
        mass = np.triu(pin.crba(body, data, q))  # upper half; computeKineticEnergy of Pinocchio 4.1 forgets some rotors
        return pin.computePotentialEnergy(body, data, q) + v @ (mass @ v) - 0.5 * mass.diagonal() @ v**2

    rate = (energy(STEP) - energy(-STEP)) / (2 * STEP)
    # Some 100 J divided by a step of 2e-6 s: rounding leaves 1e-8 W x 1e6.
    assert torque @ velocity == pytest.approx(rate, rel=1e-5, abs=1e-3)


def test_a_frame_that_does_not_exist_is_named(robot_model):
    with pytest.raises(ValueError, match="no frame 'left_paw'"):
        Kinematics(robot_model, ("left_paw",))
