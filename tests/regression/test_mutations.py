"""The gate of the smoke tier catches a rider with something wrong in it, and lets one pass that does the same in a
different way.
"""

from dataclasses import replace

import pytest

from scenarios.bench.baseline import read_baselines
from scenarios.bench.confirmation import confirming_trials
from scenarios.bench.gate import judge
from scenarios.bench.results import BenchResults
from scenarios.bench.tiers import load_tier, trials_of
from scenarios.trial import attempt
from tests.regression.mutants import MUTANTS, Mutant, Rearranged, within

RIDES = ("ride_lane_change", "ride_push")
"""Smoke rides by which a mutant must be caught: the first one that fails is enough."""
REFACTORED = Mutant("the command taken apart and put together again", within(Rearranged))


def ridden(mutant, name):
    """One smoke ride by a mutant, with the second look at what is outside of its band, and the gate's verdict on it."""
    tier = load_tier("smoke")
    tier = tier.model_copy(update={"rides": {name: tier.rides[name]}})
    baselines = {name: read_baselines()[name]}
    trials = tuple(attempt(trial, mutant.assemble) for trial in trials_of(tier))
    results = BenchResults(tier="smoke", trials=trials, provenance={}, jobs=1, wall_seconds=0.0)
    again = confirming_trials(tier, judge(results, baselines))
    results = replace(results, confirmation=tuple(attempt(t, mutant.assemble) for t in again))
    return results, judge(results, baselines)


@pytest.mark.long
@pytest.mark.parametrize("mutant", [m for m in MUTANTS if m.quick], ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(mutant):
    for name in RIDES:
        results, verdict = ridden(mutant, name)
        assert not any(trial.problem for trial in results.trials), "it was not even built"
        if not verdict.passed:
            return
    pytest.fail(f"{mutant.name} was not noticed")


@pytest.mark.long
def test_a_refactoring_has_the_same_bits():
    """And what the smoke tier says of the one is what it says of the other."""
    first, *_ = (trial for trial in trials_of(load_tier("smoke")) if trial.scenario.name == RIDES[0])
    assert attempt(first, REFACTORED.assemble).state_hash == attempt(first).state_hash
