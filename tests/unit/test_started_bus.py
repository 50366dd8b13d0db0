"""A robot that is switched on when its bus is opened: modes, degrees, and what is refused."""

import numpy as np
import pytest

from robot import JointCommand
from robot.drive_status import FAULTS, POWERS
from robot.drivers import Fault, Power
from robot.safety import RobotMode, StartedBus
from tests.unit.faulty_bus import COUNT, HOLD, LIMITS, START, STOP_DAMPING, Rig, is_damping, whole_torque

ZERO = np.zeros(COUNT)


def started(rig, position=START, **changes):
    """A bus that starts the rig's supervised bus under a command at a position."""
    rig.bus.close()
    first = JointCommand(0.0, np.asarray(position), ZERO, ZERO, HOLD, STOP_DAMPING)
    return StartedBus(rig.bus, LIMITS, first, apart=changes.pop("apart", 0.1), **changes)


def test_it_is_active_when_it_is_open_and_the_first_command_came_in_by_degrees():
    rig = Rig(enable_time=0.1)
    bus = started(rig, START + 0.05)
    rig.drives.sent.clear()
    rig.drives.seen.clear()
    state = bus.open()
    assert bus.safe.mode is RobotMode.ACTIVE
    assert not bus.safe.staged
    assert is_damping(rig.drives.sent[0])
    torques = [whole_torque(sent, seen) for sent, seen in zip(rig.drives.sent, rig.drives.seen, strict=False)]
    assert np.abs(np.diff(torques, axis=0)).max() < 0.2
    np.testing.assert_array_equal(rig.drives.sent[-1].position, START + 0.05)
    assert state.time == rig.drives.seen[-1].time
    assert bus.exchange(rig.command(time=state.time, position=START + 0.05)).applied.reasons.tolist() == [0] * COUNT


def test_a_drive_that_missed_the_request_is_asked_again():
    rig = Rig(enable_time=0.02)
    bus = started(rig)
    enable = rig.drives.enable

    def once_deaf():
        enable()
        if rig.drives.asked.count("enable") == 1:
            rig.drives.power[2] = POWERS.index(Power.OFF)

    rig.drives.enable = once_deaf  # type: ignore[method-assign]
    bus.open()
    assert bus.safe.mode is RobotMode.ACTIVE
    assert rig.drives.asked.count("enable") == 2


def test_a_joint_that_is_not_where_the_first_command_has_it_is_named_and_nothing_holds():
    rig = Rig()
    bus = started(rig, START + np.array([0.0, 0.2, 0.0, 0.0]))
    rig.drives.sent.clear()
    with pytest.raises(ValueError, match=r"not switched on: knee says that it is at 0.500 rad, .* has it at 0.700 rad"):
        bus.open()
    assert rig.bus.mode is RobotMode.OFF
    assert all(is_damping(sent) for sent in rig.drives.sent)


def test_a_drive_with_a_fault_is_named():
    rig = Rig()
    bus = started(rig)
    rig.drives.fault[1] = FAULTS.index(Fault.ENCODER)
    with pytest.raises(ValueError, match=r"not switched on: .*DRIVE_FAULT at knee"):
        bus.open()
    assert rig.bus.mode is RobotMode.OFF


def test_a_drive_that_stays_off_is_named():
    rig = Rig()
    bus = started(rig)
    rig.drives.enable = lambda: None  # type: ignore[method-assign]
    with pytest.raises(ValueError, match="mode READY refused: DRIVE_OFF at hip"):
        bus.open()


def test_it_goes_on_with_the_first_command_until_the_time_to_begin_and_no_longer():
    bus = started(Rig(enable_time=0.02), begin=0.2)
    assert bus.open().time == pytest.approx(0.2)
    late = started(Rig(enable_time=0.02), begin=0.01)
    with pytest.raises(ValueError, match=r"was to be done at 0.010 s"):
        late.open()


def test_leaving_stops_and_closes():
    rig = Rig(enable_time=0.02)
    with started(rig) as bus:
        bus.stop()
        bus.exchange(rig.command(time=rig.drives.seen[-1].time))
        assert is_damping(rig.drives.sent[-1])
    assert rig.bus.mode is RobotMode.OFF
