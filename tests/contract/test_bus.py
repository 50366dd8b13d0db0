"""What every bus promises, asked of every bus."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from robot import Bus, FakeBus, GuardedBus, JointCommand, JointLimits, Reason, RobotState
from robot.safety import StartedBus, SupervisedBus, Supervision
from scenarios.safety import load_safety

COUNT = 4


def fake_bus() -> Bus:
    return FakeBus(np.linspace(-0.3, 0.3, COUNT))


def guarded_fake_bus() -> GuardedBus:
    limits = JointLimits(np.full(COUNT, -1.0), np.full(COUNT, 1.0), np.full(COUNT, 10.0), np.full(COUNT, 60.0))
    return GuardedBus(
        fake_bus(),
        limits,
        stiffness_max=np.full(COUNT, 200.0),
        damping_max=np.full(COUNT, 20.0),
        stop_damping=np.full(COUNT, 2.0),
    )


def started_fake_bus() -> Bus:
    safety = load_safety()
    guard, gentle = guarded_fake_bus(), np.full(COUNT, 2.0)
    settings = Supervision(safety.limits, safety.source, "planner", 0.002, 10.0 * gentle, gentle)
    pose, zero = np.linspace(-0.3, 0.3, COUNT), np.zeros(COUNT)
    first = JointCommand(0.0, pose, zero, zero, zero + 20.0, zero + 1.0)
    return StartedBus(SupervisedBus(guard, settings), guard.limits, first, apart=0.1)


@pytest.fixture(params=[fake_bus, guarded_fake_bus, started_fake_bus], ids=["fake", "guarded fake", "started fake"])
def bus(request: pytest.FixtureRequest) -> Bus:
    """A bus that has not been opened."""
    make: Callable[[], Bus] = request.param
    return make()


@pytest.fixture
def opened(bus: Bus) -> Iterator[tuple[Bus, RobotState]]:
    """An open bus and its first state."""
    yield bus, bus.open()
    bus.close()


def hold(state: RobotState) -> JointCommand:
    """Hold the joints where they are, gently."""
    zero = np.zeros_like(state.joint_position)
    return JointCommand(state.time, state.joint_position.copy(), zero, zero, zero + 20.0, zero + 1.0)


def numbers(state: RobotState) -> list[np.ndarray]:
    """Every array of a state."""
    arrays = [state.joint_position, state.joint_velocity, state.joint_torque]
    for imu in (state.pelvis_imu, state.torso_imu):
        arrays += [imu.orientation_imu_in_world, imu.angular_velocity_imu_in_imu, imu.specific_force_imu_in_imu]
    if state.localization is not None:
        arrays.append(state.localization.position_pelvis_in_world)
    return arrays


def test_states_are_whole(opened: tuple[Bus, RobotState]) -> None:
    bus, first = opened
    second, _ = bus.exchange(hold(first))
    for state in (first, second):
        count = state.joint_position.size
        assert state.joint_position.shape == state.joint_velocity.shape == state.joint_torque.shape == (count,)
        for imu in (state.pelvis_imu, state.torso_imu):
            assert np.linalg.norm(imu.orientation_imu_in_world) == pytest.approx(1.0)
            assert imu.orientation_imu_in_world.shape == (4,)
            assert imu.angular_velocity_imu_in_imu.shape == imu.specific_force_imu_in_imu.shape == (3,)
        for array in numbers(state):
            assert array.dtype == np.float64
            assert np.isfinite(array).all()


def test_the_clock_goes_on_by_one_period_an_exchange(opened: tuple[Bus, RobotState]) -> None:
    bus, state = opened
    times = [state.time]
    for _ in range(5):
        state, _ = bus.exchange(hold(state))
        times.append(state.time)
    steps = np.diff(times)
    assert np.all(steps > 0.0)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)


def test_a_harmless_command_is_applied_as_it_is(opened: tuple[Bus, RobotState]) -> None:
    bus, state = opened
    command = hold(state)
    _, applied = bus.exchange(command)
    assert applied.reasons.shape == state.joint_position.shape
    assert applied.reasons.dtype == np.uint16
    assert not applied.reasons.any()
    for field in ("position", "velocity", "torque", "stiffness", "damping"):
        np.testing.assert_array_equal(getattr(applied.command, field), getattr(command, field))


def test_an_exchange_changes_neither_the_command_nor_an_earlier_state(opened: tuple[Bus, RobotState]) -> None:
    bus, state = opened
    command = dataclasses.replace(hold(state), position=state.joint_position + 0.1)
    asked = dataclasses.replace(command, position=command.position.copy())
    felt = [array.copy() for array in numbers(state)]
    for _ in range(3):
        bus.exchange(command)
    np.testing.assert_array_equal(command.position, asked.position)
    for before, after in zip(felt, numbers(state), strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_stop_damps_every_joint_until_the_bus_is_opened_again(opened: tuple[Bus, RobotState]) -> None:
    bus, state = opened
    bus.stop()
    for _ in range(3):
        state, applied = bus.exchange(hold(state))
        assert np.all(applied.reasons & Reason.STOPPED)
        for field in ("stiffness", "velocity", "torque"):
            np.testing.assert_array_equal(getattr(applied.command, field), 0.0)
        assert np.all(applied.command.damping > 0.0)
    _, applied = bus.exchange(hold(bus.open()))
    assert not applied.reasons.any()


def test_a_command_of_the_wrong_shape_is_refused_by_name(opened: tuple[Bus, RobotState]) -> None:
    bus, state = opened
    right = hold(state)
    for field in ("position", "velocity", "torque", "stiffness", "damping"):
        for wrong in (np.zeros(1), np.zeros(state.joint_position.size + 1), np.zeros((1, 1))):
            change: dict[str, Any] = {field: wrong}
            with pytest.raises(ValueError, match=field):
                bus.exchange(dataclasses.replace(right, **change))
    _, applied = bus.exchange(right)
    assert not applied.reasons.any()


def test_a_closed_bus_exchanges_nothing(bus: Bus) -> None:
    with bus:
        command = hold(bus.open())
    with pytest.raises(RuntimeError, match="closed"):
        bus.exchange(command)


def test_closing_twice_does_nothing(bus: Bus) -> None:
    bus.open()
    bus.close()
    bus.close()


def test_an_error_inside_closes_the_bus_and_goes_on(bus: Bus) -> None:
    with pytest.raises(ZeroDivisionError), bus:
        command = hold(bus.open())
        raise ZeroDivisionError
    with pytest.raises(RuntimeError, match="closed"):
        bus.exchange(command)
