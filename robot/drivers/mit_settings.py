"""What must be set in a drive of the MIT family for its frames to mean what the dialect file says."""

from __future__ import annotations

from robot.drivers.codec import Setting
from robot.drivers.dialect import DriveModel, RegisterScheme
from robot.drivers.ranges import NUMBERS, UNITS, Range

_UNITS = {"watchdog": "s", "control_mode": ""}
_SINGLE = 1e-6
"""Relative error of a number of single precision, and some."""


def settings_of(model: DriveModel, scheme: RegisterScheme | None) -> dict[str, Setting]:
    """The settings that a model must have, by the name of their register.

    Raises:
        ValueError: A register holds both ends of a range, and the range is not from -x to x, or from 0 to x.
    """
    if scheme is None:
        return {}
    settings = {}
    for name, register in scheme.table.items():
        expected = register.required if register.required is not None else _end_of(model, name)
        if expected is not None:
            unit = UNITS.get(name.removesuffix("_low").removesuffix("_high"), _UNITS.get(name, ""))
            place, tolerance = f"register {register.address:#x}", max(_SINGLE * abs(expected), 0.5 * register.unit)
            if register.type == "float":
                tolerance = _SINGLE * max(abs(expected), 1.0)
            settings[name] = Setting(expected, unit, place, tolerance)
    return settings


def _end_of(model: DriveModel, name: str) -> float | None:
    """The end of a range that a register of this name holds; None if it holds something else."""
    for number, span in zip(NUMBERS, model.command, strict=True):
        if name == number:
            return _only_end(model, number, span)
        if name == f"{number}_low":
            return span.low
        if name == f"{number}_high":
            return span.high
    return None


def _only_end(model: DriveModel, number: str, span: Range) -> float:
    if span.low not in (-span.high, 0.0):
        raise ValueError(
            f"drive model {model.title}: its {number} range is {span}, but the drive keeps one number for both ends; "
            f"write one number"
        )
    return span.high
