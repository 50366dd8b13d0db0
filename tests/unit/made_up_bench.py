"""Results of a bench that nobody rode, and the tier that they are of."""

from dataclasses import replace

import numpy as np

from scenarios.bench.results import BenchResults
from scenarios.bench.tiers import Ride, Tier
from scenarios.provenance import origin
from scenarios.trial import TrialResult

TIER = Tier(
    about="made up", seeds=2, rides={"ride_straight": Ride(changes=("course.length=18",)), "ride_circle": Ride()}
)
ENSEMBLE = Tier(about="made up", seeds=1, samples=60, rides={"ride_straight": Ride()})


def metrics_of(scenario, seed):
    """A few metrics of the kinds that there are: spread, greatest value, constant, and one that no ride has."""
    random = np.random.default_rng([len(scenario), seed])
    return {
        "falls": 0.0,
        "completed": 1.0,
        "undeclared_wrench_max": 0.0,
        "speed_mean": 2.5 + 0.02 * random.normal(),
        "path_error_rms": 0.05 + 0.004 * random.normal(),
        "roll_max": 0.1 + 0.005 * random.gumbel(),
        "saddle_force_min": 20.0 + random.normal(),
        "cone_clearance_min": float("nan"),
    }


def make_trial(scenario="ride_straight", seed=0, *, changes=None, **other):
    """A ride that went well, unless it is said otherwise; metrics given by name replace its own."""
    metrics = metrics_of(scenario, seed) | other.pop("metrics", {})
    values = {
        "name": f"{scenario}-seed{seed}",
        "scenario": scenario,
        "seed": seed,
        "changes": TIER.rides[scenario].changes if changes is None else changes,
        "end": "completed",
        "seconds": 8.0,
        "metrics": metrics,
        "failures": (),
        "state_hash": f"hash of {scenario} {seed}",
    }
    return TrialResult(**{**values, **other})


def make_results(trials, tier="smoke", provenance=None):
    return BenchResults(tier, tuple(trials), provenance or origin(), 1, 10.0)


def run_of(seeds, **other):
    """The whole tier with these seeds."""
    return make_results([make_trial(name, seed, **other) for name in TIER.rides for seed in seeds])


def part_of(results, *only):
    """The same rides as if only these scenarios had been ridden."""
    return replace(results, trials=tuple(trial for trial in results.trials if trial.scenario in only), only=only)


def make_ensemble(count, falls=0, first=0, shift=0.0):
    """An ensemble of a single ride, of which some fall."""
    trials = []
    for sample in range(first, first + count):
        random = np.random.default_rng(sample)
        fallen = sample - first < falls
        metrics = {
            "path_error_rms": float("nan") if fallen else 0.05 * np.exp(0.3 * random.normal()) + shift,
            "saddle_force_min": 20.0 + random.normal(),
            "undeclared_wrench_max": 0.0,
            "falls": float(fallen),
        }
        trials.append(
            TrialResult(
                name=f"ride_straight-seed{first // 60}-sample{sample % 60}",
                scenario="ride_straight",
                seed=sample,
                changes=(f"world.friction={random.uniform()}",),
                end="fallen" if fallen else "completed",
                seconds=8.0,
                metrics=metrics,
                failures=("falls = 1, at most 0 is asked",) if fallen else (),
                state_hash=f"hash {sample}",
            )
        )
    return make_results(trials, "ensemble")
