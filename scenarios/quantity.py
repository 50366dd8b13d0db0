"""Physical quantities in a scenario file: a plain number in SI, or a string with its unit; inside it is a float."""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from scenarios.dimension import (
    ANGLE,
    ANGULAR_SPEED,
    AREA,
    DENSITY,
    DURATION,
    IMPULSE,
    LENGTH,
    MASS,
    RATIO,
    SPEED,
    TORQUE,
    Dimension,
    dimension_of,
    normal_unit,
)

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_WITH_UNIT = re.compile(rf"\s*({_NUMBER}|[+-]?nan|[+-]?inf)\s*(.*?)\s*", re.IGNORECASE)

Sign = Literal["any", "not negative", "positive"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Annotation of a pydantic field: ``Annotated[float, Quantity(LENGTH, "positive")]``.

    Attributes:
        dimension: What the number measures.
        sign: Which signs are taken.
    """

    dimension: Dimension
    sign: Sign = "any"

    def parse(self, value: object) -> float:
        """Turn what stands in the file into SI.

        Args:
            value: A number in SI, or a string such as "80 cm".

        Raises:
            ValueError: The value is no such quantity; the message names it and says what would be right.
        """
        number = self._with_unit(value) if isinstance(value, str) else self._plain(value)
        if not math.isfinite(number):
            raise ValueError(f"{value!r} is not a finite number; {self.right}")
        if (self.sign == "positive" and number <= 0) or (self.sign == "not negative" and number < 0):
            raise ValueError(
                f"{value!r} must {'be positive' if self.sign == 'positive' else 'not be negative'}; {self.right}"
            )
        return number

    @property
    def right(self) -> str:
        """What would be right, for messages."""
        sign = "" if self.sign == "any" else f"{self.sign} "
        unit = "" if self.dimension is RATIO else f" in {self.dimension.unit}"
        return f'write {self.dimension.name}: a {sign}number{unit}, or a string such as "{self.dimension.example}"'

    def _plain(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{value!r} is not a number; {self.right}")
        try:
            return float(value)
        except OverflowError:
            return math.inf

    def _with_unit(self, text: str) -> float:
        match = _WITH_UNIT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a number with a unit; {self.right}")
        number, unit = float(match[1]), normal_unit(match[2])
        if not unit:
            raise ValueError(f"{text!r} has no unit; {self.right}")
        if unit in self.dimension.units:
            return number * self.dimension.units[unit]
        other = dimension_of(unit)
        problem = f"has the unknown unit {match[2]!r}" if other is None else f"is {other.name}"
        raise ValueError(f"{text!r} {problem}; {self.right}")

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic validate by :meth:`parse`."""

        def validate(value: object) -> float:
            try:
                return self.parse(value)
            except ValueError as error:
                raise PydanticCustomError("quantity", "{message}", {"message": str(error)}) from None

        return core_schema.no_info_plain_validator_function(validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the two ways of writing it."""
        number: dict[str, Any] = {"type": "number"}
        if self.sign != "any":
            number["exclusiveMinimum" if self.sign == "positive" else "minimum"] = 0
        string = {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*\S.*$", "examples": [self.dimension.example]}
        return {"anyOf": [number, string], "description": f"{self.dimension.name} [{self.dimension.unit}]"}


Length = Annotated[float, Quantity(LENGTH)]
PositiveLength = Annotated[float, Quantity(LENGTH, "positive")]
NonNegativeLength = Annotated[float, Quantity(LENGTH, "not negative")]
Speed = Annotated[float, Quantity(SPEED)]
PositiveSpeed = Annotated[float, Quantity(SPEED, "positive")]
NonNegativeSpeed = Annotated[float, Quantity(SPEED, "not negative")]
Duration = Annotated[float, Quantity(DURATION, "positive")]
Instant = Annotated[float, Quantity(DURATION, "not negative")]
Angle = Annotated[float, Quantity(ANGLE)]
NonNegativeAngle = Annotated[float, Quantity(ANGLE, "not negative")]
AngularSpeed = Annotated[float, Quantity(ANGULAR_SPEED)]
Impulse = Annotated[float, Quantity(IMPULSE, "positive")]
Torque = Annotated[float, Quantity(TORQUE)]
NonNegativeMass = Annotated[float, Quantity(MASS, "not negative")]
NonNegativeDensity = Annotated[float, Quantity(DENSITY, "not negative")]
NonNegativeArea = Annotated[float, Quantity(AREA, "not negative")]
Ratio = Annotated[float, Quantity(RATIO)]
NonNegativeRatio = Annotated[float, Quantity(RATIO, "not negative")]
