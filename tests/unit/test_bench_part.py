"""A part of a tier is ridden alone, and its results and every report say that it is a part."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from rich.console import Console

from scenarios.bench.baseline import ScenarioBaseline, write_baselines
from scenarios.bench.calibrate import calibrate
from scenarios.bench.junit import junit_xml
from scenarios.bench.markdown import summary_markdown
from scenarios.bench.page import page
from scenarios.bench.results import read_results, write_results
from scenarios.bench.run import run_bench
from scenarios.bench.tables import show_verdict
from scenarios.errors import BadInput
from tests.unit.bench_verdicts import failed_verdict, make_results, passed_verdict
from tests.unit.made_up_bench import TIER, make_trial, part_of, run_of

TOLD = "Only a part of smoke was ridden: ride_circle, ride_push"


@pytest.fixture
def riding(tmp_path, monkeypatch):
    """Runs a made-up tier that has all its baselines, without riding; returns status and results."""
    monkeypatch.setattr("scenarios.bench.tiers.load_tiers", lambda: {"smoke": TIER})
    monkeypatch.setattr("scenarios.bench.run.attempt_all", lambda trials, jobs: map(result_of, trials))
    monkeypatch.setattr("scenarios.bench.report.gather", lambda *_: ())
    derived = calibrate(run_of(range(20)), TIER).baselines
    write_baselines(
        tmp_path / "baselines",
        {name: ScenarioBaseline(scenario=name, tiers={"smoke": tier}) for name, tier in derived.items()},
    )

    def run(only, seeds=None):
        status = run_bench("smoke", only, seeds, tmp_path / "runs", 1, tmp_path / "baselines")
        return status, read_results(tmp_path / "runs" / "bench-smoke" / "results.json")

    return run


def result_of(trial):
    return make_trial(trial.scenario.name, trial.seed, changes=trial.changes)


def test_only_what_is_named_is_ridden_and_the_results_say_so(riding, capsys, tmp_path):
    status, results = riding(["ride_circle"], "100-103")
    assert status == 0
    assert results.only == ("ride_circle",)
    assert [trial.name for trial in results.trials] == [f"ride_circle-seed{seed}" for seed in range(100, 104)]
    assert "Only a part of smoke was ridden: ride_circle\n" in capsys.readouterr().out
    assert "ride_straight" not in (tmp_path / "runs" / "bench-smoke" / "summary.md").read_text(encoding="utf-8")


def test_the_rides_of_a_part_come_in_the_order_of_the_tier_and_once(riding):
    _, results = riding(["ride_circle", "ride_straight", "ride_circle"])
    assert results.only == ("ride_straight", "ride_circle")
    assert [trial.seed for trial in results.trials] == [0, 1, 0, 1]


def test_a_second_look_at_a_part_leaves_it_a_part(riding, monkeypatch):
    def rough(trial):
        return replace(result_of(trial), metrics=result_of(trial).metrics | {"roll_max": 5.0})

    monkeypatch.setattr("scenarios.bench.run.attempt_all", lambda trials, jobs: map(rough, trials))
    status, results = riding(["ride_circle"])
    assert status == 1
    assert [trial.seed for trial in results.confirmation] == [10000, 10001]
    assert results.only == ("ride_circle",)


def test_a_whole_tier_is_no_part(riding, capsys):
    _, results = riding([])
    assert results.only == ()
    assert "part of smoke" not in capsys.readouterr().out


def test_an_unknown_ride_writes_nothing(riding, tmp_path):
    with pytest.raises(BadInput, match="there is: ride_straight, ride_circle"):
        riding(["ride_circle", "squat"])
    assert not (tmp_path / "runs").exists()


def test_the_part_is_in_the_results_file_and_a_file_without_it_is_of_a_whole_tier(tmp_path):
    file = tmp_path / "results.json"
    write_results(file, part_of(run_of((0, 1)), "ride_circle"))
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document.pop("only") == ["ride_circle"]
    assert read_results(file).command == "draisine bench run smoke --only ride_circle"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert read_results(file).only == ()
    assert read_results(file).command == "draisine bench run smoke"


@pytest.mark.parametrize(("verdict", "said"), [(failed_verdict(), "failed"), (passed_verdict(), "passed")])
def test_every_report_says_that_it_is_of_a_part(verdict, said):
    part = replace(verdict, only=("ride_circle", "ride_push"))
    results = make_results("ride_circle", "ride_straight", "ride_push")
    console = Console(width=160)
    with console.capture() as shown:
        show_verdict(console, part)
    text = shown.get()
    assert text.startswith(TOLD)
    assert f"\npart of smoke {said}: " in text
    summary = summary_markdown(results, part)
    assert f" part of smoke {said}: " in summary.splitlines()[0]
    assert f"**{TOLD}**" in summary
    assert f"<b>{TOLD}</b>" in page(results, part)
    assert f" part of smoke {said}: " in page(results, part)
    (suite,) = ElementTree.fromstring(junit_xml(results, part))
    assert suite.attrib["name"] == "bench part of smoke"
    properties = {item.attrib["name"]: item.attrib["value"] for item in suite.iter("property")}
    assert properties["only"] == "ride_circle, ride_push"


def test_no_report_on_a_whole_tier_speaks_of_a_part():
    results, verdict = make_results("ride_circle"), passed_verdict()
    assert "part of smoke" not in summary_markdown(results, verdict) + page(results, verdict)
    (suite,) = ElementTree.fromstring(junit_xml(results, verdict))
    assert suite.attrib["name"] == "bench smoke"
    assert {item.attrib["name"] for item in suite.iter("property")} == {"tier", "git_commit"}
