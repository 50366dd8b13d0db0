"""Pushes by magnitude, direction and phase of the pedal stroke: who survives, and the impulse that half survive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import degrees, isnan, nan, tau
from typing import Literal

from scenarios.errors import BadInput
from scenarios.loader import load, load_ride
from scenarios.study.binomial import wilson
from scenarios.study.half_point import HalfPoint, half_point
from scenarios.study.monotony import Monotony, monotony
from scenarios.trial import Trial, TrialResult
from urdf.bicycle_parameters import BicycleParameters

Body = Literal["torso", "pelvis", "frame"]
DURATION = 0.2
"""Of a push [s]."""
BEFORE = 2.0
"""Riding before the wait for the crank begins [s]."""
_NAMES = {0: "forward", 45: "forward left", 90: "left", 135: "back left", 180: "back", 225: "back right",
          270: "right", 315: "forward right"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SurvivalPlan:
    """What is pushed, and how.

    Attributes:
        scenario: Name or file of the ride that is disturbed; its own disturbances are taken out.
        overrides: Changes to it, ``key=value`` each.
        body: What is pushed.
        speed: At which it is ridden [m/s].
        impulses: In increasing order [N·s].
        directions: From forward to the left [rad].
        phases: Crank angles at which the push begins [rad].
        seeds: With which each push is tried; the same ones for all.
        window: Who has not fallen for so long after the push began, has survived [s].
        corridor: Who is back so near to the course at the end, has recovered [m].
    """

    scenario: str
    overrides: tuple[str, ...]
    body: Body
    speed: float
    impulses: tuple[float, ...]
    directions: tuple[float, ...]
    phases: tuple[float, ...]
    seeds: tuple[int, ...]
    window: float = 5.0
    corridor: float = 0.3

    @property
    def size(self) -> int:
        """How many rides it takes."""
        return len(self.impulses) * len(self.directions) * len(self.phases) * len(self.seeds)

    def trials(self) -> dict[str, tuple[Condition, Trial]]:
        """Every ride by its name.

        Raises:
            BadInput: The scenario is wrong.
        """
        base = load_ride(self.scenario, self.overrides)
        if base.course.kind != "straight":
            raise BadInput(f"{self.scenario} is no straight ride, and only on one a direction means the same all along")
        made: dict[str, tuple[Condition, Trial]] = {}
        for direction in self.directions:
            for phase in self.phases:
                for impulse in self.impulses:
                    changes = self._changes(impulse, direction, phase)
                    scenario = load(self.scenario, (*self.overrides, *changes))
                    for seed in self.seeds:
                        condition = Condition(impulse, direction, phase, seed)
                        made[condition.name] = condition, Trial(condition.name, scenario, seed, changes)
        return made

    def _changes(self, impulse: float, direction: float, phase: float) -> tuple[str, ...]:
        bicycle = BicycleParameters.load()
        turn = tau * bicycle.geometry.rear_wheel_radius * bicycle.drive.gear_ratio / self.speed
        seconds = BEFORE + 1.25 * turn + self.window + 0.1
        push = (
            f"{{body='{self.body}', time={BEFORE}, crank={phase!r}, duration={DURATION}, impulse={impulse!r}, "
            f"direction={direction!r}}}"
        )
        return (
            f"duration={seconds:.3f}", f"start.speed={self.speed!r}", f"rider.speed={self.speed!r}",
            f"course.length={1.5 * self.speed * seconds + 5.0:.1f}", f"disturbances=[{push}]",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One push: impulse [N·s], direction from forward to the left [rad], crank angle [rad], and seed of the ride."""

    impulse: float
    direction: float
    phase: float
    seed: int

    @property
    def name(self) -> str:
        """By which its ride is found."""
        return (
            f"{self.impulse:g} N·s to {degrees(self.direction):.4g} deg, crank at {degrees(self.phase):.4g} deg, "
            f"seed {self.seed}"
        )


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of one push.

    Attributes:
        condition: The push.
        survived: Whether nobody fell in the window after it; None when it never came or the ride broke down.
        recovered: Whether the ride was besides back near the course at its end.
        crank: Angle at which it really began [rad].
        impulse: What it really gave [N·s]; less where the ride ended while it lasted.
    """

    condition: Condition
    survived: bool | None
    recovered: bool
    crank: float
    impulse: float


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
        phase: Crank angle [rad]; None for all together.
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
    crank, impulse = (result.metrics.get(name, nan) for name in ("push_crank", "push_impulse"))
    if isnan(begin):  # broke down, or fell or ended before the crank came round
        return Pushed(condition, None, False, crank, impulse)
    survived = result.survived or result.seconds - begin > plan.window
    recovered = survived and result.survived and result.metrics["path_error_end"] <= plan.corridor
    return Pushed(condition, survived, recovered, crank, impulse)


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
