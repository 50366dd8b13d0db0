"""The courses that a scenario can ask for, as they stand in its file."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.goals_schema import Goals
from scenarios.quantity import Length, NonNegativeLength, PositiveLength
from scenarios.table import Table

Count = Annotated[int, Field(ge=1, strict=True)]
Point = tuple[Length, Length]


class Straight(Table):
    """A straight line along x."""

    kind: Literal["straight"]
    length: PositiveLength


class Circle(Table):
    """Laps of a circle that touches the end of a straight lead-in."""

    kind: Literal["circle"]
    radius: PositiveLength
    laps: Count = 1
    lead_in: NonNegativeLength = 0.0
    direction: Literal["left", "right"] = "left"


class FigureEight(Table):
    """Rounds of two circles that touch at the end of a straight lead-in; the left one comes first."""

    kind: Literal["figure_eight"]
    radius: PositiveLength
    rounds: Count = 1
    lead_in: NonNegativeLength = 0.0
    transition: PositiveLength | None = None
    """Length of the clothoids between the crossing and the arcs, along which the curvature grows [m]; without them it
    jumps where the circles touch."""


class UTurn(Table):
    """Straight along x, half a turn with clothoids before and after its arc, and straight back."""

    kind: Literal["u_turn"]
    radius: PositiveLength
    """Of the arc [m]."""
    transition: PositiveLength
    """Length of each clothoid [m]."""
    lead_in: NonNegativeLength = 0.0
    lead_out: NonNegativeLength = 0.0
    direction: Literal["left", "right"] = "left"

    @model_validator(mode="after")
    def _turns_by_half(self) -> "UTurn":
        if self.transition > math.pi * self.radius:
            raise PydanticCustomError(
                "u_turn",
                "clothoids of {length} m turn further than half a turn; at most {most} m to this radius",
                {"length": f"{self.transition:g}", "most": f"{math.pi * self.radius:.2f}"},
            )
        return self


class Slalom(Table):
    """Cones in a row on the x axis, passed on alternate sides."""

    kind: Literal["slalom"]
    cones: Count
    spacing: PositiveLength
    """Distance from one cone to the next [m]."""
    offset: PositiveLength
    """Greatest distance of the path from the row of cones [m]."""
    lead_in: NonNegativeLength = 0.0


class LaneChange(Table):
    """A step to the left by `width` over a `length` along x."""

    kind: Literal["lane_change"]
    width: PositiveLength
    length: PositiveLength
    lead_in: NonNegativeLength = 0.0
    lead_out: NonNegativeLength = 0.0
    stay: NonNegativeLength | None = None
    """Length on the other lane after which it goes back [m]; without it, it stays there."""


class Path(Table):
    """A smooth path through points in the world."""

    kind: Literal["path"]
    points: Annotated[tuple[Point, ...], Field(min_length=2)]
    """Points [x, y] in the world [m]."""

    @model_validator(mode="after")
    def _points_differ(self) -> "Path":
        for index, (first, second) in enumerate(zip(self.points, self.points[1:], strict=False)):
            if first == second:
                raise PydanticCustomError(
                    "path", "points {a} and {b} are the same; neighbours must differ", {"a": index, "b": index + 1}
                )
        return self


Course = Annotated[
    Straight | Circle | FigureEight | UTurn | Slalom | LaneChange | Path | Goals, Field(discriminator="kind")
]
