"""The same scenario, seed and machine give the same bits, whichever process rides; another seed gives others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.regression.short_ride import short_ride

ROOT = Path(__file__).parents[2]
SECONDS = 1.5
PROGRAM = f"""
import sys
from pathlib import Path
from tests.regression.short_ride import short_ride
print(short_ride(Path(sys.argv[1]), {SECONDS}, seed=int(sys.argv[2])).state_hash)
"""


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(tmp_path_factory.mktemp("here"), SECONDS, seed=3)


def test_another_process_rides_to_the_same_bits(ride, tmp_path):
    """One that starts afresh, with another hash seed, another environment, and as few threads as a parallel run has."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    other = {"PYTHONHASHSEED": "12345", "DRAISINE_UNRELATED": "x" * 1000, **threads}
    environment = {**os.environ, **other, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "3"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert ride.state_hash in told.stdout.split()


def test_the_same_process_rides_to_the_same_bits_again(ride, tmp_path):
    assert short_ride(tmp_path, SECONDS, seed=3).state_hash == ride.state_hash


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
