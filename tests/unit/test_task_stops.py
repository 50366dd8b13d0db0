"""Which stop a ride makes next, where others come up or are called off, and where it stays."""

from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

from controllers.riding.course import straight
from controllers.riding.dab import Dab
from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import Place
from controllers.riding.modes import RideMode
from controllers.riding.programme import Mode, Phase
from controllers.riding.route import Route
from controllers.riding.stop import Stop
from controllers.riding.task import RideTask
from controllers.riding.task_parameters import TaskParameters
from tests.conftest import PERIOD
from tests.unit.obedient_leg import Leg

P = TaskParameters()
COURSE = straight(60.0)
WISH = Phase(Mode.PEDAL, 2.0)
LEFT, RIGHT = 0, 1


class Ride:
    """A task with obedient legs, and a bicycle that is where and as fast as a test says."""

    def __init__(self, *stops):
        self.legs = Leg(LEFT), Leg(RIGHT)
        poise: Any = SimpleNamespace(roll=0.0, roll_rate=0.0, falling=3.3)
        capture: Any = SimpleNamespace(reach=lambda speed, toward: 0.1)
        lost: Any = SimpleNamespace(reset=lambda: None, step=lambda *_, **__: None)
        legs: Any = self.legs
        self.task = RideTask(legs, poise, Dab(capture, PERIOD), lost, None, PERIOD)
        self.route = Route(COURSE, None, stops)
        self.time, self.at, self.speed, self.lean = 0.0, 0.0, 1.5, 0.0
        self.intent: Any = None

    @property
    def mode(self) -> Any:
        return self.task.mode

    def go(self, seconds):
        """Let time pass without anything moving; the modes that were gone through."""
        modes = [self.mode]
        for _ in range(round(seconds / PERIOD)):
            self.time += PERIOD
            estimate = RideEstimate()
            estimate.speed, estimate.lean, estimate.crank_angle = self.speed, self.lean, self.task.start_angle
            self.intent = self.task.step(self.time, estimate, (100.0, 100.0), WISH, self.route, self.at)
            for leg in self.legs:
                if leg.where is Place.BACK:
                    leg.go(Place.PEDAL, self.time)
            if self.mode is not modes[-1]:
                modes.append(self.mode)
        return modes

    def begin_a_stop(self, at):
        """Ride up to a place [m] where the next stop is begun."""
        self.task.mode = RideMode.CRUISE
        self.at, self.speed = at, 1.0
        self.go(0.5)
        assert self.mode is RideMode.STOP

    def stand(self, at):
        """Come to rest at a place [m], until the mode is WAIT or the ride over."""
        self.at, self.speed = at, 0.0
        while self.mode not in (RideMode.WAIT, RideMode.REST):
            self.go(0.1)
            assert self.time < 20.0

    def tip(self):
        """Tip to the left until a foot goes down."""
        self.lean = -0.4
        while self.mode is not RideMode.DAB:
            self.go(PERIOD)
            assert self.time < 20.0
        self.lean = 0.0


