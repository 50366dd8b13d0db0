"""A course that is given by goals on a map, as it stands in a scenario's file; the rider plans the way itself."""

from math import hypot
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.quantity import Angle, Duration, Instant, Length, NonNegativeLength, PositiveLength, PositiveSpeed
from scenarios.table import Table

Point = tuple[Length, Length]
"""[x, y] in the world, in which the ride starts at the origin along x [m]."""
Polygon = Annotated[tuple[Point, ...], Field(min_length=3)]

_SLOWEST = 0.8
"""Least speed that may be asked where one does not stand still [m/s]."""


class Waypoint(Table):
    """A place to pass."""

    kind: Literal["waypoint"]
    at: Point
    heading: Angle | None = None
    """Direction in which to pass it, from the x axis to the left [rad]; left out, any will do."""
    radius: PositiveLength = 0.3
    """How far from it one may pass [m]."""


class Line(Table):
    """What is crossed between two ends."""

    left: Point
    """The end that is on the left when it is crossed as it should be [m]."""
    right: Point


class Gate(Line):
    """Two posts to pass between."""

    kind: Literal["gate"]


class StopLine(Line):
    """A line at which to stand still, the front wheel on it, or at which the course ends rolling."""

    kind: Literal["stop_line"]
    speed: PositiveSpeed | None = None
    """Greatest speed with which the course ends there [m/s]; left out, one stands still."""
    foot: Literal["left", "right"] = "left"
    """The one that goes to the ground."""
    wait: Duration = 2.0
    """How long to stand [s]."""
    next_foot: Literal["left", "right"] | None = None
    """The one from which the next start pushes off; left out, the one that stood."""

    @model_validator(mode="after")
    def _stands_or_rolls(self) -> Self:
        told = sorted(self.model_fields_set & {"foot", "wait", "next_foot"})
        if self.speed is not None and told:
            raise PydanticCustomError(
                "goals", "who ends rolling does not stand: take out 'speed' or '{told}'", {"told": told[0]}
            )
        return self


Goal = Annotated[Waypoint | Gate | StopLine, Field(discriminator="kind")]


class Obstacle(Table):
    """A disc on the ground; on the rider's map, unless it appears or has to be seen."""

    at: Point
    radius: PositiveLength
    appears: Instant | None = None
    """When it comes to be there [s]; left out, it is there all the time."""
    seen_from: PositiveLength | None = None
    """Distance of the front wheel from its edge at which the rider sees it [m]; 8 m for one that appears."""
    leaves: Instant | None = None
    """When it is gone again [s]; left out, it stays. What is on the rider's map stays there."""

    @model_validator(mode="after")
    def _there_before_it_leaves(self) -> Self:
        if self.leaves is not None and self.leaves <= (self.appears or 0.0):
            raise PydanticCustomError("goals", "an obstacle must be there before it leaves")
        return self

    @property
    def known(self) -> bool:
        """Whether it is on the rider's map from the start."""
        return self.appears is None and self.seen_from is None


class Wall(Table):
    """A straight wall between two points."""

    ends: tuple[Point, Point]


class SpeedLimit(Table):
    """A greatest speed, in an area or along a stretch of the way."""

    speed: PositiveSpeed
    area: Polygon | None = None
    stretch: tuple[NonNegativeLength, PositiveLength] | None = None
    """From and to, along the way from the start [m]."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.area is None) == (self.stretch is None):
            raise PydanticCustomError("goals", "a speed limit holds in exactly one of 'area' and 'stretch'")
        if self.stretch is not None and self.stretch[0] >= self.stretch[1]:
            raise PydanticCustomError("goals", "a stretch must end after it begins")
        return self


class Goals(Table):
    """Goals on a map, to be passed in their order."""

    kind: Literal["goals"]
    goals: Annotated[tuple[Goal, ...], Field(min_length=1)]
    obstacles: tuple[Obstacle, ...] = ()
    walls: tuple[Wall, ...] = ()
    fence: Polygon | None = None
    """Corners of the ground that must not be left, in order."""
    speed_limits: tuple[SpeedLimit, ...] = ()
    margin: Annotated[PositiveLength, Field(ge=0.2)] = 0.5
    """Least distance of the rear wheel's path from posts, obstacles, walls and fence [m]."""
    room: NonNegativeLength = 1.2
    """Distance from them that it keeps where that takes no long way round [m]."""
    min_radius: Annotated[PositiveLength, Field(ge=1.5)] = 4.0
    """Radius of the tightest bend [m]."""

    @model_validator(mode="after")
    def _can_be_planned(self) -> Self:
        for index, goal in enumerate(self.goals):
            if isinstance(goal, StopLine) and goal.speed is not None and index < len(self.goals) - 1:
                raise PydanticCustomError(
                    "goals", "goals.{index}: a stop line with a speed ends the course; put it last or take it out",
                    {"index": index},
                )  # fmt: skip
            if isinstance(goal, Line):
                self._wide_enough(index, goal)
        limits = [(f"speed_limits.{index}", limit.speed) for index, limit in enumerate(self.speed_limits)]
        last = self.goals[-1]
        if isinstance(last, StopLine) and last.speed is not None:
            limits.append((f"goals.{len(self.goals) - 1}", last.speed))
        for name, speed in limits:
            if speed < _SLOWEST:
                raise PydanticCustomError(
                    "goals", "{name}: {speed} m/s is slower than can be ridden; at least {slowest} m/s",
                    {"name": name, "speed": f"{speed:g}", "slowest": f"{_SLOWEST:g}"},
                )  # fmt: skip
        return self

    def _wide_enough(self, index: int, line: Line) -> None:
        width = hypot(line.right[0] - line.left[0], line.right[1] - line.left[1])
        if width <= 2.0 * self.margin:
            raise PydanticCustomError(
                "goals", "goals.{index}: {width} m from end to end are not more than two margins of {margin} m",
                {"index": index, "width": f"{width:.3g}", "margin": f"{self.margin:g}"},
            )  # fmt: skip
