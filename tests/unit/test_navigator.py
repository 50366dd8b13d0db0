"""A route is changed in time where an obstacle comes up, keeps what was ridden, and stops where there is no way."""

from math import inf

import numpy as np
import pytest

from controllers.riding.course import straight
from controllers.riding.navigator import LATENCY, Navigator
from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Disc, Pose, StopLine, Wall, Waypoint
from controllers.riding.planning.limits import SpeedLimits
from controllers.riding.planning.planner import plan_path
from controllers.riding.planning.speed import plan_speed
from controllers.riding.route import Route
from controllers.riding.sight import Sight, Unforeseen
from controllers.riding.signals import SignalParameters, signals_of

LIMITS = SpeedLimits(cruise=2.0)
STREET = CourseMap((StopLine((40, 1.5), (40, -1.5)),), fence=((-3, -3), (44, -3), (44, 3), (-3, 3)))
ALLEY = CourseMap((Waypoint((40, 0)),), walls=(Wall((-3, 1), (44, 1)), Wall((-3, -1), (44, -1))))
CORNER = CourseMap(
    (Waypoint((34, 0), 0.0, 0.3), Waypoint((40, 12))),
    fence=((-3, -3), (43, -3), (43, 14), (37, 14), (37, 3), (-3, 3)),
)
TICK = 0.02
HARDEST = 2.6
"""What brakes can do [m/s²]."""


def navigator(course_map, *hidden, signal=None) -> Navigator:
    plan = plan_path(course_map, Pose())
    return Navigator(Route(plan.course(), plan_speed(plan, LIMITS, 2.0), plan.stops), (plan, LIMITS), hidden, signal)


def ride(guide, speed=2.0, seconds=14.0):
    """Follow the course exactly, at the planned speed as far as brakes and legs can; the routes by the time from which
    on they hold.
    """
    guide.reset()
    routes, at, time, trace = [(0.0, guide.route)], 0.0, 0.0, []
    while time < seconds:
        course = guide.route.course
        x, y = course.points[round(at / course.spacing)].tolist()
        route = guide.step(time, at, speed, x, y)
        if route is not routes[-1][1]:
            routes.append((time, route))
        trace.append((time, at, speed))
        at = min(at + speed * TICK, route.course.length)
        speed = min(max(route.profile.at(at), speed - HARDEST * TICK), speed + TICK)
        time += TICK
    return routes, np.array(trace)


def test_an_obstacle_is_seen_once_when_the_front_is_near_enough_and_it_is_there():
    sight = Sight((Unforeseen(Disc((10, 0), 0.5, since=3.0), 8.0), Unforeseen(Disc((30, 0), 0.5), 5.0)))
    assert sight.look(1.0, 5.0, 0.0) == []
    assert sight.look(3.0, 1.4, 0.0) == []
    assert [disc.at for disc in sight.look(3.0, 1.6, 0.0)] == [(10, 0)]
    assert sight.look(4.0, 5.0, 0.0) == []
    assert len(sight.look(5.0, 24.6, 0.0)) == 1
    sight.reset()
    assert len(sight.look(5.0, 1.6, 0.0)) == 1


def test_what_leaves_is_told_once_it_was_seen_and_what_has_left_is_not_seen():
    short, late = Disc((10, 0), 0.5, since=1.0, until=3.0), Disc((30, 0), 0.5, until=3.0)
    sight = Sight((Unforeseen(short, 8.0), Unforeseen(late, 8.0)))
    assert sight.look(2.0, 5.0, 0.0) == [short]
    assert sight.gone(2.9) == []
    assert sight.gone(3.0) == [short]
    assert sight.look(3.0, 25.0, 0.0) == []
    assert sight.gone(4.0) == [short]
    sight.reset()
    assert sight.gone(4.0) == []


def test_a_fixed_route_stays():
    route = Route(straight(20.0))
    guide = Navigator(route)
    assert guide.step(1.0, 5.0, 2.0, 5.0, 0.0) is route
    assert guide.changes == 0