def test_after_a_halt_that_ended_short_of_its_place_the_next_one_is_made():
    ride = Ride(Stop(20.0, "left", 0.3, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(19.95)
    ride.route = Route(COURSE)  # laid anew from there; the place lies ahead still
    ride.go(1.0)
    assert ride.mode is RideMode.PUSH_OFF
    ride.route = Route(COURSE, None, (Stop(22.7, "left", 0.3, "left"),))
    ride.begin_a_stop(21.5)


@pytest.mark.parametrize("moved", [0.0, 0.1])
def test_a_place_that_was_stood_at_is_not_stood_at_again(moved):
    ride = Ride(Stop(20.0, "left", 0.3, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(19.95)
    ride.route = Route(COURSE, None, (Stop(20.0 + moved, "left", 0.3, "left"),))
    ride.task.mode = RideMode.CRUISE
    ride.speed = 1.0
    assert ride.go(2.0) == [RideMode.CRUISE]


@pytest.mark.parametrize("left", [(), (Stop(40.0, "left", inf, "left"),)])
def test_a_stop_that_is_called_off_in_its_midst_is_made_and_then_the_ride_goes_on(left):
    ride = Ride(Stop(20.0, "left", inf, "left"))
    ride.begin_a_stop(19.0)
    ride.route = Route(COURSE, None, left)
    ride.stand(20.0)
    ride.go(P.settle + 0.5)
    assert ride.mode is RideMode.PUSH_OFF


def test_a_stop_that_is_put_off_by_a_little_is_made_where_it_is_now():
    ride = Ride(Stop(20.0, "left", 3.0, "left"))
    ride.begin_a_stop(19.0)
    ride.route = Route(COURSE, None, (Stop(20.5, "left", 5.0, "left"),))
    ride.stand(20.5)
    assert ride.go(4.5) == [RideMode.WAIT]
    assert ride.go(1.0)[-1] is RideMode.PUSH_OFF


def test_a_dab_on_the_way_to_a_stop_stands_there_as_at_its_place():
    ride = Ride(Stop(20.0, "left", 3.0, "left"), Stop(40.0, "left", 3.0, "left"))
    ride.begin_a_stop(18.8)
    ride.tip()
    ride.stand(18.9)
    assert ride.go(2.5) == [RideMode.WAIT]
    assert ride.go(1.5)[-1] is RideMode.PUSH_OFF
    ride.begin_a_stop(39.0)


def test_a_dab_on_the_way_to_the_end_is_the_end():
    ride = Ride(Stop(COURSE.length - 1.0, "left", 0.0, "left"))
    ride.begin_a_stop(COURSE.length - 2.2)
    ride.tip()
    ride.stand(COURSE.length - 2.0)
    assert ride.task.finished


def test_after_a_dab_far_from_any_stop_it_goes_on_soon():
    ride = Ride(Stop(30.0, "left", inf, "left"))
    ride.task.mode, ride.at, ride.speed = RideMode.SLOW, 5.0, 0.8
    ride.go(1.0)
    ride.tip()
    ride.stand(6.0)
    ride.go(P.settle + 1.0)
    assert ride.mode is RideMode.PUSH_OFF


@pytest.mark.parametrize(("ahead", "stays"), [(1.0, True), (3.5, True), (6.0, False)])
def test_no_start_is_made_where_the_way_is_shut_off_just_ahead(ahead, stays):
    """Neither from a line, nor after a dab."""
    ride = Ride(Stop(20.0, "left", 1.0, "left"), Stop(20.0 + ahead, "left", inf, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(20.0)
    ride.go(5.0)
    assert ride.mode is (RideMode.WAIT if stays else RideMode.PUSH_OFF)


def test_what_comes_up_just_ahead_of_a_bicycle_that_stands_keeps_it_there():
    ride = Ride(Stop(20.0, "left", 3.0, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(19.92)
    ride.route = Route(COURSE, None, (Stop(19.97, "left", inf, "left"),))  # before the line, which is no more
    ride.go(6.0)
    assert ride.mode is RideMode.WAIT


def test_a_change_of_feet_that_is_under_way_is_finished_before_the_bicycle_is_held():
    ride = Ride(Stop(20.0, "left", 0.5, "right"))
    ride.begin_a_stop(19.0)
    ride.stand(20.0)
    while ride.legs[LEFT].orders.count("up") == 0:
        ride.lean = 0.05 if ride.intent.lean > 0.0 else -0.05
        ride.go(PERIOD)
    assert ride.intent.lean == pytest.approx(P.rest_lean)  # over to the right
    ride.route = Route(COURSE, None, ride.route.stops, held=True)
    ride.legs[LEFT].go(Place.BACK, ride.time)
    ride.go(0.1)
    assert ride.intent.lean == pytest.approx(P.rest_lean)
    ride.go(4.0)
    assert ride.mode is RideMode.WAIT
    assert ride.intent.lean == pytest.approx(P.rest_lean)


@pytest.mark.parametrize("next_stop", [None, 40.0])
def test_it_waits_while_the_way_is_shut_and_goes_on_when_it_is_free(next_stop):
    ride = Ride(Stop(20.0, "left", inf, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(20.0)
    assert ride.go(20.0) == [RideMode.WAIT]
    ride.route = Route(COURSE, None, () if next_stop is None else (Stop(next_stop, "left", 0.3, "left"),))
    ride.go(P.settle + 0.1)
    assert ride.mode is RideMode.PUSH_OFF


def test_a_line_too_near_behind_what_shut_the_way_counts_as_stood_at():
    ride = Ride(Stop(20.0, "left", inf, "left"))
    ride.begin_a_stop(19.0)
    ride.stand(20.0)
    ride.go(1.0)
    ride.route = Route(COURSE, None, (Stop(22.0, "left", 3.0, "left"), Stop(40.0, "left", 0.3, "left")))
    assert ride.go(2.9) == [RideMode.WAIT]
    assert ride.go(0.5)[-1] is RideMode.PUSH_OFF
    ride.task.mode = RideMode.CRUISE
    ride.at, ride.speed = 22.0, 1.0
    assert ride.go(0.5) == [RideMode.CRUISE]


def test_where_the_course_ends_that_near_the_ride_is_over():
    ride = Ride(Stop(57.0, "left", inf, "left"))
    ride.begin_a_stop(56.0)
    ride.stand(57.0)
    ride.go(1.0)
    ride.route = Route(COURSE, None, (Stop(59.0, "left", 0.3, "left"),))
    ride.go(0.1)
    assert ride.mode is RideMode.REST
    assert ride.task.finished
