"""What came of a ride: its metrics, the verdict, and how long it took."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scenarios.criterion import Criterion

End = Literal["completed", "fallen", "out of time"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the time went; it depends on the machine and never decides about passing.

    Attributes:
        real_time_factor: Simulated time over the loop's wall time.
        physics_share: Part of the loop's wall time spent inside the physics engine's steps.
        tick_p50_ms: Median time of the controller for one tick [ms].
        tick_p99_ms: Its 99th percentile [ms].
        wall_seconds: Wall time of the loop [s].
        start_up_seconds: Wall time to build the world, the bus and the controller [s].
        control_seconds: Part of the loop in the controller [s].
        exchange_seconds: Part of the loop in the bus, physics included [s].
        physics_seconds: Part of the loop inside the physics engine's steps [s].
        log_seconds: Part of the loop in the log [s].
    """

    real_time_factor: float
    physics_share: float
    tick_p50_ms: float
    tick_p99_ms: float
    wall_seconds: float
    start_up_seconds: float
    control_seconds: float
    exchange_seconds: float
    physics_seconds: float
    log_seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished ride.

    Attributes:
        scenario: Its name.
        summary: What was asked, in one line.
        seed: Seed of its jitter and noise.
        end: Why it ended.
        ridden: Simulated time [s].
        metrics: Every metric by name, in its own unit; NaN where the ride has none.
        criteria: What was demanded.
        provenance: What it takes to get the same ride again.
        timing: Where the time went.
        folder: Where the results are.
        kind: Of run, as scenario files say it.
        events: What the safety layer tells, a line each.
        not_filmed: Why there is no video of it though one was wanted, or nothing.
    """

    scenario: str
    summary: str
    seed: int
    end: End
    ridden: float
    metrics: Mapping[str, float]
    criteria: tuple[Criterion, ...]
    provenance: Mapping[str, object]
    timing: Timing
    folder: Path
    kind: str = "ride"
    events: tuple[str, ...] = ()
    not_filmed: str = ""

    @property
    def failures(self) -> tuple[str, ...]:
        """How the criteria were broken, a sentence each; a missing or NaN metric breaks its criterion."""
        violations = (criterion.violation(self.metrics.get(criterion.metric)) for criterion in self.criteria)
        return tuple(violation for violation in violations if violation is not None)

    @property
    def passed(self) -> bool:
        """Whether every criterion holds."""
        return not self.failures

    def finite_metrics(self) -> dict[str, float | None]:
        """Metrics as JSON can say them: None in place of NaN and infinity."""
        return {name: value if math.isfinite(value) else None for name, value in self.metrics.items()}
