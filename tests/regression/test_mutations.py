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
    """The gate's verdict on one smoke ride, ridden by a mutant, with the second look at what is outside of its band."""
    tier = load_tier("smoke")
    tier = tier.model_copy(update={"rides": {name: tier.rides[name]}})
    baselines = {name: read_baselines()[name]}
    trials = tuple(attempt(trial, mutant.assemble) for trial in trials_of(tier))
    results = BenchResults(tier="smoke", trials=trials, provenance={}, jobs=1, wall_seconds=0.0)
    again = confirming_trials(tier, judge(results, baselines))
    return judge(replace(results, confirmation=tuple(attempt(t, mutant.assemble) for t in again)), baselines)


@pytest.mark.long
@pytest.mark.parametrize("mutant", [m for m in MUTANTS if m.quick], ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(mutant):
    verdicts = (ridden(mutant, name) for name in RIDES)
    assert any(not verdict.passed for verdict in verdicts), f"{mutant.name} was not noticed"


@pytest.mark.long
def test_a_refactoring_passes_with_the_same_bits():
    verdict = ridden(REFACTORED, RIDES[0])
    assert verdict.passed, [scenario.broken or scenario.failed_metrics for scenario in verdict.scenarios]
    trial = trials_of(load_tier("smoke"))[0]
    assert attempt(trial, REFACTORED.assemble).state_hash == attempt(trial).state_hash
