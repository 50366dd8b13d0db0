"""What an environment rewards, as data: terms with unit, weight and meaning, of the truth as a judge has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from controllers.learned.policy import Vector
from controllers.riding.course import Course
from scenarios.context import RideContext, RunContext
from scenarios.run_log import RunLog

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a step, and the end of the step before.

    Attributes:
        log: A log that has both.
        row: Of the end of this step.
        before: Of the end of the step before.
        context: Course or ground; the course is the one that is ridden now.
        action: The action of this step, shape (m,), within ±1.
        last: The action before.
        fallen: Whether it is a fall.
    """

    log: RunLog
    row: int
    before: int
    context: RunContext
    action: Vector
    last: Vector
    fallen: bool

    def __getitem__(self, column: str) -> Array:
        """A column of the log, now."""
        return self.log[column][self.row]

    def change(self, column: str) -> float:
        """By how much a number is more than at the end of the step before."""
        return float(self.log[column][self.row] - self.log[column][self.before])


@dataclass(frozen=True, slots=True)
class Term:
    """A part of the reward of a step.

    Attributes:
        name: How its weight is asked for, and how `info["reward_terms"]` has it.
        weight: Reward for one unit of it; below zero for a cost.
        unit: Of its value.
        about: What it is.
        value: Works it out.
    """

    name: str
    weight: float
    unit: str
    about: str
    value: Callable[[Moment], float]


def _square(value: Array) -> float:
    return float(np.sum(np.square(value)))


def _off_course(now: Moment) -> float:
    """Square of the distance of the rear wheel from the course, by the truth."""
    assert isinstance(now.context, RideContext)
    assert isinstance(now.context.course, Course)
    x, y, _ = now["truth_rear_contact"]
    _, aside, _ = now.context.course.locate(float(x), float(y), float(now["estimate_progress"]))
    return float(aside * aside)


def _walking(now: Moment) -> float:
    """Square of the error of the pelvis' velocity in its own heading: forward, left, turn."""
    x, y, z, w = now["truth_robot_orientation"]
    yaw = np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    velocity = now["truth_robot_velocity"]
    c, s = np.cos(yaw), np.sin(yaw)
    level = np.array((c * velocity[0] + s * velocity[1], c * velocity[1] - s * velocity[0], velocity[5]))
    return _square(level - now["reference_velocity"])


_EVERY = (
    Term("upright", 1.0, "1", "1 while it has not fallen", lambda now: 0.0 if now.fallen else 1.0),
    Term("torque", -1e-3, "Nm²", "mean square of the joints' torques",
         lambda now: float(np.mean(np.square(now["truth_robot_joint_torque"])))),
    Term("power", -1e-3, "W", "of the joints, counted as positive whichever way it goes",
         lambda now: float(np.abs(now["truth_robot_joint_torque"] * now["truth_robot_joint_velocity"]).sum())),
    Term("action_rate", -0.05, "1", "mean square of the change of the action",
         lambda now: float(np.mean(np.square(now.action - now.last)))),
)  # fmt: skip
_RIDE = (
    Term("off_course", -1.0, "m²", "square of the rear wheel's distance from the course", _off_course),
    Term("speed_error", -0.5, "m²/s²", "square of the speed's error",
         lambda now: _square(now["truth_speed"] - now["reference_speed"])),
    Term("roll_rate", -0.05, "rad²/s²", "square of the bicycle's, as the rider knows it",
         lambda now: _square(now["estimate_roll_rate"])),
)  # fmt: skip
_FOOT = (
    Term("velocity_error", -1.0, "m²/s²", "square of the pelvis' velocity's error: forward, left, turn", _walking),
    Term("tilt", -1.0, "1", "square of the sine of the torso's inclination",
         lambda now: 1.0 - _up(now["truth_torso_orientation"]) ** 2),
    Term("steps", -0.1, "1", "steps begun", lambda now: now.change("steps")),
)  # fmt: skip


def _up(orientation: Array) -> float:
    """The vertical part of a frame's third axis."""
    return float(1.0 - 2.0 * (orientation[0] ** 2 + orientation[1] ** 2))


TERMS: Mapping[str, tuple[Term, ...]] = {"ride": (*_EVERY, *_RIDE), "foot": (*_EVERY, *_FOOT)}
"""What is rewarded, by the kind of run."""


def weighted(kind: str, weights: Mapping[str, float]) -> tuple[Term, ...]:
    """The terms of a kind of run with other weights; those of weight 0 are left out.

    Raises:
        ValueError: There is no such term.
    """
    terms = {term.name: term for term in TERMS[kind]}
    for name, weight in weights.items():
        if name not in terms:
            raise ValueError(f"reward: there is no term {name!r} in a {kind}; there are {', '.join(terms)}")
        terms[name] = replace(terms[name], weight=float(weight))
    return tuple(term for term in terms.values() if term.weight != 0.0)
