"""A way that is laid as somebody asks for it."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.course import circle, straight
from controllers.riding.helm import Helm, HelmParameters
from controllers.riding.navigator import Navigator
from controllers.riding.route import Route
from controllers.riding.stop import Stop
from tests.conftest import PERIOD

P = HelmParameters()
SPEED = 2.0


def helm(course=None, stops=(), **changes):
    return Helm(Navigator(Route(course or straight(40.0), stops=stops)), SPEED, **changes)


def ridden(steered, seconds, arc=0.0, speed=SPEED):
    """Ride along the way exactly; gives the arc length that is reached."""
    begin = arc / speed
    for tick in range(round(seconds / PERIOD)):
        steered.step(begin + tick * PERIOD, arc, speed, 0.0, 0.0)
        arc += speed * PERIOD
    return arc


def bends(route, begin, length):
    """Curvature of a route over a length from an arc length on [1/m]."""
    spacing = route.course.spacing
    return route.course.curvature_at(begin + spacing * (0.5 + np.arange(round(length / spacing))))


def test_until_somebody_takes_over_the_course_is_followed():
    steered = helm(circle(5.0, 1, 4.0))
    course = steered.route.course
    ridden(steered, 3.0)
    assert steered.route.course is course
    assert not steered.taken
    assert steered.route.profile.at(1.0) == SPEED


@given(st.floats(-1.0, 1.0), st.floats(0.8, 3.0))
def test_a_bend_is_laid_that_can_be_ridden(turn, speed):
    steered = helm()
    arc = ridden(steered, 1.0)
    before = steered.route.course.points[: round(arc / 0.02)].copy()
    steered.ask(turn=turn, speed=speed)
    ridden(steered, 0.01, arc)
    route = steered.route
    bend = bends(route, arc, 20.0)
    most = max(SPEED, speed)
    assert np.abs(bend).max() <= min(P.curvature, P.lateral_acceleration / most**2) + 1e-9
    assert np.abs(np.diff(bend)).max() <= P.curvature_rate[1] * 0.02 + 1e-9
    assert bend[-1] == pytest.approx(turn * min(P.curvature, P.lateral_acceleration / most**2), abs=1e-6)
    np.testing.assert_array_equal(route.course.points[: len(before)], before)
    assert route.profile.at(arc + 5.0) == pytest.approx(speed)


def test_the_way_has_no_kink_where_it_is_laid_anew():
    steered = helm(circle(5.0, 1, 2.0))
    arc = ridden(steered, 3.0)
    steered.ask(turn=-1.0)
    ridden(steered, 0.01, arc)
    course = steered.route.course
    steps = np.diff(course.points, axis=0)
    turned = np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))
    assert np.abs(turned).max() <= 0.02 * P.curvature + 1e-6
    assert np.hypot(*steps.T) == pytest.approx(0.02, abs=1e-6)


def test_what_is_asked_for_again_changes_nothing():
    steered = helm()
    steered.ask(turn=0.5)
    arc = ridden(steered, 0.1)
    route = steered.route
    steered.ask(turn=0.5)
    ridden(steered, 0.1, arc)
    assert steered.route is route


@pytest.mark.parametrize("often", [1, 7, 50])
def test_a_bend_that_is_asked_for_more_and_more_comes_while_it_is_asked_for(often):
    """Laid anew at every tick as well: within 2 s the bend is nearly there."""
    steered = helm()
    arc = 0.0
    for tick in range(1000):
        if tick % often == 0:
            steered.ask(turn=tick / 1000)
        steered.step(tick * PERIOD, arc, SPEED, 0.0, 0.0)
        arc += SPEED * PERIOD
    most = min(P.curvature, P.lateral_acceleration / SPEED**2)
    assert bends(steered.route, arc, 0.02)[0] > 0.75 * most
    rise = np.diff(bends(steered.route, 0.0, arc))
    assert rise.min() >= -1e-12
    assert rise.max() <= P.curvature_rate[1] * 0.02 + 1e-9


def test_more_than_can_be_ridden_is_cut():
    steered = helm()
    steered.ask(turn=7.0, speed=99.0)
    assert (steered.turn, steered.speed) == (1.0, P.speed[1])
    steered.ask(speed=0.0)
    assert steered.speed == P.speed[0]


@pytest.mark.parametrize("value", [nan, inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=f"the turn that is asked for is {value}"):
        helm().ask(turn=value)


@pytest.mark.parametrize("turn", [0.0, 1.0])
def test_a_halt_is_on_a_straight_as_near_as_braking_allows(turn):
    steered = helm()
    steered.ask(turn=turn)
    arc = ridden(steered, 4.0)
    steered.halt("right")
    ridden(steered, 0.002, arc)
    (stop,) = steered.route.stops
    way = stop.arc_length - arc
    assert way >= SPEED**2 / (2.0 * P.braking) + P.prepare * SPEED - 1e-9
    assert way < 5.0
    assert stop.foot == "right"
    assert np.abs(bends(steered.route, stop.arc_length - 0.9, 3.8)).max() < 1e-6
    assert steered.route.held


def test_after_a_halt_it_stands_until_it_is_to_go_on():
    steered = helm()
    steered.halt("left")
    arc = ridden(steered, 0.1)
    steered.halt("left")
    ridden(steered, 0.1, arc)
    assert len(steered.route.stops) == 1
    steered.go()
    ridden(steered, 0.01, 4.0)
    assert not steered.route.held
    assert len(steered.route.stops) == 1


def test_a_bend_that_is_asked_for_is_ridden_though_somebody_says_go_at_once():
    steered = helm(standing=True)
    steered.ask(turn=0.5)
    steered.go()
    ridden(steered, 0.1)
    assert steered.taken
    assert not steered.route.held


def test_stops_that_are_still_far_are_none_once_somebody_has_taken_over():
    stops = tuple(Stop(at, "left", 1.0, "left") for at in (1.0, 30.0))
    steered = helm(stops=stops)
    arc = ridden(steered, 1.0)
    steered.ask(turn=0.1)
    ridden(steered, 0.01, arc)
    assert steered.route.stops == stops[:1]


def test_where_the_course_ends_it_is_straight_on_for_ever():
    steered = helm(straight(6.0))
    arc = ridden(steered, 90.0)
    assert steered.taken
    assert steered.route.course.length > arc + 20.0
    assert np.abs(bends(steered.route, 0.0, arc)).max() == 0.0


def test_a_ride_that_begins_standing_waits_and_then_follows_its_course():
    steered = helm(standing=True)
    course = steered.route.course
    assert steered.route.held
    steered.go()
    ridden(steered, 0.1)
    assert not steered.route.held
    assert steered.route.course is course
    assert not steered.taken


def test_it_can_start_over():
    steered = helm()
    steered.ask(turn=1.0, speed=1.0)
    ridden(steered, 0.1)
    steered.reset()
    assert not steered.taken
    assert (steered.turn, steered.speed, steered.changes) == (0.0, SPEED, 0)
    assert np.abs(bends(steered.route, 0.0, 20.0)).max() == 0.0
