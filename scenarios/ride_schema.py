"""A ride: what is asked of the rider, validated at the file's edge and plain, frozen data inside; all in SI."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.common_schema import CommonFile, Push, World, require_within
from scenarios.course_schema import Course
from scenarios.criterion import Criterion
from scenarios.goals_schema import Goals
from scenarios.plant_schema import Plant
from scenarios.quantity import (
    Angle,
    Duration,
    Instant,
    Length,
    NonNegativeAngle,
    NonNegativeDensity,
    NonNegativeLength,
    NonNegativeRatio,
    NonNegativeSpeed,
    PositiveLength,
    PositiveSpeed,
    Torque,
)
from scenarios.rider_schema import Rider
from scenarios.table import Table
from scenarios.terrain_schema import Feature, Wind


class Start(Table):
    """The state in which the ride starts, relative to the start of the course."""

    speed: PositiveSpeed = 2.0
    foot: Literal["left", "right"] | None = None
    """With it the ride starts at rest, astride, on this foot, the other one on its pedal."""
    lateral: Length = 0.0
    heading: Angle = 0.0


def _geared(ratio: float) -> float:
    if not 0.25 <= ratio <= 2.0:
        raise PydanticCustomError(
            "gear", "no hub has a gear of {ratio}; write a ratio from 0.25 to 2", {"ratio": f"{ratio:g}"}
        )
    return ratio


class Bicycle(Table):
    """How the bicycle is set up; the rider knows it."""

    gear: Annotated[NonNegativeRatio, AfterValidator(_geared)] = 1.0
    """Ratio of the hub gear that is engaged, wheel over sprocket [1]; 1 is the bicycle's own."""


class Stop(Table):
    """A halt on the way."""

    at: PositiveLength
    """Where the front wheel stands then, along the course [m]."""
    foot: Literal["left", "right"] = "left"
    """The one that goes to the ground."""
    wait: Duration = 2.0
    notice: PositiveLength | None = None
    """How far before it the rider learns of it; left out, from the start [m]."""
    next_foot: Literal["left", "right"] | None = None
    """The one from which the next start pushes off; left out, it is the same."""


class RidePush(Push):
    """A push whose direction turns with the bicycle."""

    body: Literal["torso", "pelvis", "frame"]
    crank: Angle | None = None
    """With it, the push begins when the crank passes this angle for the first time after `time` [rad]; at 0 the left
    foot is at the top, at 90 deg in front."""


class SteerPulse(Table):
    """A torque between frame and fork, constant while it lasts, as by a motor in the head tube."""

    time: Instant
    """When it begins [s]."""
    duration: Duration = 0.3
    torque: Torque
    """On the fork, positive to the left; the frame gets its opposite [Nm]."""


class RoadWorld(World):
    """The world of a ride."""

    solver_residual: NonNegativeRatio = 1e-5
    """A looser one lets feet and pelvis creep under loads that friction holds (docs/physics.md)."""
    rolling_resistance: NonNegativeRatio | None = None
    """Coefficient of rolling resistance; the bicycle's own where it is left out."""
    air_density: NonNegativeDensity = 1.2


class Jitter(Table):
    """Standard deviations by which a seed shifts the initial state."""

    lateral: NonNegativeLength = 0.03
    heading: NonNegativeAngle = 0.02
    roll: NonNegativeAngle = 0.01
    speed: NonNegativeSpeed = 0.03


class RideFile(CommonFile):
    """What stands in the file of a ride."""

    kind: Literal["ride"] = "ride"
    start: Start = Start()
    course: Course
    bicycle: Bicycle = Bicycle()
    rider: Rider = Rider()
    stops: tuple[Stop, ...] = ()
    disturbances: tuple[RidePush, ...] = ()
    steer_pulses: tuple[SteerPulse, ...] = ()
    terrain: tuple[Feature, ...] = ()
    """What lies on the course; elsewhere the ground is level."""
    wind: Wind | None = None
    world: RoadWorld = RoadWorld()
    jitter: Jitter = Jitter()
    plant: Plant = Plant()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    """What must hold for the ride to pass."""

    @model_validator(mode="after")
    def _within_time(self) -> Self:
        require_within(self.duration, self.disturbances, "push", "disturbances")
        require_within(self.duration, self.steer_pulses, "steer_pulse", "steer_pulses")
        require_within(self.duration, self.wind.gusts if self.wind else (), "wind", "wind.gusts")
        return self

    @model_validator(mode="after")
    def _stops_in_order(self) -> Self:
        if self.stops and isinstance(self.course, Goals):
            raise PydanticCustomError(
                "stops", "stops: a course of goals stands at its goals of kind 'stop_line'; write them there", {}
            )
        for index, (first, second) in enumerate(pairwise(self.stops)):
            if second.at <= first.at:
                raise PydanticCustomError(
                    "stops",
                    "stops.{next} at {at} m is not behind stops.{index}; write them in the order of the course",
                    {"next": index + 1, "at": f"{second.at:g}", "index": index},
                )
        return self


class RideScenario(RideFile):
    """A ride with the name of its file."""

    name: str
