"""The clock of a bus on the robot: deadlines that do not drift, and stamps of the time of day."""

from time import CLOCK_MONOTONIC, clock_gettime_ns, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.realtime.timer import SystemTimer
from tests.unit.fake_timer import FakeTimer

PERIOD = 0.002


@pytest.fixture
def timer():
    return FakeTimer()


def test_a_clock_begins_at_zero_and_tells_how_a_wait_went(timer):
    clock = MonotonicClock(timer)
    assert clock.now() == 0.0
    timer.work(0.0005)
    timer.late = 30_000
    clock.wait_until(PERIOD)
    assert (clock.began, clock.due, clock.woke) == pytest.approx((0.0005, PERIOD, PERIOD + 30e-6))


def test_a_deadline_that_is_over_is_not_slept_for(timer):
    clock = MonotonicClock(timer)
    timer.work(0.003)
    clock.wait_until(PERIOD)
    assert timer.sleeps == []
    assert clock.woke == pytest.approx(0.003)


@given(st.lists(st.floats(0.0, 0.0019), min_size=5, max_size=50), st.integers(0, 90_000))
def test_deadlines_do_not_drift_whatever_a_wake_up_is_late(works, late):
    timer = FakeTimer()
    clock = MonotonicClock(timer)
    timer.late = late
    for number, work in enumerate(works):
        timer.work(work)
        clock.wait_until((number + 1) * PERIOD)
    assert clock.woke == pytest.approx(len(works) * PERIOD + late * 1e-9, abs=1e-9)


def test_a_stamp_of_the_time_of_day_is_brought_to_this_clock(timer):
    clock = MonotonicClock(timer)
    clock.wait_until(PERIOD)
    timer.work(0.0004)
    stamp = timer.stamp
    clock.wait_until(2 * PERIOD)
    assert clock.time_of(stamp) == pytest.approx(PERIOD + 0.0004, abs=1e-6)  # a double has 0.2 us of the time of day


@pytest.mark.parametrize("set_by", [-3600.0, -0.5, 0.5, 3600.0])
def test_setting_the_time_of_day_moves_no_stamp_out_of_its_period(timer, set_by):
    """A clock that is set must not make 33 drives look silent, nor their replies come from the future."""
    clock = MonotonicClock(timer)
    clock.wait_until(PERIOD)
    timer.work(0.0004)
    stamp = timer.stamp
    timer.day += round(set_by * 1e9)
    clock.wait_until(2 * PERIOD)
    assert PERIOD <= clock.time_of(stamp) <= clock.now()


def test_stamps_of_an_adapters_own_clock_are_taken_for_as_old_as_they_can_be(timer):
    clock = MonotonicClock(timer)
    clock.wait_until(PERIOD)
    clock.wait_until(2 * PERIOD)
    assert clock.time_of(17.25) == PERIOD


def test_the_systems_timer_wakes_after_an_absolute_time_and_not_before():
    timer = SystemTimer()
    until = clock_gettime_ns(CLOCK_MONOTONIC) + 3_000_000
    timer.sleep_until_ns(until)
    assert clock_gettime_ns(CLOCK_MONOTONIC) >= until
    timer.sleep_until_ns(until)  # over already
    assert timer.wall_ns() * 1e-9 == pytest.approx(time(), abs=60.0)
