"""A few metres at a planned speed: through a gate to a lower limit, and round an obstacle that comes up."""

import numpy as np
import pytest

from controllers.riding.modes import RIDING, RideMode
from tests.regression.short_ride import short_ride

LIMIT = 1.4
COURSE = (
    "course={kind='goals', goals=[{kind='gate', left=[5, 1.2], right=[5, -0.8]}, {kind='waypoint', at=[8.5, 0.6]}],"
    f" speed_limits=[{{speed={LIMIT}, stretch=[4, 9]}}]}}"
)


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(
        tmp_path_factory.mktemp("planned"), 8.0, COURSE, "start.speed=2", "rider.speed=2",
        "criteria=[{metric='falls', max=0}]",
    )  # fmt: skip


def test_it_rides_through_the_gate_to_the_end_of_the_path(ride):
    assert ride.outcome.end == "completed"
    assert ride["falls"] == 0
    assert ride["goals_missed"] == 0
    assert ride["obstacle_clearance_min"] > 0.4
    assert ride["path_error_rms"] < 0.05


def test_it_brakes_by_hand_before_the_limit_and_holds_it(ride):
    progress, speed = ride.log["estimate_progress"], ride.log["truth_speed"]
    assert ride["brake_work"] > 10
    assert speed[progress < 2.0].min() > 1.8
    assert speed[progress > 5.0].max() < LIMIT + 0.1
    assert ride["speed_excess_max"] < 0.25
    assert ride["hand_off_grip_max"] == 0
    modes = {RideMode(int(mode)) for mode in np.unique(ride.log["mode"])}
    assert RideMode.BRAKE in modes
    assert modes <= set(RIDING)


PARKED = (
    "course={kind='goals', goals=[{kind='waypoint', at=[13, 0], radius=1.5}],"
    " obstacles=[{at=[9, 0.1], radius=0.3, seen_from=8}]}"
)


def test_it_rides_round_an_obstacle_that_comes_up(tmp_path):
    ride = short_ride(tmp_path, 9.0, PARKED, "start.speed=1.8", "rider.speed=1.8", "criteria=[{metric='falls', max=0}]")
    assert ride.outcome.end == "completed"
    assert ride["route_changes"] == 1
    assert ride["goals_missed"] == 0
    assert ride["obstacle_clearance_min"] > 0.4
    assert ride["path_error_rms"] < 0.05
    assert ride.log["route"].max() == 1
    assert np.abs(ride.log["truth_rear_contact"][:, 1]).max() > 0.4


SUDDEN = (
    "course={kind='goals', goals=[{kind='waypoint', at=[13, 0], radius=1.5}],"
    " obstacles=[{at=[7, 0], radius=0.3, seen_from=2}]}"
)


def test_it_stops_before_one_that_comes_up_2_m_ahead_and_stands_there(tmp_path):
    ride = short_ride(tmp_path, 7.0, SUDDEN, "start.speed=2", "rider.speed=2", "criteria=[{metric='falls', max=0}]")
    assert ride["falls"] == 0
    assert ride["obstacle_force_max"] == 0
    assert ride["obstacle_clearance_min"] > 0.35  # the wheel reaches 0.33 m ahead of its contact
    assert ride["hand_off_grip_max"] == 0
    assert RideMode(int(ride.log["mode"][-1])) in (RideMode.FOOT_DOWN, RideMode.WAIT)
    assert np.abs(ride.log["truth_speed"][-100:]).max() < 0.05
