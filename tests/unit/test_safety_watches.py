"""The watches: each one trips on its cause, in the time that the documents name, with the reaction of the table."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from robot import Reason
from robot.drive_status import FAULTS, POWERS, DriveStatus
from robot.drivers import DriveReply, Fault, Power
from robot.safety import safety_file
from robot.safety.modes import RobotMode
from robot.safety.watches import SHAPED, WATCHES, Reaction, Watch, WatchTable
from scenarios.mode_table import TABLES
from scenarios.mode_table import as_markdown as modes
from scenarios.safety import SAFETY
from scenarios.watch_table import as_markdown as watches
from tests.unit.faulty_bus import FILE, PERIOD, STOP_DAMPING, Rig, is_damping
from tests.unit.safety_causes import CAUSES, ticks_to_safe

DOCUMENT = (Path(__file__).parents[2] / "docs" / "safety.md").read_text(encoding="utf-8")
PHASES = range(0, 45, 4)


def worst(watch: Watch) -> int:
    """The longest way from a cause to a safe command, over moments at which the clock rounds otherwise [ticks]."""
    return max(ticks_to_safe(watch, wait)[0] for wait in PHASES)


def test_there_is_a_cause_for_each_watch_that_stops():
    assert set(CAUSES) == {row.watch for row in WATCHES if row.reaction >= Reaction.STOP}


@pytest.mark.parametrize("watch", CAUSES, ids=lambda watch: watch.name)
def test_a_cause_leads_to_the_reaction_of_the_table_and_says_why(watch):
    _, rig = ticks_to_safe(watch, 0)
    row = WATCHES[watch]
    assert np.array_equal(rig.last.damping, STOP_DAMPING)
    if row.reaction is Reaction.FAULT:
        assert rig.mode() is RobotMode.FAULT
        assert rig.faults()[0].watch is watch
    else:
        assert rig.mode() is RobotMode.DAMPING
        assert rig.faults() == ()
    reasons = rig.tick()
    assert np.all(reasons & Reason.STOPPED)
    assert np.any(reasons & row.reason)


@pytest.mark.parametrize("watch", CAUSES, ids=lambda watch: watch.name)
def test_the_documents_name_the_time_from_cause_to_safe(watch):
    ticks = worst(watch)
    assert f"| {watch.name.lower()} | {ticks} | {1e3 * ticks * PERIOD:g} |" in DOCUMENT


def test_the_documents_show_the_tables_as_they_are():
    assert modes(TABLES["drives"]) in DOCUMENT
    assert watches() in DOCUMENT


@pytest.mark.parametrize(
    "watch",
    [row.watch for row in WATCHES if row.ticks > 1 and row.watch in CAUSES],
    ids=lambda watch: watch.name,
)
def test_what_lasts_one_tick_less_is_let_pass(watch):
    rig = Rig(enable_time=0.02).go(RobotMode.ACTIVE, settled=False)
    rig.tick(times=12)
    healthy = rig.drives.spoil
    numbers = ("power", "fault", "current", "voltage", "motor", "driver")
    kept = {name: getattr(rig.drives, name).copy() for name in numbers}
    CAUSES[watch](rig)
    rig.tick(times=WATCHES[watch].ticks - 1)
    rig.drives.spoil = healthy
    for name in numbers:
        getattr(rig.drives, name)[:] = kept[name]
    rig.tick(times=10)
    assert rig.mode() is RobotMode.ACTIVE
    assert not is_damping(rig.last)


@pytest.mark.parametrize(
    ("watch", "change", "message"),
    [
        (Watch.STATE_NOT_FINITE, {"reaction": Reaction.WARN}, "STATE_NOT_FINITE must have the reaction STOP or FAULT"),
        (Watch.DRIVE_FAULT, {"reaction": Reaction.CLAMP}, "DRIVE_FAULT cannot have the reaction CLAMP"),
        (Watch.TORQUE_JUMP, {"reaction": Reaction.WARN}, "TORQUE_JUMP cannot have the reaction WARN"),
        (Watch.DRIVE_FAULT, {"ticks": 0}, "DRIVE_FAULT must wait for at least 1 tick"),
    ],
)
def test_a_table_that_cannot_be_is_refused(watch, change, message):
    rows = [dataclasses.replace(row, **change) if row.watch is watch else row for row in WATCHES]
    with pytest.raises(ValueError, match=message):
        WatchTable(rows)


def test_a_table_that_lacks_a_watch_is_refused():
    with pytest.raises(ValueError, match="a row for each watch, in order"):
        WatchTable(list(WATCHES)[1:])
    assert {row.watch for row in WATCHES if row.reaction is Reaction.CLAMP} == SHAPED


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("state_age = 0.01", "state_age = 0.0", r"safety file: limits: state_age is 0\.0, it must be finite and above"),
        ("state_age = 0.01", "state_age = nan", "safety file: limits: state_age is nan"),
        ("state_age = 0.01", 'state_age = "1"', r"safety file: limits\.state_age: Input should be a valid number"),
        ("state_age = 0.01 ", "", r"safety file: limits\.state_age: Field required"),
        ("[limits]", "[limits]\nspeed = 1.0", r"safety file: limits\.speed: Unexpected keyword argument"),
        (
            "motor_derate = 100.0",
            "motor_derate = 120.0",
            "motor_warn, motor_derate, motor_fault are 90, 120, 115; they",
        ),
        ("priority = 80", "priority = 8.5", r"safety file: source\.0\.priority: Input should be a valid integer"),
        ("[limits]", "[limit]", r"safety file: limits: Field required"),
        ("[limits]", "[limits", "safety file: no TOML"),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_one_line_with_its_place(old, new, message):
    text = SAFETY.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ValueError, match=message) as refused:
        safety_file.parse(text.replace(old, new, 1))
    assert "\n" not in str(refused.value)


def test_a_status_is_made_of_replies():
    reply = DriveReply(0.1, 0.2, 0.3, Power.FAULT, Fault.MOTOR_TEMPERATURE, 12, 130.0, np.nan)
    status = DriveStatus.of_replies([reply, None], np.array([0.004, 0.0]), voltage=np.array([47.0, np.nan]))
    assert status.age.tolist() == [0.004, np.inf]
    assert [POWERS[number] for number in status.power] == [Power.FAULT, Power.UNKNOWN]
    assert [FAULTS[number] for number in status.fault] == [Fault.MOTOR_TEMPERATURE, Fault.NONE]
    assert status.code.tolist() == [12, 0]
    assert status.motor_temperature[0] == 130.0
    assert np.isnan([status.motor_temperature[1], *status.driver_temperature, *status.current]).all()
    with pytest.raises(ValueError, match="read-only"):
        status.age[0] = 0.0
    with pytest.raises(ValueError, match=r"2 replies with ages of shape \(1,\)"):
        DriveStatus.of_replies([reply, None], np.zeros(1))


def test_what_one_drive_of_a_linkage_says_is_said_of_both_joints():
    worn = DriveReply(0.1, 0.2, 0.3, Power.FAULT, Fault.ENCODER, 7, 90.0, np.nan)
    well = DriveReply(0.1, 0.2, 0.3, Power.ON, Fault.NONE, 0, 30.0, 50.0)
    age = np.array([0.001, 0.003, 0.002])
    status = DriveStatus.of_replies([well, worn, well], age, pairs=np.array([[0, 1]]))
    assert status.age.tolist() == [0.003, 0.003, 0.002]
    assert [POWERS[number] for number in status.power] == [Power.FAULT, Power.FAULT, Power.ON]
    assert [FAULTS[number] for number in status.fault] == [Fault.ENCODER, Fault.ENCODER, Fault.NONE]
    assert status.code.tolist() == [7, 7, 0]
    assert status.motor_temperature.tolist() == [90.0, 90.0, 30.0]
    assert status.driver_temperature.tolist() == [50.0, 50.0, 50.0]


def test_what_a_bus_cannot_tell_stops_nothing():
    rig = Rig()
    rig.drives.spoil = lambda state: dataclasses.replace(state, drives=None)
    rig.tick()
    rig.go(RobotMode.ACTIVE)
    assert not rig.tick().any()
    unknown = DriveStatus.healthy(4)
    rig.drives.spoil = lambda state: dataclasses.replace(state, drives=unknown)
    assert not rig.tick(times=10).any()
    assert rig.mode() is RobotMode.ACTIVE
    assert FILE.limits.drive_age > FILE.limits.bus_age
