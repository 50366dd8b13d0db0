"""The kinds of ground and the wind that a scenario can ask for, as they stand in its file."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.quantity import (
    Angle,
    Duration,
    Instant,
    Length,
    NonNegativeArea,
    NonNegativeLength,
    NonNegativeRatio,
    NonNegativeSpeed,
    PositiveLength,
    PositiveSpeed,
    Ratio,
)
from scenarios.table import Table

HIGHEST_KERB = 0.03
"""[m]: a wheel of 0.2 m radius meets a higher one as a wall."""
STEEPEST = 0.2


def _gentle(grade: float) -> float:
    if not 0.0 < grade <= STEEPEST:
        raise PydanticCustomError(
            "terrain", "{grade} is no grade to ride up; write a ratio above 0 and at most {most}",
            {"grade": f"{grade:g}", "most": f"{STEEPEST:.0%}"},
        )  # fmt: skip
    return grade


def _low(height: float) -> float:
    if height > HIGHEST_KERB:
        raise PydanticCustomError(
            "terrain", "a kerb of {height} cm is too high to be ridden over; at most {most} cm",
            {"height": f"{100 * height:g}", "most": f"{100 * HIGHEST_KERB:g}"},
        )  # fmt: skip
    return height


class _Feature(Table):
    at: PositiveLength | None = None
    """Where it begins, along the course from its start [m]."""
    place: tuple[Length, Length] | None = None
    """Instead of that the middle of its near edge, in the world [m], from which it runs in a direction:"""
    heading: Angle = 0.0
    """From the x axis to the left [rad]."""
    width: PositiveLength = 6.0
    """From side to side, half on each side of the course [m]."""
    friction: NonNegativeRatio | None = None
    """Coulomb friction of it against the tyres; the world's where it is left out."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.at is None) == (self.place is None):
            raise PydanticCustomError("terrain", "it begins at exactly one of 'at' and 'place'")
        return self


class Slope(_Feature):
    """The road rises by a grade, goes on level, and comes back."""

    kind: Literal["slope"]
    grade: Annotated[Ratio, AfterValidator(_gentle)]
    """Rise over way of the steepest part [1]."""
    length: PositiveLength
    """From the level to the other level [m]."""
    top: NonNegativeLength | None = None
    """Length of the level part up there [m]; left out, the road stays there to the end of the course."""
    rounding: PositiveLength = 1.0
    """Length over which the grade comes and goes [m]."""

    @model_validator(mode="after")
    def _rounding_fits(self) -> Self:
        if 2.0 * self.rounding > self.length:
            raise PydanticCustomError(
                "terrain", "rounding = {rounding} m at both ends does not fit into length = {length} m",
                {"rounding": f"{self.rounding:g}", "length": f"{self.length:g}"},
            )  # fmt: skip
        return self


class Ramp(_Feature):
    """Boards: straight up, level, straight down."""

    kind: Literal["ramp"]
    height: PositiveLength
    up: PositiveLength
    flat: PositiveLength
    down: PositiveLength

    @model_validator(mode="after")
    def _can_be_climbed(self) -> Self:
        for name, run in (("up", self.up), ("down", self.down)):
            if self.height > STEEPEST * run:
                raise PydanticCustomError(
                    "terrain", "{name} = {run} m is too short for a height of {height} m; at least {least} m",
                    {"name": name, "run": f"{run:g}", "height": f"{self.height:g}",
                     "least": f"{self.height / STEEPEST:g}"},
                )  # fmt: skip
        return self


class Bump(_Feature):
    """A speed bump with a rounded profile."""

    kind: Literal["bump"]
    height: PositiveLength
    length: PositiveLength

    @model_validator(mode="after")
    def _is_flat_enough(self) -> Self:
        if self.height > 0.25 * self.length:
            raise PydanticCustomError(
                "terrain", "a bump of {height} m height must be at least {least} m long",
                {"height": f"{self.height:g}", "least": f"{4 * self.height:g}"},
            )  # fmt: skip
        return self


class Kerb(_Feature):
    """A step up and, after a length, down."""

    kind: Literal["kerb"]
    height: Annotated[PositiveLength, AfterValidator(_low)]
    length: PositiveLength = 3.0


class Slippery(_Feature):
    """A patch with a friction of its own."""

    kind: Literal["slippery"]
    length: PositiveLength
    friction: NonNegativeRatio


class Rough(_Feature):
    """A random road of a class of ISO 8608, in the middle of the class."""

    kind: Literal["rough"]
    length: PositiveLength
    iso_class: Literal["A", "B", "C", "D"] = "A"
    seed: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Of its random phases; left out, each seed of the ride has a road of its own."""


Feature = Annotated[Slope | Ramp | Bump | Kerb | Slippery | Rough, Field(discriminator="kind")]


class Gust(Table):
    """A gust that swells and dies as 1 - cosine."""

    time: Instant
    """When it begins [s]."""
    duration: Duration = 2.0
    speed: PositiveSpeed
    """At its peak, on top of the mean wind [m/s]."""
    direction: Angle | None = None
    """Where it blows to; the wind's own direction where it is left out [rad]."""


class Turbulence(Table):
    """Dryden's turbulence."""

    intensity: NonNegativeRatio
    """Standard deviation of each component, as a part of the mean speed [1]."""
    length: PositiveLength = 30.0
    """Length scale [m]."""


class Wind(Table):
    """Wind over the whole course."""

    speed: NonNegativeSpeed = 0.0
    """Mean [m/s]."""
    direction: Angle = 0.0
    """Where it blows to, from the world's x axis, along which a course begins, to the left [rad]."""
    gusts: tuple[Gust, ...] = ()
    turbulence: Turbulence | None = None
    side_area: NonNegativeArea = 0.6
    """Drag coefficient times area of robot and bicycle against wind from the side [m²]."""

    @model_validator(mode="after")
    def _turbulence_needs_a_mean(self) -> Self:
        if self.turbulence is not None and self.speed == 0.0:
            raise PydanticCustomError(
                "wind", "turbulence is a part of the mean wind, and speed is 0; give a speed above 0"
            )
        return self
