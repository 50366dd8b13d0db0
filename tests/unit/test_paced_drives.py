"""Virtual drives by the clock: they keep its pace, and time in which nobody let them run is lost, not made up for."""

from dataclasses import replace

import can
import numpy as np
import pytest

from robot.drivers import DriveSetpoint, Power, Special
from robot.drivers.can_message import to_message
from scenarios.committed import load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.harmless import for_virtual_drives
from scenarios.drives.paced import STEP, PacedDrives
from scenarios.drives.rewiring import rewired
from scenarios.drives.udp_link import channel_of
from scenarios.errors import BadInput
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.wiring import load_wiring
from tests.unit.fake_timer import FakeTimer

MODEL = load_robot()
DAMIAO = MODEL.index("head_yaw_joint")


@pytest.fixture
def paced(request):
    timer = FakeTimer()
    wiring = load_wiring(MODEL)
    buses = tuple(replace(bus, interface="virtual", channel=f"{request.node.name}-{bus.name}") for bus in wiring.buses)
    drives = PacedDrives(MODEL, replace(wiring, buses=buses), MonotonicClock(timer))
    yield timer, drives
    drives.close()


def host(drives, name):
    bus = drives._wiring.bus(name)
    return can.Bus(bus.channel, interface="virtual", protocol=can.CanProtocol.CAN_FD)


def test_the_drives_keep_the_clocks_pace(paced):
    timer, drives = paced
    began = timer.time
    for _ in range(100):
        timer.work(0.0007)
        drives.step()
    assert drives.time == pytest.approx(0.1)
    assert (timer.time - began) * 1e-9 == pytest.approx(0.1, abs=1e-9)
    assert drives.lost == 0.0


def test_a_little_lateness_is_made_up_for_and_a_stall_is_not(paced):
    timer, drives = paced
    began = timer.time
    drives.step()
    timer.work(0.005)
    for _ in range(10):
        drives.step()
    assert (timer.time - began) * 1e-9 == pytest.approx(0.011)
    assert drives.lost == 0.0
    timer.work(0.3)
    stalled = timer.time
    for _ in range(10):
        drives.step()
    assert drives.lost == pytest.approx(0.299, abs=1e-6)
    assert drives.time == pytest.approx(0.021)
    assert drives.time_at(began) == pytest.approx(0.0, abs=1e-9)
    assert drives.time_at(began + 5_000_000) == pytest.approx(0.005)
    assert drives.time_at(stalled - 100_000_000) == pytest.approx(0.012, abs=1e-6)  # within the stall
    assert drives.time_at(timer.time) == pytest.approx(drives.time, abs=1e-6)


def test_a_stall_of_the_drives_own_process_trips_no_watchdog(paced):
    timer, drives = paced
    (codec,) = [one for one in drives._wiring.codecs("left_arm") if one.drive == drives._wiring.wires[DAMIAO].id]
    with host(drives, "left_arm") as link:
        for frame in codec.special(Special.ENABLE):
            link.send(to_message(frame))
        drives.step()
        assert drives.drives.drives[DAMIAO].power is Power.ON
        for frame in codec.special(Special.DISABLE):
            link.send(to_message(frame))  # while nobody is there
        timer.work(5.0)
        for _ in range(90):
            drives.step()
        assert drives.drives.drives[DAMIAO].power is Power.ON
        for _ in range(20):
            drives.step()
        assert drives.drives.drives[DAMIAO].power is Power.FAULT


def test_diaries_tell_what_a_drive_went_through(paced):
    _, drives = paced
    name = drives._wiring.wires[DAMIAO].name
    (codec,) = [one for one in drives._wiring.codecs("left_arm") if one.drive == drives._wiring.wires[DAMIAO].id]
    setpoint = DriveSetpoint(0.1, 0.0, 0.0, 20.0, 1.0)
    news = []
    with host(drives, "left_arm") as link:
        for frames in (codec.special(Special.ENABLE), codec.command(setpoint).frames):
            for frame in frames:
                link.send(to_message(frame))
            news += drives.step()
        for _ in range(120):
            news += drives.step()
    assert [who for who, _ in news] == [name] * 3
    assert [change.power for _, change in news] == [Power.ON, Power.ON, Power.FAULT]
    diary = next(one for one in drives.diaries() if one.name == name)
    assert diary.changes[1:] == tuple(change for _, change in news)
    assert diary.changes[2].following.stiffness == pytest.approx(20.0, abs=0.1)
    assert diary.heard == pytest.approx(STEP, abs=STEP)
    assert diary.changes[3].time - diary.heard == pytest.approx(0.1, abs=2 * STEP)
    push = drives.joints.torque[DAMIAO]
    assert push == pytest.approx(0.0, abs=0.1)
    assert np.isfinite(drives.joints.torque).all()


def test_virtual_drives_do_not_go_onto_the_robots_own_buses():
    with pytest.raises(BadInput, match=r"bus left_leg: real drives may be on interface 'socketcan', channel 'can0'"):
        for_virtual_drives(Asked())
    with pytest.raises(BadInput, match="left_leg: real drives may be on interface 'socketcan'"):
        for_virtual_drives(Asked(interface="socketcan"))
    wiring = for_virtual_drives(Asked(bus="left_arm", interface="pcan", channel="PCAN_USBBUS1"))
    assert [bus.interface for bus in wiring.buses] == ["virtual", "virtual", "pcan", "virtual"]
    assert for_virtual_drives(Asked(bus="left_arm", interface="socketcan", channel="vcan3")).buses[2].channel == "vcan3"


def test_every_bus_over_udp_has_a_port_of_its_own():
    wiring = rewired(Asked(interface="udp_multicast"))
    assert [bus.channel for bus in wiring.buses] == [channel_of(number) for number in range(4)]
    with pytest.raises(BadInput, match="has several buses, and --channel is of one"):
        rewired(Asked(interface="udp_multicast", channel="239.74.163.2:5000"))
