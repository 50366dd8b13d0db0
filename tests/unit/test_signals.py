"""Turns of a course, where they are signalled, and when a hand may leave the bars."""

from math import pi

import numpy as np
import pytest

from controllers.riding.course import SPACING, Course, lane_change, straight
from controllers.riding.intent import ArmPose, Crank, Intent
from controllers.riding.manners import HandRequest, HandTask, Manners
from controllers.riding.modes import RideMode
from controllers.riding.route import Route
from controllers.riding.signals import signals_of
from controllers.riding.stop import Stop
from controllers.riding.turns import turns_of

CRUISING = Intent(RideMode.CRUISE, Crank.DRIVE, 2.0)


def corner(before=20.0, angle=0.5 * pi, after=10.0, radius=4.0):
    """Straight, an arc of a radius [m] by an angle [rad], straight."""
    arc = np.full(round(abs(angle) * radius / SPACING), np.sign(angle) / radius)
    return Course(np.concatenate((np.zeros(round(before / SPACING)), arc, np.zeros(round(after / SPACING)))))


@pytest.mark.parametrize(("angle", "side"), [(0.5 * pi, 0), (-0.5 * pi, 1)])
def test_a_corner_is_a_turn(angle, side):
    (turn,) = turns_of(corner(angle=angle))
    assert turn.side == side
    assert turn.begin == pytest.approx(20.0, abs=0.05)
    assert turn.angle == pytest.approx(angle, rel=0.01)


def test_a_lane_change_and_a_straight_are_none():
    assert turns_of(straight(30.0)) == ()
    assert turns_of(lane_change(2.0, 10.0, 5.0, 5.0)) == ()
    assert turns_of(corner(angle=0.5)) == ()


def test_a_bend_that_takes_long_is_none():
    """90° on a radius of 18 m: 28 m."""
    assert turns_of(corner(radius=18.0)) == ()


def test_a_signal_ends_before_its_bend():
    (signal,) = signals_of(Route(corner()), 2.0)
    assert 19.0 < signal.end < 20.0
    assert signal.end - signal.begin == pytest.approx(2.0 * 5.8, rel=0.05)


def test_where_there_is_no_room_there_is_none():
    assert signals_of(Route(corner(before=7.0)), 2.0) == ()


def test_slow_riding_is_not_signalled():
    assert signals_of(Route(corner()), 1.0) == ()


def test_it_is_given_before_a_stop_that_is_near_the_corner():
    """The stop at 17 m is prepared from 13.3 m on."""
    (signal,) = signals_of(Route(corner(), stops=(Stop(17.0, "left", 2.0, "left"),)), 2.0)
    assert signal.end < 13.4


def steps(task, route, speed=2.0, intent=CRUISING, seconds=12.0):
    """Arms asked at each place, riding along at a speed [m/s]."""
    task.reset()
    asked: list[tuple[float, tuple[ArmPose | None, ArmPose | None]]] = []
    for tick in range(round(seconds / 0.02)):
        time = 0.02 * tick
        now = task.step(time, speed, intent, route, speed * time, loose=bool(asked and asked[-1][1] != (None, None)))
        asked.append((speed * time, now.arms))
    return asked


@pytest.mark.parametrize(("angle", "side"), [(0.5 * pi, 0), (-0.5 * pi, 1)])
def test_the_arm_on_the_side_of_the_turn_goes_out_once(angle, side):
    asked = steps(HandTask(Manners(signals=True)), Route(corner(angle=angle)))
    out = [place for place, arms in asked if arms[side] is ArmPose.SIGNAL]
    assert all(arms[1 - side] is None for _, arms in asked)
    assert 5.5 < out[-1] - out[0] < 8.5  # 3.5 s at 2 m/s: 1.7 s on the way out, 1.8 s out
    assert out[-1] < 20.0 - 2.0 * 2.1
    assert np.allclose(np.diff(out), 0.04)


def test_a_ride_that_began_at_rest_signals_too():
    """Where no speed is planned it is the one that is asked for, and at rest nobody asks for one."""
    task, route = HandTask(Manners(signals=True)), Route(corner())
    task.reset()
    task.step(0.0, 0.0, Intent(RideMode.REST, Crank.PARK), route, 0.0, loose=False)
    asked = [task.step(at / 2.0, 2.0, CRUISING, route, at, loose=False).arms for at in np.arange(0.0, 20.0, 0.1)]
    assert (ArmPose.SIGNAL, None) in asked


def test_brakes_and_slow_riding_want_both_hands():
    task, route = HandTask(Manners(signals=True)), Route(corner())
    braking = Intent(RideMode.BRAKE, Crank.PARK, 2.0, deceleration=0.5)
    stopping = Intent(RideMode.STOP, Crank.PARK, 2.0)
    for intent, speed in ((braking, 2.0), (stopping, 2.0), (CRUISING, 0.9)):
        assert {arms for _, arms in steps(task, route, speed, intent)} == {(None, None)}


def test_nothing_is_done_unasked():
    task = HandTask(Manners())
    assert task.step(0.0, 2.0, CRUISING, Route(corner()), 10.0, loose=False) is CRUISING


def test_a_request_is_kept_but_for_a_stop():
    """Off from 1 s to 11 s, but the stop at 18 m is prepared from 14.3 m, and the way back takes 2.1 s."""
    task = HandTask(Manners(hands=(HandRequest(1, 1.0, 10.0, ArmPose.SIDE),)))
    route = Route(straight(40.0), stops=(Stop(18.0, "left", 2.0, "left"),))
    off = [place for place, arms in steps(task, route) if arms == (None, ArmPose.SIDE)]
    assert off[0] == pytest.approx(2.0, abs=0.05)
    assert off[-1] < 14.4 - 2.0 * 2.1 + 0.1 or off[-1] > 18.0
    assert all(place < 10.3 or place > 18.0 for place in off)
