"""A trial: one ride of a scenario with a seed that is only measured, the unit of benchmarks, studies and sweeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scenarios.errors import BadInput
from scenarios.outcome import End
from scenarios.schema import Scenario
from sim.silence import silence

if TYPE_CHECKING:
    from scenarios.ride import Ride
    from scenarios.runner import Ridden

TrialEnd = End | Literal["broke down"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One ride to be measured.

    Attributes:
        name: By which its result is found; no two of a batch have the same.
        scenario: What is asked, with every change made.
        seed: Seed of jitter and noise.
        changes: What was changed in the scenario, ``key=value`` each, for the record.
    """

    name: str
    scenario: Scenario
    seed: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What came of a trial; it does not depend on where or when it was done.

    Attributes:
        name: Of the trial.
        scenario: Its scenario's name.
        seed: Its seed.
        changes: What was changed in the scenario.
        end: Why it ended.
        seconds: Simulated time [s].
        metrics: Every metric by name; NaN where the ride has none; empty when the trial broke down.
        failures: How the scenario's criteria were broken, a sentence each.
        state_hash: Of the log's truth; empty when the trial broke down.
        problem: Why it broke down, or nothing.
    """

    name: str
    scenario: str
    seed: int
    changes: tuple[str, ...]
    end: TrialEnd
    seconds: float
    metrics: Mapping[str, float]
    failures: tuple[str, ...]
    state_hash: str
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether the ride came to its end and every criterion of its scenario holds."""
        return not self.problem and not self.failures

    @property
    def survived(self) -> bool:
        """Whether nobody fell and nothing broke down."""
        return self.end in ("completed", "out of time")


def attempt(trial: Trial, assemble: Callable[[Scenario, int], Ride] | None = None) -> TrialResult:
    """Do a trial; whatever goes wrong comes back in its result.

    Args:
        trial: What to do.
        assemble: Builds the ride; the project's own assembly where none is given.
    """
    with silence():  # PyBullet greets every process that imports it
        from scenarios.assembly import assemble as assembly
        from scenarios.runner import ride
    try:
        return measured(trial, ride(trial.scenario, trial.seed, _nobody, assemble=assemble or assembly))
    except BadInput as error:
        return broken(trial, str(error))
    except Exception as error:  # one ride that breaks down must not take the others with it
        return broken(trial, f"{type(error).__name__}: {error}")


def measured(trial: Trial, ridden: Ridden) -> TrialResult:
    """The result of a trial that was ridden."""
    from scenarios.metrics import compute

    metrics = compute(ridden.log, ridden.context)
    violations = (criterion.violation(metrics.get(criterion.metric)) for criterion in trial.scenario.criteria)
    return TrialResult(
        trial.name, trial.scenario.name, trial.seed, trial.changes, ridden.end, ridden.seconds, metrics,
        tuple(violation for violation in violations if violation is not None), ridden.log.state_hash(),
    )  # fmt: skip


def broken(trial: Trial, problem: str) -> TrialResult:
    """The result of a trial that could not be done."""
    return TrialResult(
        trial.name, trial.scenario.name, trial.seed, trial.changes, "broke down", 0.0, {}, (problem,), "", problem
    )


def _nobody(stage: object, simulated: float, factor: float) -> None:
    """Tell nobody how far it is."""
