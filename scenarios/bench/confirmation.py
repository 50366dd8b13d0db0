"""What lies outside of its band is looked at once more, with other seeds, before it fails.

One ride in some two hundred has a knock that the others do not have, as when the pelvis shifts on the saddle, and so
metrics far outside of what seeds do otherwise. No band that still sees anything is wide enough for it. But it does not
come back with other seeds, while what a change does to the motion comes back with all of them. What must never happen
fails at once.
"""

from scenarios.bench.tiers import Tier, trials_of
from scenarios.bench.verdict import Verdict
from scenarios.trial import Trial

_OTHERS = 10_000


def confirming_seed(seed: int) -> int:
    """The seed that looks once more at what a seed has shown."""
    return seed + _OTHERS


def confirming_trials(tier: Tier, verdict: Verdict) -> list[Trial]:
    """What to ride to confirm a verdict: each repetition that fails by its bands alone, with other seeds.

    An ensemble is not looked at again: its bands are of rates and percentiles, which single rides do not move.
    """
    if tier.samples is not None:
        return []
    trials: list[Trial] = []
    for scenario in verdict.failures():
        if scenario.metrics and not scenario.broken:
            alone = tier.replaced(rides={scenario.scenario: tier.rides[scenario.scenario]})
            trials += trials_of(alone, [confirming_seed(seed) for seed in scenario.seeds])
    return trials
