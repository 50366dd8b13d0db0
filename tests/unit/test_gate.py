"""The gate: every kind of failure, in its order, and what passes."""

import math
from dataclasses import replace
from typing import Any

import pytest

from scenarios.bench.baseline import ScenarioBaseline
from scenarios.bench.calibrate import calibrate
from scenarios.bench.gate import judge
from scenarios.bench.origins import changed_origin
from scenarios.provenance import origin
from tests.unit.made_up_bench import ENSEMBLE, TIER, make_ensemble, make_results, make_trial, part_of, run_of

ROUGH = {"metrics": {"roll_max": 5.0}}


@pytest.fixture(scope="module")
def baselines():
    derived = calibrate(run_of(range(20)), TIER).baselines
    return {name: ScenarioBaseline(scenario=name, tiers={"smoke": tier}) for name, tier in derived.items()}


@pytest.fixture(scope="module")
def ensemble():
    derived = calibrate(make_ensemble(120, falls=12), ENSEMBLE).baselines
    return {name: ScenarioBaseline(scenario=name, tiers={"ensemble": tier}) for name, tier in derived.items()}


def with_one(**other):
    """A run whose very first ride is otherwise."""
    results = run_of((100, 101))
    return make_results([make_trial(seed=100, **other), *results.trials[1:]])


def only(verdict):
    """The one verdict that fails."""
    (failed,) = verdict.failures()
    return failed


def test_an_unchanged_motion_passes_with_other_seeds(baselines):
    """But for what a second look would not confirm: each run of 14 comparisons has to look twice in 1 of 10 cases."""
    verdict = judge(run_of(range(100, 140)), baselines)
    assert len(verdict.scenarios) == 40
    assert len(list(verdict.failures())) <= 5
    assert [scenario.seeds for scenario in verdict.scenarios[:2]] == [(100, 101), (102, 103)]


def test_the_same_bits_are_noticed(baselines):
    assert judge(run_of((0, 1)), baselines).scenarios[0].notes == ("the same bits as the baseline",)
    assert judge(run_of((0, 1), state_hash="x"), baselines).scenarios[0].notes == ("other bits than the baseline",)
    assert judge(run_of((4, 5)), baselines).scenarios[0].notes == ()


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            {"end": "broke down", "problem": "ValueError: no", "metrics": {}},
            "ride_straight-seed100: broke down: ValueError",
        ),
        ({"end": "fallen"}, "ride_straight-seed100: fell after 8.0 s"),
        ({"end": "out of time"}, "ride_straight-seed100: out of time after 8.0 s, its baseline is completed"),
        ({"failures": ("roll_max = 2 rad, at most 0.5 rad is asked",)}, "ride_straight-seed100: roll_max = 2 rad"),
        ({"metrics": {"undeclared_wrench_max": 0.1}}, "undeclared_wrench_max is 0.1 N, it must be 0"),
        ({"metrics": {"undeclared_wrench_max": math.nan}}, "undeclared_wrench_max is nan N, it must be 0"),
        ({"metrics": {"roll_max": math.nan}}, "roll_max is missing or not a number"),
        ({"metrics": {"roll_max": math.inf}}, "roll_max is missing or not a number"),
        ({"changes": ("course.length=19",)}, "was ridden with other changes than its baseline (course.length=18)"),
    ],
)
def test_what_must_never_happen_fails(baselines, other, sentence):
    failed = only(judge(with_one(**other), baselines))
    assert failed.scenario == "ride_straight"
    assert sentence in failed.broken[0]


def test_a_metric_that_is_not_there_fails(baselines):
    trials = list(run_of((100, 101)).trials)
    del trials[0].metrics["path_error_rms"]
    failed = only(judge(make_results(trials), baselines))
    assert failed.broken == ("path_error_rms is missing or not a number",)
    assert [metric.metric for metric in failed.failed_metrics] == ["path_error_rms"]


def test_what_is_broken_comes_before_what_is_worse(baselines):
    failed = only(judge(with_one(end="fallen", failures=("falls = 1, at most 0 is asked",), **ROUGH), baselines))
    assert [sentence.split(": ")[1][:5] for sentence in failed.broken] == ["fell ", "falls"]
    assert [metric.metric for metric in failed.failed_metrics] == ["roll_max"]


