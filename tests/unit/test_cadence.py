"""Whether the rate of the crank tells the speed of the wheel."""

import pytest

from controllers.riding.cadence import Cadence, Freewheel
from tests.conftest import PERIOD

METRES = 0.36
"""Way for a radian of the crank [m/rad]."""


@pytest.fixture
def cadence():
    return Cadence(METRES, PERIOD)


def press(cadence, torque, seconds, rate=5.0):
    for _ in range(round(seconds / PERIOD)):
        cadence.press(torque, rate)


def test_a_crank_that_is_pressed_for_a_while_tells_the_speed(cadence):
    press(cadence, 2.0, 0.5)
    assert cadence.speed(0.0) == pytest.approx(5.0 * METRES)


def test_what_was_gained_since_the_crank_had_that_rate_is_in_the_speed(cadence):
    press(cadence, 2.0, 0.5)
    assert cadence.speed(0.01) == pytest.approx(5.0 * METRES + 0.01)


def test_a_crank_that_has_only_just_been_pressed_may_still_be_catching_up(cadence):
    press(cadence, 6.0, 0.3)
    assert cadence.speed(0.0) is None


@pytest.mark.parametrize("torque", [-5.0, 0.0, 1.0])
def test_a_crank_that_is_hardly_pressed_tells_nothing(cadence, torque):
    press(cadence, torque, 2.0)
    assert cadence.speed(0.0) is None


def test_a_gap_in_the_pressing_starts_the_wait_anew(cadence):
    press(cadence, 2.0, 2.0)
    cadence.press(0.0, 5.0)
    assert cadence.speed(0.0) is None
    press(cadence, 2.0, 0.3)
    assert cadence.speed(0.0) is None
    press(cadence, 2.0, 0.2)
    assert cadence.speed(0.0) is not None


def test_a_start_anew_forgets_the_pressing(cadence):
    press(cadence, 2.0, 2.0)
    cadence.reset()
    assert cadence.speed(0.0) is None


def test_a_foot_that_slides_at_a_dead_centre_counts_as_long_as_it_does(cadence):
    press(cadence, 2.0, 2.0)
    press(cadence, 2.0, 0.02, rate=6.0)
    assert cadence.speed(0.0) == pytest.approx(5.2 * METRES)
    press(cadence, 2.0, 0.1)
    assert cadence.speed(0.0) == pytest.approx(5.0 * METRES)


def test_what_it_tells_of_a_speed_that_grows_is_that_of_its_age_ago(cadence):
    growth = 0.5
    for tick in range(round(1.0 / PERIOD)):
        cadence.press(2.0, growth * tick * PERIOD)
    assert cadence.speed(0.0) == pytest.approx(METRES * growth * (1.0 - cadence.age), abs=METRES * growth * PERIOD)


def run_ahead(freewheel, crank_rate, speed, seconds):
    """How far feet that turn as fast as that get, held at what the freewheel says [rad]."""
    crank = 0.0
    for _ in range(round(seconds / PERIOD)):
        crank = min(crank + crank_rate * PERIOD, freewheel.step(crank, speed))
    return crank


@pytest.mark.parametrize("speed", [0.0, 0.5, 2.0])
def test_no_crank_outruns_its_wheel(speed):
    slack, spare = 0.15, 1.2
    assert run_ahead(Freewheel(METRES, PERIOD), 50.0, speed, 1.0) == pytest.approx(slack + spare * speed / METRES)


def test_one_that_turns_with_the_wheel_or_slower_is_left_alone():
    for rate in (2.0 / METRES, 1.0, -3.0):
        assert run_ahead(Freewheel(METRES, PERIOD), rate, 2.0, 10.0) == pytest.approx(10.0 * rate)


def test_steps_that_were_missed_count():
    freewheel = Freewheel(METRES, PERIOD)
    freewheel.step(0.0, 2.0)
    late = freewheel.step(0.0, 2.0, 25.0)
    assert late == pytest.approx(0.15 + 25.0 * PERIOD * 1.2 * 2.0 / METRES)


def test_released_it_tells_nothing_of_before():
    freewheel = Freewheel(METRES, PERIOD)
    freewheel.step(0.0, 0.0)
    freewheel.release()
    assert freewheel.step(5.0, 0.0) == pytest.approx(5.15)
