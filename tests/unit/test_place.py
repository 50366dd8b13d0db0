"""Place, speed and heading from fixes: late, seldom, missing, noisy, and with a yaw that is off."""

from math import cos, hypot, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.riding.place import PlaceFilter
from robot import LocalizationFix
from tests.conftest import PERIOD

PELVIS = np.array((0.12, 0.0, 0.65))
"""Origin of the pelvis in the bicycle frame [m]."""


class Ride:
    """A bicycle that rolls along at a speed on a bend, and what its rider is told."""

    def __init__(self, speed=2.0, bend=0.0, misalignment=0.0, roll=0.0, heading=0.0, known_speed=None):
        self.speed, self.bend, self.misalignment, self.roll, self.start = speed, bend, misalignment, roll, heading
        self.filter = PlaceFilter(PELVIS, PERIOD)
        self.known_speed = speed if known_speed is None else known_speed
        self.time, self.tilt = 0.0, 0.0

    def heading(self, time):
        return self.start + self.speed * self.bend * time

    def place(self, time):
        h0, h = self.start, self.heading(time)
        if self.bend == 0.0:
            return self.speed * time * cos(h0), self.speed * time * sin(h0)
        return (sin(h) - sin(h0)) / self.bend, (cos(h0) - cos(h)) / self.bend

    def fix(self, stamp, error=(0.0, 0.0), deviation=0.0):
        (x, y), h = self.place(stamp), self.heading(stamp)
        back, _, height = PELVIS
        side = height * sin(self.roll)
        pelvis = (x + cos(h) * back + sin(h) * side + error[0], y + sin(h) * back - cos(h) * side + error[1], height)
        return LocalizationFix(stamp, np.array(pelvis), deviation)

    def go(
        self, seconds, rate=240.0, delay=0.0, deviation=0.0, seed=0, lost=lambda stamp: False, rolling=None, away=None
    ):
        """Ride on; gives the filter's errors at each tick: place [m], heading [rad], speed [m/s], shape (k, 3).

        From and to two times [s], `away`, the host does nothing.
        """
        rng = np.random.default_rng(seed)
        ticks, late, each = round(seconds / PERIOD), round(delay / PERIOD), 1.0 / (rate * PERIOD)
        latest, errors, due = None, [], []
        if self.time == 0.0:
            latest = self.fix(-delay, deviation * rng.standard_normal(2), deviation)
            self.filter.reset(0.0, self.heading(0.0) - self.misalignment, sin(self.roll), self.known_speed, latest)
        first = round(self.time / PERIOD)
        for tick in range(first + 1, first + ticks + 1):
            time = tick * PERIOD
            if int(tick / each) != int((tick - 1) / each) and not lost(time):
                due.append((tick + late, self.fix(time, deviation * rng.standard_normal(2), deviation)))
            while due and due[0][0] <= tick:
                latest = due.pop(0)[1]
            if away is not None and away[0] < time < away[1]:
                continue
            place = self.filter
            yaw = self.heading(time) - self.misalignment
            place.update(time, yaw, sin(self.roll), self.tilt, latest, rolling=rolling)
            x, y = self.place(time)
            errors.append(
                (
                    hypot(place.x - x, place.y - y),
                    yaw + place.misalignment - self.heading(time),
                    place.speed - self.speed,
                )
            )
        self.time = (first + ticks) * PERIOD
        return np.array(errors)


bends = st.sampled_from((-0.25, -0.1, 0.0, 0.02, 0.25))


@settings(max_examples=30)
@given(st.floats(0.5, 4.0), bends, st.floats(-3.0, 3.0), st.floats(-0.2, 0.2))
def test_what_was_right_at_the_start_stays_right(speed, bend, heading, roll):
    """No fix pulls the filter off the truth, on no bend, and in no direction."""
    errors = Ride(speed, bend, heading=heading, roll=roll).go(1.0, rate=50.0)
    np.testing.assert_allclose(errors, 0.0, atol=1e-5)  # arcs are followed by their chords


