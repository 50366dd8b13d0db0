"""The command of a walk: limits, ramps, poses to walk to, and when it may stand."""

from math import hypot, pi

import numpy as np
import pytest

from controllers.balance.area import SoleArea, unloaded
from controllers.balance.feet import FootPlace
from controllers.balance.parameters import BalanceParameters
from controllers.balance.walking import STILL, Walking

PERIOD = 0.002
SOLE = (0.102, 0.06)
AT_REST = np.zeros(3)


def feet(x=0.0, y=0.0, heading=0.0, width=0.2, ahead=0.0):
    """Both feet about a point; the left one `ahead` [m] of the right one."""
    c, s = np.cos(heading), np.sin(heading)
    turn = np.array(((c, -s), (s, c)))
    middles = (turn @ (0.5 * ahead, 0.5 * width), turn @ (-0.5 * ahead, -0.5 * width))
    left, right = (FootPlace(np.array((x + dx, y + dy, 0.0)), heading) for dx, dy in middles)
    return left, right


@pytest.fixture
def walking():
    return Walking(BalanceParameters(), SoleArea(SOLE, PERIOD), PERIOD)


def walk_on(walking, asked, seconds, velocity=AT_REST, since=None, doubts=False):
    commanded = []
    for _ in range(round(seconds / PERIOD)):
        walking.step(asked, velocity, feet(), since, doubts)
        commanded.append(walking.velocity.copy())
    return np.array(commanded)


def test_the_velocity_goes_to_what_is_asked_at_its_acceleration(walking):
    commanded = walk_on(walking, (0.4, -0.2, 0.0), 3.0)
    assert commanded[-1] == pytest.approx((0.4, -0.2, 0.0))
    rate = np.diff(commanded, axis=0) / PERIOD
    assert np.abs(rate).max(axis=0) == pytest.approx((0.35, 0.2, 0.0))
    assert walk_on(walking, None, 3.0)[-1] == pytest.approx(STILL)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ((0.8, 0.0, 0.0), (0.65, 0.0, 0.0)),
        ((-0.8, 0.0, 0.0), (-0.35, 0.0, 0.0)),
        ((0.0, 0.25, 0.0), (0.0, 0.25, 0.0)),
        ((0.0, 0.0, -2.0), (0.0, 0.0, -0.9)),
    ],
)
def test_more_than_it_can_is_scaled_down(walking, asked, kept):
    assert walk_on(walking, asked, 5.0)[-1] == pytest.approx(kept)


def test_the_direction_of_a_command_that_is_too_much_is_kept(walking):
    x, y, turn = walk_on(walking, (0.6, 0.3, 0.9), 5.0)[-1]
    assert (y / x, turn / x) == pytest.approx((0.5, 1.5))
    assert (x / 0.65) ** 2 + (y / 0.3) ** 2 + (turn / 0.9) ** 2 == pytest.approx(1.0)


@pytest.mark.parametrize(("doubts", "most"), [(False, 0.3), (True, 0.1)])
def test_a_walk_that_lacks_speed_is_commanded_more_of_it_within_bounds(walking, doubts, most):
    walk_on(walking, (0.3, 0.0, 0.0), 2.0)
    for _ in range(round(5.0 / PERIOD)):
        velocity = walking.step((0.3, 0.0, 0.0), AT_REST, feet(), 5.0, doubts)
    assert velocity[0] == pytest.approx(0.3 + most)


def test_far_from_a_pose_it_faces_where_it_goes_and_near_it_steps_onto_it(walking):
    ahead, aside, turn = walking.towards((0.0, 2.0, 0.0), np.zeros(3), 0.0, standing=False)
    assert (ahead, aside) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert turn > 0.0
    assert walking.pose is None
    ahead, _, turn = walking.towards((0.0, 2.0, 0.0), np.zeros(3), 0.5 * pi, standing=False)
    assert ahead == pytest.approx(0.4)
    assert turn == pytest.approx(0.0)
    assert walking.towards((0.3, 0.2, 1.0), np.zeros(3), 0.0, standing=False) == STILL
    assert walking.pose == (0.3, 0.2, 1.0)


def test_it_has_arrived_when_it_stands_there(walking):
    place = np.array((0.31, 0.2, 0.0))
    assert walking.towards((0.3, 0.2, 1.0), place, 1.0, standing=False) is not None
    assert not walking.arrived
    assert walking.towards((0.3, 0.2, 1.0), place, 1.0, standing=True) is None
    assert walking.arrived


@pytest.mark.parametrize(
    ("where", "stands"),
    [
        ({}, True),
        ({"width": 0.3}, True),
        ({"width": 0.5}, False),
        ({"ahead": 0.2}, False),
    ],
)
def test_it_may_stand_with_its_feet_side_by_side(walking, where, stands):
    assert walking.may_stand(None, np.zeros(2), feet(**where)) is stands


def test_it_may_not_stand_while_it_is_moving_or_the_weight_is_leaving(walking):
    assert not walking.may_stand(None, np.array((0.12, 0.0)), feet())
    walk_on(walking, (0.3, 0.0, 0.0), 1.0)
    assert not walking.may_stand(None, np.zeros(2), feet())


def test_on_a_pose_it_may_stand_when_its_feet_are_there(walking):
    walking.pose = (1.0, 0.0, 0.5)
    assert walking.may_stand(STILL, np.array((1.0, 0.0)), feet(1.0, 0.0, 0.5))
    assert not walking.may_stand(STILL, np.array((1.0, 0.05)), feet(1.0, 0.05, 0.5))


def test_a_body_that_was_turned_a_little_keeps_its_course(walking):
    walking.course = 0.2
    assert walking.begin(feet(heading=0.1)) == pytest.approx(0.2)
    assert walking.begin(feet(heading=1.0)) == pytest.approx(1.0)


def test_a_push_is_seen_outside_of_the_soles_and_after_a_while_at_their_edge():
    area = SoleArea(SOLE, PERIOD)
    assert area.margin(np.array((0.2, 0.0)), feet(), 0.05) == pytest.approx(-0.098)
    assert not area.pushed(np.array((0.09, 0.0)), feet(), -0.015, 0.015, 0.3)
    assert area.pushed(np.array((0.12, 0.0)), feet(), -0.015, 0.015, 0.3)
    area.reset()
    seen = [area.pushed(np.array((0.095, 0.0)), feet(), -0.015, 0.015, 0.3) for _ in range(200)]
    assert seen.index(True) == pytest.approx(0.3 / PERIOD, abs=1.0)


def test_the_foot_that_a_push_unloads_is_the_one_to_step():
    assert unloaded(np.array((0.0, 0.2)), feet()) == 1
    assert unloaded(np.array((0.2, 0.0)), feet(heading=0.5 * pi)) == 0
    assert hypot(*(feet()[0].position - feet()[1].position)[:2]) == pytest.approx(0.2)
