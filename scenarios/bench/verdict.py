"""What the gate says of a run of a tier: first what must never happen, then each metric against its band."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scenarios.metric import Better

Judgement = Literal["within", "worse", "improved", "changed", "unconfirmed", "missing"]
"""Where a metric lies: in its band, beyond it to the worse or the better side, beyond it where neither side is better,
beyond it but not so with other seeds, or nowhere because it is not a number."""


@dataclass(frozen=True, slots=True)
class MetricVerdict:
    """One metric of a scenario, over the seeds of a run, against its baseline.

    Attributes:
        metric: Its name.
        unit: Its unit.
        better: Which way is better.
        value: Mean over the seeds; NaN when it is missing in one of them.
        baseline: What is expected.
        tolerance: How far it may be from that.
        judgement: Where it lies.
    """

    metric: str
    unit: str
    better: Better
    value: float
    baseline: float
    tolerance: float
    judgement: Judgement

    @property
    def passed(self) -> bool:
        """Whether it is no worse; an improvement passes, and so does what other seeds do not confirm; both are told."""
        return self.judgement in ("within", "improved", "unconfirmed")

    @property
    def shift(self) -> float:
        """How far it is from its baseline, in tolerances: beyond -1 and 1 it is outside of its band."""
        distance = self.value - self.baseline
        return 0.0 if distance == 0.0 else distance / self.tolerance if self.tolerance else distance * float("inf")


@dataclass(frozen=True, slots=True)
class ScenarioVerdict:
    """One scenario of a tier, ridden once with each of the tier's number of seeds.

    Attributes:
        scenario: Its name.
        seeds: That were ridden.
        broken: What must never happen and did, a sentence each.
        metrics: Each metric of the baseline.
        notes: What else there is to say, a sentence each; it decides nothing.
    """

    scenario: str
    seeds: tuple[int, ...]
    broken: tuple[str, ...]
    metrics: tuple[MetricVerdict, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is broken and no metric is worse; without a metric it does not pass."""
        return not self.broken and bool(self.metrics) and all(metric.passed for metric in self.metrics)

    @property
    def failed_metrics(self) -> tuple[MetricVerdict, ...]:
        """Metrics that fail the gate."""
        return tuple(metric for metric in self.metrics if not metric.passed)

    @property
    def improved_metrics(self) -> tuple[MetricVerdict, ...]:
        """Metrics that ask for a new baseline."""
        return tuple(metric for metric in self.metrics if metric.judgement == "improved")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a whole run.

    Attributes:
        tier: Which tier was run.
        scenarios: A verdict on each repetition of each of its scenarios.
        only: Scenarios to which the run was confined; none where the whole tier was ridden.
    """

    tier: str
    scenarios: tuple[ScenarioVerdict, ...]
    only: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What was run: ``smoke``, or ``part of smoke``."""
        return f"part of {self.tier}" if self.only else self.tier

    @property
    def passed(self) -> bool:
        """Whether there is something to judge, and all of it passes."""
        return bool(self.scenarios) and all(scenario.passed for scenario in self.scenarios)

    def failures(self) -> Iterator[ScenarioVerdict]:
        """Scenarios that fail."""
        return (scenario for scenario in self.scenarios if not scenario.passed)
