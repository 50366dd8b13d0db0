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


def confirming_seed(seed: int, samples: int | None = None) -> int:
    """The seed of the ride that looks once more at what a ride with this seed has shown.

    Args:
        seed: Of a ride.
        samples: How many rides a seed of an ensemble has, each with a seed of its own.
    """
    return seed + _OTHERS * (samples or 1)


def confirming_trials(tier: Tier, verdict: Verdict) -> list[Trial]:
    """What to ride to confirm a verdict: each repetition that fails by its bands alone, with other seeds.

    An ensemble is ridden again as a whole, in other worlds.
    """
    trials: list[Trial] = []
    for scenario in verdict.failures():
        if scenario.metrics and not scenario.broken:
            alone = tier.replaced(rides={scenario.scenario: tier.rides[scenario.scenario]})
            seeds = dict.fromkeys(seed // (tier.samples or 1) for seed in scenario.seeds)
            trials += trials_of(alone, [confirming_seed(seed) for seed in seeds])
    return trials
