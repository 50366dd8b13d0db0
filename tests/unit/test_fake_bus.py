"""The fake bus: joints that follow by the documented law, and a body at rest."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import FakeBus, JointCommand, Reason
from robot.command import Array

PERIOD = 0.002
TIME_CONSTANT = 0.02
START = np.array([0.1, -0.2])


def fake(position_pelvis_in_world: Array | None = None) -> FakeBus:
    return FakeBus(START, period=PERIOD, time_constant=TIME_CONSTANT, position_pelvis_in_world=position_pelvis_in_world)


def go_to(position: Array, *, stiffness: float = 100.0) -> JointCommand:
    zero = np.zeros_like(position)
    return JointCommand(0.0, position, zero, zero, np.full_like(position, stiffness), zero)


@given(ticks=st.integers(1, 60), target=st.floats(-3.0, 3.0))
def test_joints_follow_a_step_exponentially(ticks: int, target: float) -> None:
    goal = np.array([target, -target])
    with fake() as bus:
        for _ in range(ticks):
            state, _ = bus.exchange(go_to(goal))
    left = math.exp(-ticks * PERIOD / TIME_CONSTANT)
    assert state.time == pytest.approx(ticks * PERIOD)
    np.testing.assert_allclose(state.joint_position, goal + (START - goal) * left, atol=1e-12)
    np.testing.assert_allclose(state.joint_velocity, (goal - START) * left / TIME_CONSTANT, atol=1e-10)


def test_a_joint_without_stiffness_stands_still() -> None:
    with fake() as bus:
        state, _ = bus.exchange(go_to(START + 1.0, stiffness=0.0))
    np.testing.assert_array_equal(state.joint_position, START)
    np.testing.assert_array_equal(state.joint_velocity, 0.0)


def test_the_drives_report_the_feed_forward_torque() -> None:
    torque = np.array([3.0, -4.0])
    with fake() as bus:
        state, _ = bus.exchange(dataclasses.replace(go_to(START), torque=torque))
    np.testing.assert_array_equal(state.joint_torque, torque)


def test_a_stop_holds_the_joints_where_they_are() -> None:
    with fake() as bus:
        before, _ = bus.exchange(go_to(START + 1.0))
        bus.stop()
        state, applied = bus.exchange(go_to(START + 1.0))
    np.testing.assert_array_equal(state.joint_position, before.joint_position)
    assert np.all(applied.reasons == Reason.STOPPED)


def test_opening_again_goes_back_to_the_start() -> None:
    with fake() as bus:
        bus.exchange(go_to(START + 1.0))
        state = bus.open()
    assert state.time == 0.0
    np.testing.assert_array_equal(state.joint_position, START)


def test_the_body_is_at_rest_and_upright() -> None:
    with fake() as bus:
        state, _ = bus.exchange(go_to(START))
    for imu in (state.pelvis_imu, state.torso_imu):
        np.testing.assert_array_equal(imu.orientation_imu_in_world, [0.0, 0.0, 0.0, 1.0])
        np.testing.assert_array_equal(imu.angular_velocity_imu_in_imu, 0.0)
        np.testing.assert_allclose(imu.specific_force_imu_in_imu, [0.0, 0.0, 9.81], rtol=1e-15)


def test_localisation_is_granted_on_demand() -> None:
    with fake() as bus:
        assert bus.exchange(go_to(START)).state.localization is None
    with fake(np.array([1.0, 2.0, 0.7])) as bus:
        state, _ = bus.exchange(go_to(START))
    assert state.localization is not None
    assert state.localization.stamp == state.time
    np.testing.assert_array_equal(state.localization.position_pelvis_in_world, [1.0, 2.0, 0.7])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joint_position": np.zeros((2, 2))}, r"joint_position has shape \(2, 2\)"),
        ({"period": 0.0}, r"period is 0\.0 s"),
        ({"time_constant": math.nan}, r"time_constant is nan s"),
        ({"stop_damping": -1.0}, r"stop_damping is -1\.0"),
        ({"position_pelvis_in_world": np.zeros(2)}, r"position_pelvis_in_world has shape \(2,\)"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(change: dict[str, object], message: str) -> None:
    right: dict[str, object] = {"joint_position": START}
    with pytest.raises(ValueError, match=message):
        FakeBus(**(right | change))  # type: ignore[arg-type]