def test_the_new_route_comes_after_the_latency_and_keeps_what_was_ridden():
    parked = Disc((20, 0), 0.4)
    guide = navigator(STREET, Unforeseen(parked, 8.0))
    routes, trace = ride(guide)
    assert guide.changes == 1
    (_, old), (time, new) = routes
    seen = trace[np.argmax(trace[:, 1] + 0.85 > 20 - 8.4), 0]
    assert LATENCY - 1e-9 <= time - seen <= LATENCY + 2 * TICK
    reached = trace[trace[:, 0] <= time + 1e-9][-1, 1]
    rows = round(reached / old.course.spacing)
    np.testing.assert_allclose(new.course.points[:rows], old.course.points[:rows], atol=1e-9)
    assert Clearance(CourseMap(STREET.goals, (parked,), fence=STREET.fence)).of(new.course.points[:1900]).min() > 0.49
    assert new.stops[0].arc_length > old.stops[0].arc_length
    assert new.profile.at(new.stops[0].arc_length) < 0.1
    assert new.profile.at(reached) == pytest.approx(old.profile.at(reached), abs=0.01)


def test_what_is_not_in_the_way_changes_nothing():
    guide = navigator(STREET, Unforeseen(Disc((20, 2.5), 0.4), 8.0))
    routes, _ = ride(guide)
    assert len(routes) == 1
    assert guide.changes == 0


@pytest.mark.parametrize(("seen_from", "hardest"), [(8.0, 0.4), (3.5, 1.0)])
def test_where_there_is_no_way_round_it_stops_before_and_stays(seen_from, hardest):
    guide = navigator(ALLEY, Unforeseen(Disc((20, 0), 0.3), seen_from))
    routes, trace = ride(guide)
    stop = routes[-1][1].stops[-1]
    assert stop.wait == inf
    assert trace[-1, 1] == pytest.approx(stop.arc_length, abs=0.1)
    assert stop.arc_length + 0.85 + 0.2 < 20 - 0.3
    rolling = trace[trace[:, 2] > 0.3, 2]
    assert hardest - 0.1 < -np.diff(rolling).min() / TICK < hardest + 0.1


def test_when_the_obstacle_is_gone_the_plan_is_taken_up_again_from_rest():
    guide = navigator(ALLEY, Unforeseen(Disc((20, 0), 0.3, until=14.0), 8.0))
    routes, trace = ride(guide, seconds=32.0)
    assert [len(route.stops) for _, route in routes] == [0, 1, 0]
    freed = routes[2][0]
    assert freed == pytest.approx(14.0 + LATENCY, abs=2 * TICK)
    assert trace[np.searchsorted(trace[:, 0], freed) - 2, 2] < 0.1
    assert trace[-1, 1] == pytest.approx(routes[-1][1].course.length, abs=0.1)
    assert guide.changes == 2


def test_an_obstacle_that_is_gone_before_the_bicycle_stands_costs_but_some_speed():
    guide = navigator(ALLEY, Unforeseen(Disc((20, 0), 0.3, until=8.0), 8.0))
    routes, trace = ride(guide, seconds=30.0)
    assert not routes[-1][1].stops
    assert 0.3 < trace[:-200, 2].min() < 1.9
    assert trace[-1, 1] == pytest.approx(routes[-1][1].course.length, abs=0.1)


def test_it_stays_while_another_obstacle_is_still_in_the_way():
    first, second = Disc((20, 0.3), 0.3, until=14.0), Disc((20, -0.3), 0.3, until=18.0)
    guide = navigator(ALLEY, Unforeseen(first, 8.0), Unforeseen(second, 8.0))
    routes, _ = ride(guide, seconds=22.0)
    (freed,) = (time for time, route in routes[1:] if not route.stops)
    assert freed == pytest.approx(18.0 + LATENCY, abs=2 * TICK)


