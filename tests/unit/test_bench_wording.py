"""What a verdict says in plain words."""

import math

import pytest

from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import (
    headline,
    improvements,
    in_bands,
    reading,
    seed_ranges,
    sentence,
    worst_first,
    worst_scenarios_first,
)
from tests.unit.bench_verdicts import FALLS, LAG, MARGIN, PATH, ROLL, SPEED, WORK, failed_verdict, passed_verdict


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (LAG, "steer_lag rose from 24.10 to 26.17 ms: 3.0 bands, lower is better"),
        (SPEED, "speed_mean fell from 2.430 to 2.310 m/s: 4.0 bands, it should stay as it is"),
        (WORK, "pedal_work is missing in at least one ride; 82.0 J is expected"),
        (FALLS, "falls rose from 0 to 1: its band has no width, lower is better"),
        (ROLL, "roll_max fell from 13.9 to 7.9 mrad: 1.5 bands to the better"),
        (MARGIN, "joint_limit_margin_min fell from 0.1200 to 0.1100 rad: 2.5 bands, higher is better"),
        (PATH, "path_error_rms rose from 20.0 to 21.0 mm: 0.3 bands, in its band"),
    ],
)
def test_a_sentence_says_what_happened_by_how_much_and_whether_it_is_bad(metric, said):
    assert sentence(metric) == said


def test_numbers_have_the_digits_that_their_band_is_worth():
    wide = MetricVerdict("pedal_work", "J", "neither", 812.345, 700.0, 33.0, "changed")
    assert (reading(wide).value, reading(wide).baseline, reading(wide).tolerance) == ("812", "700", "33")
    narrow = MetricVerdict("speed_mean", "m/s", "neither", 2.000012, 2.0, 1e-5, "changed")
    assert (reading(narrow).value, reading(narrow).baseline) == ("2.000012", "2.000000")
    far = MetricVerdict("foot_off_pedal_max", "s", "lower", 0.8432, 0.004, 0.00012, "worse")
    assert (reading(far).value, reading(far).baseline) == ("0.843", "0.004")
    assert in_bands(far) == "6993 bands"


def test_numbers_that_differ_are_never_shown_as_the_same():
    close = MetricVerdict("speed_mean", "m/s", "neither", 2.0000001, 2.0, 0.5, "within")
    assert reading(close).value != reading(close).baseline


def test_a_shift_just_beyond_the_band_does_not_read_as_one():
    assert in_bands(MetricVerdict("roll_max", "rad", "lower", 1.0301, 1.0, 0.03, "worse")) == "1.003 bands"


@pytest.mark.parametrize(("seeds", "said"), [((0, 1, 2, 7), "0-2,7"), ((3,), "3"), ((), "–"), ((1, 1, 0), "0-1")])
def test_seeds_are_told_as_the_command_line_takes_them(seeds, said):
    assert seed_ranges(seeds) == said


def test_what_fails_comes_first_then_what_improved():
    order = [metric.metric for metric in worst_first((PATH, ROLL, LAG, WORK, FALLS))]
    assert set(order[:2]) == {"falls", "pedal_work"}
    assert order[2:] == ["steer_lag", "roll_max", "path_error_rms"]
    names = [scenario.scenario for scenario in worst_scenarios_first(failed_verdict().scenarios)]
    assert names == ["ride_push", "ride_straight", "ride_circle"]


def test_the_headline_counts():
    assert headline(failed_verdict()) == "smoke failed: 2 of 3 scenarios, 5 metrics out of band, 1 broken invariant"
    assert headline(passed_verdict()) == "smoke passed: 1 scenario"
    improved = Verdict("smoke", (ScenarioVerdict("ride_circle", (0,), (), (ROLL,)),))
    assert headline(improved) == "smoke passed: 1 scenario, 1 metric improved: accept a new baseline"
    repeated = Verdict("smoke", tuple(ScenarioVerdict("ride_circle", (seed,), (), (PATH,)) for seed in range(20)))
    assert headline(repeated) == "smoke passed: 20 repetitions of 1 scenario"
    assert headline(Verdict("full", ())) == "full failed: there is nothing to judge"


def test_nobody_is_asked_to_accept_what_improved_in_a_ride_that_fails():
    assert [(scenario.scenario, metric.metric) for scenario, metric in improvements(failed_verdict())] == [
        ("ride_circle", "roll_max")
    ]


def test_infinite_and_missing_numbers_can_be_told():
    for value in (math.inf, -math.inf, math.nan):
        for tolerance in (0.0, 0.1, math.inf, math.nan):
            metric = MetricVerdict("roll_max", "rad", "lower", value, 0.1, tolerance, "missing")
            assert "roll_max is missing" in sentence(metric)
            assert reading(metric).value == "–"
