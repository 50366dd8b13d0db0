"""Eight metres through a gate at a planned speed: cruise, brake by hand, hold a limit."""

import numpy as np
import pytest

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
    assert np.unique(ride.log["mode"]).tolist() == [0, 2]
