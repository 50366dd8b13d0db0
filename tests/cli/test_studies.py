"""`draisine bench survival`, `slowest` and `sensitivity`: their files, and one clear line for what is wrong."""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.test_cli import ROOT, assert_refused, draisine_here

SHORT = ("--set", "senses.noise_scale=0", "--jobs", "1")


def study(*arguments, cwd):
    """As `draisine`, with time enough for some rides on a busy machine."""
    run = subprocess.run(
        [sys.executable, "-c", "from scenarios.cli import main; main()", "bench", *arguments], cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return run.stdout


def read(folder, name, *others):
    """The study's JSON, when all of its files are there and nothing else."""
    assert {file.name for file in folder.iterdir()} == {f"{name}.json", f"{name}.md", f"{name}.png", *others}
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert document["provenance"]["versions"]["pybullet"]
    assert all(trial["state_hash"] for trial in document["trials"])
    return document


@pytest.mark.long
def test_survival_is_studied(tmp_path):
    """To the right, if a little backward, 5 N·s are nothing and 120 N·s are more than anybody can take."""
    shown = study(
        "survival", "--magnitudes", "5,120", "--directions", "3", "--phases", "1", "--samples", "1", "--window", "0.8",
        "--out", "results", *SHORT, cwd=tmp_path,
    )  # fmt: skip
    document = read(tmp_path / "results/survival", "survival")
    assert len(document["trials"]) == len(document["pushes"]) == 6
    whole, *curves = document["curves"]
    assert whole["direction"] is None
    (to_the_right,) = (curve for curve in curves if curve["direction"] == pytest.approx(4.18879))
    assert [point["survived"] for point in to_the_right["points"]] == [1, 0]
    assert (to_the_right["half"]["all_up_to"], to_the_right["half"]["none_from"]) == (5.0, 120.0)
    for push in document["pushes"]:
        assert abs((push["crank"] + 3.14159) % 6.28318 - 3.14159) < 0.03
        if push["survived"]:
            assert push["impulse"] == pytest.approx(push["condition"]["impulse"], rel=0.02)
    assert "240°" in shown
    assert "240°" in (tmp_path / "results/survival/survival.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_survival_on_foot_is_studied(tmp_path):
    """In place, half of the capture limit forward is held, and twice of it is not; no foot goes anywhere."""
    shown = study(
        "survival", "push_step", "--in-place", "--magnitudes", "8,35", "--directions", "2", "--samples", "1",
        "--window", "2.5", *SHORT, cwd=tmp_path,
    )  # fmt: skip
    document = read(tmp_path / "runs/survival", "survival", "survival_grid.png")
    assert (tmp_path / "runs/survival/survival_grid.png").read_bytes().startswith(b"\x89PNG")
    for curve in document["curves"][1:]:
        assert [point["survived"] for point in curve["points"]] == [1, 0]
        assert [point["recovered"] for point in curve["points"]] == [1, 0]
        assert curve["capture_limit"] == pytest.approx(17.4, abs=0.1)
    for push in document["pushes"]:
        if push["survived"]:
            assert push["steps"] == 0
            assert push["begin"] == pytest.approx(2.0, abs=0.01)
            assert push["impulse"] == pytest.approx(8.0, rel=0.02)
    assert "limit [N·s]" in shown


@pytest.mark.long
def test_the_lowest_speed_is_studied(tmp_path):
    shown = study(
        "slowest", "--low", "0.05", "--high", "1.65", "--resolution", "1.0", "--seconds", "3", "--seeds", "0",
        "--share", "0.5", "--corridor", "1", *SHORT, cwd=tmp_path,
    )  # fmt: skip
    document = read(tmp_path / "runs/slowest", "slowest")
    assert [level["value"] for level in document["bracket"]["levels"]] == pytest.approx([0.05, 0.85, 1.65])
    assert document["bracket"]["fails"] in (0.05, 0.85)
    assert document["bracket"]["holds"] == pytest.approx(document["bracket"]["fails"] + 0.8)
    assert len(document["trials"]) == 3
    assert document["answer"] in shown


@pytest.mark.long
def test_sensitivity_is_studied(tmp_path):
    """More wind in the face by denser air, more work."""
    study(
        "sensitivity", "ride_straight", "--parameter", "world.air_density=0.6,2.4", "--metric", "resistance_work",
        "--seeds", "0-1", "--set", "duration=2", *SHORT, cwd=tmp_path,
    )  # fmt: skip
    document = read(tmp_path / "runs/sensitivity", "sensitivity")
    assert len(document["trials"]) == 6
    (parameter,) = document["parameters"]
    assert [level["value"] for level in parameter["levels"]] == [0.6, 1.2, 2.4]
    assert parameter["survival"] == [[2, 2]] * 3
    (effect,) = document["effects"]
    assert effect["slope"] > 0
    assert effect["low"] > 0
    assert effect["means"] == sorted(effect["means"])
    assert "resistance_work [J]" in (tmp_path / "runs/sensitivity/sensitivity.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["survival", "--magnitudes", "none"], "--magnitudes 'none': write positive levels such as 10:60:10"),
        (["survival", "ride_circle"], "ride_circle is no straight ride"),
        (["survival", "--body", "hat"], "--body"),
        (["survival", "push_step", "--body", "frame"], "--body frame: push_step is on foot"),
        (["survival", "push_step", "--in-place", "--speed", "0.3"], "--in-place takes no step and --speed 0.3 walks"),
        (["survival", "--in-place"], "--in-place: ride_straight is a ride"),
        (["survival", "--speed", "0"], "--speed 0: a ride needs 0.1 m/s at least"),
        (["survival", "--set", "world.frction=1"], "did you mean 'friction'"),
        (["slowest", "--low", "2", "--high", "1"], "--low 2 must be below --high 1"),
        (["slowest", "ride_slalom"], "ride_slalom is no straight ride"),
        (["slowest", "--seeds", "x"], "--seeds 'x'"),
        (["sensitivity", "--parameter", "world.friction"], "write KEY=VALUE,VALUE"),
        (["sensitivity", "--metric", "joy"], "--metric 'joy': there is no such metric"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    assert_refused(draisine_here("bench", *arguments, cwd=tmp_path), message)
    assert list(tmp_path.iterdir()) == []
