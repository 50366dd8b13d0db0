"""A scenario: what is asked of the body, validated at the file's edge and plain, frozen data inside; all in SI."""

import math
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.course_schema import Course
from scenarios.criterion import Criterion
from scenarios.plant_schema import Plant
from scenarios.quantity import (
    Angle,
    Duration,
    Impulse,
    Instant,
    Length,
    NonNegativeAngle,
    NonNegativeDensity,
    NonNegativeLength,
    NonNegativeRatio,
    NonNegativeSpeed,
    PositiveSpeed,
)
from scenarios.randomize_schema import Randomize
from scenarios.rider_schema import Rider
from scenarios.table import Table
from scenarios.terrain_schema import Feature, Wind

CONTROL_PERIOD = 0.002
"""Time from one command to the next [s]."""
LONGEST = 600.0
"""Longest ride [s]."""


class Start(Table):
    """The state in which the ride starts, relative to the start of the course."""

    speed: PositiveSpeed = 2.0
    lateral: Length = 0.0
    heading: Angle = 0.0


class Push(Table):
    """A horizontal force on a part of the body, constant while it lasts, across or along the bicycle's heading."""

    kind: Literal["push"] = "push"
    body: Literal["torso", "pelvis", "frame"]
    time: Instant
    """When it begins [s]."""
    duration: Duration = 0.2
    impulse: Impulse
    direction: Literal["left", "right", "forward", "back"]
    """Where it pushes to."""


def _divides_control_period(step: float) -> float:
    steps = CONTROL_PERIOD / step
    if not math.isclose(steps, max(round(steps), 1), rel_tol=1e-9):
        raise PydanticCustomError(
            "physics_step",
            "{step} s does not divide the control period of {period} s; write 1 ms, 0.5 ms, ...",
            {"step": f"{step:g}", "period": f"{CONTROL_PERIOD:g}"},
        )
    return step


class World(Table):
    """The world and how finely it is computed."""

    friction: NonNegativeRatio = 0.8
    """Coulomb friction of the ground against tyres and soles."""
    rolling_resistance: NonNegativeRatio | None = None
    """Coefficient of rolling resistance; the bicycle's own where it is left out."""
    air_density: NonNegativeDensity = 1.2
    physics_step: Annotated[Duration, AfterValidator(_divides_control_period)] = 0.001
    solver_iterations: Annotated[int, Field(ge=1, strict=True)] = 60
    solver_residual: NonNegativeRatio = 1e-3
    """Residual at which the solver's iterations end early."""


class Senses(Table):
    """What the body can feel of the world, and how well."""

    imu: Literal["ideal", "mti_300", "vn_100"] = "mti_300"
    """Part in pelvis and torso, of `robot/sensors.toml`."""
    localization: Literal["ideal", "motion_capture", "rtk_gnss", "uwb"] = "motion_capture"
    """System that tells where the pelvis is, of the same file."""
    noise_scale: NonNegativeRatio = 1.0
    """Factor on every random error of every sensor and drive. With 0 the sensors are ideal: exact, at every tick and
    without delay, and the controller feels the joints as they are. The drives themselves go on by their encoders."""


class Jitter(Table):
    """Standard deviations by which a seed shifts the initial state."""

    lateral: NonNegativeLength = 0.03
    heading: NonNegativeAngle = 0.02
    roll: NonNegativeAngle = 0.01
    speed: NonNegativeSpeed = 0.03


def _short_enough(duration: float) -> float:
    if duration > LONGEST:
        raise PydanticCustomError(
            "duration",
            "{asked} s is too long, the log is kept in memory; at most {limit} s",
            {"asked": f"{duration:g}", "limit": f"{LONGEST:g}"},
        )
    return duration


class ScenarioFile(Table):
    """What stands in a scenario file."""

    summary: Annotated[str, Field(min_length=1, max_length=100)]
    """What is asked, in one line."""
    duration: Annotated[Duration, AfterValidator(_short_enough)]
    """Time after which the ride is broken off [s]."""
    start: Start = Start()
    course: Course
    rider: Rider = Rider()
    disturbances: tuple[Push, ...] = ()
    terrain: tuple[Feature, ...] = ()
    """What lies on the course; elsewhere the ground is level."""
    wind: Wind | None = None
    world: World = World()
    senses: Senses = Senses()
    jitter: Jitter = Jitter()
    plant: Plant = Plant()
    randomize: Randomize = Field(default_factory=dict)
    """From what a sweep draws the values of keys; a plain run rides without it."""
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    """What must hold for the ride to pass."""

    @model_validator(mode="after")
    def _pushes_within_time(self) -> Self:
        for index, push in enumerate(self.disturbances):
            if push.time >= self.duration:
                raise PydanticCustomError(
                    "push",
                    "disturbances.{index} begins at {time} s, after the time limit of {limit} s",
                    {"index": index, "time": f"{push.time:g}", "limit": f"{self.duration:g}"},
                )
        return self

    @model_validator(mode="after")
    def _gusts_within_time(self) -> Self:
        for index, gust in enumerate(self.wind.gusts if self.wind else ()):
            if gust.time >= self.duration:
                raise PydanticCustomError(
                    "wind",
                    "wind.gusts.{index} begins at {time} s, after the time limit of {limit} s",
                    {"index": index, "time": f"{gust.time:g}", "limit": f"{self.duration:g}"},
                )
        return self


class Scenario(ScenarioFile):
    """A scenario with the name of its file."""

    name: str
