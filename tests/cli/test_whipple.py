"""`draisine physics whipple`: its files, its exit status, and one clear line for what is wrong."""

import json

import pytest

from tests.cli.test_cli import assert_refused, draisine, draisine_here
from urdf.whipple_parameters import BENCHMARK


def test_a_bicycle_is_measured_and_its_report_written(tmp_path):
    (tmp_path / "mine.toml").write_text(BENCHMARK.read_text(encoding="utf-8"), encoding="utf-8")
    run = draisine("physics", "whipple", "mine.toml", "--speeds", "5,4.5", "--out", "results", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    folder = tmp_path / "results" / "whipple_mine"
    assert {file.name for file in folder.iterdir()} == {"whipple.json", "whipple.md", "whipple.png"}
    assert (folder / "whipple.png").read_bytes().startswith(b"\x89PNG")
    report = json.loads((folder / "whipple.json").read_text(encoding="utf-8"))
    assert report["passed"]
    assert report["parameters"]["mB"] == 85.0
    assert report["matrices"]["theory"]["M"][0][0] == pytest.approx(80.81722)
    assert report["critical_speeds"]["weave"]["theory"] == pytest.approx(4.29238254)
    assert report["critical_speeds"]["capsize"]["simulated"] == pytest.approx(6.0243, rel=0.02)
    assert [at["speed"] for at in report["speeds"]] == [4.5, 5.0]
    for at in report["speeds"]:
        for value, expected in zip(at["eigenvalues"]["simulated"], at["eigenvalues"]["theory"], strict=True):
            assert value == pytest.approx(expected, abs=0.1)
        push = at["responses"][0]
        assert push["roll_rate_rms_error"] < 0.04
        assert {len(push[key]) for key in ("time", "lean", "steer", "lean_rate", "lean_rate_theory")} == {101}
    assert "| weave | 4.2924 |" in (folder / "whipple.md").read_text(encoding="utf-8")


@pytest.mark.long
def test_a_coarse_step_fails_its_bands_and_says_so(tmp_path):
    run = draisine("physics", "whipple", "benchmark", "--speeds", "7", "--step", "0.008", cwd=tmp_path)
    assert run.returncode == 1
    assert "fails" in run.stdout
    assert not json.loads((tmp_path / "runs/whipple_benchmark/whipple.json").read_text(encoding="utf-8"))["passed"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'FILE'"),
        (["absent.toml"], "absent.toml: cannot be read: No such file"),
        (["typo.txt"], "typo.txt: lamb: is no parameter of the Whipple model; did you mean 'lam'?"),
        (["benchmark", "--speeds", "0,5"], "--speeds 0,5: write speeds above 0 and up to 30 m/s, such as 3.5,4,5"),
        (["benchmark", "--step", "1"], "--step"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    text = BENCHMARK.read_text(encoding="utf-8")
    (tmp_path / "typo.txt").write_text(text.replace("lam =", "lamb ="), encoding="utf-8")
    assert_refused(draisine_here("physics", "whipple", *arguments, cwd=tmp_path), message)
    assert [file.name for file in tmp_path.iterdir()] == ["typo.txt"]
