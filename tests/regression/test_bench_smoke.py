"""The motion is as its baselines say: the smoke tier, in this process, as `draisine bench run smoke` judges it."""

import pytest

from scenarios.bench.baseline import read_baselines
from scenarios.bench.gate import judge
from scenarios.bench.run import ride_tier
from scenarios.bench.tiers import load_tier, trials_of

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def results():
    return ride_tier("smoke", trials_of(load_tier("smoke")), 1, lambda result: None)


def test_the_smoke_tier_passes_its_gate(results):
    failures = [
        sentence
        for scenario in judge(results, read_baselines()).failures()
        for sentence in (
            *(f"{scenario.scenario}: {broken}" for broken in scenario.broken),
            *(
                f"{scenario.scenario}: {metric.metric} is {metric.judgement}: {metric.value:.5g}, "
                f"{metric.baseline:.5g} ± {metric.tolerance:.3g} is expected"
                for metric in scenario.failed_metrics
            ),
        )
    ]
    assert not failures


def test_every_ride_came_with_every_metric_of_its_baseline(results):
    baselines = read_baselines()
    for trial in results.trials:
        assert set(baselines[trial.scenario].tiers["smoke"].metrics) <= set(trial.metrics), trial.name
