"""From results to baselines: what is derived, what is refused, and what a baseline's file keeps."""

import math
from dataclasses import replace

import numpy as np
import orjson
import pytest

from scenarios.bench.baseline import BASELINES, ScenarioBaseline, read_baselines, write_baselines
from scenarios.bench.calibrate import calibrate, rounded
from scenarios.bench.gate import judge
from scenarios.bench.tiers import Ride
from scenarios.errors import BadInput
from tests.unit.made_up_bench import ENSEMBLE, TIER, make_ensemble, make_results, make_trial, part_of, run_of


def files_of(derived, tier="smoke"):
    return {name: ScenarioBaseline(scenario=name, tiers={tier: baseline}) for name, baseline in derived.items()}


@pytest.fixture(scope="module")
def calibrated():
    return calibrate(run_of(range(20)), TIER)


def test_a_baseline_has_what_it_takes(calibrated):
    baseline = calibrated.baselines["ride_straight"]
    assert baseline.changes == ("course.length=18",)
    assert baseline.end == "completed"
    assert baseline.repetition.size == 2
    assert baseline.calibration.trials == 20
    assert baseline.calibration.seeds == tuple(range(20))
    assert baseline.calibration.state_hashes == {f"ride_straight-seed{s}": f"hash of ride_straight {s}" for s in (0, 1)}
    assert baseline.provenance["sources_sha256"]
    values = [make_trial(seed=seed).metrics["path_error_rms"] for seed in range(20)]
    expected = baseline.metrics["path_error_rms"]
    assert expected.value == pytest.approx(np.mean(values), abs=0.001 * expected.tolerance)
    assert expected.sigma == pytest.approx(np.std(values, ddof=1), rel=0.01)
    assert (expected.unit, expected.better) == ("m", "lower")
    assert 2 * expected.sigma < expected.tolerance < 4 * expected.sigma


def test_what_must_be_exact_has_next_to_no_tolerance(calibrated):
    metrics = calibrated.baselines["ride_straight"].metrics
    assert [metrics[name].tolerance for name in ("falls", "completed", "undeclared_wrench_max")] == [0.0, 0.01, 0.0]


def test_a_metric_that_no_ride_has_is_not_held(calibrated):
    assert "cone_clearance_min" not in calibrated.baselines["ride_straight"].metrics
    assert not calibrated.left_out


def test_a_metric_that_some_rides_lack_is_left_out_and_told():
    trials = [make_trial(name, seed) for name in TIER.rides for seed in range(20)]
    trials[3].metrics["roll_max"] = math.nan
    calibrated = calibrate(make_results(trials), TIER)
    assert "roll_max" not in calibrated.baselines["ride_straight"].metrics
    assert "roll_max" in calibrated.baselines["ride_circle"].metrics
    assert calibrated.left_out == ("ride_straight: roll_max is left out, 1 of 20 rides do not have it",)


def test_the_calibration_judges_itself(calibrated):
    assert calibrated.check.comparisons == 10 * sum(len(b.metrics) for b in calibrated.baselines.values())
    assert len(calibrated.check.alarms) <= 3


def test_a_repetition_unlike_the_others_is_an_alarm():
    trials = [make_trial(name, seed) for name in TIER.rides for seed in range(20)]
    for trial in trials[4:6]:
        trial.metrics["roll_max"] = 0.3
    alarms = calibrate(make_results(trials), TIER).check.alarms
    assert any(alarm.startswith("ride_straight: roll_max = 0.3") for alarm in alarms)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (run_of(range(8)), "ride_straight: 8 rides make no baseline, at least 10"),
        (run_of(range(11)), "whole repetitions"),
        (run_of([*range(10), *range(10)]), "ride_straight: a seed comes twice"),
        (run_of(range(20), end="fallen"), "what is broken becomes no baseline: ride_straight-seed0: fell after"),
        (run_of(range(20), failures=("roll_max = 2",)), "becomes no baseline: ride_straight-seed0: roll_max = 2"),
        (run_of(range(20), metrics={"undeclared_wrench_max": 1.0}), "undeclared_wrench_max is 1 N"),
        (run_of(range(20), changes=("x=1",)), "ride_straight-seed0 is not what the tier smoke rides now"),
        (make_results([make_trial(seed=seed) for seed in range(20)]), "ride_circle: 0 rides"),
        (
            make_results(
                [make_trial(n, s, end=("completed", "out of time")[s % 2]) for n in TIER.rides for s in range(20)]
            ),
            "its rides end as completed and as out of time",
        ),
    ],
    ids=["few", "odd", "twice", "fallen", "criterion", "wrench", "changes", "ride missing", "ends"],
)
def test_what_cannot_be_a_baseline_is_refused(results, message):
    with pytest.raises(BadInput, match=message):
        calibrate(results, TIER)


# Ensembles


def test_the_rate_of_an_ensemble_has_a_binomial_band():
    metrics = calibrate(make_ensemble(120, falls=12), ENSEMBLE).baselines["ride_straight"].metrics
    rate = metrics["success_rate"]
    assert rate.value == pytest.approx(0.9, abs=0.001)
    assert rate.sigma == pytest.approx(math.sqrt(0.9 * 0.1 / 60), rel=0.01)
    assert 2 * rate.sigma < rate.tolerance < 4 * rate.sigma


def test_where_all_succeed_few_may_fail():
    rate = calibrate(make_ensemble(60), ENSEMBLE).baselines["ride_straight"].metrics["success_rate"]
    assert 1 / 60 <= rate.tolerance < 0.25