@pytest.mark.parametrize("delay", [0.006, 0.06, 0.5])
@pytest.mark.parametrize("bend", [0.0, 0.25, -0.2])
def test_a_late_fix_is_used_where_it_was_true(delay, bend):
    """Taken for the present, it would be 2 m/s times the delay behind: 1 m at 0.5 s."""
    errors = Ride(bend=bend).go(6.0, rate=20.0, delay=delay)
    # The start is rolled back along a straight line, which on a bend it was not.
    assert errors[:, 0].max() < 0.01 + 0.6 * abs(bend) * 2.0**2 * delay**2
    assert errors[2000:, 0].max() < 6e-3


@pytest.mark.parametrize("lost", [0.02, 0.1])
@pytest.mark.parametrize("bend", [0.0, 0.2])
def test_a_fix_from_before_lost_periods_or_from_within_them_is_used_where_it_was_true(lost, bend):
    """Counted in ticks it would be taken for one that is older by what was lost: by 80 mm at 4 m/s and 20 ms."""
    errors = Ride(speed=4.0, bend=bend).go(3.0, delay=0.06, away=(2.0, 2.0 + lost))
    assert errors[900:, 0].max() < 5e-3
    assert np.abs(errors[900:, 2]).max() < 5e-3


def test_a_host_that_was_away_for_most_of_a_drop_out_goes_on_by_the_crank():
    """There are no 0.4 s of ticks that the place could be behind."""
    errors = Ride().go(3.0, rate=20.0, lost=lambda stamp: stamp > 0.05, rolling=2.0, away=(0.1, 0.7))
    assert errors[:, 0].max() < 5e-3


@settings(max_examples=15)
@given(st.floats(-0.03, 0.03), bends)
def test_a_yaw_that_is_off_is_found_from_the_way_gone(misalignment, bend):
    ride = Ride(bend=bend, misalignment=misalignment)
    errors = ride.go(4.0)
    assert abs(errors[0, 1]) == pytest.approx(abs(misalignment), abs=1e-3)
    assert abs(errors[-1, 1]) < 0.03 * abs(misalignment) + 1e-4
    assert ride.filter.misalignment == pytest.approx(misalignment, abs=1e-3)


def test_a_pelvis_that_turns_on_the_saddle_is_followed_within_seconds():
    ride = Ride()
    ride.go(3.0)
    ride.misalignment = 0.02
    errors = ride.go(5.0)
    assert errors[0, 1] == pytest.approx(-0.02, abs=1e-3)
    assert np.abs(errors[-1, 1]) < 3e-3


def test_a_speed_that_is_wrong_is_found():
    errors = Ride(speed=2.0, known_speed=1.8).go(2.0)
    assert errors[0, 2] == pytest.approx(-0.2, abs=0.02)
    assert errors[-1, 2] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("bend", [0.0, 0.25])
def test_a_drop_out_is_ridden_through(bend):
    """Two seconds and four metres without a fix, on a bend of half a circle's quarter."""
    ride = Ride(bend=bend)
    errors = ride.go(8.0, rate=20.0, delay=0.05, lost=lambda stamp: 4.0 < stamp < 6.0)
    assert errors[:, 0].max() < 0.01


def test_after_a_drop_out_that_outlasts_the_memory_the_filter_goes_on():
    """A fix may be older than the last one by more than the ticks that are kept, as long as it is young itself."""
    errors = Ride().go(12.0, rate=20.0, delay=0.05, lost=lambda stamp: 2.0 < stamp < 9.0)
    assert errors[-1, 0] < 0.01


def test_a_fix_that_is_older_than_the_memory_changes_nothing():
    ride = Ride()
    ride.go(3.0)
    before = ride.filter.x, ride.filter.misalignment, ride.filter.speed
    stale = ride.fix(1.0, error=(1.0, 1.0))
    ride.filter.update(ride.time, ride.heading(ride.time), 0.0, 0.0, stale)
    assert (ride.filter.x, ride.filter.misalignment, ride.filter.speed) == before


