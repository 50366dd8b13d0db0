"""A run on foot: what is asked of the robot alone on its feet, validated at the file's edge; all in SI."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.common_schema import CommonFile, Push, World, require_within
from scenarios.criterion import FootCriterion
from scenarios.goal_schema import GoalTable
from scenarios.ground_schema import GroundTable, Level
from scenarios.plant_schema import RobotPlant
from scenarios.quantity import NonNegativeAngle
from scenarios.robot_schema import RobotTable
from scenarios.table import Table


class FootPush(Push):
    """A push whose direction turns with the heading of the pelvis."""

    body: Literal["torso", "pelvis"]


class FootJitter(Table):
    """Standard deviations by which a seed shifts the initial state; both soles are on the ground all the same."""

    joints: NonNegativeAngle = 0.005
    """Of every joint but those that carry no load of the body, as grips."""
    heading: NonNegativeAngle = 0.0
    """Of the whole body."""


class FootFile(CommonFile):
    """What stands in the file of a run on foot."""

    kind: Literal["foot"]
    robot: RobotTable | None = None
    """Whose run it is; the project's own body where none is named."""
    goals: Annotated[tuple[GoalTable, ...], Field(min_length=1)]
    """What is asked, one after the other; with the last one the run is completed."""
    ground: GroundTable = Level(kind="level")
    disturbances: tuple[FootPush, ...] = ()
    stepping: bool = True
    """Whether it may step when it is pushed; without, the feet stay where they are, or it falls."""
    world: World = World()
    jitter: FootJitter = FootJitter()
    plant: RobotPlant = RobotPlant()
    criteria: Annotated[tuple[FootCriterion, ...], Field(min_length=1)]
    """What must hold for the run to pass."""

    @model_validator(mode="after")
    def _within_time(self) -> Self:
        require_within(self.duration, self.disturbances, "push", "disturbances")
        return self

    @model_validator(mode="after")
    def _walks_with_steps(self) -> Self:
        for number, goal in enumerate(self.goals):
            if not self.stepping and (goal.walk is not None or goal.walk_to is not None):
                raise PydanticCustomError(
                    "stepping",
                    "goals.{number} walks, and 'stepping' is false; take one of them out",
                    {"number": number},
                )
        return self


class FootScenario(FootFile):
    """A run on foot with the name of its file."""

    name: str
