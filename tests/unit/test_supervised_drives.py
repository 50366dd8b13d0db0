"""The safety layer over real frames: modes switch virtual drives on and off, and nothing jumps."""

import numpy as np
import pytest

from robot import JointCommand
from robot.drivers import Power
from robot.safety.modes import RobotMode
from robot.safety.supervised_bus import SupervisedBus
from scenarios.committed import load_robot
from scenarios.safety import guarded, supervision
from scenarios.wiring import load_wiring
from tests.unit.held_body import PERIOD, HeldBody

MODEL = load_robot()
WIRING = load_wiring(MODEL)
REST = np.clip(np.linspace(-0.2, 0.2, MODEL.size), MODEL.limits.lower, MODEL.limits.upper)
ZERO = np.zeros(MODEL.size)


@pytest.fixture
def robot():
    """A held body with drives that are off, and the supervised bus before it."""
    with HeldBody(MODEL, WIRING, REST, name="supervised") as held:
        settings = supervision(MODEL, PERIOD, tuple(wire.bus for wire in WIRING.wires))
        yield held, SupervisedBus(guarded(held.host, MODEL), settings, switch=held.host)


def command(time, away=0.0):
    drives = MODEL.drives
    return JointCommand(time, REST + away, ZERO, ZERO, drives.stiffness, drives.damping)


def mode(bus):
    return bus.mode


def powers(held):
    return {drive.power for drive in held.drives.drives}


def test_modes_switch_the_drives_on_without_a_jump(robot):
    held, bus = robot
    state = bus.open()
    assert mode(bus) is RobotMode.IDLE
    assert powers(held) == {Power.OFF}
    bus.request(RobotMode.DAMPING)
    for _ in range(5):
        state, _ = bus.exchange(command(state.time, 0.1))
    assert powers(held) == {Power.ON}
    bus.request(RobotMode.READY)
    state, _ = bus.exchange(command(state.time, 0.1))
    assert mode(bus) is RobotMode.READY
    bus.request(RobotMode.ACTIVE)
    highest = []
    for _ in range(600):
        state, _ = bus.exchange(command(state.time, 0.1))
        highest.append(float(np.abs(held.torque).max()))
    assert mode(bus) is RobotMode.ACTIVE
    assert np.diff(highest).max() < 1.5  # [Nm] in 2 ms: it comes in by degrees
    assert highest[-1] == pytest.approx(0.1 * MODEL.drives.stiffness.max(), abs=0.2)  # and comes in


def test_an_emergency_stop_damps_and_idle_opens_the_loops(robot):
    held, bus = robot
    state = bus.open()
    bus.request(RobotMode.DAMPING)
    for _ in range(5):
        state, _ = bus.exchange(command(state.time))
    bus.request(RobotMode.READY)
    state, _ = bus.exchange(command(state.time))
    bus.emergency_stop()
    for _ in range(3):
        state, _ = bus.exchange(command(state.time))
    assert mode(bus) is RobotMode.FAULT
    assert max(drive.following.stiffness for drive in held.drives.drives) == 0.0
    bus.release_emergency_stop()
    assert bus.clear() == ()
    bus.request(RobotMode.IDLE)
    for _ in range(3):
        state, _ = bus.exchange(command(state.time))
    assert powers(held) == {Power.OFF}


def test_a_damiao_drive_that_fell_silent_is_a_fault_that_can_be_cleared(robot):
    """The host misses 120 ms: the drives' own watchdogs trip, and the layer sees it in their replies."""
    held, bus = robot
    state = bus.open()
    bus.request(RobotMode.DAMPING)
    for _ in range(5):
        state, _ = bus.exchange(command(state.time))
    held.wait_until(held.now() + 0.12)
    for _ in range(5):
        state, _ = bus.exchange(command(state.time))
    assert mode(bus) is RobotMode.FAULT
    bus.clear()
    for _ in range(5):
        state, _ = bus.exchange(command(state.time))
    assert bus.clear() == ()
    for _ in range(5):
        state, _ = bus.exchange(command(state.time))
    assert powers(held) == {Power.ON}
