"""The lowest speed at which the rider keeps riding straight ahead for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenarios.errors import BadInput
from scenarios.loader import load, load_ride
from scenarios.study.bisection import Bracket, bisect_up
from scenarios.study.half_point import half_point
from scenarios.trial import Trial, TrialResult

Attempt = Callable[[list[Trial]], list[TrialResult]]
"""Does trials and gives their results in the same order."""


@dataclass(frozen=True, slots=True)
class SlowestPlan:
    """What is asked.

    Attributes:
        scenario: Name or file of a straight ride.
        overrides: Changes to it, ``key=value`` each.
        low: Lowest speed to try [m/s].
        high: Highest speed to try [m/s].
        resolution: Of the answer [m/s].
        seconds: For how long one must keep riding [s].
        seeds: With which each speed is tried; the same ones for all.
        share: Of the seeds that must keep riding.
        confidence: Of the speeds that are called sure.
        corridor: How far from the course the rear wheel may come [m].
        speed_error: How far the mean speed may be from the one that is asked, as a part of it [1].
    """

    scenario: str
    overrides: tuple[str, ...]
    low: float
    high: float
    resolution: float
    seconds: float
    seeds: tuple[int, ...]
    share: float
    confidence: float
    corridor: float = 0.5
    speed_error: float = 0.15

    def trials(self, speed: float) -> list[Trial]:
        """The rides at a speed [m/s]: they start with it and pedal at it, on a course that is too long to end.

        Raises:
            BadInput: The scenario is wrong.
        """
        if load_ride(self.scenario, self.overrides).course.kind != "straight":
            raise BadInput(f"{self.scenario} is no straight ride; the lowest speed is looked for on a straight one")
        length = 2.0 * speed * self.seconds + 5.0
        changes = (
            *self.overrides, f"duration={self.seconds!r}", f"start.speed={speed!r}", f"rider.speed={speed!r}",
            f"course.length={length:.1f}",
        )  # fmt: skip
        scenario = load(self.scenario, changes)
        return [Trial(f"{speed!r} m/s, seed {seed}", scenario, seed, changes) for seed in self.seeds]

    def fault(self, speed: float, result: TrialResult) -> str:
        """Why a ride at a speed [m/s] does not count as riding; nothing when it does."""
        if not result.survived:
            return f"{result.end} after {result.seconds:.1f} s"
        if result.metrics["dabs"] != 0.0:
            return "put a foot down"
        if not result.metrics["path_error_max"] <= self.corridor:
            return f"{result.metrics['path_error_max']:.2f} m off the course"
        mean = result.metrics["speed_mean"]
        return "" if abs(mean / speed - 1.0) <= self.speed_error else f"rode at {mean:.2f} m/s"


@dataclass(frozen=True, slots=True)
class HalfSpeed:
    """The speed at which half keep riding, by a logistic curve through all rides.

    Attributes:
        value: [m/s]; None where success does not grow over the speeds.
        low: Lower end of its interval [m/s]; None where the data leave it open.
        high: Upper end [m/s]; None where the data leave it open.
        width: Distance over which the odds grow by e [m/s].
    """

    value: float | None
    low: float | None
    high: float | None
    width: float | None


@dataclass(frozen=True, slots=True)
class Slowest:
    """What was found.

    Attributes:
        bracket: By bisection [m/s].
        half: Where half keep riding.
        results: Of every ride, those that broke down too.
        faults: Why rides do not count, by their names.
    """

    bracket: Bracket
    half: HalfSpeed
    results: tuple[TrialResult, ...]
    faults: dict[str, str]


def find_slowest(plan: SlowestPlan, attempt: Attempt) -> Slowest:
    """Bisect.

    Raises:
        BadInput: The scenario is wrong, or no ride at a speed could be done.
    """
    results: list[TrialResult] = []
    faults: dict[str, str] = {}

    def at(speed: float) -> tuple[int, int]:
        here = attempt(plan.trials(speed))
        results.extend(here)
        found = {result.name: plan.fault(speed, result) for result in here if not result.problem}
        if not found:
            raise BadInput(f"no ride at {speed:g} m/s could be done: {here[0].problem}")
        faults.update({name: fault for name, fault in found.items() if fault})
        return sum(not fault for fault in found.values()), len(found)

    bracket = bisect_up(at, plan.low, plan.high, plan.resolution, plan.share, plan.confidence)
    return Slowest(bracket, _half(bracket), tuple(results), faults)


def _half(bracket: Bracket) -> HalfSpeed:
    """The half point of success that falls with the negative speed."""
    falling = bracket.levels[::-1]
    half = half_point(
        [-level.value for level in falling], [level.successes for level in falling], [level.trials for level in falling]
    )
    if half.value is None:
        return HalfSpeed(None, None, None, None)
    return HalfSpeed(
        -half.value, None if half.high is None else max(-half.high, 0.0), None if half.low is None else -half.low,
        half.width,
    )  # fmt: skip