def test_the_median_of_an_ensemble_has_the_band_of_its_standard_error():
    """About 1.25 sigma / sqrt(n) for the median of a normal distribution."""
    metrics = calibrate(make_ensemble(240), ENSEMBLE).baselines["ride_straight"].metrics
    median = metrics["saddle_force_min.p50"]
    assert median.value == pytest.approx(20.0, abs=0.3)
    assert median.sigma == pytest.approx(1.25 / math.sqrt(60), rel=0.4)
    assert median.tolerance > 3 * median.sigma


@pytest.mark.parametrize("count", [30, 90])
def test_half_an_ensemble_is_refused(count):
    with pytest.raises(BadInput, match="at least 60"):
        calibrate(make_ensemble(count), ENSEMBLE)


def test_an_ensemble_that_falls_is_no_baseline():
    with pytest.raises(BadInput, match="only 5 rides came to their end"):
        calibrate(make_ensemble(60, falls=55), ENSEMBLE)


def test_the_bands_of_a_part_of_an_ensemble_are_those_of_the_whole():
    tier = ENSEMBLE.replaced(rides={"ride_straight": Ride(), "ride_circle": Ride()})
    straight = make_ensemble(60).trials
    circle = [replace(trial, scenario="ride_circle") for trial in make_ensemble(60, falls=6, first=600).trials]
    results = make_results([*straight, *circle], "ensemble")
    whole = calibrate(results, tier).baselines
    part = calibrate(part_of(results, "ride_circle"), tier, len(whole["ride_straight"].metrics)).baselines
    assert part == {"ride_circle": whole["ride_circle"]}


# Files


def test_a_baseline_comes_back_as_it_was(tmp_path, calibrated):
    written = files_of(calibrated.baselines)
    write_baselines(tmp_path / "baselines", written)
    assert read_baselines(tmp_path / "baselines") == written
    assert judge(run_of((100, 101)), read_baselines(tmp_path / "baselines")).passed


def test_a_file_has_a_line_for_each_metric(tmp_path, calibrated):
    write_baselines(tmp_path / "baselines", files_of(calibrated.baselines))
    text = (tmp_path / "baselines" / "ride_straight.json").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if '"path_error_rms"' in line]
    assert len(lines) == 1
    assert lines[0].startswith('"path_error_rms": { "value": 0.0')
    assert text.endswith("}\n")
    assert set(orjson.loads(text)) == {"scenario", "tiers"}


def test_the_same_results_give_the_same_bytes(tmp_path, calibrated):
    for folder in ("first", "second"):
        write_baselines(tmp_path / folder, files_of(calibrate(run_of(range(20)), TIER).baselines))
    names = [file.name for file in (tmp_path / "first").iterdir()]
    assert sorted(names) == ["ride_circle.json", "ride_straight.json"]
    assert all((tmp_path / "first" / n).read_bytes() == (tmp_path / "second" / n).read_bytes() for n in names)


def test_all_baselines_are_written_or_none(tmp_path, calibrated, monkeypatch):
    folder = tmp_path / "baselines"
    written = files_of(calibrated.baselines)
    write_baselines(folder, written)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def break_down(baseline):
        if baseline.scenario == "ride_circle":
            raise OSError(28, "No space left on device")
        return b"half"

    monkeypatch.setattr("scenarios.bench.baseline._document", break_down)
    with pytest.raises(OSError, match="No space"):
        write_baselines(folder, written)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["baselines"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "ride_straight.json: is no JSON"),
        ("[]", "ride_straight.json: "),
        ('{"scenario": "ride_straight"}', "ride_straight.json: tiers: is missing"),
        ('{"scenario": "ride_straight", "tiers": {}}', "tiers: at least one must be there"),
        ('{"scenario": "other", "tiers": {"smoke": SMOKE}}', "'other' is not the name of the file"),
        ('{"scenario": "ride_straight", "tiers": {"smoke": SMOKE}, "more": 1}', "more: unknown key"),
    ],
)
def test_a_wrong_baseline_is_refused_in_one_line(tmp_path, calibrated, text, message):
    smoke = calibrated.baselines["ride_straight"].model_dump_json()
    (tmp_path / "ride_straight.json").write_text(text.replace("SMOKE", smoke), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_baselines(tmp_path)
    assert message in str(error.value)


@pytest.mark.parametrize("key", ["value", "tolerance"])
def test_a_baseline_that_is_no_number_is_refused(tmp_path, calibrated, key):
    """A tolerance of NaN would let everything pass."""
    document = orjson.loads(calibrated.baselines["ride_straight"].model_dump_json())
    document["metrics"]["roll_max"][key] = None
    file = {"scenario": "ride_straight", "tiers": {"smoke": document}}
    (tmp_path / "ride_straight.json").write_bytes(orjson.dumps(file))
    with pytest.raises(BadInput, match=f"roll_max.{key}"):
        read_baselines(tmp_path)


@pytest.mark.parametrize("tolerance", [0.0123456, 1.2345e-7, 98.765, 1.0, 0.1])
@pytest.mark.parametrize("value", [0.123456789, 123456.789, -3e-9, 0.0])
def test_rounding_loses_nothing_that_matters(value, tolerance):
    baseline = rounded(value, "m", "lower", 0.1, tolerance, 0.0)
    assert tolerance <= baseline.tolerance * (1 + 1e-12)
    assert baseline.tolerance <= 1.01 * tolerance
    assert baseline.value == pytest.approx(value, abs=1e-3 * tolerance, rel=1e-11)


def test_without_tolerance_nothing_is_rounded():
    assert rounded(1 / 3, "1", "lower", 0.0, 0.0, 0.0).value == 1 / 3


def test_the_committed_baselines_can_be_read():
    for name, baseline in read_baselines(BASELINES).items():
        assert baseline.scenario == name
