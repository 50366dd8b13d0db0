"""`draisine bench speed`: its files, its table, and one clear line for what is wrong."""

import json

import pytest

from tests.cli.test_cli import assert_refused, draisine, draisine_here


@pytest.mark.long
def test_a_ride_is_timed_and_its_report_written(tmp_path):
    short = ("--seconds", "0.1", "--rounds", "1", "--starts", "1")
    run = draisine("bench", "speed", *short, "--out", "results", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    folder = tmp_path / "results" / "speed_ride_straight"
    assert {file.name for file in folder.iterdir()} == {"speed.json", "speed.md", "speed.png"}
    report = json.loads((folder / "speed.json").read_text(encoding="utf-8"))
    assert report["same_bits"]
    assert report["deviation"] == 0.0
    assert report["memory"]["after a second"] > report["memory"]["after the imports"] > 50.0
    assert all(seconds > 0.0 for seconds in report["start_up"].values())
    assert "whole tick" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ride_strait"], "there is no scenario 'ride_strait'"),
        (["--seconds", "0"], "--seconds"),
        (["--rounds", "0"], "--rounds"),
        (["--set", "course.length=long"], "course.length"),
        (["--set", "bus=can"], "ride_straight has bus = 'can'; only rides without a policy and with bus = 'sim'"),
        (["--set", "policy=absent.onnx"], "ride_straight has a policy; only rides without a policy"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    assert_refused(draisine_here("bench", "speed", *arguments, cwd=tmp_path), message)
    assert list(tmp_path.iterdir()) == []
