"""Whole-body inverse kinematics: it arrives, it stays within the limits, and it says how far off it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.whole_body.inverse_kinematics import InverseKinematics
from controllers.whole_body.kinematics import Kinematics
from controllers.whole_body.tasks import FrameTask
from tests.conftest import PERIOD

FRAMES = ("left_sole", "right_sole", "left_grip_frame", "right_grip_frame")
MARGIN = 0.02
X_AXIS = np.array((1.0, 0.0, 0.0))
seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def kinematics(robot_model):
    return Kinematics(robot_model, FRAMES)


@pytest.fixture(scope="module")
def solver(robot_model, kinematics):
    """Both feet with their orientation, both hands with one axis."""
    tasks = (
        FrameTask(0, 30.0, 8.0), FrameTask(1, 30.0, 8.0),
        FrameTask(2, 30.0, 0.2, X_AXIS), FrameTask(3, 30.0, 0.2, X_AXIS),
    )  # fmt: skip
    weights = np.full(robot_model.size, 0.01)
    return InverseKinematics(kinematics, tasks, robot_model.limits, weights, PERIOD, MARGIN)


@pytest.fixture(scope="module")
def seated(posture):
    return posture.solve(0.0, 1.0)


def targets_at(kinematics, position):
    """What the four limbs of a body do: targets that can be reached."""
    kinematics.place(position)
    feet = [(kinematics.position(i).copy(), kinematics.rotation(i).copy()) for i in (0, 1)]
    hands = [(kinematics.position(i).copy(), kinematics.rotation(i)[:, 0].copy()) for i in (2, 3)]
    return feet + hands


def step(solver, position, targets, posture):
    solver.aim(targets, posture)
    return solver.step(position)


def inside(robot_model, position, change):
    """Joint positions moved by a random change, within the limits."""
    limits = robot_model.limits
    return np.clip(position + change, limits.lower + 2 * MARGIN, limits.upper - 2 * MARGIN)


@settings(max_examples=25)
@given(seeds)
def test_a_place_that_can_be_reached_is_reached(robot_model, kinematics, solver, seated, seed):
    change = np.random.default_rng(seed).uniform(-0.3, 0.3, seated.size)
    goal = inside(robot_model, seated, change)
    targets = targets_at(kinematics, goal)
    position = seated
    for _ in range(300):
        position = step(solver, position, targets, seated)
    step(solver, position, targets, seated)
    # The posture's pull of 0.01 against 30 for the limbs leaves less than a millimetre.
    assert solver.residual.max() < 1e-3
    found = targets_at(kinematics, position)
    for (_, wanted), (_, got) in zip(targets, found, strict=True):
        # Of the hands' axis (weight 0.2 against 0.01 of some joints' radians) a few degrees may be traded.
        np.testing.assert_allclose(got, wanted, atol=0.05)


@settings(max_examples=25)
@given(seeds)
def test_no_step_leaves_the_limits_or_is_too_fast_wherever_the_targets_are(robot_model, solver, seated, seed):
    """Most of these targets, within 3 m, are out of reach."""
    rng = np.random.default_rng(seed)
    limits = robot_model.limits
    targets = [(rng.uniform(-3.0, 3.0, 3), np.eye(3)) for _ in range(2)]
    targets += [(rng.uniform(-3.0, 3.0, 3), X_AXIS) for _ in range(2)]
    position = seated
    for _ in range(100):
        moved = step(solver, position, targets, seated)
        # daqp holds bounds to 1e-6.
        assert np.all(np.abs(moved - position) <= limits.velocity * PERIOD + 1e-6)
        assert np.all(moved >= limits.lower + MARGIN - 1e-6)
        assert np.all(moved <= limits.upper - MARGIN + 1e-6)
        position = moved


def test_towards_a_place_out_of_reach_the_limb_stretches(kinematics, solver, seated):
    targets = targets_at(kinematics, seated)
    start, axis = targets[2]
    away = np.array((0.0, 2.0, 0.5))
    targets[2] = (start + away, axis)
    position = seated
    for _ in range(500):
        position = step(solver, position, targets, seated)
    kinematics.place(position)
    assert (kinematics.position(2) - start) @ away / np.linalg.norm(away) > 0.1
    assert np.isfinite(position).all()


def test_a_joint_beyond_its_limit_comes_back_as_fast_as_it_may(robot_model, kinematics, solver, seated):
    knee = robot_model.index("left_knee_joint")
    targets = targets_at(kinematics, seated)
    position = seated.copy()
    position[knee] = robot_model.limits.upper[knee] + 0.1
    moved = step(solver, position, targets, seated)
    assert moved[knee] == pytest.approx(position[knee] - robot_model.limits.velocity[knee] * PERIOD, abs=1e-6)


def test_without_an_error_nothing_moves(kinematics, solver, seated):
    moved = step(solver, seated, targets_at(kinematics, seated), seated)
    np.testing.assert_allclose(moved, seated, atol=1e-9)


def test_the_residual_is_how_far_the_limb_was_from_its_place(kinematics, solver, seated):
    targets = targets_at(kinematics, seated)
    targets[1] = (targets[1][0] + (0.03, 0.0, 0.04), targets[1][1])
    step(solver, seated, targets, seated)
    np.testing.assert_allclose(solver.residual, (0.0, 0.05, 0.0, 0.0), atol=1e-12)


def test_the_posture_decides_what_the_tasks_leave_open(robot_model, kinematics, solver, seated):
    """The head serves no task: it goes where the posture wants it."""
    head = robot_model.index("head_yaw_joint")
    wish = seated.copy()
    wish[head] += 0.4
    targets = targets_at(kinematics, seated)
    position = seated
    for _ in range(200):
        position = step(solver, position, targets, wish)
    assert position[head] == pytest.approx(wish[head], abs=1e-3)
