"""The parts of a gait: caution, the motion of the foot in the air, a foot that is lifted."""

import numpy as np
import pytest

from controllers.balance.caution import Caution
from controllers.balance.feet import FootPlace
from controllers.balance.gait_parameters import GaitParameters
from controllers.balance.lift import Lift
from controllers.balance.swing import Swing
from controllers.balance.wanted import WantedFoot

PERIOD = 0.002
P = GaitParameters()


@pytest.fixture
def caution():
    return Caution(P, PERIOD)


def test_touch_downs_as_usual_leave_it_calm(caution):
    for _ in range(20):
        for foot, aside in ((0, 0.005), (1, -0.01)):
            caution.judge(foot, aside, 0.0)
    assert not caution.doubts
    assert (caution.swing_time, caution.width, caution.freeze) == (P.swing_time, P.width, P.freeze[0])


def test_wide_steps_of_the_walk_itself_become_usual(caution):
    first = []
    for _ in range(10):
        caution.judge(0, 0.04, 0.0)
        first.append(caution.wary)
        for _ in range(round(20.0 / PERIOD)):
            caution.fade()
    assert first[0] > 0.5
    assert first[-1] < 0.01


def test_a_touch_down_off_to_a_side_makes_wider_and_quicker_but_not_lower_steps(caution):
    caution.judge(1, -0.08, 0.0)
    assert caution.wary == 1.0
    assert caution.width == pytest.approx(P.width + P.wary_width)
    assert caution.swing_time == pytest.approx(P.swing_time - P.wary_swing)
    assert (caution.dip, caution.late_speed) == (0.0, P.landing[1])


def test_a_ledge_makes_lower_reaching_steps_until_that_has_passed(caution):
    caution.judge(0, 0.0, -0.03)
    assert caution.dip == pytest.approx(P.wary_dip)
    for _ in range(round(P.calming / PERIOD)):
        caution.fade()
    assert caution.dip == pytest.approx(P.wary_dip / np.e, rel=0.01)


def swing(foothold, move_at=None, to=None, late=0.0):
    """Places, velocities and accelerations of a foot that swings, shape (T, 3) each, and its headings."""
    air, found, headings = Swing(P, PERIOD), [], []
    air.lift(FootPlace(np.array((-0.25, 0.1, 0.0)), 0.1), P.swing_time)
    left = P.swing_time
    for tick in range(round((P.swing_time + late) / PERIOD)):
        left = max(0.0, left - PERIOD)
        if move_at is not None and tick == move_at:
            foothold = to
        air.move(left, np.asarray(foothold), 0.6, 0.01, P.landing[1])
        found.append((air.place.copy(), air.velocity.copy(), air.acceleration.copy()))
        headings.append((air.heading, air.turning))
    return (*(np.array(column) for column in zip(*found, strict=True)), np.array(headings))


def test_a_foot_swings_over_to_its_foothold_and_lands_gently():
    place, velocity, acceleration, heading = swing((0.25, 0.12))
    assert place[-1] == pytest.approx((0.25, 0.12, 0.01), abs=2e-3)
    assert place[:, 2].max() == pytest.approx(P.clearance, abs=0.02)
    assert np.abs(velocity[-1, :2]).max() < 0.1
    assert velocity[-2, 2] == pytest.approx(-P.landing[0], abs=0.02)
    way = 0.5
    assert np.abs(acceleration[:, 0]).max() == pytest.approx(5.77 * way / P.swing_time**2, rel=0.1)
    assert heading[-1] == pytest.approx((0.6, 0.0), abs=1e-3)
    assert np.diff(heading[:, 0]) / PERIOD == pytest.approx(0.5 * (heading[1:, 1] + heading[:-1, 1]), abs=0.03)


def test_a_foothold_that_moves_in_the_air_is_still_reached():
    place, velocity, _, _ = swing((0.25, 0.12), move_at=90, to=(0.30, 0.05))
    assert place[-1, :2] == pytest.approx((0.30, 0.05), abs=5e-3)
    assert np.abs(np.diff(velocity[:, :2], axis=0)).max() < 0.3


def test_a_foot_that_is_late_comes_down_until_it_touches():
    place, velocity, _, _ = swing((0.25, 0.12), late=0.05)
    assert place[-1, 2] == pytest.approx(0.01 - 0.05 * P.landing[1], abs=2e-3)
    assert velocity[-1, 2] == -P.landing[1]


def test_a_lifted_foot_is_unloaded_goes_up_and_comes_down_until_it_bears():
    lift, wanted = Lift(0.08, 220.0), WantedFoot()
    feet = FootPlace(np.array((0.0, 0.1, 0.0)), 0.2), FootPlace(np.array((0.0, -0.1, 0.0)), 0.0)
    lift.foot = 1
    lift.begin(feet)
    loads = []
    for since in np.arange(0.0, 0.29, 0.1):
        lift.raise_(wanted, since, feet)
        loads.append(wanted.load_max)
    assert loads == sorted(loads, reverse=True)
    stands = [wanted.stands]
    lift.raise_(wanted, 1.5, feet)
    stands.append(wanted.stands)
    assert stands == [True, False]
    assert wanted.position == pytest.approx((0.0, -0.1, 0.08))
    feet[1].position[2] = 0.08
    assert not lift.lower(wanted, PERIOD, feet, PERIOD, touches=True), "not yet: it was in the air"
    assert not lift.lower(wanted, 1.2, feet, PERIOD, touches=False)
    assert wanted.due
    assert wanted.position[2] == pytest.approx(-0.01)
    assert lift.lower(wanted, 1.3, feet, PERIOD, touches=True)
