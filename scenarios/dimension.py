"""Physical dimensions and the units in which people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import pi


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One physical dimension.

    Attributes:
        name: With its article, as it reads in a sentence ("a length").
        unit: The SI unit in which a plain number is taken.
        units: Every unit that may be written, normalised by :func:`normal_unit`, with its size in SI.
        example: Something that would be right.
    """

    name: str
    unit: str
    units: Mapping[str, float]
    example: str


_SPELLINGS = str.maketrans(
    {"²": "2", "³": "3", "⋅": "*", "·": "*", "μ": "u", "µ": "u"}
)  # both Greek mu and the micro sign


def normal_unit(unit: str) -> str:
    """Bring the spellings of a unit together: ``N·s``, ``N*s``, ``N s`` and ``Ns`` become ``Ns``."""
    return re.sub(r"[\s*^]", "", unit.translate(_SPELLINGS))


LENGTH = Dimension("a length", "m", {"m": 1.0, "km": 1e3, "cm": 1e-2, "mm": 1e-3}, "5 m")
AREA = Dimension("an area", "m²", {"m2": 1.0, "cm2": 1e-4}, "0.6 m²")
SPEED = Dimension("a speed", "m/s", {"m/s": 1.0, "km/h": 1 / 3.6, "cm/s": 1e-2}, "2.5 m/s")
DURATION = Dimension("a duration", "s", {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0}, "200 ms")
ANGLE = Dimension("an angle", "rad", {"rad": 1.0, "mrad": 1e-3, "deg": pi / 180, "°": pi / 180}, "30 deg")
ANGULAR_SPEED = Dimension("an angular speed", "rad/s", {"rad/s": 1.0, "deg/s": pi / 180, "°/s": pi / 180}, "20 deg/s")
IMPULSE = Dimension("an impulse", "N·s", {"Ns": 1.0, "kgm/s": 1.0}, "20 N·s")
FORCE = Dimension("a force", "N", {"N": 1.0, "kN": 1e3}, "20 N")
TORQUE = Dimension("a torque", "Nm", {"Nm": 1.0}, "5 N·m")
MASS = Dimension("a mass", "kg", {"kg": 1.0, "g": 1e-3}, "5 kg")
DENSITY = Dimension("a density", "kg/m³", {"kg/m3": 1.0}, "1.2 kg/m³")
RATIO = Dimension("a ratio", "1", {"%": 1e-2}, "80 %")

DIMENSIONS = (LENGTH, AREA, SPEED, DURATION, ANGLE, ANGULAR_SPEED, IMPULSE, FORCE, TORQUE, MASS, DENSITY, RATIO)
"""Every dimension; no unit belongs to two of them."""


def dimension_of(unit: str) -> Dimension | None:
    """Find the dimension of a normalised unit; None when nobody knows it."""
    return next((dimension for dimension in DIMENSIONS if unit in dimension.units), None)
