"""The derived bands hold what they promise, on data whose distribution is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from scenarios.bench.floors import load_floors
from scenarios.bench.tolerance import SECOND_LOOKS, Band, level_of_one, mean_band, percentile_band

RIDES, METRICS, SEEDS, REPETITION = 7, 40, 40, 2
DRAWS = {
    "normal": (lambda random, size: random.normal(3.0, 0.2, size), 0.2),
    "Gumbel": (lambda random, size: random.gumbel(3.0, 0.2, size), 0.2 * np.pi / 6**0.5),
    "log-normal": (lambda random, size: np.exp(0.3 * random.normal(size=size)), 0.32),
    "Student's": (lambda random, size: 0.2 * random.standard_t(5, size), 0.26),
}


def tier_of_bands(draw, random):
    """Every metric of a tier, each with the band of its calibration."""
    level = level_of_one(SECOND_LOOKS, RIDES * METRICS)
    for _ in range(RIDES * METRICS):
        yield mean_band(draw(random, SEEDS), REPETITION, level)


def sides(draw, random, band, runs):
    """On which side of its band the mean of a repetition lies, in each of so many runs: -1, 0 or 1."""
    distance = draw(random, (runs, REPETITION)).mean(axis=1) - band.value
    return np.where(np.abs(distance) > band.tolerance, np.sign(distance), 0.0)


@pytest.mark.parametrize("kind", DRAWS)
def test_an_unchanged_tier_passes_repetitions_with_other_seeds_after_a_second_look(kind):
    """Whatever the tails are: 60 runs of a tier in which every metric has them."""
    draw, _ = DRAWS[kind]
    random = np.random.default_rng(7)
    failed = 0
    for _ in range(3):
        for band in tier_of_bands(draw, random):
            first, second = (sides(draw, random, band, 20) for _ in range(2))
            failed += int(np.sum((first != 0.0) & (first == second)))
    assert failed <= 1


def test_a_normal_tier_seldom_has_to_look_twice():
    draw, _ = DRAWS["normal"]
    random = np.random.default_rng(7)
    looks = np.zeros(200, dtype=bool)
    for band in tier_of_bands(draw, random):
        looks |= sides(draw, random, band, 200) != 0.0
    assert 0.0 < np.mean(looks) < 2.0 * SECOND_LOOKS


@pytest.mark.parametrize("kind", DRAWS)
def test_a_shift_is_found_twice(kind):
    """In a single metric; a change for the worse moves several."""
    draw, sigma = DRAWS[kind]
    random = np.random.default_rng(8)
    found = []
    for band in tier_of_bands(draw, random):
        shifted = replace(band, value=band.value - 5.5 * sigma)
        found.append(np.mean(sides(draw, random, shifted, 10) * sides(draw, random, shifted, 10)))
    assert np.mean(found) > 0.9


def test_the_tolerance_is_students_prediction_interval():
    sample = np.random.default_rng(0).normal(size=20)
    expected = stats.t.isf(0.5e-3, 19) * np.std(sample, ddof=1) * np.sqrt(1 / 2 + 1 / 20)
    assert mean_band(sample, 2, 1e-3).tolerance == pytest.approx(expected)


def test_a_band_is_never_less_than_three_sigma():
    sample = np.random.default_rng(0).normal(size=20)
    band = mean_band(sample, 2, 0.9)
    assert band.tolerance >= 3.0 * band.sigma * np.sqrt(1 / 2 + 1 / 20)


def test_without_spread_the_floor_is_the_band():
    band = mean_band([0.1] * 20, 2, 1e-5, floor=0.002)
    assert (band.sigma, band.tolerance) == (0.0, 0.002)


def test_the_more_comparisons_the_stricter_each():
    assert level_of_one(0.1, 300) == 0.1 / 300
    assert level_of_one(0.1, 0) == 0.1


# Percentiles of ensembles

WORLDS = 32
ENSEMBLE_DRAWS = {kind: draw for kind, (draw, _) in DRAWS.items()} | {
    "one in ten": lambda random, size: np.where(random.random(size) < 0.1, random.exponential(200.0, size), 0.0),
    "one in four": lambda random, size: np.where(random.random(size) < 0.25, random.exponential(200.0, size), 0.0),
    "counts": lambda random, size: random.poisson(0.4, size).astype(float),
    "two kinds": lambda random, size: random.normal(0.0, 0.1, size) + np.where(random.random(size) < 0.3, 5.0, 0.0),
}


@pytest.mark.parametrize("percent", [25.0, 50.0, 75.0])
@pytest.mark.parametrize("kind", ENSEMBLE_DRAWS)
def test_the_percentile_of_an_unchanged_ensemble_hardly_ever_fails_twice(kind, percent):
    """Whatever it is distributed like, with the comparisons that a run of the tier makes."""
    draw, random = ENSEMBLE_DRAWS[kind], np.random.default_rng(9)
    bands = 100
    level = level_of_one(SECOND_LOOKS / 2, 700)
    failed = 0
    for _ in range(bands):
        band = percentile_band(draw(random, WORLDS), percent, WORLDS, level)
        distance = np.percentile(draw(random, (2, 50, WORLDS)), percent, axis=2) - band.value
        side = np.where(np.abs(distance) > band.tolerance, np.sign(distance), 0.0)
        failed += int(np.sum((side[0] != 0.0) & (side[0] == side[1])))
    assert failed <= 50 * bands * 2e-4


@pytest.mark.parametrize("percent", [50.0, 75.0])
def test_a_shifted_ensemble_is_found(percent):
    random = np.random.default_rng(10)
    found = []
    for _ in range(50):
        band = percentile_band(random.normal(size=WORLDS), percent, WORLDS, 1e-4)
        found.append(np.percentile(random.normal(3.0, size=WORLDS), percent) > band.value + band.tolerance)
    assert np.mean(found) > 0.9


def test_a_band_reaches_to_rides_that_the_bootstrap_does_not_know_of():
    sample = np.zeros(32)
    sample[:2] = 120.0, 930.0
    assert percentile_band(sample, 75.0, 32, 1e-4) == Band(0.0, 0.0, 930.0)


def test_ranks_alone_say_how_far_the_median_reaches():
    """Half of 40 further values lie above the 34th of 40 in fewer than one of 740 ensembles, above the 33rd in more."""
    above = [stats.betabinom.cdf(20, 40, rank, 41 - rank) for rank in (33, 34)]
    assert above[0] > stats.norm.sf(3.0) > above[1]
    sample = np.zeros(40)
    sample[33:] = np.arange(1.0, 8.0)
    assert percentile_band(sample, 50.0, 40, 1e-4).tolerance == sample[33]


@pytest.mark.parametrize("metric", ["falls", "guard_interventions", "undeclared_wrench_max", "falls.p75"])
def test_what_must_not_be_has_no_floor(metric):
    assert load_floors().of(metric, "1", 0.0) == 0.0


def test_a_metric_may_have_a_resolution_of_its_own():
    floors = load_floors()
    assert floors.of("foot_off_pedal_max", "s", 0.0) > floors.of("steer_lag", "s", 0.0) > 0.0


def test_a_floor_is_a_part_of_the_value_and_a_resolution():
    floors = load_floors()
    assert floors.of("path_error_max.p75", "m", -0.4) == pytest.approx(0.004 + floors.units["m"])
    assert floors.of("unheard_of", "lux", 2.0) == pytest.approx(0.02)
