"""A start from one foot, a stop on it at a line, a change of feet, and a start from the other one."""

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from tests.regression.short_ride import short_ride


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(
        tmp_path_factory.mktemp("start_stop"), 24.0, "course.length=20", "start={foot='left'}", "rider.speed=1.5",
        "stops=[{at=7, foot='left', wait=0.5, next_foot='right'}, {at=13, foot='right', wait=0.5}]",
        "criteria=[{metric='falls', max=0}]",
    )  # fmt: skip


def modes(ride):
    """The modes one after the other."""
    numbers = ride.log["mode"]
    changes = np.flatnonzero(np.diff(numbers)) + 1
    return [RideMode(int(mode)) for mode in numbers[[0, *changes]]]


def during(ride, mode):
    return ride.log["mode"] == mode


def test_it_goes_through_the_modes_of_a_start_and_a_stop(ride):
    assert ride["falls"] == 0
    start = [RideMode.PUSH_OFF, RideMode.GATHER, RideMode.CRUISE]
    stop = [RideMode.STOP, RideMode.FOOT_DOWN, RideMode.WAIT]
    assert modes(ride)[:10] == [RideMode.REST, *start, *stop, *start]


def test_it_stands_at_the_line_on_the_foot_that_was_asked(ride):
    standing = np.flatnonzero(during(ride, RideMode.FOOT_DOWN) & (ride.log["truth_front_contact"][:, 0] < 8.0))[-100:]
    left, right = ride.log["truth_foot_ground_force"][standing][:, (2, 5)].T
    assert left.mean() > 40.0
    assert right.max() == 0.0
    assert ride.log["truth_roll"][standing].max() < 0.0
    stood = ride.log["truth_front_contact"][standing][-1, 0]
    assert stood == pytest.approx(7.0, abs=0.1)


def test_it_changes_feet_before_it_starts_from_the_other_one(ride):
    starting = np.flatnonzero(during(ride, RideMode.PUSH_OFF) & (ride.log["truth_front_contact"][:, 0] > 5.0))
    left, right = ride.log["truth_foot_ground_force"][starting[:50]][:, (2, 5)].T
    assert right.mean() > 40.0
    assert left.max() == 0.0
    assert ride.log["truth_roll"][starting[0]] > 0.0


def test_it_gathers_speed_within_4_m_and_keeps_to_its_lane(ride):
    assert ride["start_distance_max"] < 4.0
    assert ride["start_lane_max"] < 0.5


def test_nothing_holds_it_but_feet_hands_and_brakes(ride):
    assert ride["undeclared_wrench_max"] == 0
    assert ride["momentum_residual_max"] < 2.0
    assert ride["hand_off_grip_max"] == 0
    assert ride["foot_ground_force_max"] > 100.0


def test_its_senses_know_how_it_leans_while_it_stands_and_starts(ride):
    rows = np.isin(ride.log["mode"], (RideMode.PUSH_OFF, RideMode.GATHER, RideMode.STOP, RideMode.FOOT_DOWN))
    error = ride.log["estimate_roll"][rows] - ride.log["truth_roll"][rows]
    assert np.sqrt((error**2).mean()) < 0.012
