"""A robot that weighs something else than its model: a start weighs the legs, and the feet stay on their pedals."""

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from tests.regression.short_ride import short_ride

RESTING = 50.0


@pytest.fixture(scope="module", params=[0.8, 1.2])
def ride(request, tmp_path_factory):
    return short_ride(
        tmp_path_factory.mktemp("wrong_legs"), 12.0, "course.length=10", "start={foot='left'}", "rider.speed=1.5",
        "bicycle={gear=0.682}", "stops=[{at=9.5, foot='left', wait=0.5}]", f"plant.robot_mass={request.param}",
        "criteria=[{metric='falls', max=0}]",
    )  # fmt: skip


def test_a_foot_that_rests_presses_as_it_should(ride):
    rides = ride.log["mode"] == RideMode.CRUISE
    loads = ride.log["truth_foot_force"][rides][:, (2, 5)]
    assert np.median(loads.min(axis=1)) == pytest.approx(RESTING, abs=10.0)


def test_the_crank_is_known_throughout(ride):
    error = ride.log["estimate_crank_angle"] - ride.log["truth_crank_angle"]
    error = (error + np.pi) % (2.0 * np.pi) - np.pi
    assert np.abs(error[ride.log["mode"] != RideMode.REST]).max() < 0.15


def test_it_comes_to_rest_at_the_line(ride):
    assert ride["falls"] == 0
    assert ride["completed"] == 1
    assert ride["stop_line_error_max"] < 0.1
