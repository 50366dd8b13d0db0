"""The matrix of faults as data: what goes wrong, during what, and what is expected of the safety layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from robot import parameter_file
from robot.safety import Watch
from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.fault_schema import Fault
from scenarios.quantity import Duration, Instant
from scenarios.suggest import suggestion
from scenarios.table import Table

T = TypeVar("T")

MATRIX = Path(__file__).with_name("matrix.toml")

Mode = Literal["active", "damping", "fault", "dead", "refused"]
"""How a run ends: a mode of the safety layer, with a process that is gone, or before it began."""


class Expectation(Table):
    """What is to happen."""

    mode: Mode
    watch: str = ""
    """Name of the watch that is to end the active mode, or a word of the refusal."""
    stop: Duration | None = None
    """Longest time from the fault to the first command that holds nothing [s]."""
    safe: Duration | None = None
    """Longest time from the fault until no drive does more than resist [s]; left out where some drives cannot know."""
    pushing: Annotated[int, Field(ge=0)] = 0
    """Drives that do more than resist at the end, because nothing tells them to stop."""
    lost: Annotated[int, Field(ge=0)] = 0
    """Joints that are out of service at the end."""


class Case(Table):
    """One fault, or several at once."""

    name: str
    about: str
    faults: Annotated[tuple[Fault, ...], Field(min_length=1)]
    """What goes wrong; times count from that of the stage."""
    changes: tuple[str, ...] = ()
    """Changes to the scenario, ``key=value`` each."""
    expendable: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Criteria of the stage that it need not meet, by their metrics."""
    expect: Expectation
    stages: dict[str, Expectation] = Field(default_factory=dict)
    """What is expected in stages where it is something else."""

    def expectation(self, stage: str) -> Expectation:
        """What is expected in a stage."""
        return self.stages.get(stage, self.expect)


class Stage(Table):
    """What the robot is doing meanwhile."""

    name: str
    scenario: str
    changes: tuple[str, ...] = ()
    """Changes to the scenario, ``key=value`` each."""
    at: Instant
    """When things go wrong [s]."""
    criteria: tuple[str, ...] = ()
    """Which of the scenario's own criteria must hold where it is to go on, by their metrics."""


class Matrix(Table):
    """The whole matrix."""

    asked: Annotated[float, Field(gt=0.0)]
    """Greatest torque that commands may ever ask of a joint, over its limit."""
    torque: Annotated[float, Field(gt=0.0)]
    """Greatest torque that may ever be on a joint, friction included, over its limit, while the robot has not fallen.
    Two motors of a linkage can make more of it together than its limit when both brake, as in a fall."""
    switch_on_step: Annotated[float, Field(gt=0.0)]
    """Greatest step of a drive's torque while it is switched on, over its limit."""
    stage: tuple[Stage, ...]
    case: tuple[Case, ...]

    def stages(self, names: tuple[str, ...]) -> tuple[Stage, ...]:
        """Stages by name; all of them where none is named.

        Raises:
            BadInput: There is none of that name.
        """
        return _chosen({stage.name: stage for stage in self.stage}, names, "stage")

    def cases(self, names: tuple[str, ...]) -> tuple[Case, ...]:
        """Cases by name; all of them where none is named.

        Raises:
            BadInput: There is none of that name.
        """
        return _chosen({case.name: case for case in self.case}, names, "fault")


def load_matrix() -> Matrix:
    """The committed matrix.

    Raises:
        BadInput: Something in it is missing, unknown or makes no sense; the message says where.
    """
    data = parameter_file.parse(MATRIX.read_text(encoding="utf-8"), "matrix of faults")
    return checked(data)


def checked(data: dict[str, object]) -> Matrix:
    """A matrix from its tables.

    Raises:
        BadInput: As in :func:`load_matrix`.
    """
    try:
        matrix = Matrix.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"matrix of faults: {complaint(error, data)}") from None
    watches, stages = [watch.name.lower() for watch in Watch], [stage.name for stage in matrix.stage]
    for case in matrix.case:
        for stage in case.stages:
            if stage not in stages:
                raise BadInput(
                    f"matrix of faults: {case.name}: there is no stage {stage!r}; {suggestion(stage, stages)}"
                )
        for expect in (case.expect, *case.stages.values()):
            if expect.mode in ("damping", "fault") and expect.watch not in watches:
                hint = suggestion(expect.watch, watches)
                raise BadInput(f"matrix of faults: {case.name}: there is no watch {expect.watch!r}; {hint}")
    return matrix


def _chosen(known: dict[str, T], names: tuple[str, ...], what: str) -> tuple[T, ...]:
    for name in names:
        if name not in known:
            raise BadInput(f"there is no {what} {name!r}; {suggestion(name, known)}")
    return tuple(known[name] for name in names or known)
