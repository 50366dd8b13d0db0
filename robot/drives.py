"""The joint drives as data: which class of drive moves which joint, and what it is like."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DriveTable:
    """Properties of every joint's drive, arrays of shape (n,) in the order of the joints.

    Attributes:
        rotor_inertia: Reflected through the gear, about the joint axis [kg·m²].
        coulomb_friction: [Nm].
        viscous_friction: [Nm·s/rad].
        knee: Share of the speed limit up to which the full torque is available [1].
        stiffness: Impedance for standing at ease [Nm/rad].
        damping: The same [Nm·s/rad].
    """

    rotor_inertia: Array
    coulomb_friction: Array
    viscous_friction: Array
    knee: Array
    stiffness: Array
    damping: Array

    @classmethod
    def parse(cls, text: str, joints: Sequence[str]) -> DriveTable:
        """Read the TOML text of a drive file for a body with these joints.

        Raises:
            ValueError: A joint has no drive, or two; or a value is missing, negative or not finite.
        """
        classes = _classes(text)
        keys = [field.name for field in fields(cls)]
        columns: dict[str, list[float]] = {key: [] for key in keys}
        for joint in joints:
            matching = [c for c in classes if any(fnmatchcase(joint, pattern) for pattern in c["joints"])]
            if len(matching) != 1:
                found = ", ".join(str(c["name"]) for c in matching) or "none"
                raise ValueError(
                    f"joint {joint!r} needs exactly one drive class, found {found}; see its 'joints' patterns"
                )
            for key in keys:
                columns[key].append(_number(matching[0], key))
        return cls(**{key: np.array(values) for key, values in columns.items()})


def _classes(text: str) -> list[dict[str, Any]]:
    """The drive classes of a file, each with a name and patterns of joints."""
    classes = tomllib.loads(text).get("drive")
    if not isinstance(classes, list) or not all(isinstance(c, dict) for c in classes):
        raise ValueError("a drive file is a list of [[drive]] tables; this one has none")
    for index, drive in enumerate(classes):
        patterns = drive.get("joints")
        if not isinstance(drive.get("name"), str):
            raise ValueError(f"[[drive]] number {index + 1} needs a 'name'")
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
            raise ValueError(f"drive {drive['name']!r}: 'joints' must be a list of name patterns, not {patterns!r}")
    return classes


def _number(drive: dict[str, Any], key: str) -> float:
    """A property of a drive: finite, not negative, and a knee below the speed limit itself."""
    value = drive.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool) or not np.isfinite(value) or value < 0:
        raise ValueError(f"drive {drive['name']!r}: {key} must be a number of at least 0, not {value!r}")
    if key == "knee" and value >= 1:
        raise ValueError(f"drive {drive['name']!r}: knee is a share of the speed limit below 1, not {value!r}")
    return float(value)
