"""The courses that a scenario can ask for, as they stand in its file."""

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


Course = Annotated[Straight | Circle | FigureEight | Slalom | LaneChange | Path | Goals, Field(discriminator="kind")]
