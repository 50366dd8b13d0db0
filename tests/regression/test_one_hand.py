"""A hand lets go for a signal, the ride goes on, and it takes hold again."""

import numpy as np
import pytest

from scenarios.body_view import body_view
from tests.regression.short_ride import short_ride
from tests.unit.synthetic_ride import make_context

HANDS = "rider.hands=[{hand='left', time='1.5 s', for_time='3.5 s', arm='signal'}]"


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    """Eight seconds at 2 m/s, the left arm out from 1.5 to 5 s."""
    return short_ride(tmp_path_factory.mktemp("one_hand"), 8, HANDS, "rider.gaze=true", "course.length=30")


def test_it_holds_again_at_the_end(ride):
    closed = ride.log["truth_grip_closed"]
    assert (closed[2500:2510, 0] == 0.0).all()
    assert (closed[-100:] == 1.0).all()
    assert ride["hand_return_max"] < 2.5
    assert ride["regrasp_gap_max"] < 0.012
    assert ride["grip_force_max"] < 150.0


def test_no_hand_is_lost(ride):
    assert ride["hand_off_grip_max"] == 0.0
    assert 4.0 < ride["one_handed_time"] < 6.0
    assert (ride.log["truth_grip_closed"][:, 1] == 1.0).all()


def test_it_goes_on_along_its_line_leaning_away_from_the_arm(ride):
    assert ride["path_error_rms"] < 0.05
    rows = ride.log["time"]
    out = (rows > 3.5) & (rows < 5.0)
    assert 0.008 < ride.log["truth_roll"][out].mean() < 0.03


def test_the_rider_knows_bars_and_seat_with_one_hand(ride):
    rows = ride.log["hands_off"] > 0
    error = ride.log["estimate_steer"][rows] - ride.log["truth_steer"][rows]
    assert np.abs(error).max() < 0.015


def test_the_arm_is_stretched_out_and_the_head_looks_ahead(ride, robot_model):
    context = make_context(joint_names=robot_model.joint_names)
    view = body_view(ride.log, context)
    assert view is not None
    out = view.hands[(view.rows > 1750) & (view.rows < 2500), 0]
    assert out[:, 1].min() > 0.48
    assert np.abs(out[:, 2]).max() < 0.15
    assert ride["gaze_error_rms"] < 0.08
