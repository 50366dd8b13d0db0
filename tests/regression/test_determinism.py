"""Another seed, another world or another noise rides otherwise; what must not matter is in the check `determinism`."""

import pytest

from tests.regression.short_ride import short_ride

SECONDS = 1.5


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(tmp_path_factory.mktemp("here"), SECONDS, seed=3)


def test_another_seed_rides_otherwise(ride, tmp_path):
    assert short_ride(tmp_path, SECONDS, seed=4).state_hash != ride.state_hash


def test_a_change_to_the_world_rides_otherwise(ride, tmp_path):
    """The hash is of what happened: a little more rolling resistance changes it."""
    changed = short_ride(tmp_path, SECONDS, "world.rolling_resistance=0.009", seed=3)
    assert changed.state_hash != ride.state_hash


def test_the_noise_alone_makes_another_ride_of_another_seed(tmp_path):
    """Without the jitter of the start two seeds still differ, by their sensors' errors."""
    same_start = [f"jitter.{part}=0" for part in ("lateral", "heading", "roll", "speed")]
    hashes = {short_ride(tmp_path, 0.2, *same_start, seed=seed).state_hash for seed in (0, 1)}
    assert len(hashes) == 2


def test_without_noise_and_jitter_the_seed_does_not_matter(tmp_path):
    same = [f"jitter.{part}=0" for part in ("lateral", "heading", "roll", "speed")] + ["senses.noise_scale=0"]
    hashes = {short_ride(tmp_path, 0.2, *same, seed=seed).state_hash for seed in (0, 1)}
    assert len(hashes) == 1
