"""A horizontal direction in a scenario file: a name, or an angle from forward to the left."""

from dataclasses import dataclass
from math import cos, sin
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from scenarios.dimension import ANGLE
from scenarios.quantity import Quantity

TOWARDS = {"left": (0.0, 1.0), "right": (0.0, -1.0), "forward": (1.0, 0.0), "back": (-1.0, 0.0)}
"""The directions that have a name, as unit vectors: forward, left."""

_ANGLE = Quantity(ANGLE)


@dataclass(frozen=True, slots=True)
class _NameOrAngle:
    """Annotation of a pydantic field that keeps a name as it is and turns an angle into radians."""

    def parse(self, value: object) -> str | float:
        """Read a direction.

        Raises:
            ValueError: It is neither a name nor an angle; the message says what would be right.
        """
        if isinstance(value, str) and value in TOWARDS:
            return value
        try:
            return _ANGLE.parse(value)
        except ValueError:
            names = ", ".join(TOWARDS)
            raise ValueError(
                f'{value!r} is no direction; write {names}, or an angle from forward to the left, such as "45 deg"'
            ) from None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic validate by :meth:`parse`."""

        def validate(value: object) -> str | float:
            try:
                return self.parse(value)
            except ValueError as error:
                raise PydanticCustomError("quantity", "{message}", {"message": str(error)}) from None

        return core_schema.no_info_plain_validator_function(validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the ways of writing it."""
        angle = _ANGLE.__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [{"enum": list(TOWARDS)}, *angle["anyOf"]], "description": "a direction, or an angle [rad]"}


Direction = Annotated[str | float, _NameOrAngle()]


def unit_vector(direction: str | float) -> tuple[float, float]:
    """Where a direction points to: forward, left."""
    return TOWARDS[direction] if isinstance(direction, str) else (cos(direction), sin(direction))