def test_what_leaves_and_was_ridden_round_changes_nothing():
    guide = navigator(STREET, Unforeseen(Disc((20, 0), 0.4, until=9.0), 8.0))
    ride(guide)
    assert guide.changes == 1


@pytest.mark.parametrize("seen_from", [0.5, 1.0, 1.5, 2.0])
def test_no_way_leads_through_an_obstacle_that_comes_up_close_by(seen_from):
    guide = navigator(STREET, Unforeseen(Disc((20, 0), 0.3), seen_from))
    routes, trace = ride(guide, seconds=20.0)
    stop = routes[-1][1].stops[-1]
    assert stop.wait == inf
    assert trace[-1, 1] == pytest.approx(stop.arc_length, abs=0.1)
    reached = trace[:, 1][np.argmax(trace[:, 1] + 0.85 > 20 - 0.3 - seen_from)]
    assert stop.arc_length <= reached + LATENCY * 2.0 + 2.0**2 / (2.0 * 2.5) + 0.1


@pytest.mark.parametrize(("seen_from", "brakes"), [(1.5, True), (2.5, True), (4.0, False)])
def test_where_planning_takes_the_room_to_brake_in_it_brakes_meanwhile(seen_from, brakes):
    guide = navigator(STREET, Unforeseen(Disc((20, 0), 0.3), seen_from))
    at = 20 - 0.3 - seen_from - 0.05 - 0.85
    first = guide.route
    assert guide.step(0.0, at, 2.0, at, 0.0) is first
    meanwhile = guide.step(TICK, at + 0.2, 2.0, at + 0.2, 0.0)
    assert meanwhile.profile is not None
    assert (meanwhile.profile.at(at + 0.2) == 0.0) == brakes
    assert (meanwhile.course, meanwhile.stops, guide.changes) == (first.course, first.stops, 0)
    after = guide.step(TICK + LATENCY, at + 0.5, 1.8, at + 0.5, 0.0)
    assert after.profile is not None
    assert after.profile.at(at + 0.5) > 1.0
    assert guide.changes == 1


@pytest.mark.parametrize("x", [1.8, 2.2])
def test_from_rest_no_start_is_made_into_an_obstacle(x):
    guide = navigator(STREET, Unforeseen(Disc((x, 0), 0.3), 5.0))
    guide.reset()
    for time in (0.0, LATENCY + TICK):
        route = guide.step(time, 0.0, 0.0, 0.0, 0.0)
    assert route.stops[0].wait == inf
    assert route.stops[0].arc_length < x - 0.3


def test_an_obstacle_that_comes_up_while_the_bicycle_slows_down_is_led_round_or_stopped_for():
    """Between two samples of a falling profile the bicycle is faster than at the later one."""
    lines = CourseMap(
        (StopLine((30, 1.5), (30, -1.5)), StopLine((60, 1.5), (60, -1.5))), fence=((-3, -3), (64, -3), (64, 3), (-3, 3))
    )
    plan = plan_path(lines, Pose())
    profile = plan_speed(plan, LIMITS, 2.0)
    route = Route(plan.course(), profile, plan.stops)
    disc = Disc((40, 0), 0.4)
    for at in np.arange(24.0, 27.0, 0.0973):
        guide = Navigator(route, (plan, LIMITS), (Unforeseen(disc, 30.0),))
        guide.step(0.0, at, profile.at(at), at, 0.0)
        new = guide.step(LATENCY, at, profile.at(at), at, 0.0)
        assert new is not route
        assert [stop.wait for stop in new.stops] == [stop.wait for stop in route.stops]  # there is room to ride round


