"""Pushes by magnitude, direction and phase of the motion: who survives, and the impulse that half survive."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import degrees, isnan, nan, tau
from typing import ClassVar, Literal

from scenarios.bounds import MOST_RUNS
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.study.binomial import wilson
from scenarios.study.half_point import HalfPoint, half_point
from scenarios.study.monotony import Monotony, monotony
from scenarios.trial import Trial, TrialResult

Body = Literal["torso", "pelvis", "frame"]
BEFORE = 2.0
"""Steady motion before the first moment at which the push may begin [s]."""
_NAMES = {0: "forward", 45: "forward left", 90: "left", 135: "back left", 180: "back", 225: "back right",
          270: "right", 315: "forward right"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SurvivalPlan(ABC):
    """What is pushed, and how; what differs between a ride and a run on foot is for the kinds to say.

    Attributes:
        scenario: Name or file of what is disturbed; its own disturbances are taken out.
        overrides: Changes to it, ``key=value`` each.
        body: What is pushed.
        speed: At which it moves forward [m/s].
        impulses: In increasing order [N·s].
        directions: From forward to the left [rad].
        phases: Of the motion, at which the push begins, in the kind's own measure.
        seeds: With which each push is tried; the same ones for all.
        window: Who has not fallen for so long after the push began, has survived [s].
        duration: Of the push [s].
    """

    MEASURED: ClassVar[Mapping[str, str]]
    """What is kept of a push besides its fate: name in the report, and metric."""
    GRID: ClassVar[bool] = False
    """Whether a grid of impulse and direction is drawn besides."""

    scenario: str
    overrides: tuple[str, ...]
    body: Body
    speed: float
    impulses: tuple[float, ...]
    directions: tuple[float, ...]
    phases: tuple[float, ...]
    seeds: tuple[int, ...]
    window: float = 5.0
    duration: float = 0.2

    @property
    def size(self) -> int:
        """How many runs it takes."""
        return len(self.impulses) * len(self.directions) * len(self.phases) * len(self.seeds)

    def trials(self) -> dict[str, tuple[Condition, Trial]]:
        """Every run by its name.

        Raises:
            BadInput: The scenario is wrong, or there are more than a hundred thousand.
        """
        if self.size > MOST_RUNS:
            raise BadInput(f"these pushes with these seeds are {self.size} runs, at most {MOST_RUNS}; ask for fewer")
        self.check()
        made: dict[str, tuple[Condition, Trial]] = {}
        for direction in self.directions:
            for phase in self.phases:
                for impulse in self.impulses:
                    changes = (*self.overrides, *self.changes(impulse, direction, phase))
                    scenario = load(self.scenario, changes)
                    for seed in self.seeds:
                        condition = Condition(impulse, direction, phase, seed)
                        name = self.name(condition)
                        made[name] = condition, Trial(name, scenario, seed, changes)
        return made

    def name(self, condition: Condition) -> str:
        """By which the run of a push is found."""
        c, at = condition, self.phase_name(condition.phase)
        parts = (f"{c.impulse:g} N·s to {degrees(c.direction):.4g} deg", *((at,) if at else ()), f"seed {c.seed}")
        return ", ".join(parts)

    def limits(self) -> Mapping[float, float]:
        """The impulse that theory gives for a direction, where it has one [N·s], by direction [rad].

        Raises:
            BadInput: The scenario is wrong.
        """
        return {}

    @abstractmethod
    def check(self) -> None:
        """See that the scenario can be pushed like that.

        Raises:
            BadInput: It cannot.
        """

    @abstractmethod
    def changes(self, impulse: float, direction: float, phase: float) -> tuple[str, ...]:
        """What is changed in the scenario for a push, ``key=value`` each."""

    @abstractmethod
    def recovered(self, result: TrialResult) -> bool:
        """Whether who has not fallen is back at what was asked, at the end."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What was done, above a plot."""

    @property
    @abstractmethod
    def definition(self) -> str:
        """What was done and what counts as survival and recovery, in a few sentences."""

    @property
    @abstractmethod
    def phase_heading(self) -> str:
        """What a phase is called above a column of phases; empty where there are none."""

    @abstractmethod
    def phase_text(self, phase: float) -> str:
        """A phase in a table."""

    @abstractmethod
    def phase_name(self, phase: float) -> str:
        """A phase in the name of a run; empty where there are none."""

    @abstractmethod
    def phase_label(self, phase: float) -> str:
        """A phase in the legend of a plot."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One push: impulse [N·s], direction from forward to the left [rad], phase of the motion, and seed of the run."""

    impulse: float
    direction: float
    phase: float
    seed: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of one push.

    Attributes:
        condition: The push.
        survived: Whether nobody fell in the window after it; None when it never came or the run broke down.
        recovered: Whether besides all was at its end as it was asked.
        measured: What the plan keeps of it, by name, as the impulse that it really gave [N·s], which is less where
            the run ended while it lasted.
    """

    condition: Condition
    survived: bool | None
    recovered: bool
    measured: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Point:
    """Survival at one impulse [N·s], with its Wilson interval."""

    impulse: float
    survived: int
    recovered: int
    trials: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Survival over the impulse.

    Attributes:
        direction: From forward to the left [rad]; None for all together.
        phase: Of the motion; None for all together.
        points: In increasing order of the impulse.
        half: Impulse that half survive.
        monotony: Whether survival falls all the way.
    """

    direction: float | None
    phase: float | None
    points: tuple[Point, ...]
    half: HalfPoint
    monotony: Monotony


