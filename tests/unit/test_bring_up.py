"""From drives that are off to a controller that commands: who is asked again, and what is said if nothing comes."""

import pytest

from robot.drive_status import POWERS
from robot.drivers import Power
from robot.safety.modes import RobotMode
from scenarios.realtime.bring_up import DONE, BringUp
from tests.unit.faulty_bus import Rig


@pytest.fixture
def rig():
    return Rig()


def go_on(rig, up, most=2000):
    for _ in range(most):
        rig.tick()
        if not up(rig.state):
            return
    raise AssertionError("it goes on for ever")


def test_it_goes_on_as_long_as_it_was_asked_to(rig):
    up = BringUp(rig.bus, 20)
    go_on(rig, up)
    assert up.why == DONE
    assert rig.mode() is RobotMode.ACTIVE
    assert rig.drives.asked == ["enable"]


def test_a_drive_that_its_watchdog_switched_off_before_it_was_ready_is_asked_again(rig, monkeypatch):
    enable = rig.drives.enable

    def deaf_once():
        enable()
        if len(rig.drives.asked) == 1:
            rig.drives.power[2] = POWERS.index(Power.OFF)

    monkeypatch.setattr(rig.drives, "enable", deaf_once)
    up = BringUp(rig.bus, 20)
    go_on(rig, up)
    assert up.why == DONE
    assert rig.mode() is RobotMode.ACTIVE
    assert rig.drives.asked.count("enable") == 2


def test_drives_that_stay_off_are_named(rig, monkeypatch):
    monkeypatch.setattr(rig.drives, "enable", lambda: None)
    up = BringUp(rig.bus, 20, patience=100)
    go_on(rig, up)
    assert up.why == "still in mode DAMPING, and 4 drives are not on: those of joints 0, 1, 2, 3"


def test_a_fault_ends_it(rig):
    up = BringUp(rig.bus, 20)
    rig.bus.emergency_stop()
    go_on(rig, up)
    assert up.why.startswith("mode FAULT: ")
