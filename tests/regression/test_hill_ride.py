"""A few metres up 6 degrees: the speed is held, the saddle stays under the rider, and the rider knows where it is."""

import numpy as np
import pytest

from tests.regression.short_ride import short_ride


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(
        tmp_path_factory.mktemp("hill"), 9.0, "course.length=30", "start.speed=1.1", "rider.speed=1.0",
        "bicycle.gear=0.409", "terrain=[{kind='slope', at=2, grade='10.5 %', length=20}]",
        "criteria=[{metric='falls', max=0}]",
    )  # fmt: skip


def climbing(ride):
    rise = ride.log["truth_front_contact"][:, 2] - ride.log["truth_rear_contact"][:, 2]
    return rise > 0.08


def test_it_climbs_at_its_speed(ride):
    steep = climbing(ride)
    assert ride["falls"] == 0
    assert ride["grade_max"] == pytest.approx(0.105, abs=0.002)
    assert steep.sum() > 2000
    assert ride["slope_speed_mean_up"] == pytest.approx(0.95, abs=0.12)
    assert ride.log["truth_speed"][steep].min() > 0.6


def test_the_hands_keep_the_saddle_under_the_rider(ride):
    feet = ride.log["truth_foot_force"].reshape(-1, 2, 3)[..., 2]
    assert feet.max() > 140.0  # more than a rider without hands can push
    assert np.linalg.norm(ride.log["truth_saddle_force"][500:], axis=1).min() > 150.0
    assert 20.0 < ride["grip_force_max"] < 100.0


def test_it_knows_where_it_is_on_the_slope(ride):
    steep = climbing(ride)
    assert np.abs(ride.log["estimate_x"] - ride.log["truth_rear_contact"][:, 0])[steep].max() < 0.04
