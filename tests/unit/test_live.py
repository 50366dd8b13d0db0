"""A live ride without a window: the clock, the keys, and what is told."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from controllers.riding.modes import RideMode
from scenarios.errors import BadInput
from scenarios.live.live_ride import LiveRide
from scenarios.live.pacer import Pacer
from scenarios.live.page import Page
from scenarios.live.session import KEYS, Act, Session, View
from scenarios.live.tuning import TUNINGS, changes_of
from scenarios.loader import load


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


# The pacer


def paced(seconds, pacer, clock, step=0.01, most=25, able=1.0):
    done = 0
    for _ in range(round(seconds / step)):
        clock.now += step
        done += pacer.due(min(most, max(1, int(able * step / 0.002 + 1e-9))))
    return done


@pytest.mark.parametrize("rate", [1.0, 0.25])
def test_as_many_ticks_pass_as_the_clock_has_time(rate):
    clock = Clock()
    pacer = Pacer(0.002, clock)
    pacer.rate = rate
    assert paced(10.0, pacer, clock) == pytest.approx(10.0 * rate / 0.002, abs=2)
    assert pacer.factor == pytest.approx(rate, rel=0.02)
    assert pacer.keeps_up


def test_a_machine_that_is_too_slow_is_told_and_does_not_jump():
    clock = Clock()
    pacer = Pacer(0.002, clock)
    assert paced(10.0, pacer, clock, able=0.6) == pytest.approx(0.6 * 10.0 / 0.002, rel=0.01)
    assert pacer.factor == pytest.approx(0.6, rel=0.03)
    assert not pacer.keeps_up


def test_after_a_pause_nothing_is_owed():
    clock = Clock()
    pacer = Pacer(0.002, clock)
    clock.now += 60.0
    pacer.restart()
    assert pacer.due(25) == 0


# The session


class Helm:
    def __init__(self):
        self.turn, self.speed, self.held, self.taken, self.done = 0.0, 2.0, False, False, []

    def ask(self, turn=None, speed=None):
        self.turn = self.turn if turn is None else max(-1.0, min(1.0, turn))
        self.speed = self.speed if speed is None else speed
        self.taken = True

    def halt(self, foot):
        self.done.append(foot)

    def go(self):
        self.done.append("go")


@pytest.fixture
def session():
    """A session on a ride that only counts."""
    ride: Any = SimpleNamespace(helm=Helm(), mode=RideMode.CRUISE, ticks=0, pushes=[], restarts=0, overrides=())

    def tick():
        ride.ticks += 1

    def restart():
        ride.restarts += 1

    ride.tick, ride.restart = tick, restart
    ride.shove = lambda impulse, toward: ride.pushes.append((impulse, toward))
    return Session(ride, clock=Clock())


def held(session, acts, seconds, step=0.02):
    for _ in range(round(seconds / step)):
        session._clock.now += step
        session.hold(acts)


@pytest.mark.parametrize(("act", "sign"), [(Act.LEFT, 1.0), (Act.RIGHT, -1.0)])
def test_a_key_that_is_held_turns_more_and_more_and_goes_back(session, act, sign):
    held(session, [act], 0.4)
    assert 0.3 < sign * session.ride.helm.turn < 0.7
    held(session, [act], 2.0)
    assert session.ride.helm.turn == sign
    held(session, [], 1.0)
    assert session.ride.helm.turn == 0.0


def test_nobody_takes_over_who_touches_nothing(session):
    held(session, [], 1.0)
    assert not session.ride.helm.taken


def test_the_speed_changes_while_a_key_is_held(session):
    held(session, [Act.FASTER], 0.5)
    assert session.ride.helm.speed == pytest.approx(2.4, abs=0.05)
    held(session, [Act.SLOWER], 1.0)
    assert session.ride.helm.speed == pytest.approx(1.6, abs=0.05)


def test_the_halt_key_halts_and_at_rest_it_goes_on(session):
    session.press(Act.HALT)
    session.press(Act.HALT_RIGHT)
    session.ride.helm.held, session.ride.mode = True, RideMode.WAIT
    session.press(Act.HALT)
    session.press(Act.FASTER)
    assert session.ride.helm.done == ["left", "right", "go", "go"]


def test_paused_it_stands_still_but_for_single_steps(session):
    session.press(Act.PAUSE)
    session._clock.now += 1.0
    assert session.advance() == 0
    session.press(Act.STEP)
    assert session.ride.ticks == 1
    session.press(Act.PAUSE)
    session._clock.now += 0.02
    assert session.advance() == 10
    session.press(Act.STEP)
    assert session.ride.ticks == 11


def test_a_page_shows_single_steps_and_what_was(session, monkeypatch):
    shown: list[float] = []
    controls = SimpleNamespace(back=1.0, say=lambda *_: None)
    stage = SimpleNamespace(
        port=1, server=SimpleNamespace(atomic=nullcontext), show=lambda picture: shown.append(picture.time)
    )
    monkeypatch.setattr("scenarios.live.page.Stage", lambda *_: stage)
    monkeypatch.setattr("scenarios.live.page._Controls", lambda *_: controls)
    monkeypatch.setattr(Session, "lines", lambda *_: [])
    session.ride.context = None
    session.ride.picture = lambda: SimpleNamespace(time=session.ride.ticks * 0.002)
    page = Page(session, "127.0.0.1", 0)
    page._draw()
    session.press(Act.PAUSE)
    page._draw()
    for _ in range(2):
        session.press(Act.STEP)
        page._draw()
    assert shown == [0.0, 0.0, 0.002, 0.004]
    controls.back = 0.0
    page._draw()
    assert shown[-1] == 0.0


def test_the_other_keys(session):
    session.press(Act.PUSH_LEFT)
    session.press(Act.PUSH_RIGHT)
    assert [impulse for impulse, _ in session.ride.pushes] == [15.0, 15.0]
    assert session.ride.pushes[0][1] == -session.ride.pushes[1][1]
    session.press(Act.SLOW_MOTION)
    assert session.pacer.rate == 0.25
    session.press(Act.SLOW_MOTION)
    assert session.pacer.rate == 1.0
    views = []
    for _ in View:
        session.press(Act.CAMERA)
        views.append(session.view)
    assert set(views) == set(View)
    session.press(Act.RESTART)
    assert session.ride.restarts == 1
    assert set(KEYS.values()) == set(Act)


# The ride


def test_a_window_shows_rides_alone():
    with pytest.raises(BadInput, match="squat is no ride"):
        LiveRide("squat")


def test_a_live_ride_is_steered_pushed_and_begun_anew():
    ride = LiveRide("ride_straight", ["start.speed=2"])
    try:
        for _ in range(50):
            ride.tick()
        ride.helm.ask(turn=1.0)
        ride.shove(5.0, 0.0)
        ride.tick()
        picture = ride.picture()
        assert picture.push[0] == pytest.approx(25.0, rel=1e-3)
        assert picture.way[-1][1] > 2.0
        assert picture.mode is RideMode.CRUISE
        assert picture.support.shape == (2, 3)
        lines = Session(ride).lines(picture)
        assert "m/s" in lines[0]
        assert "bend +1.0" in lines[1]
        for _ in range(500):
            ride.tick()
        assert ride.picture().heading > 0.1
        ride.restart()
        assert (ride.ticks, ride.helm.taken) == (0, False)
        assert ride.picture().heading < 0.1
    finally:
        ride.close()


def test_what_is_dragged_is_never_pulled_twice_at_a_time():
    """Said at every tick, 30 N to the left are 30 N."""
    ride = LiveRide("ride_straight", ["start.speed=2"])
    try:
        for _ in range(100):
            ride.drag((0.0, 30.0, 0.0), "torso")
            ride.tick()
            assert float((ride.picture().push ** 2).sum() ** 0.5) <= 30.0 + 1e-6
        assert float(abs(ride.picture().push[1])) == pytest.approx(30.0, rel=0.01)
        disturbances: Any = vars(ride._world)["_disturbances"]
        assert len(disturbances._pushes) <= 2
    finally:
        ride.close()


def test_a_start_with_changes_that_cannot_be_leaves_the_ride_as_it_is():
    ride = LiveRide("ride_straight", ["start.speed=2"])
    try:
        ride.tick()
        for wrong in (["world.friction=-1"], ["nothing=1"]):
            with pytest.raises(BadInput):
                ride.restart(wrong)
        ride.tick()
        assert ride.ticks == 2
        ride.restart(["start.speed=1.5", "rider.speed=1.5"])
        assert ride.picture().speed == pytest.approx(1.5, abs=0.1)
    finally:
        ride.close()


def test_sliders_begin_anew_with_what_is_not_as_usual(session):
    given = []

    def restart(overrides):
        if any("friction=0.1" in one for one in overrides):
            raise BadInput("too slippery")
        given.append(overrides)

    session.ride.restart = restart
    session._given = ("course.length=20",)
    values = [tuning.usual for tuning in TUNINGS]
    assert session.tune(values)
    values[0], values[6] = 3.04, 12.3
    assert session.tune(values)
    assert given == [
        ("course.length=20",),
        ("course.length=20", "rider.gains.course=3", 'plant.command_delay="12 ms"'),
    ]
    assert session.trouble == ""
    values[5] = 0.1
    assert not session.tune(values)
    assert session.trouble == "too slippery"


def test_every_slider_changes_a_key_that_there_is():
    for tuning in TUNINGS:
        values = [one.most if one is tuning else one.usual for one in TUNINGS]
        (change,) = changes_of(values)
        load("ride_straight", [change])


def test_a_press_shows_the_sliders_and_hides_them(session):
    session.press(Act.TUNE)
    assert session.tuning
    session.press(Act.TUNE)
    assert not session.tuning
