"""Push-rod linkages: the loops close, forward undoes inverse, and the Jacobian is the derivative."""

from __future__ import annotations

from math import atan2, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.wiring import CrankRod, Jacobian, Linkage
from tests.unit.linkages import parallelogram, rod_length, skewed

SKEWED = skewed()
pitches, rolls = st.floats(-0.8, 0.6), st.floats(-0.45, 0.45)
numbers = st.floats(-100.0, 100.0)


@given(pitches, rolls)
def test_rods_keep_their_length(pitch: float, roll: float) -> None:
    motors = SKEWED.motors(pitch, roll).position
    for crank, motor in zip(SKEWED.cranks, motors, strict=True):
        assert rod_length(crank, motor, pitch, roll) == pytest.approx(crank.rod, abs=1e-14)


@given(pitches, rolls)
def test_forward_undoes_inverse_from_afar(pitch: float, roll: float) -> None:
    motors, jacobian = SKEWED.motors(pitch, roll)
    joints = SKEWED.joints(*motors)
    assert joints.position == pytest.approx((pitch, roll), abs=1e-12)
    assert joints.jacobian == pytest.approx(jacobian, abs=2e-8)


@given(pitches, rolls)
def test_the_jacobian_is_the_derivative(pitch: float, roll: float) -> None:
    step = 1e-5
    by_pitch, by_roll = (
        (np.array(SKEWED.motors(*ahead).position) - SKEWED.motors(*behind).position) / (2.0 * step)
        for ahead, behind in (
            ((pitch + step, roll), (pitch - step, roll)),
            ((pitch, roll + step), (pitch, roll - step)),
        )
    )
    jacobian = np.array(SKEWED.motors(pitch, roll).jacobian).reshape(2, 2)
    assert np.column_stack([by_pitch, by_roll]) == pytest.approx(jacobian, abs=1e-8)


@pytest.mark.parametrize("pitch", [-1.2, -0.4, 0.0, 0.7])
def test_motors_of_a_parallelogram_turn_as_the_pitch_joint_does(pitch: float) -> None:
    assert parallelogram().motors(pitch, 0.0).position == pytest.approx((pitch, pitch), abs=1e-14)


def test_roll_moves_the_motors_of_a_parallelogram_by_the_ratio_of_its_arms() -> None:
    assert parallelogram().motors(0.0, 0.0).jacobian == pytest.approx((1.0, 0.6, 1.0, -0.6), abs=1e-14)


@given(pitches, rolls, numbers, numbers, numbers, numbers)
def test_power_is_that_of_the_motors(
    pitch: float, roll: float, speed: float, speed_too: float, torque: float, torque_too: float
) -> None:
    jacobian = SKEWED.motors(pitch, roll).jacobian
    motors, joints = jacobian.motor_velocity(speed, speed_too), jacobian.joint_torque(torque, torque_too)
    scale = 1.0 + sum(map(abs, motors)) * (abs(torque) + abs(torque_too))
    assert abs(np.dot(motors, (torque, torque_too)) - np.dot(joints, (speed, speed_too))) < 1e-13 * scale
    assert jacobian.joint_velocity(*motors) == pytest.approx((speed, speed_too), abs=1e-10)
    assert jacobian.motor_torque(*joints) == pytest.approx((torque, torque_too), abs=1e-10)


@given(pitches, rolls, st.floats(0.0, 500.0), st.floats(0.0, 500.0))
def test_gains_go_by_both_sides_of_the_jacobian(pitch: float, roll: float, stiff: float, stiff_too: float) -> None:
    jacobian = SKEWED.motors(pitch, roll).jacobian
    matrix = np.linalg.inv(np.array(jacobian).reshape(2, 2))
    full = matrix.T @ np.diag([stiff, stiff_too]) @ matrix
    first, second, between = jacobian.motor_gains(stiff, stiff_too)
    assert np.array([[first, between], [between, second]]) == pytest.approx(full, rel=1e-9, abs=1e-9)


@given(st.tuples(*[st.floats(-3.0, 3.0)] * 4))
def test_the_condition_is_that_of_the_singular_values(entries: tuple[float, float, float, float]) -> None:
    jacobian = Jacobian(*entries)
    if abs(jacobian.determinant) < 1e-3:
        return
    greatest, least = np.linalg.svd(np.array(entries).reshape(2, 2), compute_uv=False)
    assert jacobian.condition == pytest.approx(greatest / least, rel=1e-5)


def test_a_singular_matrix_has_no_finite_condition() -> None:
    assert Jacobian(1.0, 1.0, 1.0, 1.0).condition == float("inf")


def test_what_a_rod_does_not_reach_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"'parallelogram': at pitch -1.571 and roll 1.571 rad rod \d of 0.\d+ m does not"
    ):
        parallelogram().motors(-pi / 2.0, pi / 2.0)


@pytest.mark.parametrize("motors", [(2.0, -2.0), (0.0, 3.1), (float("nan"), 0.0), (float("inf"), 0.0)])
def test_motors_whose_loops_do_not_close_are_refused(motors: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="'parallelogram': no pitch and roll belong to motors"):
        parallelogram().joints(*motors)


def test_a_lost_start_does_not_lose_the_joints() -> None:
    motors = parallelogram().motors(0.3, -0.2).position
    assert parallelogram().joints(*motors, (2.9, 1.4)).position == pytest.approx((0.3, -0.2), abs=1e-12)


GOOD = CrankRod((0.0, 0.03, 0.2), 0.05, pi, (-0.05, 0.03, 0.0))


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (CrankRod((0.0, -0.03, 0.2), 0.05, pi / 2.0, (0.0, -0.03, 0.0)), "crank 2 is in line with its rod"),
        (CrankRod((0.0, 0.03, 0.1), 0.05, pi, (-0.05, 0.03, 0.0)), "cannot move pitch and roll apart"),
        (CrankRod((0.0, -0.03, 0.2), 0.0, pi, (-0.05, -0.03, 0.0)), "crank 2 has radius 0 m"),
        (CrankRod((0.0, -0.03, 0.2), 0.05, float("nan"), (-0.05, -0.03, 0.0)), "crank 2 has a number that is not"),
        (CrankRod((0.05, -0.03, 0.0), 0.05, 0.0, (0.1, -0.03, 0.0)), "rod 2 has no length"),
    ],
)
def test_a_mechanism_that_cannot_work_is_refused(second: CrankRod, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Linkage("bad", (GOOD, second))


def test_joints_beyond_a_singularity_are_another_assembly() -> None:
    beyond = (-0.5, 1.5)
    motors, jacobian = SKEWED.motors(*beyond)
    assert not SKEWED.is_front(jacobian)
    try:
        joints = SKEWED.joints(*motors, beyond)
    except ValueError:
        return
    assert SKEWED.is_front(joints.jacobian)
    assert SKEWED.motors(*joints.position).position == pytest.approx(motors, abs=1e-9)


def test_cranks_beyond_the_line_of_their_rods_are_another_assembly() -> None:
    mirrored = []
    for crank in parallelogram().cranks:
        dx, dz = crank.anchor[0] - crank.centre[0], crank.anchor[2] - crank.centre[2]
        motor = 2.0 * (atan2(-dz, dx) - crank.angle)
        assert rod_length(crank, motor, 0.0, 0.0) == pytest.approx(crank.rod)
        mirrored.append(motor)
    with pytest.raises(ValueError, match="no pitch and roll belong to motors"):
        parallelogram().joints(mirrored[0], mirrored[1])