def test_a_scenario_without_a_baseline_fails_and_says_how_to_make_one(baselines):
    failed = only(judge(run_of((0, 1)), {"ride_straight": baselines["ride_straight"]}))
    assert failed.scenario == "ride_circle"
    assert failed.broken == (
        "there is no baseline in the tier smoke; make one: draisine bench run smoke --seeds 0-19, "
        "then draisine bench accept smoke",
    )


def test_a_baseline_of_another_tier_is_none(baselines):
    results = run_of((0, 1))
    verdict = judge(make_results(results.trials, tier="full"), baselines)
    assert [scenario.passed for scenario in verdict.scenarios] == [False, False]


def test_a_scenario_that_was_not_ridden_fails(baselines):
    straight = [trial for trial in run_of((0, 1)).trials if trial.scenario == "ride_straight"]
    failed = only(judge(make_results(straight), baselines))
    assert failed.broken == ("ride_circle has a baseline in the tier smoke and was not ridden",)


def test_of_a_part_only_what_it_consists_of_is_asked_for(baselines):
    verdict = judge(part_of(run_of((100, 101)), "ride_circle"), baselines)
    assert [scenario.scenario for scenario in verdict.scenarios] == ["ride_circle"]
    assert verdict.passed
    assert (verdict.name, verdict.only) == ("part of smoke", ("ride_circle",))


def test_a_part_in_which_something_is_worse_fails(baselines):
    failed = only(judge(part_of(with_one(**ROUGH), "ride_straight"), baselines))
    assert [metric.metric for metric in failed.failed_metrics] == ["roll_max"]


def test_a_scenario_of_a_part_that_was_not_ridden_fails(baselines):
    both = ("ride_straight", "ride_circle")
    failed = only(judge(replace(part_of(run_of((100, 101)), "ride_circle"), only=both), baselines))
    assert failed.broken == ("ride_straight has a baseline in the tier smoke and was not ridden",)


def test_a_part_without_baselines_says_how_to_make_its_own():
    failed = only(judge(part_of(run_of((0, 1)), "ride_circle"), {}))
    assert "draisine bench run smoke --only ride_circle --seeds 0-19, then draisine bench accept" in failed.broken[0]


def test_half_a_repetition_fails(baselines):
    verdict = judge(run_of((0,)), baselines)
    assert all("1 rides are no whole repetition of 2" in scenario.broken[0] for scenario in verdict.scenarios)


def test_nothing_at_all_fails():
    assert not judge(make_results([]), {}).passed


@pytest.mark.parametrize(
    ("metric", "factor", "judgement", "passed"),
    [
        ("path_error_rms", 1.01, "worse", False),
        ("path_error_rms", 0.99, "within", True),
        ("path_error_rms", -0.99, "within", True),
        ("path_error_rms", -1.01, "improved", True),
        ("saddle_force_min", -1.01, "worse", False),
        ("saddle_force_min", 1.01, "improved", True),
        ("speed_mean", 1.01, "changed", False),
        ("speed_mean", -1.01, "changed", False),
        ("falls", 1.0, "worse", False),
        ("completed", -1.0, "worse", False),
    ],
)
def test_bands_have_two_sides(baselines, metric, factor, judgement, passed):
    expected = baselines["ride_straight"].tiers["smoke"].metrics[metric]
    value = expected.value + factor * (expected.tolerance or 1.0)
    trials = [make_trial(seed=seed, metrics={metric: value}) for seed in (100, 101)]
    verdict = judge(make_results(trials), {"ride_straight": baselines["ride_straight"]}).scenarios[0]
    (judged,) = [judged for judged in verdict.metrics if judged.metric == metric]
    assert judged.judgement == judgement
    assert verdict.passed == passed


def test_a_single_bad_seed_shows_in_the_mean(baselines):
    failed = only(judge(with_one(metrics={"roll_max": 0.5}), baselines))
    assert failed.failed_metrics[0].judgement == "worse"
    assert failed.failed_metrics[0].value == pytest.approx(0.3, abs=0.02)


