"""`draisine bench run|compare|accept`: exit status, what is said, and one clear line for what is wrong."""

import json

import pytest

from scenarios.bench.baseline import ScenarioBaseline, write_baselines
from scenarios.bench.calibrate import calibrate
from scenarios.bench.results import write_results
from tests.cli.test_cli import assert_refused, draisine, draisine_here
from tests.unit.made_up_bench import TIER, part_of, run_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with results of an unchanged, a worse and a better motion, and baselines for them."""
    folder = tmp_path_factory.mktemp("bench")
    derived = calibrate(run_of(range(20)), TIER).baselines
    write_baselines(
        folder / "baselines", {name: ScenarioBaseline(scenario=name, tiers={"smoke": b}) for name, b in derived.items()}
    )
    for name, rolls in (("unchanged", {}), ("worse", {"roll_max": 0.4}), ("better", {"roll_max": 0.01})):
        (folder / name).mkdir()
        write_results(folder / name / "results.json", run_of((100, 101), metrics=rolls))
    return folder


def compare(folder, results):
    return draisine("bench", "compare", results, "--baselines", "baselines", cwd=folder)


def test_an_unchanged_motion_passes(folder):
    run = compare(folder, "unchanged")
    assert run.returncode == 0, run.stderr
    assert "smoke passed: 2 scenarios are within their baselines" in run.stdout
    assert "7 of 7" in run.stdout


def test_a_worse_motion_fails_with_the_figures(folder):
    run = compare(folder, "worse/results.json")
    assert run.returncode == 1
    (row,) = [line for line in run.stdout.splitlines() if "ride_straight (100,101)" in line]
    assert "roll_max" in row
    assert "worse" in row
    assert "smoke failed: ride_straight, ride_circle (2 of 2 verdicts)" in run.stdout


def test_a_better_motion_passes_and_is_loud(folder):
    run = compare(folder, "better")
    assert run.returncode == 0
    assert "IMPROVED: ride_straight, ride_circle; accept a new baseline (draisine bench accept smoke)" in run.stdout


def test_a_part_is_judged_alone_and_says_so(folder, tmp_path):
    write_results(tmp_path / "results.json", part_of(run_of((100, 101)), "ride_circle"))
    run = compare(folder, str(tmp_path))
    assert run.returncode == 0, run.stdout
    assert "Only a part of smoke was ridden: ride_circle\n" in run.stdout
    assert "part of smoke passed: 1 scenario is within its baseline\n" in run.stdout
    assert "ride_straight" not in run.stdout


def test_without_baselines_it_fails_and_says_how_to_make_them(folder, tmp_path):
    run = draisine("bench", "compare", "unchanged", "--baselines", str(tmp_path), cwd=folder)
    assert run.returncode == 1
    assert "ride_straight: there is no baseline in the tier smoke; make one: draisine bench run smoke" in run.stdout


def test_a_baseline_that_was_tampered_with_is_refused(folder, tmp_path):
    text = (folder / "baselines" / "ride_straight.json").read_text(encoding="utf-8")
    (tmp_path / "ride_straight.json").write_text(text.replace('"better": "lower"', '"better": "any"'), encoding="utf-8")
    run = draisine("bench", "compare", "unchanged", "--baselines", str(tmp_path), cwd=folder)
    assert_refused(run, "ride_straight.json: tiers.smoke.metrics.falls.better: 'any' is wrong")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "smok"], "there is no tier 'smok'; did you mean 'smoke'?"),
        (["run", "smoke", "--seeds", "0-2"], "--seeds: 3 seeds are no whole repetitions of 2"),
        (["run", "smoke", "--seeds", "a"], "write seeds such as 0-9"),
        (["run", "smoke", "--only", "squat", "--seeds", "0-2"], "--seeds: 3 seeds are no whole repetitions of 2"),
        (["run", "smoke", "--only", "squat", "--only", "squatt"], "not in the tier smoke; did you mean 'squat'? there"),
        (["run", "ensemble", "--only", "squat"], "'squat' is not in the tier ensemble; there is: dab, "),
        (["run", "smoke", "--jobs", "0"], "--jobs"),
        (["run", "smoke", "--out", "file/results"], "cannot be written"),
        (["run", "smoke", "--baselines", "wrong"], "ride_straight.json: is no JSON"),
        (["run", "smoke", "--baselines", "file"], "--baselines file: is no folder; name the folder of the baselines"),
        (["run", "smoke", "--baselines", "absent"], "--baselines absent: there is no such folder"),
        (["compare"], "there are no results in runs/; make some: draisine bench run smoke"),
        (["compare", "absent"], "'absent' is no tier, nor the results of one"),
        (["compare", "file"], "file: is not the results of 'draisine bench run'"),
        (["compare", "wrong"], "wrong/results.json: cannot be read"),
        (["accept"], "Missing argument"),
        (["accept", "smoke"], "there are no results in runs/bench-smoke/; make some: draisine bench run smoke"),
        (["accept", "file", "--only", "ride_straight"], "file: is not the results"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "ride_straight.json").write_text("{", encoding="utf-8")
    assert_refused(draisine_here("bench", *arguments, cwd=tmp_path), message)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "wrong"]


@pytest.mark.parametrize("command", ["compare", "report"])
@pytest.mark.parametrize("baselines", ["absent", "unchanged/results.json"])
def test_a_folder_of_baselines_that_is_none_is_refused(folder, command, baselines):
    run = draisine_here("bench", command, "unchanged", "--baselines", baselines, cwd=folder)
    assert_refused(run, f"--baselines {baselines}: ")
    assert (folder / "unchanged" / "results.json").is_file()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("trials",), 3, "is not the results of 'draisine bench run'"),
        (("trials", 0, "metrics", "roll_max"), "steep", "trials.0.metrics.roll_max: 'steep' is wrong"),
        (("trials", 0, "seconds"), [], "trials.0.seconds: [] is wrong"),
        (("provenance",), None, "provenance: None is wrong"),
        (("tier",), {}, "tier: {} is wrong"),
    ],
)
def test_results_with_another_structure_are_refused_in_one_line(folder, tmp_path, path, value, message):
    document = here = json.loads((folder / "unchanged" / "results.json").read_bytes())
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    (tmp_path / "results.json").write_text(json.dumps(document), encoding="utf-8")
    assert_refused(draisine_here("bench", "compare", str(tmp_path), cwd=folder), message)


def test_results_without_a_tier_are_refused(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps({"trials": []}), encoding="utf-8")
    assert_refused(
        draisine("bench", "compare", "results.json", cwd=tmp_path), "is not the results of 'draisine bench run'"
    )
