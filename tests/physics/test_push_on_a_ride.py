"""A push on a ride comes at the crank angle and in the direction that the scenario asks."""

from math import pi

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride

CHANGES = ("duration=3", "start.speed=2", "rider.speed=2", "course.length=30")


@pytest.fixture(scope="module")
def pushed():
    """At 2 m/s, whose crank turns once in 1.13 s: a push that waits from 1 s on."""
    push = "disturbances=[{body='torso', time=1.0, crank='200 deg', impulse=8, direction='135 deg'}]"
    return ride(load("ride_straight", [*CHANGES, push]), 0, lambda *_: None, assemble=assemble)


def test_it_begins_at_its_crank_angle(pushed):
    metrics = compute(pushed.log, pushed.context)
    # The crank turns 11 mrad in a tick.
    assert metrics["push_crank"] == pytest.approx(200 * pi / 180, abs=0.02)
    assert 1.0 < metrics["push_begin"] < 1.0 + 1.2
    assert metrics["push_impulse"] == pytest.approx(8.0, rel=0.02)


def test_it_goes_in_its_direction(pushed):
    force = pushed.log["truth_push"]
    acting = np.linalg.norm(force, axis=1) > 0
    angle = np.arctan2(force[acting, 1], force[acting, 0]) - pushed.log["truth_heading"][acting]
    assert acting.sum() == pytest.approx(100, abs=1)  # 0.2 s
    np.testing.assert_allclose(angle, 0.75 * pi, atol=0.02)


def test_until_then_nothing_differs(pushed):
    plain = ride(load("ride_straight", CHANGES), 0, lambda *_: None, assemble=assemble)
    before = pushed.log["time"] <= compute(pushed.log, pushed.context)["push_begin"]
    for column in ("truth_roll", "truth_crank_angle", "truth_robot_joint_torque"):
        np.testing.assert_array_equal(pushed.log[column][before], plain.log[column][before])
    assert np.any(pushed.log["truth_roll"] != plain.log["truth_roll"])
