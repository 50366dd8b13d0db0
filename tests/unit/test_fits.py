"""How one signal answers another: known delays and gains are found again, between the ticks as well."""

import math

import numpy as np
import pytest

from scenarios.fits import first_order_lag, lag_and_gain, rms_or_nan, slope

PERIOD = 0.002
TIME = np.arange(3000) * PERIOD


def wave(time):
    return np.sin(3.0 * time) + 0.3 * np.sin(11.0 * time + 1.0)


def rate(time):
    return 3.0 * np.cos(3.0 * time) + 3.3 * np.cos(11.0 * time + 1.0)


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.0307, 0.1, -0.0153])
def test_a_delay_and_a_gain_are_found_between_the_ticks(delay):
    lag, gain = lag_and_gain(wave(TIME), 0.5 + 0.8 * wave(TIME - delay), PERIOD)
    assert lag == pytest.approx(delay, abs=2e-5)
    assert gain == pytest.approx(0.8, rel=1e-3)


def test_noise_moves_a_delay_little():
    noisy = wave(TIME - 0.03) + 0.02 * np.random.default_rng(0).standard_normal(TIME.size)
    assert lag_and_gain(wave(TIME), noisy, PERIOD)[0] == pytest.approx(0.03, abs=5e-4)


@pytest.mark.parametrize(
    ("reference", "response"),
    [
        (np.zeros(3000), wave(TIME)),
        (np.full(3000, 0.7), wave(TIME)),
        (wave(TIME)[:50], wave(TIME)[:50]),
        (np.where(TIME > 5, np.nan, wave(TIME)), wave(TIME)),
        (np.empty(0), np.empty(0)),
    ],
)
def test_what_does_not_move_or_is_too_short_has_no_delay(reference, response):
    assert all(math.isnan(number) for number in lag_and_gain(reference, response, PERIOD))


@pytest.mark.parametrize("delay", [0.001, 0.004, -0.002])
def test_a_short_delay_of_several_columns_is_found_by_the_first_order(delay):
    times = np.column_stack((TIME, TIME + 0.4))
    lag = first_order_lag(wave(times), rate(times), wave(times - delay) + np.array((0.3, -2.0)))
    assert lag == pytest.approx(delay, abs=5e-5)


def test_a_signal_that_stands_still_has_no_first_order_delay():
    assert math.isnan(first_order_lag(np.ones((9, 2)), np.zeros((9, 2)), np.zeros((9, 2))))
    assert math.isnan(first_order_lag(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2))))


def test_a_slope_does_not_see_an_offset():
    assert slope(wave(TIME), 4.0 - 1.3 * wave(TIME)) == pytest.approx(-1.3)
    assert math.isnan(slope(np.ones(5), np.arange(5.0)))
    assert math.isnan(slope(np.empty(0), np.empty(0)))


def test_nothing_has_no_rms():
    assert math.isnan(rms_or_nan(np.empty((0, 3))))
    assert rms_or_nan(np.array(((3.0, 4.0), (0.0, 0.0)))) == pytest.approx(2.5)
