"""From what the command line asks of a study of pushes to the plan of the scenario's kind."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.errors import BadInput
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.study.survival import Body, SurvivalPlan, even_angles
from scenarios.study.survival_ride import RideSurvival
from sim.silence import silence


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; None where it is left to the scenario's kind.

    Attributes:
        scenario: Name or file.
        overrides: Changes to it, ``key=value`` each.
        body: What is pushed.
        speed: At which it moves forward [m/s].
        impulses: In increasing order [N·s].
        directions: How many, evenly round.
        phases: How many, evenly over a cycle of the motion.
        seeds: With which each push is tried.
        window: Who has not fallen for so long after the push began, has survived [s].
        duration: Of the push [s].
        in_place: Whether steps are forbidden.
    """

    scenario: str
    overrides: tuple[str, ...]
    body: Body | None
    speed: float | None
    impulses: tuple[float, ...]
    directions: int
    phases: int | None
    seeds: tuple[int, ...]
    window: float
    duration: float | None
    in_place: bool


def plan_survival(asked: Asked) -> SurvivalPlan:
    """The plan of a study of pushes.

    Raises:
        BadInput: There is no such scenario, or it cannot be pushed like that.
    """
    if isinstance(load(asked.scenario, asked.overrides), FootScenario):
        return _on_foot(asked)
    if asked.in_place:
        raise BadInput(f"--in-place: {asked.scenario} is a ride, and takes no steps; leave it out")
    return RideSurvival(
        asked.scenario, asked.overrides, asked.body or "torso", 2.0 if asked.speed is None else asked.speed,
        asked.impulses, even_angles(asked.directions), even_angles(asked.phases or 4), asked.seeds, asked.window,
        asked.duration or 0.2,
    )  # fmt: skip


def _on_foot(asked: Asked) -> SurvivalPlan:
    with silence():  # PyBullet greets; and a ride does not need the controller on foot
        from scenarios.study.survival_foot import FootSurvival

    speed = asked.speed or 0.0
    count = asked.phases or (4 if speed else 1)
    return FootSurvival(
        asked.scenario, asked.overrides, asked.body or "pelvis", speed, asked.impulses, even_angles(asked.directions),
        tuple(index / count for index in range(count)), asked.seeds, asked.window, asked.duration or 0.1,
        not asked.in_place,
    )  # fmt: skip
