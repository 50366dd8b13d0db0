"""The safety file: limits of the watches, and the sources of commands."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from robot import parameter_file
from robot.safety.arbiter import Source
from robot.safety.limits import SafetyLimits


def _listed(value: object) -> object:
    """TOML has lists where a tuple is meant."""
    return tuple(value) if isinstance(value, list) else value


class SafetyFile(BaseModel):
    """What stands in a safety file.

    Attributes:
        limits: Of the watches.
        source: Who may command.
        blocked: Patterns of the names of joints that what they hold may block.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: SafetyLimits
    source: Annotated[tuple[Source, ...], BeforeValidator(_listed)]
    blocked: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()


def parse(text: str) -> SafetyFile:
    """Read the TOML text of a safety file.

    Raises:
        ValueError: Something in it is missing, unknown or makes no sense; the message says where.
    """
    try:
        return SafetyFile.model_validate(parameter_file.parse(text, "safety file"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"safety file: {place}: {first['msg'].removeprefix('Value error, ')}") from error
