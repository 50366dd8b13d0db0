"""Made-up results and verdicts of a bench, with every kind of judgement in them."""

import math

from scenarios.bench.results import BenchResults
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.trial import TrialResult

LAG = MetricVerdict("steer_lag", "s", "lower", 0.02617, 0.0241, 0.00068, "worse")
SPEED = MetricVerdict("speed_mean", "m/s", "neither", 2.31, 2.43, 0.03, "changed")
WORK = MetricVerdict("pedal_work", "J", "neither", math.nan, 82.0, 4.0, "missing")
FALLS = MetricVerdict("falls", "1", "lower", 1.0, 0.0, 0.0, "worse")
ROLL = MetricVerdict("roll_max", "rad", "lower", 0.0079, 0.0139, 0.004, "improved")
PATH = MetricVerdict("path_error_rms", "m", "lower", 0.021, 0.02, 0.003, "within")
MARGIN = MetricVerdict("joint_limit_margin_min", "rad", "higher", 0.11, 0.12, 0.004, "worse")
BROKEN = "ride_push-seed0: roll_max <b>&</b> | more"


def make_trial(scenario, seed, metrics=None):
    """A trial that completed."""
    metrics = {"roll_max": 0.008 + 0.001 * seed, "path_error_rms": 0.021} if metrics is None else metrics
    name = f"{scenario}-seed{seed}"
    return TrialResult(name, scenario, seed, (), "completed", 6.5, metrics, (), "0123456789abcdef")


def make_results(*scenarios, seeds=(0, 1)):
    """Results in which each scenario was ridden with each seed."""
    trials = tuple(make_trial(scenario, seed) for scenario in scenarios for seed in seeds)
    provenance = {"versions": {"numpy": "2.2"}, "git_commit": "c0ffee", "cpu": {"simd": ["avx2"]}, "none": None}
    return BenchResults("smoke", trials, provenance, 2, 31.4)


def failed_verdict():
    """A fall and a broken criterion in one scenario, metrics out of band in the next, and one that improved."""
    return Verdict(
        "smoke",
        (
            ScenarioVerdict("ride_circle", (0, 1), (), (PATH, ROLL)),
            ScenarioVerdict("ride_straight", (0, 1), (), (PATH, LAG, SPEED, WORK, MARGIN)),
            ScenarioVerdict("ride_push", (0, 1), (BROKEN,), (FALLS, ROLL)),
        ),
    )


def passed_verdict():
    """One scenario, all within."""
    return Verdict("smoke", (ScenarioVerdict("ride_circle", (0, 1), (), (PATH,), ("the same bits as the baseline",)),))
