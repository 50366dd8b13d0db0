"""What a task is on the map: goals one after the other, what stands in the way, and how fast one may ride where."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from controllers.riding.stop import Foot

Point = tuple[float, float]
"""x and y in the world [m]."""


class PlanningError(ValueError):
    """A task that cannot be done; its message names the goal, or what else asks too much."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the rear wheel is, and where it leads.

    Attributes:
        x: In the world [m].
        y: In the world [m].
        heading: From the x axis to the left [rad].
        curvature: Of the path that is ridden there, positive to the left [1/m].
    """

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    curvature: float = 0.0


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A place to pass.

    Attributes:
        at: Its middle [m].
        heading: Direction in which to pass it, from the x axis to the left [rad]; None is any.
        radius: Greatest distance from the middle [m].
        heading_tolerance: Greatest deviation from the heading [rad].
    """

    at: Point
    heading: float | None = None
    radius: float = 0.3
    heading_tolerance: float = 0.2


@dataclass(frozen=True, slots=True)
class Gate:
    """Two posts to pass between. Both are obstacles.

    Attributes:
        left: The post that is on the left when one passes [m].
        right: The one on the right [m].
    """

    left: Point
    right: Point


@dataclass(frozen=True, slots=True)
class StopLine:
    """A line on the ground at which to stand still, the front wheel on it; or one at which the task ends rolling.

    Attributes:
        left: The end that is on the left when one comes to it [m].
        right: The one on the right [m].
        speed: Greatest speed there [m/s]; None is standing still.
        foot: The one that goes to the ground.
        wait: Time to stand there [s].
        next_foot: The one from which the next start pushes off; None is the one that stood.
    """

    left: Point
    right: Point
    speed: float | None = None
    foot: Foot = "left"
    wait: float = 2.0
    next_foot: Foot | None = None

    @property
    def stands(self) -> bool:
        """Whether one stands still there."""
        return self.speed is None


Goal = Waypoint | Gate | StopLine


@dataclass(frozen=True, slots=True)
class Disc:
    """A round obstacle.

    Attributes:
        at: Its middle [m].
        radius: [m].
        since: Time from which on it is there [s].
        until: Time from which on it is gone [s].
    """

    at: Point
    radius: float
    since: float = 0.0
    until: float = inf


@dataclass(frozen=True, slots=True)
class Wall:
    """A straight wall from a point to another [m]."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class SlowArea:
    """A polygon in which a speed limit holds.

    Attributes:
        corners: In order, at least three [m].
        speed: Greatest speed [m/s].
    """

    corners: tuple[Point, ...]
    speed: float


@dataclass(frozen=True, slots=True)
class SlowStretch:
    """A stretch of the path on which a speed limit holds.

    Attributes:
        start: Arc length at which it begins [m].
        end: Arc length at which it ends [m].
        speed: Greatest speed [m/s].
    """

    start: float
    end: float
    speed: float


@dataclass(frozen=True, slots=True)
class CourseMap:
    """A task on the map.

    Attributes:
        goals: What to pass, in this order; a line that is passed rolling may be the last alone.
        discs: Round obstacles.
        walls: Straight ones.
        fence: Corners of the polygon that must never be left, in order [m]; without any there is no fence.
        slow: Where to ride slowly.
    """

    goals: tuple[Goal, ...]
    discs: tuple[Disc, ...] = ()
    walls: tuple[Wall, ...] = ()
    fence: tuple[Point, ...] = ()
    slow: tuple[SlowArea | SlowStretch, ...] = field(default=())

    def __post_init__(self) -> None:
        """See that it makes sense.

        Raises:
            PlanningError: There is no goal, one behind the line where the task ends, or a fence with too few corners.
        """
        if not self.goals:
            raise PlanningError("a map needs at least one goal")
        for index, goal in enumerate(self.goals[:-1]):
            if isinstance(goal, StopLine) and not goal.stands:
                raise PlanningError(f"{goal_name(self, index)} is passed rolling: it must be the last goal")
        if self.fence and len(self.fence) < 3:
            raise PlanningError(f"a fence needs at least three corners, here are {len(self.fence)}")


def goal_name(course_map: CourseMap, index: int) -> str:
    """How messages call a goal: ``goals.2 (gate at 8, 1)``."""
    goal = course_map.goals[index]
    x, y = middle(goal)
    kind = {Waypoint: "waypoint", Gate: "gate", StopLine: "stop line"}[type(goal)]
    return f"goals.{index} ({kind} at {x:g}, {y:g})"


def middle(goal: Goal) -> Point:
    """The middle of a goal [m]."""
    if isinstance(goal, Waypoint):
        return goal.at
    return 0.5 * (goal.left[0] + goal.right[0]), 0.5 * (goal.left[1] + goal.right[1])