def test_noise_of_fixes_is_smoothed_by_what_they_declare():
    """Fixes with 10 cm of noise ten times a second: place and heading come out much better."""
    errors = Ride().go(60.0, rate=10.0, delay=0.05, deviation=0.1)[5000:]
    rms = np.sqrt(np.mean(errors**2, axis=0))
    assert rms[0] < 0.06
    assert rms[1] < 0.015
    assert rms[2] < 0.10


def test_in_a_drop_out_the_accelerometer_tells_of_braking():
    """From 2 to 1 m/s within a second, with no fix: 1.5 m further on, and at 1 m/s."""
    ride = Ride()
    ride.go(3.0)
    x = ride.filter.x
    for tick in range(1, 501):
        ride.filter.update(ride.time + tick * PERIOD, 0.0, 0.0, -1.0, None)
    assert ride.filter.speed == pytest.approx(1.0, abs=5e-3)
    assert ride.filter.x - x == pytest.approx(1.5, abs=5e-3)


def test_an_accelerometer_that_is_tilted_is_found_out():
    """10 mrad of pitch are 0.1 m/s² for ever: after a while not even a drop-out of 2 s shows it."""
    ride = Ride(bend=0.2)
    ride.tilt = 0.1
    errors = ride.go(30.0, lost=lambda stamp: 20.0 < stamp < 22.0)
    assert np.abs(errors[5000:, 2]).max() < 0.05
    assert errors[5000:, 0].max() < 0.05


def test_the_crank_tells_the_speed_before_the_fixes_do():
    """Started 0.1 m/s too fast: a fix of 0.1 m says little about that within half a second, a crank says all."""
    fixes = Ride(known_speed=2.1).go(0.5, rate=10.0, deviation=0.1)
    crank = Ride(known_speed=2.1).go(0.5, rate=10.0, deviation=0.1, rolling=2.0)
    assert abs(fixes[-1, 2]) > 0.05
    assert abs(crank[-1, 2]) < 0.02


@pytest.mark.parametrize("bend", [0.0, 0.2])
def test_in_a_drop_out_the_crank_tells_of_an_accelerometer_that_is_tilted(bend):
    """0.1 m/s² that are none of the ride's: 4 m in nine seconds without a crank, some centimetres with one."""

    def drift(rolling):
        ride = Ride(bend=bend)
        ride.go(1.0, rate=20.0, delay=0.05)
        ride.tilt = 0.1
        return ride.go(9.0, lost=lambda stamp: True, rolling=rolling)[-1]

    assert drift(None)[0] > 2.0
    place, _, speed = drift(2.0)
    assert place < 0.15
    assert abs(speed) < 0.02


def test_late_fixes_after_a_drop_out_in_which_the_crank_told_the_speed_are_taken_in():
    """The crank says 5 cm/s too little for seven seconds, and the filter has gone on by that."""
    errors = Ride().go(12.0, rate=20.0, delay=0.3, lost=lambda stamp: 2.0 < stamp < 9.0, rolling=1.95)
    assert errors[4500:4600, 0].min() > 0.1
    assert errors[-1, 0] < 0.02


def test_a_crank_that_runs_free_of_the_wheel_is_not_believed():
    errors = Ride().go(8.0, rate=20.0, delay=0.05, lost=lambda stamp: stamp > 4.0, rolling=1.2)
    assert np.abs(errors[:, 2]).max() < 0.01


def test_fixes_that_know_better_are_not_drowned_by_what_the_crank_tells():
    """Good fixes 240 times a second, and a crank that says 3 cm/s too much: the fixes have it."""
    errors = Ride().go(6.0, rate=240.0, deviation=0.0003, rolling=2.03)
    assert np.abs(errors[1000:, 2]).max() < 0.015
