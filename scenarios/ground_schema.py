"""The grounds on which a body can be asked to stand and walk, as they stand in a scenario file."""

from math import degrees, radians
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from scenarios.quantity import Angle, NonNegativeAngle, NonNegativeLength, PositiveLength
from scenarios.table import Table

STEEPEST = radians(30.0)
HIGHEST = 0.1
"""[m]"""
SMALLEST = 0.05
"""[m]: the ground is made of one box for each block."""


def _gentle(angle: float) -> float:
    if angle > STEEPEST:
        raise PydanticCustomError(
            "ground", "a slope of {angle} deg is too steep to stand on; at most {most} deg",
            {"angle": f"{degrees(angle):g}", "most": f"{degrees(STEEPEST):g}"},
        )  # fmt: skip
    return angle


def _low(height: float) -> float:
    if height > HIGHEST:
        raise PydanticCustomError(
            "ground", "blocks of {height} cm up and down are no ground to walk on; at most {most} cm",
            {"height": f"{100 * height:g}", "most": f"{100 * HIGHEST:g}"},
        )  # fmt: skip
    return height


def _not_tiny(side: float) -> float:
    if side < SMALLEST:
        raise PydanticCustomError(
            "ground", "blocks of {side} cm are too many; at least {least} cm",
            {"side": f"{100 * side:g}", "least": f"{100 * SMALLEST:g}"},
        )  # fmt: skip
    return side


class Level(Table):
    """Level ground."""

    kind: Literal["level"]


class Slope(Table):
    """A plane that climbs."""

    kind: Literal["slope"]
    angle: Annotated[NonNegativeAngle, AfterValidator(_gentle)]
    toward: Angle = 0.0
    """Direction in which it climbs, from the start's forward to the left [rad]."""


class Uneven(Table):
    """Flat square blocks of random heights, which the seed sets, evenly spread up and down from the level start."""

    kind: Literal["uneven"]
    height: Annotated[NonNegativeLength, AfterValidator(_low)]
    """Greatest height of a block above the level, and depth below it [m]."""
    side: Annotated[PositiveLength, AfterValidator(_not_tiny)] = 0.3
    """Of each block [m]."""
    level_start: NonNegativeLength = 0.5
    """Blocks that come nearer to the start than this are level [m]."""


GroundTable = Annotated[Level | Slope | Uneven, Field(discriminator="kind")]