def test_a_metric_that_the_baseline_does_not_know_is_told(baselines):
    verdict = judge(run_of((100, 101), metrics={"new_thing": 1.0}), baselines)
    assert verdict.passed
    assert verdict.scenarios[0].notes == ("not in the baseline: new_thing; accept a new one to hold them",)


# Ensembles


def test_an_ensemble_without_a_baseline_is_made_of_one_and_its_falls_are_no_scandal():
    failed = only(judge(make_ensemble(60, falls=6), {}))
    assert failed.broken == (
        "there is no baseline in the tier ensemble; make one: draisine bench run ensemble --seeds 0-0, "
        "then draisine bench accept ensemble",
    )


def test_an_unchanged_ensemble_hardly_ever_needs_a_second_look(ensemble):
    verdicts = judge(make_ensemble(20 * 60, first=600), ensemble).scenarios
    assert len(verdicts) == 20
    assert sum(verdict.passed for verdict in verdicts) >= 17
    names = {metric.metric for metric in verdicts[0].metrics}
    assert {"success_rate", "pass_rate", "path_error_rms.p50", "path_error_rms.p75", "saddle_force_min.p25"} <= names


def test_an_ensemble_that_falls_often_fails_by_its_rate(ensemble):
    failed = only(judge(make_ensemble(60, falls=40, first=600), ensemble))
    assert not failed.broken
    assert {metric.metric for metric in failed.failed_metrics} >= {"success_rate", "pass_rate"}


def test_an_ensemble_that_is_off_its_path_fails_by_its_percentiles(ensemble):
    failed = only(judge(make_ensemble(60, first=600, shift=0.05), ensemble))
    assert "path_error_rms.p50" in [metric.metric for metric in failed.failed_metrics]


def test_an_ensemble_in_which_all_fall_fails(ensemble):
    failed = only(judge(make_ensemble(60, falls=60, first=600), ensemble))
    assert "path_error_rms.p50 is missing or not a number" in failed.broken


def test_a_ride_that_breaks_down_fails_an_ensemble(ensemble):
    trials = list(make_ensemble(60, first=600).trials)
    broken = make_trial(seed=600, changes=(), end="broke down", problem="boom", metrics={})
    failed = only(judge(make_results([broken, *trials[1:]], "ensemble"), ensemble))
    assert "broke down: boom" in failed.broken[0]


def test_the_same_bits_of_an_ensemble_are_noticed(ensemble):
    assert "the same bits as the baseline" in judge(make_ensemble(60, falls=12), ensemble).scenarios[0].notes


# Where it comes from


def test_the_same_origin_is_not_worth_a_word(baselines):
    assert changed_origin(run_of((0, 1)), baselines) == ()


def test_where_baselines_come_from_that_a_part_leaves_out_is_not_told(baselines):
    provenance: Any = {**origin(), "sources_sha256": "x"}
    other = baselines["ride_straight"].tiers["smoke"].replaced(provenance=provenance)
    mixed = {**baselines, "ride_straight": ScenarioBaseline(scenario="ride_straight", tiers={"smoke": other})}
    assert changed_origin(part_of(run_of((0, 1)), "ride_circle"), mixed) == ()
    assert changed_origin(part_of(run_of((0, 1)), "ride_straight"), mixed) != ()


def test_what_is_not_the_same_is_told_once(baselines):
    now: Any = origin()
    other = {
        **now,
        "versions": {**now["versions"], "pybullet": "9.9"},
        "cpu": {"model": "Cyrix", "simd": ["mmx"]},
        "sources_sha256": "x",
    }
    sentences = changed_origin(make_results(run_of((0, 1)).trials, provenance=other), baselines)
    assert sentences[0] == f"versions.pybullet: 9.9; of the baselines: {now['versions']['pybullet']}"
    assert sentences[1].startswith("cpu.model: Cyrix; ")
    assert sentences[2].startswith("cpu.simd: mmx; ")
    assert sentences[3] == "sources: not the same as those of the baselines"
    assert len(sentences) == 4
