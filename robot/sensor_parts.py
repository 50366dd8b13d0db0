"""Sensors as data: the parts that a body may carry, and how each one errs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import inf, isfinite, sqrt
from typing import Any, TypeVar

_Part = TypeVar("_Part", "ImuPart", "LocalizationPart")

IDEAL = "ideal"
"""Name of the part that is in no file: exact, and without delay."""


@dataclass(frozen=True, slots=True)
class InertialSensor:
    """A triad of gyros [rad/s] or of accelerometers [m/s²]; every figure is one axis'.

    Attributes:
        noise_density: One-sided, of white noise [unit/√Hz].
        turn_on_bias: Standard deviation of a bias drawn once a run [unit].
        bias_instability: Standard deviation of a bias that is a first-order Gauss-Markov process [unit].
        correlation_time: Of that process [s].
        random_walk: Of a bias without bound [unit/√s].
        range: Full scale to either side [unit].
        resolution: One step of the output [unit]; 0 for an output without steps.
    """

    noise_density: float
    turn_on_bias: float
    bias_instability: float
    correlation_time: float
    random_walk: float
    range: float
    resolution: float

    def deviation(self, rate: float) -> float:
        """Standard deviation of the white noise of one sample at an output rate [Hz]: its band ends at half of it."""
        return self.noise_density * sqrt(0.5 * rate)


@dataclass(frozen=True, slots=True)
class ImuPart:
    """An inertial measurement unit with an attitude filter of its own.

    Attributes:
        name: How a scenario asks for it.
        rate: Of its output [Hz]; inf for a reading at every tick.
        delay: From the motion to the reading [s].
        gyro: [rad/s].
        accelerometer: [m/s²].
        level_static: Standard deviation of a constant error of roll and of pitch [rad].
        level_dynamic: Standard deviation of the whole error of roll and of pitch in motion [rad].
        level_correlation_time: Of the part of it that wanders [s].
        heading_alignment: Standard deviation of the heading's error at the start [rad].
    """

    name: str
    rate: float
    delay: float
    gyro: InertialSensor
    accelerometer: InertialSensor
    level_static: float
    level_dynamic: float
    level_correlation_time: float
    heading_alignment: float

    @property
    def level_wander(self) -> float:
        """Standard deviation of the part of the error of roll and of pitch that wanders [rad]."""
        return sqrt(self.level_dynamic**2 - self.level_static**2)

    def scaled(self, factor: float) -> ImuPart:
        """The same part with every random error multiplied by a factor; with 0, the ideal part."""
        if factor == 0.0:
            return IDEAL_IMU
        triad = ("noise_density", "turn_on_bias", "bias_instability", "random_walk")
        return replace(
            _multiplied(self, ("level_static", "level_dynamic", "heading_alignment"), factor),
            gyro=_multiplied(self.gyro, triad, factor),
            accelerometer=_multiplied(self.accelerometer, triad, factor),
        )


@dataclass(frozen=True, slots=True)
class LocalizationPart:
    """A system outside the body that tells where the pelvis is.

    Attributes:
        name: How a scenario asks for it.
        rate: Of its fixes [Hz]; inf for one at every tick.
        delay: From the instant at which a fix was true to its arrival [s].
        deviation: Of the white noise of x and of y [m].
        height_deviation: The same of z [m].
        wander: Standard deviation of a first-order Gauss-Markov error of each axis [m].
        wander_time: Its correlation time [s].
        outage_interval: Mean time from the end of a drop-out to the beginning of the next [s]; 0 for none at all.
        outage_length: Mean length of a drop-out [s].
    """

    name: str
    rate: float
    delay: float
    deviation: float
    height_deviation: float
    wander: float
    wander_time: float
    outage_interval: float
    outage_length: float

    def scaled(self, factor: float) -> LocalizationPart:
        """The same part with its noise multiplied by a factor; with 0, the ideal part."""
        if factor == 0.0:
            return IDEAL_LOCALIZATION
        return _multiplied(self, ("deviation", "height_deviation", "wander"), factor)


_EXACT = InertialSensor(0.0, 0.0, 0.0, 1.0, 0.0, inf, 0.0)
IDEAL_IMU = ImuPart(IDEAL, inf, 0.0, _EXACT, _EXACT, 0.0, 0.0, 1.0, 0.0)
IDEAL_LOCALIZATION = LocalizationPart(IDEAL, inf, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class SensorParts:
    """Every part of a sensor file by its name, with the ideal ones."""

    imus: dict[str, ImuPart]
    localizations: dict[str, LocalizationPart]

    @classmethod
    def parse(cls, text: str) -> SensorParts:
        """Read the TOML text of a sensor file.

        Raises:
            ValueError: A value is missing, unknown, negative or not finite, or a name is taken twice.
        """
        tables = tomllib.loads(text)
        return cls(
            imus=_parts(tables, "imu", _imu, IDEAL_IMU),
            localizations=_parts(tables, "localization", _localization, IDEAL_LOCALIZATION),
        )


def _parts(
    tables: dict[str, Any], kind: str, read: Callable[[str, dict[str, Any]], _Part], ideal: _Part
) -> dict[str, _Part]:
    """All parts of a kind, the ideal one first."""
    listed = tables.get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(part, dict) for part in listed):
        raise ValueError(f"a sensor file lists its parts as [[{kind}]] tables; '{kind}' is something else here")
    parts = {IDEAL: ideal}
    for index, table in enumerate(listed):
        name = table.get("name")
        if not isinstance(name, str) or not isinstance(table.get("source"), str):
            raise ValueError(f"[[{kind}]] number {index + 1} needs a 'name', and a 'source' of its figures")
        if name in parts:
            raise ValueError(f"{kind} {name!r} is there twice: give one of them another name")
        figures = {key: value for key, value in table.items() if key not in ("name", "about", "source")}
        parts[name] = read(name, figures)
        if figures:
            raise ValueError(f"{kind} {name!r}: nobody knows the key {next(iter(figures))!r}; take it out")
    return parts


def _imu(name: str, figures: dict[str, Any]) -> ImuPart:
    def take(key: str, least: float = 0.0) -> float:
        return _number(f"imu {name!r}", figures, key, least)

    def triad(prefix: str) -> InertialSensor:
        keys = [field.name for field in fields(InertialSensor)]
        above = {"correlation_time", "range"}
        return InertialSensor(*(take(f"{prefix}_{key}", 1e-9 if key in above else 0.0) for key in keys))

    part = ImuPart(
        name, take("rate", 1e-3), take("delay"), triad("gyro"), triad("accelerometer"), take("level_static"),
        take("level_dynamic"), take("level_correlation_time", 1e-9), take("heading_alignment"),
    )  # fmt: skip
    if part.level_dynamic < part.level_static:
        raise ValueError(
            f"imu {name!r}: level_dynamic is all of the error of roll and pitch, so it is at least level_static "
            f"({part.level_static:g}), not {part.level_dynamic:g}"
        )
    return part


def _localization(name: str, figures: dict[str, Any]) -> LocalizationPart:
    above = {"rate": 1e-3, "wander_time": 1e-9}
    keys = [field.name for field in fields(LocalizationPart)][1:]
    values = [_number(f"localization {name!r}", figures, key, above.get(key, 0.0)) for key in keys]
    return LocalizationPart(name, *values)


def _number(part: str, figures: dict[str, Any], key: str, least: float) -> float:
    """Take a figure out of those of a part: finite, and not below the least."""
    value = figures.pop(key, None)
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value) or value < least:
        raise ValueError(f"{part}: {key} must be a number of at least {least:g}, not {value!r}")
    return float(value)


_Scaled = TypeVar("_Scaled", InertialSensor, ImuPart, LocalizationPart)


def _multiplied(part: _Scaled, keys: tuple[str, ...], factor: float) -> _Scaled:
    """The same with some of its figures multiplied."""
    return replace(part, **{key: factor * getattr(part, key) for key in keys})
