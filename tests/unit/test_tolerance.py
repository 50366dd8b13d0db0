"""The derived bands hold what they promise, on data whose distribution is known."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from scenarios.bench.floors import load_floors
from scenarios.bench.tolerance import FALSE_ALARMS, band_factor, level_of_one, likeliest_shape, mean_band

RIDES, METRICS, SEEDS, REPETITION = 7, 40, 20, 2
DRAWS = {
    "normal": (lambda random, size: random.normal(3.0, 0.2, size), 0.2),
    "Gumbel": (lambda random, size: random.gumbel(3.0, 0.2, size), 0.2 * np.pi / 6**0.5),
    "log-normal": (lambda random, size: np.exp(0.2 * random.normal(size=size)), 0.206),
}


def tier_of_bands(draw, random):
    """Every metric of a tier, each with the band of its calibration."""
    level = level_of_one(RIDES * METRICS)
    for _ in range(METRICS):
        samples = draw(random, (RIDES, SEEDS))
        shape = likeliest_shape(samples)
        for sample in samples:
            yield mean_band(sample, REPETITION, level, shape=shape)


@pytest.mark.parametrize("kind", DRAWS)
def test_an_unchanged_tier_passes_twenty_repetitions_with_other_seeds(kind):
    """A run of the tier fails by chance in 1 of 200; of five calibrations with 20 runs each, three may fail at most."""
    draw, _ = DRAWS[kind]
    random = np.random.default_rng(7)
    failed = 0
    for _ in range(5):
        outside = np.zeros(20, dtype=bool)
        for band in tier_of_bands(draw, random):
            means = draw(random, (20, REPETITION)).mean(axis=1)
            outside |= np.abs(means - band.value) > band.tolerance
        failed += int(outside.sum())
    assert failed <= 3


@pytest.mark.parametrize(
    ("kind", "shift", "power"), [("normal", 6.0, 0.8), ("Gumbel", 9.0, 0.7), ("log-normal", 9.0, 0.7)]
)
def test_a_shift_is_found(kind, shift, power):
    """In a single metric; a change for the worse moves several."""
    draw, sigma = DRAWS[kind]
    random = np.random.default_rng(8)
    found = [
        np.abs(draw(random, (50, REPETITION)).mean(axis=1) + shift * sigma - band.value) > band.tolerance
        for band in tier_of_bands(draw, random)
    ]
    assert np.mean(found) > power


def test_the_normal_factor_is_students():
    expected = stats.t.isf(0.5e-3, 19) * np.sqrt(1 / 2 + 1 / 20)
    assert band_factor("normal", 20, 2, 1e-3) == pytest.approx(expected)


@pytest.mark.parametrize("shape", ["Gumbel", "Laplace"])
@pytest.mark.parametrize("repetition", [1, 3])
def test_the_other_factors_are_exceeded_as_often_as_they_say(shape, repetition):
    """Counted over many calibrations, at a level where counting is possible."""
    random = np.random.default_rng(9)
    draw = {"Gumbel": random.gumbel, "Laplace": random.laplace}[shape]
    level, count = 0.02, 200_000
    calibration = draw(size=(count, 12))
    new = draw(size=(count, repetition)).mean(axis=1)
    factor = band_factor(shape, 12, repetition, level)
    above = new > calibration.mean(axis=1) + factor * calibration.std(axis=1, ddof=1)
    assert above.mean() == pytest.approx(level / 2, rel=0.1)


@pytest.mark.parametrize(
    ("kind", "shape"), [("normal", "normal"), ("Gumbel", "Gumbel"), ("mirrored", "Gumbel"), ("Laplace", "Laplace")]
)
def test_the_shape_is_found_over_all_rides(kind, shape):
    """Whatever place and width the rides have."""
    random = np.random.default_rng(10)
    draw: Any = {
        "normal": random.normal,
        "Gumbel": random.gumbel,
        "mirrored": lambda size: -random.gumbel(size=size),
        "Laplace": random.laplace,
    }[kind]
    samples = [place + width * draw(size=200) for place, width in [(0.0, 1.0), (5.0, 0.01), (-2.0, 30.0), (1.0, 0.0)]]
    assert likeliest_shape(samples) == shape


def test_what_does_not_spread_is_normal():
    assert likeliest_shape([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]) == "normal"


def test_a_band_holds_every_ride_it_was_derived_from():
    sample = [0.0] * 39 + [1.0]
    band = mean_band(sample, 40, 0.5)
    assert band.tolerance >= 1.0 - band.value


def test_a_band_is_never_less_than_three_sigma():
    sample = np.random.default_rng(0).normal(size=20)
    band = mean_band(sample, 2, 0.9)
    assert band.tolerance >= 3.0 * band.sigma * np.sqrt(1 / 2 + 1 / 20)


def test_without_spread_the_floor_is_the_band():
    band = mean_band([0.1] * 20, 2, 1e-5, floor=0.002)
    assert (band.sigma, band.tolerance) == (0.0, 0.002)


def test_the_more_comparisons_the_stricter_each():
    assert level_of_one(300) == FALSE_ALARMS / 300
    assert level_of_one(0) == FALSE_ALARMS


@pytest.mark.parametrize("metric", ["falls", "guard_interventions", "undeclared_wrench_max", "falls.p95"])
def test_what_must_not_be_has_no_floor(metric):
    assert load_floors().of(metric, "1", 0.0) == 0.0


def test_a_metric_may_have_a_resolution_of_its_own():
    floors = load_floors()
    assert floors.of("foot_off_pedal_max", "s", 0.0) > floors.of("steer_lag", "s", 0.0) > 0.0


def test_a_floor_is_a_part_of_the_value_and_a_resolution():
    floors = load_floors()
    assert floors.of("path_error_max.p95", "m", -0.4) == pytest.approx(0.004 + floors.units["m"])
    assert floors.of("unheard_of", "lux", 2.0) == pytest.approx(0.02)