def judge(plan: SurvivalPlan, conditions: Mapping[str, Condition], results: Iterable[TrialResult]) -> list[Pushed]:
    """Say of each push whether it was survived, in the order of the conditions."""
    by_name = {result.name: result for result in results}
    return [_judge(plan, condition, by_name[name]) for name, condition in conditions.items()]


def _judge(plan: SurvivalPlan, condition: Condition, result: TrialResult) -> Pushed:
    begin = result.metrics.get("push_begin", nan)
    measured = {name: result.metrics.get(metric, nan) for name, metric in plan.MEASURED.items()}
    if isnan(begin):  # broke down, or fell or ended before the push came
        return Pushed(condition, None, False, measured)
    survived = result.survived or result.seconds - begin > plan.window
    return Pushed(condition, survived, survived and result.survived and plan.recovered(result), measured)


def curves(plan: SurvivalPlan, pushed: Sequence[Pushed]) -> list[Curve]:
    """Curves of all pushes together, of each direction, and of each direction and phase, where pushes came.

    The phases of a direction are left out when there is only one.
    """
    wanted: list[tuple[float | None, float | None]] = [(None, None)]
    for direction in plan.directions:
        wanted.append((direction, None))
        if len(plan.phases) > 1:
            wanted += [(direction, phase) for phase in plan.phases]
    made = (_curve(direction, phase, pushed) for direction, phase in wanted)
    return [curve for curve in made if curve is not None]


def _curve(direction: float | None, phase: float | None, pushed: Sequence[Pushed]) -> Curve | None:
    tried: dict[float, list[Pushed]] = {}
    for push in pushed:
        c = push.condition
        if push.survived is not None and direction in (None, c.direction) and phase in (None, c.phase):
            tried.setdefault(c.impulse, []).append(push)
    if not tried:
        return None
    points = []
    for impulse in sorted(tried):
        survived, count = sum(bool(push.survived) for push in tried[impulse]), len(tried[impulse])
        recovered = sum(push.recovered for push in tried[impulse])
        points.append(Point(impulse, survived, recovered, count, *wilson(survived, count)))
    impulses = [point.impulse for point in points]
    up, of = [point.survived for point in points], [point.trials for point in points]
    return Curve(direction, phase, tuple(points), half_point(impulses, up, of), monotony(impulses, up, of))


def even_angles(count: int) -> tuple[float, ...]:
    """Angles that divide a turn evenly, beginning with 0 [rad]."""
    return tuple(tau * index / count for index in range(count))


def direction_name(direction: float | None) -> str:
    """What a direction is called in tables."""
    if direction is None:
        return "all"
    angle = round(degrees(direction), 3)
    name = _NAMES.get(round(angle)) if angle == round(angle) else None
    return f"{angle:g}°" + (f" {name}" if name else "")
