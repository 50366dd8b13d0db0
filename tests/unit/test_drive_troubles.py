"""Drives that fail: supply, plug, encoder, temperature, and the guard of a supply; real frames, a held body."""

from dataclasses import replace

import can
import numpy as np
import pytest

from robot import JointCommand
from robot.drivers import Power
from scenarios.committed import load_robot
from scenarios.wiring import load_wiring
from sim.drive_faults import DriveFault, DriveFaults, DriveTrouble
from tests.unit.held_body import PERIOD, HeldBody

MODEL = load_robot()
WIRING = load_wiring(MODEL)
KNEE = MODEL.index("left_knee_joint")
ZERO = np.zeros(MODEL.size)
REST = np.clip(ZERO, MODEL.limits.lower, MODEL.limits.upper)


def hold(away=0.0):
    return JointCommand(0.0, REST + away, ZERO, ZERO, MODEL.drives.stiffness, MODEL.drives.damping)


def held(trouble, begin, end, **changes):
    """A held body that follows a command, in whose left knee something goes wrong."""
    body = HeldBody(MODEL, WIRING, REST, first=hold(), name=trouble.value)
    fault = DriveFault(trouble, (KNEE,), begin, end, **changes)
    body.drives._troubles = DriveFaults([fault], body.drives.drives, body.drives.windings)
    return body


def test_a_drive_that_loses_its_supply_is_silent_and_comes_back_off():
    with held(DriveTrouble.NO_SUPPLY, 1.0, 1.2) as body:
        body.host.open()
        while body.now() < 1.25:
            state = body.host.exchange(hold(0.05)).state
            if 1.05 < state.time < 1.2:
                assert state.drives.age[KNEE] > 0.04
                assert abs(body.torque[KNEE]) < 1e-6
        drive = body.drives.drives[KNEE]
        assert drive.power is Power.OFF
        assert state.drives.age[KNEE] <= PERIOD
        assert KNEE not in body.drives.pushing
        assert len(body.drives.pushing) == MODEL.size - 1


def test_a_drive_off_its_bus_goes_on_with_what_it_heard_last():
    with held(DriveTrouble.OFF_THE_BUS, 1.0, 1.2) as body:
        body.host.open()
        while body.now() < 1.0 - 0.5 * PERIOD:
            body.host.exchange(hold(0.05))
        while body.now() < 1.15:
            state = body.host.exchange(hold(0.0)).state
        assert state.drives.age[KNEE] > 0.1
        assert body.drives.drives[KNEE].following.position == pytest.approx(REST[KNEE] + 0.05, abs=1e-3)
        while body.now() < 1.22:
            state = body.host.exchange(hold(0.0)).state
        assert state.drives.age[KNEE] <= PERIOD


def test_a_stuck_encoder_says_the_same_for_a_joint_that_moves():
    with held(DriveTrouble.STUCK_ENCODER, 1.0, 9.0) as body:
        body.host.open()
        while body.now() < 1.1:
            body.host.exchange(hold())
        body.joints.position[KNEE] += 0.5
        for _ in range(20):
            state = body.host.exchange(hold()).state
        assert state.joint_position[KNEE] == pytest.approx(REST[KNEE], abs=1e-3)
        assert abs(state.joint_velocity[KNEE]) < 0.02  # half a grain of the frame


def test_a_winding_that_is_hot_switches_its_drive_off():
    with held(DriveTrouble.HOT, 1.0, 9.0, temperature=150.0) as body:
        body.host.open()
        while body.now() < 1.05:
            state = body.host.exchange(hold(0.05)).state
        assert body.drives.drives[KNEE].power is Power.FAULT
        assert state.drives.motor_temperature[KNEE] > 140.0


def test_a_guard_opens_the_supply_when_the_host_falls_silent_and_not_before():
    guarded = replace(WIRING, buses=tuple(replace(bus, supply_guard=0.05) for bus in WIRING.buses))
    with HeldBody(MODEL, guarded, REST, first=hold(), name="guard") as body:
        body.host.open()
        for _ in range(100):
            body.host.exchange(hold(0.05))
        assert len(body.drives.pushing) == MODEL.size
        died = body.now()
        body.wait_until(died + 0.046)
        assert len(body.drives.pushing) == MODEL.size
        body.wait_until(died + 0.056)
        assert body.drives.pushing == []
        body.host.exchange(hold(0.05))
        body.wait_until(body.now() + 0.01)
        assert body.drives.pushing == []  # it stays open


def test_a_bus_that_takes_no_frames_does_not_keep_the_others_from_being_commanded():
    with HeldBody(MODEL, WIRING, REST, first=hold(), name="off") as body:
        body.host.open()
        port = body.host._ports[0]

        def refuse(msg, timeout=None):
            raise can.CanOperationError("bus-off")

        port._link.send = refuse
        for _ in range(10):
            state = body.host.exchange(hold(0.05)).state
        on_it = list(WIRING.on(port.name))
        assert (state.drives.age[on_it] > 0.015).all()
        assert (np.delete(state.drives.age, on_it) <= PERIOD).all()
        assert body.host.unsent == 10 * len(on_it)


def test_an_interface_that_takes_nothing_is_named_when_the_bus_is_opened():
    def mute(bus):
        link = HeldBody.link(body, bus)
        if bus.name == "left_leg":

            def refuse(msg, timeout=None):
                raise can.CanOperationError("bus-off")

            link.send = refuse
        return link

    with HeldBody(MODEL, WIRING, REST, first=hold(), name="mute") as body:
        body.host._link = mute
        message = r"'left_hip_pitch_joint' \(1\) does not reply \(its interface did not take \d+ frames\)"
        with pytest.raises(ValueError, match=message):
            body.host.open()
