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
        classes: list[dict[str, Any]] = tomllib.loads(text)["drive"]
        keys = [field.name for field in fields(cls)]
        columns: dict[str, list[float]] = {key: [] for key in keys}
        for joint in joints:
            matching = [c for c in classes if any(fnmatchcase(joint, pattern) for pattern in c["joints"])]
            if len(matching) != 1:
                found = ", ".join(c["name"] for c in matching) or "none"
                raise ValueError(
                    f"joint {joint!r} needs exactly one drive class, found {found}; see its 'joints' patterns"
                )
            for key in keys:
                value = matching[0].get(key)
                if not isinstance(value, int | float) or not np.isfinite(value) or value < 0:
                    raise ValueError(
                        f"drive {matching[0]['name']!r}: {key} must be a number of at least 0, not {value!r}"
                    )
                columns[key].append(float(value))
        return cls(**{key: np.array(values) for key, values in columns.items()})
