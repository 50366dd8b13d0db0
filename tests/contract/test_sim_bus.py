"""The simulation as a bus: what every bus promises, and that a command takes one control period to arrive.

The promises are those of `test_bus.py`, by the same tests; only that a command is applied in the exchange that
brings it is no promise of a bus with a delay, so that one is asked here in its own way.
"""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from robot import Bus, GuardedBus, JointCommand, Reason, RobotState
from robot.safety.modes import RobotMode
from robot.safety.supervised_bus import SupervisedBus
from scenarios.assembly import assemble, load_robot
from scenarios.loader import load
from scenarios.safety import supervision
from scenarios.wiring import load_wiring
from sim.sim_bus import SimBus
from tests.contract.test_bus import (
    hold,
    opened,
    test_a_closed_bus_exchanges_nothing,
    test_a_command_of_the_wrong_shape_is_refused_by_name,
    test_a_stop_damps_every_joint_until_the_bus_is_opened_again,
    test_an_error_inside_closes_the_bus_and_goes_on,
    test_an_exchange_changes_neither_the_command_nor_an_earlier_state,
    test_closing_twice_does_nothing,
    test_states_are_whole,
    test_the_clock_goes_on_by_one_period_an_exchange,
)

__all__ = [
    "opened",
    "test_a_closed_bus_exchanges_nothing",
    "test_a_command_of_the_wrong_shape_is_refused_by_name",
    "test_a_stop_damps_every_joint_until_the_bus_is_opened_again",
    "test_an_error_inside_closes_the_bus_and_goes_on",
    "test_an_exchange_changes_neither_the_command_nor_an_earlier_state",
    "test_closing_twice_does_nothing",
    "test_states_are_whole",
    "test_the_clock_goes_on_by_one_period_an_exchange",
]

FIELDS = ("position", "velocity", "torque", "stiffness", "damping")


@pytest.fixture(scope="module")
def guarded() -> Bus:
    """The bus of `ride_straight`, with senses that do not err, so that states can be compared."""
    return assemble(load("ride_straight", ["senses.noise_scale=0"]), seed=0).bus


@pytest.fixture(params=["sim", "guarded sim"])
def bus(request: pytest.FixtureRequest, guarded: Bus) -> Iterator[Bus]:
    """The simulation alone, and behind the guard as every ride has it; not opened."""
    inner = guarded._bus  # type: ignore[attr-defined]
    assert isinstance(inner, SimBus)
    yield inner if request.param == "sim" else guarded
    guarded.close()


def kick(state: RobotState) -> JointCommand:
    """The same command with a torque on every joint, within the weakest drive's 2 Nm."""
    return dataclasses.replace(hold(state), torque=np.full_like(state.joint_position, 1.5))


def states_after(bus: Bus, *commands: str) -> list[RobotState]:
    """States of a fresh world under commands, one an exchange."""
    state = bus.open()
    states = []
    for command in commands:
        state, _ = bus.exchange(kick(state) if command == "kick" else hold(state))
        states.append(state)
    return states


def test_a_command_has_no_effect_in_the_exchange_that_brings_it(bus: Bus) -> None:
    held, kicked = states_after(bus, "hold"), states_after(bus, "kick")
    np.testing.assert_array_equal(held[-1].joint_position, kicked[-1].joint_position)
    np.testing.assert_array_equal(held[-1].joint_velocity, kicked[-1].joint_velocity)


def test_a_command_has_its_effect_in_the_next_exchange(bus: Bus) -> None:
    held, kicked = states_after(bus, "hold", "hold"), states_after(bus, "kick", "hold")
    # 1.5 Nm for 2 ms on a limb of some 0.1 kg·m² is some 0.03 rad/s; gripping hands and the saddle hold a few joints.
    moved = np.abs(held[-1].joint_velocity - kicked[-1].joint_velocity)
    assert np.median(moved) > 0.003


def test_what_was_applied_is_the_command_of_the_exchange_before(bus: Bus) -> None:
    state = bus.open()
    first, second = kick(state), hold(state)
    bus.exchange(first)
    _, applied = bus.exchange(second)
    assert not applied.reasons.any()
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(applied.command, field), getattr(first, field))


def test_until_the_first_command_arrives_the_rider_holds_on(bus: Bus) -> None:
    """What the drives follow meanwhile holds up the arms and closes the hands: it is no zero command."""
    _, applied = bus.exchange(hold(bus.open()))
    assert np.all(applied.command.stiffness > 0)
    assert not applied.reasons.any()


def test_a_stop_reaches_the_drives_at_once(bus: Bus) -> None:
    """Safety does not wait for the command that is on its way."""
    state = bus.open()
    bus.exchange(kick(state))
    bus.stop()
    _, applied = bus.exchange(hold(state))
    np.testing.assert_array_equal(applied.command.torque, 0.0)
    np.testing.assert_array_equal(applied.command.stiffness, 0.0)


def test_every_opening_starts_the_same_world(bus: Bus) -> None:
    runs = [states_after(bus, "hold", "kick", "hold", "hold") for _ in range(2)]
    for first, second in zip(*runs, strict=True):
        np.testing.assert_array_equal(first.joint_position, second.joint_position)
        np.testing.assert_array_equal(
            first.pelvis_imu.specific_force_imu_in_imu, second.pelvis_imu.specific_force_imu_in_imu
        )


def test_every_opening_has_the_same_noise() -> None:
    """A run is its scenario and its seed, however often its bus was opened before."""
    noisy = assemble(load("ride_straight"), seed=0).bus
    first, second = (noisy.open().joint_position for _ in range(2))
    noisy.close()
    np.testing.assert_array_equal(first, second)


def test_a_control_period_is_two_milliseconds_of_physics(bus: Bus) -> None:
    state = bus.open()
    after, _ = bus.exchange(hold(state))
    assert after.time - state.time == pytest.approx(0.002)


def test_the_world_of_a_closed_bus_is_not_to_be_had(guarded: Bus) -> None:
    inner = guarded._bus  # type: ignore[attr-defined]
    inner.open()
    inner.close()
    with pytest.raises(RuntimeError, match="closed"):
        _ = inner.world


def test_the_drives_say_how_warm_they_are_and_that_they_are_in_order(bus: Bus) -> None:
    first = bus.open().drives
    state = states_after(bus, *["kick"] * 20)[-1]
    assert first is not None
    assert state.drives is not None
    assert np.all(first.motor_temperature == first.motor_temperature[0])
    assert np.all(state.drives.motor_temperature >= first.motor_temperature)
    assert state.drives.motor_temperature.max() > first.motor_temperature.max()
    assert not state.drives.fault.any()
    assert not state.drives.age.any()


def test_the_body_is_switched_on_without_a_fault_and_held(guarded: Bus) -> None:
    """The safety layer on the true body: READY for a tenth of a second, with the limits of its file."""
    assert isinstance(guarded, GuardedBus)
    model = load_robot()
    buses = tuple(wire.bus for wire in load_wiring(model).wires)
    safe = SupervisedBus(guarded, supervision(model, 0.002, buses, expendable=("*_wrist_*",)))
    state = safe.open()
    for mode in (RobotMode.DAMPING, RobotMode.READY):
        safe.request(mode)
        state, _ = safe.exchange(hold(state))
    for _ in range(50):
        state, applied = safe.exchange(hold(state))
    assert safe.mode is RobotMode.READY
    assert safe.machine.faults == ()
    assert np.all(applied.reasons == Reason.MODE | Reason.STAGED)
    np.testing.assert_allclose(applied.command.stiffness, model.drives.stiffness * 0.1, rtol=0.05)
    safe.close()
