"""The log keeps what it is given, in the rows and columns it belongs to."""

from types import SimpleNamespace

import numpy as np
import pytest

from robot import AppliedCommand, ImuReading, JointCommand, LocalizationFix, RobotState
from scenarios.columns import ACCOUNT, ESTIMATE, RIDE, ROBOT_JOINTS, TRUTH
from scenarios.foot_columns import FOOT
from scenarios.run_log import Recorder, RunLog
from tests.unit.synthetic_ride import make_log

RECORDED = (*TRUTH, *ACCOUNT)


def numbered(columns, prefix=""):
    """One object with a different value for each column; the widths decide the shapes."""
    values = {}
    for index, column in enumerate(columns):
        value = 100.0 * index + np.arange(column.width)
        values[column.name.removeprefix(prefix)] = float(value[0]) if column.width == 1 else value
    return SimpleNamespace(**values)


def joints(start):
    return start + np.arange(ROBOT_JOINTS, dtype=np.float64)


def make_state(localization=None):
    imu = ImuReading(np.array([0.0, 0.6, 0.0, 0.8]), np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))
    other = ImuReading(*(np.full(n, 99.0) for n in (4, 3, 3)))
    return RobotState(0.5, joints(10.0), joints(20.0), joints(30.0), imu, other, localization)


def test_column_names_are_unique_and_shapes_follow_the_widths():
    log = RunLog(3)
    assert len({column.name for column in RIDE.columns}) == len(RIDE.columns)
    for column in RIDE.columns:
        assert log[column.name].shape == ((3,) if column.width == 1 else (3, column.width))
        assert log[column.name].dtype == np.float64


def test_an_unknown_column_is_named_with_those_that_exist():
    with pytest.raises(KeyError, match=r"no column 'rol'.*truth_roll"):
        RunLog(1)["rol"]


def test_a_tick_fills_its_row_and_no_other():
    log = RunLog(3)
    truth, telemetry = numbered(RECORDED, "truth_"), numbered(ESTIMATE)
    recorder = Recorder(log, truth)
    recorder.record_tick(1, make_state(LocalizationFix(0.4, np.array([7.0, 8.0, 9.0]))), telemetry)

    assert log["time"][1] == 0.5
    assert np.array_equal(log["joint_position"][1], joints(10.0))
    assert np.array_equal(log["joint_velocity"][1], joints(20.0))
    assert np.array_equal(log["joint_torque"][1], joints(30.0))
    assert log["pelvis_orientation"][1].tolist() == [0.0, 0.6, 0.0, 0.8]
    assert log["pelvis_angular_velocity"][1].tolist() == [1.0, 2.0, 3.0]
    assert log["pelvis_specific_force"][1].tolist() == [4.0, 5.0, 6.0]
    assert log["localization"][1].tolist() == [7.0, 8.0, 9.0]
    for column in RECORDED:
        assert np.array_equal(log[column.name][1], getattr(truth, column.name.removeprefix("truth_")))
    for column in ESTIMATE:
        assert log[column.name][1] == getattr(telemetry, column.name)
    for column in RIDE.columns:
        assert np.isnan(log[column.name][[0, 2]]).all()


def test_a_state_without_a_fix_leaves_the_localization_empty():
    log = RunLog(1)
    Recorder(log, numbered(RECORDED, "truth_")).record_tick(0, make_state(), numbered(ESTIMATE))
    assert np.isnan(log["localization"][0]).all()


def test_the_applied_command_and_its_reasons_are_kept():
    log = RunLog(2)
    command = JointCommand(0.5, *(joints(100.0 * n) for n in range(1, 6)))
    reasons = np.arange(ROBOT_JOINTS, dtype=np.uint16)
    Recorder(log, numbered(RECORDED, "truth_")).record_applied(1, AppliedCommand(command, reasons))
    for index, name in enumerate(("position", "velocity", "torque", "stiffness", "damping")):
        assert np.array_equal(log[f"command_{name}"][1], joints(100.0 * (index + 1)))
    assert np.array_equal(log["applied_reason"][1], reasons)


def test_the_truth_is_copied_not_referred_to():
    log = RunLog(1)
    truth = numbered(RECORDED, "truth_")
    Recorder(log, truth).record_tick(0, make_state(), numbered(ESTIMATE))
    before = log["truth_robot_position"][0].copy()
    truth.robot_position[:] = -1.0
    assert np.array_equal(log["truth_robot_position"][0], before)


def test_truncating_forgets_the_rows_that_were_not_ridden():
    log = make_log(5)
    log.truncate(3)
    assert len(log) == 3
    assert all(len(log[column.name]) == 3 for column in RIDE.columns)


def test_the_state_hash_sees_every_bit_of_truth_and_nothing_else():
    def hash_with(name, value):
        log = make_log(4)
        log[name][2] = value
        return log.state_hash()

    plain = make_log(4).state_hash()
    assert make_log(4).state_hash() == plain
    for column in TRUTH:
        assert hash_with(column.name, 5e-324) != plain, column.name
    assert hash_with("estimate_roll", 1.0) == plain
    assert hash_with("time", 1.0) == plain
    assert hash_with("truth_ground_work", 1.0) == plain


def test_the_state_hash_is_the_same_for_a_truncated_and_a_short_log():
    log = make_log(9, truth_roll=0.25)
    log.truncate(4)
    assert log.state_hash() == make_log(4, truth_roll=0.25).state_hash()


@pytest.mark.parametrize("layout", [RIDE, FOOT], ids=["ride", "foot"])
def test_its_width_follows_the_body(layout):
    assert layout.for_joints(ROBOT_JOINTS) == layout
    log, own = RunLog(2, layout.for_joints(32)), RunLog(2, layout)
    assert [column.name for column in log.columns] == [column.name for column in own.columns]
    for column in own.columns:
        shape = own[column.name].shape
        assert log[column.name].shape == ((2, 32) if shape[1:] == (ROBOT_JOINTS,) else shape)
