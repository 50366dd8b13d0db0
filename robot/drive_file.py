"""The file of drives: its tables, the bounds of its values, and which drive belongs to which joint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from typing import Any

from robot import parameter_file

_POSITIVE = {
    "gear_ratio", "torque_bandwidth", "encoder_counts", "velocity_bandwidth", "motor_constant", "winding_capacity",
    "winding_resistance", "housing_capacity", "housing_resistance", "position_range", "velocity_range", "torque_range",
    "stiffness_range", "damping_range",
}  # fmt: skip
"""Properties by which the law divides."""
_FRAME = ("position_bits", "velocity_bits", "torque_bits", "stiffness_bits", "damping_bits")
_THERMAL = ("ambient", "reference", "copper")


@dataclass(frozen=True, slots=True)
class DriveFile:
    """What stands in a drive file: the tables [frame] and [thermal], and each [[drive]]."""

    frame: dict[str, int]
    thermal: dict[str, float]
    drives: tuple[Mapping[str, Any], ...]


def read(text: str) -> DriveFile:
    """Read a drive file.

    Raises:
        ValueError: It is no TOML, a table is missing or unknown, or a value of [frame] or [thermal] makes no sense.
    """
    document = parameter_file.parse(text, "drive file")
    drives = document.get("drive")
    if not isinstance(drives, list) or not all(isinstance(drive, dict) for drive in drives):
        raise ValueError("a drive file is a list of [[drive]] tables; this one has none")
    for index, drive in enumerate(drives):
        patterns = drive.get("joints")
        if not isinstance(drive.get("name"), str):
            raise ValueError(f"[[drive]] number {index + 1} needs a 'name'")
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
            raise ValueError(f"drive {drive['name']!r}: 'joints' must be a list of name patterns, not {patterns!r}")
    file = DriveFile(_frame(_table(document, "frame")), _thermal(_table(document, "thermal")), tuple(drives))
    parameter_file.require_known(document, "drive file")
    return file


def drive_of(joint: str, drives: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one drive whose patterns match a joint.

    Raises:
        ValueError: None does, or several do.
    """
    matching = [drive for drive in drives if any(fnmatchcase(joint, pattern) for pattern in drive["joints"])]
    if len(matching) != 1:
        found = ", ".join(str(drive["name"]) for drive in matching) or "none"
        raise ValueError(f"joint {joint!r} needs exactly one drive class, found {found}; see its 'joints' patterns")
    return matching[0]


def number(drive: Mapping[str, Any], key: str) -> float:
    """A property of a drive within its bounds.

    Raises:
        ValueError: It is missing, no finite number, or out of bounds.
    """
    value, name = drive.get(key), drive["name"]
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value) or value < 0.0:
        raise ValueError(f"drive {name!r}: {key} must be a number of at least 0, not {value!r}")
    if key in _POSITIVE and value == 0.0:
        raise ValueError(f"drive {name!r}: {key} must be above 0")
    if key == "knee" and value >= 1.0:
        raise ValueError(f"drive {name!r}: knee is a share of the speed limit below 1, not {value!r}")
    return float(value)


def check_derating(drive: Mapping[str, Any], ambient: float) -> None:
    """Refuse a drive that is too hot at rest, or whose derating ends before it begins.

    Raises:
        ValueError: It is so.
    """
    begin, end = number(drive, "derating_begin"), number(drive, "derating_end")
    if not ambient < begin < end:
        raise ValueError(
            f"drive {drive['name']!r}: the air is at {ambient:g} °C, derating begins at {begin:g} °C and ends at "
            f"{end:g} °C; these must rise in this order"
        )


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name)
    if not isinstance(table, dict):
        raise ValueError(f"a drive file needs a table [{name}]")
    return table


def _frame(table: Mapping[str, Any]) -> dict[str, int]:
    for key in _FRAME:
        bits = table.get(key)
        if not isinstance(bits, int) or isinstance(bits, bool) or not 2 <= bits <= 32:
            raise ValueError(f"[frame]: {key} must be a whole number from 2 to 32, not {bits!r}")
    return {key: table[key] for key in _FRAME}


def _thermal(table: Mapping[str, Any]) -> dict[str, float]:
    for key in _THERMAL:
        value = table.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
            raise ValueError(f"[thermal]: {key} must be a finite number, not {value!r}")
    if table["copper"] < 0.0:
        raise ValueError(f"[thermal]: copper must be a number of at least 0, not {table['copper']!r}")
    return {key: float(table[key]) for key in _THERMAL}
