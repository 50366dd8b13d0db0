"""A ride of a few seconds through the runner, as `draisine run` does it, with its log."""

from dataclasses import dataclass

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.outcome import Outcome
from scenarios.run_log import RunLog
from scenarios.runner import run


@dataclass(frozen=True)
class ShortRide:
    """What came of a ride, and everything that was logged."""

    outcome: Outcome
    log: RunLog

    def __getitem__(self, metric: str) -> float:
        return self.outcome.metrics[metric]

    @property
    def state_hash(self) -> str:
        value = self.outcome.provenance["state_hash"]
        assert isinstance(value, str)
        return value


def short_ride(folder, seconds, *changes, seed=0) -> ShortRide:
    """Ride `ride_straight` for a while, with changes to it as on the command line."""
    scenario = load("ride_straight", [f"duration={seconds}", *changes])
    logs = []
    outcome = run(
        scenario,
        seed,
        folder,
        lambda stage, simulated, factor: None,
        assemble=assemble,
        film=lambda path, log, context, progress: logs.append(log),
    )
    return ShortRide(outcome, logs[0])
