"""Rides and steps through frames on CAN buses, with the project's own controllers."""

import numpy as np
import pytest

from robot import JointCommand
from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride
from sim.can_sim_bus import CanSimBus


def ridden(name, *changes, seed=0):
    return ride(load(name, ["bus=can", *changes]), seed, lambda *_: None, assemble=assemble)


def can_bus(built):
    """The CAN bus of a run, behind its guard."""
    bus = built.bus._bus
    assert isinstance(bus, CanSimBus)
    return bus


@pytest.fixture(scope="module")
def on_can():
    return ridden("ride_lane_change", "duration=3")


def test_a_short_ride_keeps_its_course(on_can):
    metrics = compute(on_can.log, on_can.context)
    assert on_can.end == "out of time"
    assert on_can.seconds == 3.0
    assert metrics["falls"] == 0
    assert metrics["path_error_max"] < 0.05


def test_the_same_ride_has_the_same_bits(on_can):
    assert ridden("ride_lane_change", "duration=3").log.state_hash() == on_can.log.state_hash()


def test_frames_make_a_difference(on_can):
    """If they did not, something else than frames would reach the physics."""
    scenario = load("ride_lane_change", ["duration=3"])
    assert ride(scenario, 0, lambda *_: None, assemble=assemble).log.state_hash() != on_can.log.state_hash()


@pytest.mark.parametrize("fault", ["dropped", "duplicated", "delayed"])
def test_one_frame_of_a_hundred_may_go_wrong_on_a_ride(fault):
    found = ridden("ride_lane_change", "duration=3", f"can.faults.{fault}=0.01")
    metrics = compute(found.log, found.context)
    assert found.end == "out of time"
    assert metrics["falls"] == 0
    assert metrics["path_error_max"] < 0.10


def test_a_start_through_frames_keeps_the_bars_calm():
    """The trunk bears what the lifted foot asks of it: pitch and roll of the waist at once, by two motors."""
    found = ridden("restart_hill", "duration=2.6")
    assert found.end == "out of time"
    steer = found.log["truth_steer"][600:]
    assert np.sqrt((np.diff(steer) ** 2).mean()) / 0.002 < 1.6


def test_it_stands_through_frames():
    found = ridden("stand_quiet", "duration=2")
    assert found.end == "out of time"
    assert compute(found.log, found.context)["falls"] == 0


def test_the_physics_hears_nothing_but_frames():
    built = assemble(load("ride_straight", ["bus=can"]), 0)
    with built.bus as bus:
        world, drives = can_bus(built).world, can_bus(built).drives
        zero = np.zeros(world.model.size)
        with pytest.raises(RuntimeError, match="frames of their buses alone"):
            world.advance(JointCommand(0.0, zero, zero, zero, zero, zero))
        with pytest.raises(RuntimeError, match="frames of their buses alone"):
            world.sense()
        state, _ = bus.exchange(JointCommand(0.0, world.robot.position.copy(), zero, zero, zero + 20.0, zero + 1.0))
        assert all(traffic.frames > 0 for traffic in drives.traffic.values())
        assert state.time == 0.002


def test_a_dead_controller_leaves_each_drive_to_its_own_watchdog():
    """On a ride, in the middle: nothing is sent any more, and the world goes on."""
    built = assemble(load("ride_straight", ["bus=can"]), 0)
    state = built.bus.open()
    try:
        built.controller.reset(state)
        for _ in range(50):
            state, _ = built.bus.exchange(built.controller.step(state))
        world, drives = can_bus(built).world, can_bus(built).drives
        for _ in range(52):
            world.pass_period()
        watched = [drive for drive in drives.drives if drive.silence is not None]
        assert len(watched) == 8
        assert all(drive.following == (0.0, 0.0, 0.0, 0.0, 0.0) for drive in watched)
    finally:
        built.bus.close()


def test_opening_anew_is_the_same_as_before():
    built = assemble(load("ride_straight", ["bus=can"]), 0)
    states = []
    for _ in range(2):
        with built.bus as bus:
            states.append(bus.open())
    assert states[0].time == states[1].time == 0.0
    assert np.array_equal(states[0].joint_position, states[1].joint_position)


def test_a_body_that_the_wiring_file_is_not_of_is_refused():
    with pytest.raises(ValueError, match="wiring file"):
        assemble(load("other_body", ["bus=can"]), 0)