def test_further_obstacles_do_not_put_off_what_the_first_one_asks_for():
    crowd = [Unforeseen(Disc((20 + 0.45 * i, 0), 0.3), 4.0) for i in range(8)]
    guide = navigator(ALLEY, *crowd)
    routes, trace = ride(guide)
    seen = trace[np.argmax(trace[:, 1] + 0.85 > 20 - 0.3 - 4.0), 0]
    assert routes[1][0] <= seen + LATENCY + 2 * TICK
    rolling = trace[trace[:, 2] > 0.3, 2]
    braking = -np.diff(rolling) / TICK
    assert np.quantile(braking, 0.99) < 1.3  # but for a tick at which one route takes the other's place


def test_a_stop_before_an_obstacle_that_is_begun_is_kept_whatever_comes_up():
    first, second = Unforeseen(Disc((20, 0), 0.3), 8.0), Unforeseen(Disc((20, 1.7), 0.2), 2.0)
    routes, trace = ride(navigator(ALLEY, first, second), seconds=20.0)
    assert routes[-1][1].stops[-1].wait == inf
    assert trace[-1, 1] + 0.85 < 20 - 0.3


@pytest.mark.parametrize("left", [0.1, 0.2, 0.4, 1.0])
def test_an_obstacle_at_the_very_end_is_no_error(left):
    over = CourseMap((Waypoint((12, 0)), Waypoint((18, -6), heading=-1.57)))
    plan = plan_path(over, Pose())
    route = Route(plan.course(), plan_speed(plan, LIMITS, 2.0), plan.stops)
    end = plan.path.sample(1).points[-1]
    guide = Navigator(route, (plan, LIMITS), (Unforeseen(Disc(tuple(end), 0.2), 5.0),))
    at = plan.path.length - left
    x, y = route.course.points[round(at / route.course.spacing)]
    guide.step(0.0, at, 1.5, x, y)
    assert guide.step(LATENCY, at, 1.5, x, y).stops[-1].wait == inf


def test_two_obstacles_in_a_row_are_both_led_round():
    first, second = Disc((16, -0.2), 0.3), Disc((27, 0.2), 0.3)
    guide = navigator(STREET, Unforeseen(first, 8.0), Unforeseen(second, 8.0))
    routes, _ = ride(guide, seconds=20.0)
    both = Clearance(CourseMap(STREET.goals, (first, second)))
    assert len(routes) >= 2
    assert both.of(routes[-1][1].course.points[:1900]).min() > 0.49


@pytest.mark.parametrize(
    ("signal", "signals", "clearance"), [(None, 0, 0.93), (SignalParameters(), 1, 0.52)], ids=["none asked", "asked"]
)
def test_the_way_round_has_room_unless_that_costs_a_signal(signal, signals, clearance):
    parked = Disc((16, 0.2), 0.4)
    guide = navigator(CORNER, Unforeseen(parked, 8.0), signal=signal)
    assert len(signals_of(guide.route, 2.0)) == 1
    routes, _ = ride(guide)
    way = routes[-1][1]
    assert len(routes) == 2
    assert len(signals_of(way, 2.0)) == signals
    nearest = Clearance(CourseMap(CORNER.goals, (parked,))).of(way.course.points).min()
    assert nearest == pytest.approx(clearance, abs=0.05)


def test_a_signal_that_no_way_round_leaves_is_given_up_for_room():
    parked = Disc((16, 0.2), 0.4)
    long = SignalParameters(lasts=8.0, shortest=8.0)
    guide = navigator(CORNER, Unforeseen(parked, 8.0), signal=long)
    assert signals_of(guide.route, 2.0, long)
    routes, _ = ride(guide)
    way = routes[-1][1]
    assert not signals_of(way, 2.0, long)
    assert Clearance(CourseMap(CORNER.goals, (parked,))).of(way.course.points).min() > 0.9


def test_the_same_ride_gives_the_same_route():
    guide = navigator(STREET, Unforeseen(Disc((20, 0), 0.4), 8.0))
    one, _ = ride(guide)
    other, _ = ride(guide)
    np.testing.assert_array_equal(one[-1][1].course.points, other[-1][1].course.points)
    np.testing.assert_array_equal(one[-1][1].profile.speed, other[-1][1].profile.speed)
