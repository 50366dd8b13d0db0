"""The head looks at the course ahead, within its limits and without jumps."""

import numpy as np
import pytest

from controllers.riding.course import circle, straight
from controllers.riding.estimator import RideEstimate
from controllers.riding.gaze import Gaze
from controllers.riding.posture_chart import SeatedPosture

PERIOD = 0.002


def looking(model, course, x=0.0, y=0.0, heading=0.0, roll=0.0, speed=2.0, ticks=1500):
    """Yaw and pitch of the head over time, for a bicycle that stays where it is, shape (ticks, 2) [rad]."""
    e = RideEstimate(x, y, heading, roll)
    e.speed = speed
    gaze, places = Gaze(model, PERIOD), []
    for _ in range(ticks):
        n = model.size
        seated = SeatedPosture(*(np.zeros(n) for _ in range(3)), *(np.zeros(n) for _ in range(6)))
        gaze.step(e, course, x, seated)
        places.append(seated.position[[model.index("head_yaw_joint"), model.index("head_pitch_joint")]])
    return np.array(places)


def test_on_a_straight_it_looks_down_ahead(robot_model):
    yaw, pitch = looking(robot_model, straight(30.0))[-1]
    assert yaw == pytest.approx(0.0, abs=1e-6)
    assert pitch == pytest.approx(np.arctan2(1.2, 3.5 - 0.16), abs=0.01)


@pytest.mark.parametrize(("left", "sign"), [(True, 1.0), (False, -1.0)])
def test_it_looks_into_a_bend(robot_model, left, sign):
    """3.5 m along a circle of 6 m are seen 0.31 rad aside."""
    yaw, _ = looking(robot_model, circle(6.0, 1, 0.0, left=left))[-1]
    assert sign * yaw == pytest.approx(0.31, abs=0.04)


def test_it_keeps_to_its_limits(robot_model):
    yaw, _ = looking(robot_model, circle(2.0, 1, 0.0))[-1]
    assert yaw < robot_model.limits.upper[robot_model.index("head_yaw_joint")]


def test_it_does_not_jump(robot_model):
    """From straight on to 3 m beside the course."""
    places = looking(robot_model, straight(30.0), y=-3.0)
    rates = np.diff(places, axis=0) / PERIOD
    assert np.abs(rates).max() <= 1.5 + 1e-9
    assert np.abs(np.diff(rates, axis=0)).max() / PERIOD <= 10.0 + 1e-6
    assert places[-1, 0] > 0.4


def test_a_bicycle_that_leans_does_not_turn_the_gaze_off_the_ground(robot_model):
    """Straight on, leaning by 0.2 rad: the point ahead is below, and the head's frame leans to the right."""
    yaw, pitch = looking(robot_model, straight(30.0), roll=0.2)[-1]
    assert yaw == pytest.approx(-np.arctan2(1.2 * np.sin(0.2), 3.34), abs=0.01)
    assert pitch > 0.25
