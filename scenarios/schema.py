"""A scenario of either kind: what is asked of the body, validated at the file's edge; `kind` tells which it is."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from scenarios.common_schema import CONTROL_PERIOD
from scenarios.foot_schema import FootFile, FootScenario
from scenarios.ride_schema import RideFile, RideScenario

__all__ = ["CONTROL_PERIOD", "Scenario", "ScenarioFile", "json_schema", "named", "validated"]

ScenarioFile = RideFile | FootFile
"""What stands in a scenario file."""
Scenario = RideScenario | FootScenario
"""A scenario with the name of its file."""

_EITHER: TypeAdapter[ScenarioFile] = TypeAdapter(Annotated[ScenarioFile, Field(discriminator="kind")])


def validated(data: Mapping[str, Any]) -> ScenarioFile:
    """The content of a scenario file from its tables; one that names no kind is a ride.

    Raises:
        ValidationError: A key or a value is wrong.
    """
    return _EITHER.validate_python(data) if "kind" in data else RideFile.model_validate(data)


def named(name: str, content: ScenarioFile) -> Scenario:
    """A scenario from the content of its file."""
    if isinstance(content, FootFile):
        return FootScenario(name=name, **dict(content))
    return RideScenario(name=name, **dict(content))


def json_schema() -> dict[str, Any]:
    """The JSON schema of a scenario file."""
    return _EITHER.json_schema()
