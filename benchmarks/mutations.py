"""Which mutants of the rider the gate of the smoke tier catches, by which ride and which metric.

    python -m benchmarks.mutations [RIDE ...]

Rides every mutant of tests/regression/mutants.py through the smoke rides that are named (lane change and push where
none is) until one fails, judges it by the committed baselines, and prints a line each, without a second look (the
test has it). It takes about a quarter of a minute for each mutant.
"""

import sys

from scenarios.bench.baseline import read_baselines
from scenarios.bench.gate import judge
from scenarios.bench.results import BenchResults
from scenarios.bench.tiers import load_tier, trials_of
from scenarios.bench.verdict import ScenarioVerdict
from scenarios.trial import attempt
from tests.regression.mutants import MUTANTS, Mutant


def verdict(mutant: Mutant, name: str) -> ScenarioVerdict:
    """The gate's verdict on one smoke ride, ridden by a mutant.

    Raises:
        RuntimeError: The mutant could not ride at all, and so shows nothing about the gate.
    """
    tier = load_tier("smoke")
    tier = tier.model_copy(update={"rides": {name: tier.rides[name]}})
    trials = tuple(attempt(trial, mutant.assemble) for trial in trials_of(tier))
    for trial in trials:
        if trial.problem:
            raise RuntimeError(f"{mutant.name} does not ride: {trial.problem}")
    results = BenchResults(tier="smoke", trials=trials, provenance={}, jobs=1, wall_seconds=0.0)
    return judge(results, {name: read_baselines()[name]}).scenarios[0]


def caught_by(mutant: Mutant, rides: list[str]) -> str:
    """By which ride, and by what in it: what never must happen, or the metric that is farthest out."""
    for name in rides:
        try:
            judged = verdict(mutant, name)
        except RuntimeError as error:
            return str(error)
        if judged.passed:
            continue
        worst = max(judged.failed_metrics, key=lambda metric: abs(metric.shift), default=None)
        shown = f"{worst.metric} by {worst.shift:+.1f} tolerances, " if worst else ""
        return f"{name}: {shown}{len(judged.failed_metrics)} metrics, {len(judged.broken)} invariants"
    return "NOT NOTICED"


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["ride_lane_change", "ride_push"]
    for mutant in MUTANTS:
        print(f"| {mutant.name} | {caught_by(mutant, chosen)} |", flush=True)
