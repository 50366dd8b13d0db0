"""The supervised bus: how it is switched on, who is listened to, what stops it, and how it is cleared."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest

from robot import Reason
from robot.drive_status import FAULTS, POWERS
from robot.drivers import Fault, Power
from robot.safety.arbiter import Handover, Verdict
from robot.safety.modes import TABLE, RobotMode
from robot.safety.records import ModeChange
from robot.safety.watches import WATCHES, Reaction, Watch, WatchTable
from tests.unit.faulty_bus import (
    COUNT,
    DAMPING_MAX,
    FIELDS,
    FILE,
    HOLD,
    LIMITS,
    PERIOD,
    START,
    STIFFNESS_MAX,
    STOP_DAMPING,
    Rig,
    is_damping,
)  # fmt: skip

TICKS = round(FILE.limits.enable_time / PERIOD)


def test_after_opening_the_joints_are_free_and_the_drives_off():
    rig = Rig()
    reasons = rig.tick(rig.command(torque=3.0))
    assert rig.mode() is RobotMode.IDLE
    assert is_damping(rig.last)
    assert not rig.last.damping.any()
    assert np.all(reasons == Reason.MODE | Reason.STOPPED)
    assert rig.drives.asked == []


def test_damping_switches_the_drives_on_and_idle_off():
    rig = Rig()
    rig.bus.request(RobotMode.DAMPING)
    rig.tick()
    assert np.array_equal(rig.last.damping, STOP_DAMPING)
    rig.bus.request(RobotMode.IDLE)
    rig.tick()
    assert rig.drives.asked == ["enable", "disable"]
    assert not rig.last.damping.any()


def test_a_switch_on_begins_at_the_measured_state_and_grows_in_a_straight_line_to_what_is_asked():
    rig = Rig()
    rig.bus.request(RobotMode.DAMPING)
    rig.tick()
    away = START + 0.02
    rig.drives.spoil = lambda state: dataclasses.replace(state, joint_position=away)
    rig.tick()
    sent = len(rig.drives.sent)
    rig.bus.request(RobotMode.READY)
    rig.bus.request(RobotMode.ACTIVE)
    asked: dict[str, Any] = {
        "position": START + 0.1,
        "velocity": 0.4,
        "torque": 2.0,
        "stiffness": HOLD / 2.0,
        "damping": DAMPING_MAX / 2,
    }
    reasons = [rig.tick(rig.command(**asked)) for _ in range(TICKS + 1)]
    first, middle, last = (rig.drives.sent[sent + tick] for tick in (0, TICKS // 2, TICKS))
    assert np.array_equal(first.position, away)
    assert is_damping(first)
    assert np.array_equal(first.damping, STOP_DAMPING)
    begin: dict[str, Any] = {"position": away, "damping": STOP_DAMPING}
    for field in FIELDS:
        start = begin.get(field, np.zeros(COUNT))
        end = asked[field] + np.zeros(COUNT)
        np.testing.assert_allclose(getattr(middle, field), (start + end) / 2.0, atol=1e-12)
        np.testing.assert_allclose(getattr(last, field), end, atol=1e-12)
    assert np.all(reasons[0] == Reason.STAGED)
    assert np.all(reasons[-2] == Reason.STAGED)
    assert not reasons[-1].any()


def test_ready_holds_the_pose_that_was_measured_and_listens_to_nobody():
    rig = Rig().go(RobotMode.READY)
    reasons = rig.tick(rig.command(position=0.4, torque=3.0))
    np.testing.assert_allclose(rig.last.position, START)
    np.testing.assert_allclose(rig.last.stiffness, HOLD)
    assert not rig.last.torque.any()
    assert np.all(reasons == Reason.MODE)


def test_going_back_to_ready_begins_at_the_last_command():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.tick(rig.command(stiffness=HOLD / 2, position=START + 0.01))
    before = rig.last
    rig.bus.request(RobotMode.READY)
    rig.tick()
    for field in FIELDS:
        assert np.array_equal(getattr(rig.last, field), getattr(before, field))
    rig.tick(times=TICKS)
    np.testing.assert_allclose(rig.last.stiffness, HOLD)


def test_only_what_the_table_has_can_be_requested():
    rig = Rig()
    with pytest.raises(ValueError, match="ACTIVE may not follow IDLE; it may follow READY"):
        rig.bus.request(RobotMode.ACTIVE)
    for mode in (RobotMode.OFF, RobotMode.FAULT):
        with pytest.raises(ValueError, match="cannot be requested"):
            rig.bus.request(mode)
    rig.bus.close()
    assert rig.mode() is RobotMode.OFF
    with pytest.raises(ValueError, match="DAMPING may not follow OFF"):
        rig.bus.request(RobotMode.DAMPING)


def test_ready_waits_for_every_drive_to_be_on():
    rig = Rig()
    rig.bus.request(RobotMode.DAMPING)
    rig.drives.power[1] = POWERS.index(Power.CALIBRATING)
    rig.tick(times=2)
    with pytest.raises(ValueError, match="READY refused: DRIVE_OFF at knee"):
        rig.bus.request(RobotMode.READY)
    rig.drives.power[1] = POWERS.index(Power.ON)
    rig.tick()
    rig.bus.request(RobotMode.READY)


def test_active_waits_for_a_source():
    rig = Rig().go(RobotMode.READY)
    rig.tick(rig.command(time=-1.0), times=30)
    with pytest.raises(ValueError, match=r"ACTIVE refused: CONTROLLER_SILENT \(no source commands\)"):
        rig.bus.request(RobotMode.ACTIVE)


def test_closing_goes_to_off_by_way_of_damping_and_opens_the_loops():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.bus.close()
    changes = [event for event in rig.bus.machine.events if isinstance(event, ModeChange)]
    assert [change.after for change in changes[-2:]] == [RobotMode.DAMPING, RobotMode.OFF]
    assert rig.drives.asked == ["enable", "disable"]
    with pytest.raises(RuntimeError, match="closed"):
        rig.tick()


def test_another_source_is_ignored_while_it_is_outranked_and_comes_in_by_degrees_when_it_is_not():
    rig = Rig().go(RobotMode.ACTIVE)
    lease = FILE.source[0].lease
    target = START + 0.1
    before = rig.last
    assert rig.bus.submit("remote", rig.command(position=target)) is Verdict.HOLDS
    reasons = rig.tick()
    assert np.all(reasons == Reason.OUTRANKED | Reason.STAGED)
    assert np.array_equal(rig.last.position, before.position)
    handover = round(FILE.limits.handover_time / PERIOD)
    for _ in range(handover):
        assert rig.bus.submit("remote", rig.command(position=target)) is Verdict.HOLDS
        reasons = rig.tick()
    assert np.all(reasons == Reason.OUTRANKED)
    np.testing.assert_allclose(rig.last.position, target)
    steps = np.diff([command.position for command in rig.drives.sent[-handover - 1 :]], axis=0)
    np.testing.assert_allclose(steps, 0.1 / handover, rtol=1e-6)

    rig.tick(times=round(lease / PERIOD) + 2)
    assert rig.bus.arbiter.holder == "planner"
    assert rig.bus.staged
    last = rig.bus.machine.events[-1]
    assert isinstance(last, Handover)
    assert (last.before, last.after) == ("remote", "planner")
    assert rig.bus.submit("stranger", rig.command()) is Verdict.UNKNOWN
    assert rig.mode() is RobotMode.ACTIVE


def test_a_change_of_the_source_during_a_switch_on_makes_it_no_faster():
    rig = Rig().go(RobotMode.READY, settled=False)
    rig.tick(times=10)
    rig.bus.request(RobotMode.ACTIVE)
    for _ in range(TICKS - 1):
        rig.bus.submit("remote", rig.command(stiffness=STIFFNESS_MAX))
        rig.tick()
    steps = np.diff([command.stiffness for command in rig.drives.sent], axis=0)
    assert np.all(steps <= STIFFNESS_MAX / TICKS + 1e-9)
    assert rig.bus.staged


def test_a_silent_controller_is_stopped_when_its_lease_ends_and_goes_on_only_when_asked():
    rig = Rig().go(RobotMode.ACTIVE)
    stuck = rig.command()
    ticks = 0
    for _ in range(40):
        reasons = rig.tick(stuck)
        ticks += 1
        if rig.mode() is not RobotMode.ACTIVE:
            break
    lease = round(FILE.source[-1].lease / PERIOD)
    assert ticks in (lease + 1, lease + 2)  # right at the first; on the edge the rounding of the clock decides
    assert is_damping(rig.last)
    assert np.all(reasons == Reason.STALE | Reason.STOPPED | Reason.MODE)
    rig.tick(times=5)
    assert rig.mode() is RobotMode.DAMPING
    assert rig.faults() == ()
    rig.bus.request(RobotMode.READY)
    rig.bus.request(RobotMode.ACTIVE)
    assert np.all(rig.tick() & Reason.STAGED)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("field", ["time", *FIELDS])
def test_a_command_that_is_not_finite_never_goes_out_and_is_a_fault_with_its_joint(field, bad):
    rig = Rig().go(RobotMode.ACTIVE)
    values = bad if field == "time" else np.where(np.arange(COUNT) == 1, bad, getattr(rig.command(), field))
    reasons = rig.tick(dataclasses.replace(rig.command(), **{field: values}))
    assert is_damping(rig.last)
    assert rig.mode() is RobotMode.FAULT
    (fault,) = rig.faults()
    assert fault.watch is Watch.COMMAND_NOT_FINITE
    assert fault.joint == (None if field == "time" else "knee")
    assert fault.note == "planner"
    assert reasons[1] & Reason.NOT_FINITE
    assert not rig.drives.sent[-1].stiffness.any()

    rig.tick(dataclasses.replace(rig.command(), **{field: values}))
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.COMMAND_NOT_FINITE]
    rig.tick()
    assert rig.bus.clear() == ()
    assert rig.mode() is RobotMode.DAMPING


def test_what_is_not_finite_from_a_source_that_does_not_command_is_ignored():
    rig = Rig().go(RobotMode.ACTIVE)
    assert rig.bus.submit("remote", rig.command(torque=math.nan)) is Verdict.NOT_FINITE
    assert not rig.tick().any()
    assert rig.mode() is RobotMode.ACTIVE


def test_a_fault_has_cause_joint_time_and_value_and_stays_until_it_is_cleared_without_its_cause():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.drives.current[1] = -75.0
    rig.tick(times=3)
    (fault,) = rig.faults()
    assert fault == (Watch.CURRENT_HIGH, "knee", rig.state.time, -75.0, -60.0, "")
    assert str(fault) == f"CURRENT_HIGH at knee: -75, limit -60, at {rig.state.time:.3f} s"
    reasons = rig.tick()
    assert reasons.tolist() == [Reason.STOPPED, Reason.STOPPED | Reason.FAULTED, Reason.STOPPED, Reason.STOPPED]
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.CURRENT_HIGH]
    with pytest.raises(ValueError, match="DAMPING refused: there are faults, clear them first: CURRENT_HIGH at knee"):
        rig.bus.request(RobotMode.DAMPING)
    rig.drives.current[1] = 3.0
    rig.tick(times=50)
    assert rig.faults() == (fault,)
    assert rig.bus.clear() == ()
    assert rig.mode() is RobotMode.DAMPING
    assert rig.faults() == ()


def test_a_fault_of_a_drive_is_cleared_in_the_drive_first():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.drives.fault[0], rig.drives.power[0] = FAULTS.index(Fault.OVER_CURRENT), POWERS.index(Power.FAULT)
    rig.tick(times=2)
    assert rig.mode() is RobotMode.FAULT
    assert str(rig.faults()[0]).startswith("DRIVE_FAULT at hip (over_current, code 3)")
    rig.drives.asked.clear()
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.DRIVE_FAULT]
    assert rig.drives.asked == ["clear"]
    rig.tick()
    assert rig.bus.clear() == ()
    assert rig.drives.asked == ["clear", "clear", "enable"]
    rig.tick()
    rig.bus.request(RobotMode.READY)


def test_a_drive_that_has_started_again_is_switched_on_when_its_fault_is_cleared():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.drives.power[1] = POWERS.index(Power.OFF)
    rig.tick(times=2)
    assert rig.faults()[0][:2] == (Watch.DRIVE_OFF, "knee")
    assert rig.bus.clear() == ()
    rig.tick()
    assert rig.drives.power[1] == POWERS.index(Power.ON)
    rig.bus.request(RobotMode.READY)


def test_a_lost_joint_is_damped_however_warm_it_is():
    rig = Rig(expendable=("left_wrist",)).go(RobotMode.ACTIVE)
    rig.drives.motor[2] = 130.0
    rig.drives.spoil = lambda state: dataclasses.replace(state, joint_velocity=np.array([0.0, 0.0, 1.0, 0.0]))
    rig.tick(times=7)
    assert rig.lost() == (2,)
    assert rig.last.damping[2] == STOP_DAMPING[2]


def test_a_fault_with_the_drives_off_is_cleared_to_idle_and_switches_nothing_on():
    rig = Rig()
    rig.drives.voltage[:] = 70.0
    rig.tick(times=3)
    assert rig.mode() is RobotMode.FAULT
    rig.drives.voltage[:] = 48.0
    rig.tick()
    assert rig.bus.clear() == ()
    assert rig.mode() is RobotMode.IDLE
    assert "enable" not in rig.drives.asked


@pytest.mark.parametrize("mode", [RobotMode.IDLE, RobotMode.DAMPING, RobotMode.READY, RobotMode.ACTIVE])
def test_an_emergency_stop_damps_with_the_next_command_from_any_mode(mode):
    rig = Rig().go(mode, settled=False)
    rig.bus.emergency_stop()
    reasons = rig.tick()
    assert rig.mode() is RobotMode.FAULT
    assert is_damping(rig.last)
    assert np.array_equal(rig.last.damping, STOP_DAMPING)
    assert np.all(reasons & Reason.STOPPED)
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.EMERGENCY_STOP]
    rig.bus.release_emergency_stop()
    rig.tick()
    assert rig.mode() is RobotMode.FAULT
    assert rig.bus.clear() == ()


def test_an_emergency_stop_that_is_released_before_the_next_exchange_stops_all_the_same():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.bus.emergency_stop()
    rig.bus.release_emergency_stop()
    rig.tick()
    assert rig.mode() is RobotMode.FAULT
    assert is_damping(rig.last)
    assert rig.bus.clear() == ()


def test_an_emergency_stop_outlives_the_bus():
    rig = Rig()
    rig.bus.close()
    rig.bus.emergency_stop()
    rig.bus.open()
    assert rig.mode() is RobotMode.FAULT


def test_nothing_is_cleared_while_joints_follow():
    rig = Rig().go(RobotMode.READY)
    with pytest.raises(ValueError, match="cannot be cleared in mode READY; go to DAMPING first"):
        rig.bus.clear()


def test_a_stop_of_the_bus_is_not_cleared_but_by_opening_it():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.bus.stop()
    rig.tick()
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.BUS_STOPPED]
    rig.state = rig.bus.open()
    assert rig.mode() is RobotMode.IDLE


def test_a_joint_that_may_be_lost_is_lost_alone():
    rig = Rig(expendable=("*_wrist",)).go(RobotMode.ACTIVE)
    rig.drives.cut[2] = True
    rig.tick(times=20)
    assert rig.mode() is RobotMode.ACTIVE
    assert rig.lost() == (2,)
    reasons = rig.tick()
    assert reasons[2] == Reason.STALE | Reason.STOPPED | Reason.FAULTED
    assert not reasons[[0, 1, 3]].any()
    assert is_damping(rig.last, 2)
    assert rig.last.damping[2] == STOP_DAMPING[2]
    assert np.array_equal(rig.last.stiffness[[0, 1, 3]], HOLD[[0, 1, 3]])
    (fault,) = rig.faults()
    assert (fault.watch, fault.joint) == (Watch.DRIVE_SILENT, "left_wrist")

    rig.bus.request(RobotMode.READY)
    rig.bus.request(RobotMode.DAMPING)
    assert rig.bus.clear() == ()
    assert rig.lost() == (2,)  # still not heard
    rig.drives.cut[2] = False
    rig.tick()
    assert rig.bus.clear() == ()
    assert rig.lost() == ()


def test_a_bus_with_a_joint_that_must_not_be_lost_takes_all_down():
    rig = Rig(expendable=("left_wrist",)).go(RobotMode.ACTIVE)
    rig.drives.cut[2:] = True
    rig.tick(times=8)
    assert rig.mode() is RobotMode.FAULT
    assert {(fault.watch, fault.joint, fault.note) for fault in rig.faults()} >= {
        (Watch.BUS_SILENT, "right_wrist", "bus arm")
    }


def test_a_warm_motor_warns_once_then_gives_less_then_is_a_fault():
    rig = Rig().go(RobotMode.ACTIVE)
    events = len(rig.bus.machine.events)
    rig.drives.motor[1] = 95.0
    rig.tick(times=20)
    (warning,) = list(rig.bus.machine.events)[events:]
    assert str(warning).startswith("MOTOR_WARM at knee: 95, limit 90")

    rig.drives.motor[1] = 110.0  # a third is left
    rig.tick()
    reasons = rig.follow(30, torque=np.array([0.0, 60.0, 0.0, 0.0]))
    assert rig.last.torque[1] == pytest.approx(80.0 / 3.0)
    assert reasons[1] & Reason.DERATED
    assert not reasons[0]
    rig.drives.motor[1] = 116.0
    rig.tick(times=5)
    assert rig.faults()[0][:2] == (Watch.MOTOR_HOT, "knee")


def test_jumps_of_position_and_torque_come_at_their_rates():
    rig = Rig().go(RobotMode.ACTIVE)
    reasons = rig.tick(rig.command(position=START + 0.3, torque=np.array([90.0, 0.0, 0.0, 0.0])))
    step = FILE.limits.position_rate * LIMITS.velocity * PERIOD
    np.testing.assert_allclose(rig.last.position, START + step)
    assert rig.last.torque[0] == pytest.approx(100.0 * PERIOD / FILE.limits.torque_rise)
    assert np.all(reasons & Reason.RATE_LIMITED)


def test_the_whole_torque_of_a_command_stays_within_the_limit_and_keeps_its_sign():
    rig = Rig(blocked=("*",)).go(RobotMode.ACTIVE)
    stuck = rig.state.joint_position
    still = np.zeros(COUNT)
    rig.drives.spoil = lambda state: dataclasses.replace(state, joint_position=stuck, joint_velocity=still)
    reasons = rig.follow(20, position=START + np.array([-0.6, 0.6, 0.0, 0.0]), stiffness=STIFFNESS_MAX)
    torque = rig.last.stiffness * (rig.last.position - stuck) + rig.last.torque
    np.testing.assert_allclose(torque[:2], [-100.0, 80.0])
    assert np.all(reasons[:2] & Reason.TORQUE_BOUNDED)


def test_clamps_can_be_made_strict_by_the_table():
    rows = [
        dataclasses.replace(row, reaction=Reaction.STOP)
        if row.watch in (Watch.POSITION_JUMP, Watch.COMMAND_OUTSIDE)
        else row
        for row in WATCHES
    ]
    for asked in ({"position": START + 0.3}, {"stiffness": 1e4}):
        rig = Rig(watches=WatchTable(rows)).go(RobotMode.ACTIVE)
        rig.tick(rig.command(**asked))
        assert rig.mode() is RobotMode.DAMPING
        assert is_damping(rig.last)


def test_the_clock_finds_a_state_that_is_old():
    now = [0.0]
    rig = Rig(clock=lambda: now[0])
    now[0] = 0.011
    reasons = rig.tick()
    assert rig.mode() is RobotMode.FAULT
    assert np.all(reasons & Reason.STALE)
    assert rig.faults()[0].value == pytest.approx(0.011)


def test_every_mode_can_be_reached_from_off_and_a_fault_from_every_other():
    reached = {RobotMode.OFF}
    for _ in RobotMode:
        reached |= {row.mode for row in TABLE if reached & set(row.allowed_from)}
    assert reached == set(RobotMode)
    assert all(TABLE.allows(mode, RobotMode.FAULT) for mode in RobotMode if mode is not RobotMode.FAULT)
    assert not TABLE.allows(RobotMode.FAULT, RobotMode.ACTIVE)


def test_events_do_not_grow_for_ever():
    rig = Rig()
    for _ in range(300):
        rig.bus.request(RobotMode.DAMPING)
        rig.bus.request(RobotMode.IDLE)
    assert len(rig.bus.machine.events) == 256


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"own": "nobody"}, "there is no source 'nobody'; there are remote, vr"),
        ({"period": 0.0}, r"period is 0\.0 s"),
        ({"hold_stiffness": np.ones(3)}, r"hold_stiffness has shape \(3,\), expected \(4,\)"),
        ({"buses": ("a",)}, "1 names of buses for 4 joints"),
        ({"expendable": ("*_toe",)}, r"no joint is called '\*_toe'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Rig(**change)


def test_a_reading_that_stands_still_is_no_stuck_encoder_where_the_joint_is_free_or_may_be_blocked():
    for changes, numbers in (({}, {"stiffness": 0.0}), ({"blocked": ("knee",)}, {})):
        rig = Rig(**changes).go(RobotMode.ACTIVE)
        stuck = rig.state.joint_position.copy()
        rig.drives.spoil = lambda state, at=stuck: dataclasses.replace(  # type: ignore[misc]
            state, joint_position=np.where(np.arange(COUNT) == 1, at, state.joint_position)
        )
        rig.follow(60, position=START + np.array([0.0, 0.5, 0.0, 0.0]), **numbers)
        assert rig.mode() is RobotMode.ACTIVE


def held_readings(rig, ticks):
    """From now on IMUs say something new only every so many ticks."""
    kept: dict[str, Any] = {}
    count = itertools.count()

    def spoil(state):
        if next(count) % ticks == 0:
            kept.update(pelvis_imu=state.pelvis_imu, torso_imu=state.torso_imu)
        return dataclasses.replace(state, **kept)

    rig.drives.spoil = spoil


def test_an_imu_that_is_slower_than_the_loop_is_no_stuck_one():
    rig = Rig().go(RobotMode.ACTIVE)
    held_readings(rig, 15)
    rig.tick(times=200)
    assert rig.mode() is RobotMode.ACTIVE


def test_time_that_was_lost_is_no_time_in_which_an_imu_said_the_same():
    rig = Rig().go(RobotMode.ACTIVE)
    rig.tick(times=20)
    rig.drives._ticks += 100
    rig.tick(times=20)
    assert rig.mode() is RobotMode.ACTIVE


def test_a_stuck_imu_is_named_and_stands_against_going_on_until_it_speaks_again():
    rig = Rig().go(RobotMode.ACTIVE)
    held_readings(rig, 10**9)
    rig.tick(times=40)
    (fault,) = rig.faults()
    assert str(fault).startswith("IMU_STUCK (pelvis): 0.05")
    assert [trip.watch for trip in rig.bus.clear()] == [Watch.IMU_STUCK] * 2
    rig.drives.spoil = lambda state: state
    rig.tick(times=2)
    assert rig.bus.clear() == ()
    held_readings(rig, 10**9)
    rig.tick(times=40)
    assert rig.mode() is RobotMode.DAMPING
    with pytest.raises(ValueError, match=r"READY refused: IMU_STUCK \(pelvis\): 0\.\d+, limit 0\.05"):
        rig.bus.request(RobotMode.READY)


def test_arrays_that_an_imu_driver_writes_to_again_hide_nothing_and_trip_nothing():
    rig = Rig().go(RobotMode.ACTIVE)
    force = rig.state.pelvis_imu.specific_force_imu_in_imu.copy()
    again = dataclasses.replace(rig.state.pelvis_imu, specific_force_imu_in_imu=force)

    def spoil(state):
        force[:] = state.pelvis_imu.specific_force_imu_in_imu
        return dataclasses.replace(state, pelvis_imu=again)

    rig.drives.spoil = spoil
    rig.tick(times=60)
    assert rig.mode() is RobotMode.ACTIVE
