"""``draisine run`` from end to end, on rides too short to fall."""

import json
import os
import signal
import time
from contextlib import nullcontext
from unittest.mock import patch

import pytest

from scenarios import jobs
from scenarios.batch import run_batch
from scenarios.errors import BadInput
from scenarios.plan import plan
from tests.cli.test_cli import draisine

SHORT = ["--set", "duration=0.1", "--set", "criteria=[{metric='falls', max=0}]"]
TOO_MUCH = ["--set", "duration=0.1", "--set", "criteria=[{metric='distance', min=99}]"]


def metrics(folder):
    return json.loads((folder / "metrics.json").read_text())


@pytest.fixture(scope="module")
def short_runs(tmp_path_factory):
    """Two seeds in two processes, then one of them again in one process."""
    folder = tmp_path_factory.mktemp("runs")
    both = draisine("run", "ride_straight", "--seeds", "0-1", "--jobs", "2", "--out", "both", *SHORT, cwd=folder)
    one = draisine("run", "ride_straight", "--seed", "1", "--out", "one", *SHORT, cwd=folder)
    return folder, both, one


def test_a_ride_that_passes_exits_with_0_and_writes_all_files(short_runs):
    folder, both, one = short_runs
    assert (both.returncode, one.returncode) == (0, 0), both.stderr + one.stderr
    assert both.stderr == one.stderr == ""
    for name in ("both/ride_straight-seed0", "both/ride_straight-seed1", "one/ride_straight-seed1"):
        files = {file.name for file in (folder / name).iterdir()}
        assert files == {"metrics.json", "timing.json", "run.mcap", "plots.png", "summary.md"}


def test_the_output_is_plain_lines_when_nobody_watches(short_runs):
    _, both, _ = short_runs
    assert "\x1b" not in both.stdout
    assert both.stdout.count("passed (out of time after 0.1 s") == 2


def test_a_seed_gives_the_same_bits_in_every_process_and_another_seed_others(short_runs):
    folder, _, _ = short_runs
    hashes = [
        metrics(folder / run)["provenance"]["state_hash"]
        for run in ("both/ride_straight-seed1", "one/ride_straight-seed1", "both/ride_straight-seed0")
    ]
    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def test_a_broken_criterion_exits_with_1_and_is_told(tmp_path):
    run = draisine("run", "ride_straight", *TOO_MUCH, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    assert "distance = 0.2" in run.stdout
    assert "at least 99 is asked" in run.stdout
    assert metrics(tmp_path / "runs" / "ride_straight-seed0")["passed"] is False


@pytest.mark.parametrize("exe", ["/bin/false", "/absent/ffmpeg"])
def test_a_film_that_fails_is_told_in_one_line_and_the_ride_is_kept(tmp_path, exe, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", exe)
    run = draisine("run", "ride_straight", "--video", *SHORT, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("draisine: runs/ride_straight-seed0: the results are there, but it was not filmed (")
    assert run.stderr.count("\n") == 1, run.stderr
    assert "ride_straight, seed 0: passed" in run.stdout
    assert metrics(tmp_path / "runs" / "ride_straight-seed0")["passed"] is True


def killed(index, job, board, drawers):
    """The second job takes its process with it, as soon as the first one is done."""
    if index == 1:
        until = time.monotonic() + 60
        while not (job.out / "ride_straight-seed0").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGKILL)
    return jobs._do(index, job, board, drawers)


def broken(index, job, board, drawers):
    """The second job breaks down."""
    with patch("scenarios.jobs.run", side_effect=RecursionError("too deep")) if index == 1 else nullcontext():
        return jobs._do(index, job, board, drawers)


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (killed, "ride_straight, seed 1: not done, since a process died"),
        (broken, "ride_straight, seed 1 broke down: RecursionError: too deep"),
    ],
)
def test_a_run_that_goes_wrong_does_not_take_what_is_done_with_it(tmp_path, capsys, do, told, monkeypatch):
    planned = plan(["ride_straight"], None, "0-1", SHORT[1::2], tmp_path, video=False)
    monkeypatch.setattr("scenarios.jobs._do", do)
    with pytest.raises(BadInput, match=told):
        run_batch(planned, 2)
    assert "ride_straight, seed 0: passed" in capsys.readouterr().out


def test_a_run_that_breaks_down_tells_where(tmp_path, capsys):
    planned = plan(["ride_straight"], None, "0", SHORT[1::2], tmp_path, video=False)
    with patch("scenarios.jobs.run", side_effect=RecursionError("too deep")), pytest.raises(BadInput, match="too deep"):
        run_batch(planned, 1)
    assert "scenarios/jobs.py" in capsys.readouterr().err
