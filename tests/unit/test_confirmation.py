"""What lies outside of its band is looked at once more, with other seeds; what must never happen is not."""

from dataclasses import replace

import pytest

from scenarios.bench.baseline import ScenarioBaseline
from scenarios.bench.calibrate import calibrate
from scenarios.bench.confirmation import confirming_seed, confirming_trials
from scenarios.bench.gate import judge
from scenarios.bench.results import read_results, write_results
from scenarios.bench.tiers import load_tier, trials_of
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from tests.unit.made_up_bench import ENSEMBLE, TIER, make_ensemble, make_results, make_trial, run_of

ROUGH = {"roll_max": 5.0}
SMOOTH = {"roll_max": -5.0}
AGAIN = [confirming_seed(seed) for seed in (100, 101)]


@pytest.fixture(scope="module")
def baselines():
    derived = calibrate(run_of(range(20)), TIER).baselines
    return {name: ScenarioBaseline(scenario=name, tiers={"smoke": tier}) for name, tier in derived.items()}


def run(first, *second, **other):
    """A run whose first ride has these metrics, and the second look at its scenario, if there is one."""
    trials = [make_trial(seed=100, metrics=first), *run_of((100, 101)).trials[1:]]
    again = [make_trial(seed=seed, metrics=second[0], **other) for seed in AGAIN if second]
    return replace(make_results(trials), confirmation=tuple(again))


def test_without_a_second_look_it_fails(baselines):
    assert not judge(run(ROUGH), baselines).passed


def test_what_comes_back_with_other_seeds_fails(baselines):
    (failed,) = judge(run(ROUGH, ROUGH), baselines).failures()
    assert [metric.judgement for metric in failed.failed_metrics] == ["worse"]


def test_what_does_not_come_back_passes_and_is_told(baselines):
    verdict = judge(run(ROUGH, {}), baselines)
    assert verdict.passed
    (told,) = [metric for metric in verdict.scenarios[0].metrics if metric.judgement == "unconfirmed"]
    assert told.metric == "roll_max"
    assert "not confirmed by seeds 10100, 10101: roll_max" in verdict.scenarios[0].notes


def test_the_other_side_of_the_band_confirms_nothing(baselines):
    assert judge(run(ROUGH, SMOOTH), baselines).passed


def test_what_must_never_happen_counts_in_the_second_look_as_well(baselines):
    (failed,) = judge(run(ROUGH, {}, end="fallen"), baselines).failures()
    assert any("seed10100: fell" in sentence for sentence in failed.broken)


def test_a_missing_metric_is_not_made_good_by_another_ride(baselines):
    assert not judge(run({"roll_max": float("nan")}, {}), baselines).passed


def test_half_a_second_look_is_none(baselines):
    results = run(ROUGH, {})
    assert not judge(replace(results, confirmation=results.confirmation[:1]), baselines).passed


def verdict_of(*, judgement="worse", broken=()):
    metric = MetricVerdict("roll_max", "rad", "lower", 1.0, 0.1, 0.1, judgement)
    return Verdict("smoke", (ScenarioVerdict("ride_push", (4, 5), tuple(broken), (metric,)),))


def test_what_fails_by_its_band_is_ridden_again_with_other_seeds():
    trials = confirming_trials(load_tier("smoke"), verdict_of())
    assert [(trial.scenario.name, trial.seed) for trial in trials] == [("ride_push", 10004), ("ride_push", 10005)]


@pytest.mark.parametrize("verdict", [verdict_of(judgement="improved"), verdict_of(broken=["it fell"])])
def test_what_passes_or_must_never_happen_is_not(verdict):
    assert confirming_trials(load_tier("smoke"), verdict) == []


def test_an_ensemble_is_ridden_again_in_other_worlds():
    tier = load_tier("ensemble")
    metric = MetricVerdict("success_rate", "1", "higher", 0.2, 0.9, 0.3, "worse")
    first = trials_of(tier.replaced(rides={"dab": tier.rides["dab"]}))
    seeds = tuple(trial.seed for trial in first)
    again = confirming_trials(tier, Verdict("ensemble", (ScenarioVerdict("dab", seeds, (), (metric,)),)))
    assert [trial.seed for trial in again] == [confirming_seed(seed, tier.samples) for seed in seeds]
    assert not {trial.changes for trial in first} & {trial.changes for trial in again}


@pytest.mark.parametrize(("falls", "passed"), [(40, False), (0, True)])
def test_the_rate_of_an_ensemble_fails_where_it_comes_back_in_other_worlds(falls, passed):
    derived = calibrate(make_ensemble(60), ENSEMBLE).baselines
    expected = {name: ScenarioBaseline(scenario=name, tiers={"ensemble": tier}) for name, tier in derived.items()}
    again = make_ensemble(60, falls=falls, first=confirming_seed(0, ENSEMBLE.samples))
    verdict = judge(replace(make_ensemble(60, falls=40), confirmation=again.trials), expected)
    assert verdict.passed == passed
    told = [note for note in verdict.scenarios[0].notes if "not confirmed by seeds 600000 to 600059" in note]
    assert bool(told) == passed


def test_the_second_look_is_in_the_results_file(tmp_path):
    results = run({}, {})
    write_results(tmp_path / "results.json", results)
    read = read_results(tmp_path / "results.json")
    assert [trial.seed for trial in read.confirmation] == AGAIN
