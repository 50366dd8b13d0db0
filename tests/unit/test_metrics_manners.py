"""Metrics of hands off the bars, turn signals and gaze, on made-up rides."""

from math import atan2, pi

import numpy as np
import pytest

from controllers.riding.course import SPACING, Course
from scenarios.metrics import METRICS
from tests.unit.synthetic_ride import PERIOD, make_context, make_log

SPEED = 2.0


def value(name, log, **context):
    return METRICS[name].compute(log, make_context(shared={}, **context))


@pytest.fixture
def holding():
    """Two seconds with both hands on the bars."""
    log = make_log(1000)
    log["truth_grip_closed"][:] = 1.0
    return log


def let_go(log, side, asked, off, closed):
    """A hand that is asked off in some rows, knows itself off in others, and is off the grip in others again."""
    log["hands_asked"][asked[0] : asked[1]] += 1 << side
    log["hands_off"][off[0] : off[1]] += 1 << side
    log["truth_grip_closed"][closed[0] : closed[1], side] = 0.0


def test_a_hand_that_was_let_go_is_not_lost(holding):
    let_go(holding, 1, (100, 500), (150, 700), (160, 690))
    assert value("hand_off_grip_max", holding) == 0.0
    assert value("one_handed_time", holding) == pytest.approx(550 * PERIOD)


def test_the_other_hand_may_not_be_torn_off_meanwhile(holding):
    let_go(holding, 1, (100, 500), (150, 700), (160, 690))
    holding["truth_grip_closed"][200:230, 0] = 0.0
    assert value("hand_off_grip_max", holding) == pytest.approx(30 * PERIOD)


def test_a_hand_that_is_believed_to_hold_and_does_not_is_lost(holding):
    let_go(holding, 0, (100, 500), (150, 700), (160, 750))
    assert value("hand_off_grip_max", holding) == pytest.approx(50 * PERIOD)


def test_the_way_back_is_timed(holding):
    assert np.isnan(value("hand_return_max", holding))
    let_go(holding, 1, (100, 500), (150, 700), (160, 690))
    assert value("hand_return_max", holding) == pytest.approx(190 * PERIOD)


def test_a_hand_that_does_not_come_back_takes_for_ever(holding):
    let_go(holding, 1, (100, 500), (150, 1000), (160, 1000))
    assert value("hand_return_max", holding) == np.inf


def test_taking_hold_again_is_measured(holding):
    assert np.isnan(value("regrasp_gap_max", holding))
    let_go(holding, 0, (100, 500), (150, 700), (160, 690))
    holding["truth_grip_gap"][690:, 0] = 0.004
    holding["truth_grip_force"][:, 0] = 20.0
    holding["truth_grip_force"][695, 0] = 70.0
    holding["truth_grip_force"][900, 0] = 120.0
    assert value("regrasp_gap_max", holding) == pytest.approx(0.004)
    assert value("regrasp_force_max", holding) == pytest.approx(70.0)


# Turns and gaze


@pytest.fixture
def ride(robot_model):
    """20 m straight, then a corner to the left, at 2 m/s: the log, and what makes its context."""
    bend = np.concatenate((np.zeros(1000), np.full(round(2.0 * pi / SPACING), 0.25), np.zeros(200)))
    course = Course(bend)
    rows = round(12.0 / PERIOD)
    log = make_log(rows, truth_speed=SPEED)
    place = np.minimum((SPEED * log["time"] / SPACING).astype(int), len(course.points) - 1)
    log["truth_rear_contact"][:, :2] = course.points[place]
    log["truth_robot_position"][:, :2] = course.points[place]
    log["truth_robot_position"][:, 2] = 0.65
    yaw = course.heading[place]
    log["truth_robot_orientation"][:, 2], log["truth_robot_orientation"][:, 3] = np.sin(yaw / 2), np.cos(yaw / 2)
    log["truth_grip_closed"][:] = 1.0
    return log, {"course": course, "joint_names": robot_model.joint_names}, robot_model


def stretch(log, model, side, begin, end):
    """Stretch an arm out from one time to another [s]."""
    rows = slice(round(begin / PERIOD), round(end / PERIOD))
    name, sign = (("left", 1.0), ("right", -1.0))[side]
    log["truth_robot_joint_position"][rows, model.index(f"{name}_shoulder_roll_joint")] = sign * 1.45
    log["truth_grip_closed"][rows, side] = 0.0


def test_a_signal_to_the_right_side_counts(ride):
    log, context, model = ride
    stretch(log, model, 0, 5.0, 7.0)
    assert value("signals_given", log, **context) == 1.0
    assert value("signals_missed", log, **context) == 0.0
    assert value("signal_lead_min", log, **context) == pytest.approx(5.0, abs=0.1)
    assert value("signal_return_min", log, **context) == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize(("side", "begin", "end"), [(1, 5.0, 7.0), (0, 5.0, 5.3), (0, 10.5, 11.5)])
def test_one_to_the_other_side_or_too_short_or_too_late_does_not(ride, side, begin, end):
    log, context, model = ride
    stretch(log, model, side, begin, end)
    assert value("signals_missed", log, **context) == 1.0
    assert value("signals_given", log, **context) == 0.0
    assert np.isnan(value("signal_lead_min", log, **context))


def test_who_still_signals_in_the_bend_is_not_back_before_it(ride):
    log, context, model = ride
    stretch(log, model, 0, 8.0, 11.0)
    assert value("signal_return_min", log, **context) <= 0.0


def test_without_turns_there_are_no_signals():
    assert np.isnan(value("signals_missed", make_log(1000)))


def test_the_gaze_is_held_against_the_course_ahead(ride):
    log, context, model = ride
    head = model.index("head_pitch_joint")
    straight = {**context, "course": Course(np.zeros(2000))}
    log["truth_rear_contact"][:, 1] = 0.0
    log["truth_rear_contact"][:, 0] = SPEED * log["time"]
    log["truth_robot_position"][:, :2] = log["truth_rear_contact"][:, :2]
    log["truth_robot_orientation"][:] = (0.0, 0.0, 0.0, 1.0)
    data = model.pinocchio.createData()
    import pinocchio as pin

    pin.forwardKinematics(model.pinocchio, data, np.zeros(model.size))
    x, _, z = data.oMi[model.pinocchio.getJointId("head_pitch_joint")].translation
    down = atan2(0.65 + z, 1.75 * SPEED - x)
    assert value("gaze_error_rms", log, **straight) == pytest.approx(down, abs=0.01)
    log["truth_robot_joint_position"][:, head] = down
    assert value("gaze_error_rms", log, **straight) == pytest.approx(0.0, abs=0.01)
    log["truth_robot_joint_position"][:, model.index("head_yaw_joint")] = 0.3
    assert value("gaze_error_rms", log, **straight) == pytest.approx(0.3 * np.cos(down), abs=0.03)
