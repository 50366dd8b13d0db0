"""The runner closes the loop, stops at the right moment, and writes what happened."""

import gc
import json

import numpy as np
import pytest

from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.progress_board import Stage
from scenarios.runner import run
from tests.unit.synthetic_ride import make_ride

SCENARIO = load("ride_straight", ["duration=0.4", "criteria=[{metric='completed', min=1}]"])


def ignore(stage, simulated, factor):
    """Nobody watches."""


def do(tmp_path, ride, progress=ignore, seed=5):
    return run(SCENARIO, seed, tmp_path, progress, assemble=lambda scenario, seed: ride, overrides=["duration=0.4"])


def test_a_ride_ends_where_the_controller_says_so(tmp_path):
    outcome = do(tmp_path, make_ride(finish_after=100))
    assert outcome.end == "completed"
    assert outcome.passed
    assert outcome.ridden == pytest.approx(0.2)
    assert outcome.folder == tmp_path / "ride_straight-seed5"
    assert (outcome.folder / "metrics.json").exists()


def test_a_fall_ends_the_ride_at_once(tmp_path):
    outcome = do(tmp_path, make_ride(finish_after=100, roll_after=30))
    assert outcome.end == "fallen"
    assert outcome.metrics["falls"] == 1.0
    assert outcome.metrics["completed"] == 0.0
    assert outcome.ridden == pytest.approx(31 * 0.002)
    assert outcome.failures == ("completed = 0, at least 1 is asked",)


def test_a_ride_that_goes_on_is_broken_off_at_the_time_limit(tmp_path):
    outcome = do(tmp_path, make_ride())
    assert outcome.end == "out of time"
    assert outcome.ridden == pytest.approx(0.4)
    assert not outcome.passed


def test_each_row_has_the_state_and_the_truth_of_its_tick(tmp_path):
    ride = make_ride(finish_after=20)
    logs = []
    run(SCENARIO, 0, tmp_path, ignore, assemble=lambda *_: ride, film=lambda file, log, *_: logs.append(log))
    (log,) = logs
    assert np.allclose(log["time"], np.arange(20) * 0.002)
    assert log["truth_joint_work"].tolist() == list(range(1, 21))
    assert log["truth_energy"].tolist() == list(range(2, 41, 2))
    assert log["truth_momentum"][:, 0].tolist() == list(range(1, 21))
    assert np.all(log["command_stiffness"] == 1.0)
    assert not any(np.isnan(log[column.name]).any() for column in log.columns)


def test_the_state_hash_depends_on_the_ride_alone(tmp_path):
    hashes = [
        do(tmp_path / str(turn), make_ride(finish_after=100), seed=turn).provenance["state_hash"] for turn in (0, 1)
    ]
    assert hashes[0] == hashes[1]
    other = do(tmp_path / "other", make_ride(finish_after=99)).provenance["state_hash"]
    assert other != hashes[0]


def test_the_files_tell_where_the_run_came_from(tmp_path):
    outcome = do(tmp_path, make_ride(finish_after=100))
    provenance = json.loads((outcome.folder / "metrics.json").read_text())["provenance"]
    assert provenance["seed"] == 5
    assert provenance["overrides"] == ["duration=0.4"]
    assert {"draisine", "python", "pybullet", "pinocchio", "numpy"} <= provenance["versions"].keys()
    assert {"humanoid.urdf", "bicycle.urdf"} <= provenance["urdf_sha256"].keys()


def test_time_is_told_and_counted(tmp_path):
    told = []
    outcome = do(tmp_path, make_ride(), progress=lambda *mark: told.append(mark))
    assert told[0][0] is Stage.riding
    assert [mark[0] for mark in told][-1] is Stage.writing
    assert [mark[1] for mark in told] == sorted(mark[1] for mark in told)
    timing = outcome.timing
    assert timing.physics_seconds == 0.0  # what passed before the loop does not count
    assert 0 < timing.tick_p50_ms <= timing.tick_p99_ms
    assert timing.real_time_factor == pytest.approx(0.4 / timing.wall_seconds)
    assert timing.control_seconds + timing.exchange_seconds + timing.log_seconds <= timing.wall_seconds


def test_a_controller_that_breaks_leaves_the_joints_safe_and_nothing_on_disk(tmp_path):
    ride = make_ride()

    def broken(state):
        raise ZeroDivisionError

    ride.controller.step = broken
    with pytest.raises(ZeroDivisionError):
        do(tmp_path / "out", ride)
    assert (ride.bus.stops, ride.bus.closes) == (1, 1)
    assert list(tmp_path.iterdir()) == []
    assert gc.isenabled()


def test_a_film_is_in_the_folder_of_its_ride(tmp_path):
    def film(file, *_):
        file.write_text("a film")

    outcome = run(SCENARIO, 5, tmp_path, ignore, assemble=lambda *_: make_ride(finish_after=20), film=film)
    assert outcome.not_filmed == ""
    assert (outcome.folder / "video.mp4").read_text() == "a film"
    assert not list(outcome.folder.glob(".*"))


def test_a_film_that_fails_costs_nothing_but_itself(tmp_path):
    def film(file, *_):
        file.write_text("half a film")
        raise OSError("the encoder\nhas gone")

    outcome = run(SCENARIO, 5, tmp_path, ignore, assemble=lambda *_: make_ride(finish_after=20), film=film)
    assert outcome.not_filmed == "OSError: the encoder"
    assert {file.name for file in outcome.folder.iterdir()} == {
        "metrics.json", "timing.json", "run.mcap", "plots.png", "summary.md",
    }  # fmt: skip


def test_a_body_that_cannot_be_built_is_bad_input(tmp_path):
    def assemble(scenario, seed):
        raise ValueError("the link moved by 'left_knee_joint' has mass 0 kg")

    with pytest.raises(BadInput, match="ride_straight cannot be built: the link moved by 'left_knee_joint'"):
        run(SCENARIO, 0, tmp_path / "out", ignore, assemble=assemble)
    assert list(tmp_path.iterdir()) == []
