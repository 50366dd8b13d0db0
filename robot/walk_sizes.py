"""How a body's size sets its steps: against a body with legs of 0.67 m, by Froude's law, or as its file tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

LEG, SOLE_HALF, MASS = 0.67, (0.102, 0.06), 44.8
"""The body for which steps are set: its leg [m], half the length and half the width of its sole [m], its mass [kg]."""
TOLD = (
    "width", "step_width_min", "step_width_max", "step_length_max", "clearance", "swing_time", "lift_height",
    "walk_drop",
)  # fmt: skip
"""What of a walk a file may tell by itself; `controllers/balance` says what each one means."""
_RATIOS = ("scale", "load")


@dataclass(frozen=True, slots=True)
class WalkSizes:
    """A body's size.

    Attributes:
        scale: Of its legs: lengths of steps go with it, times and speeds with its root [1].
        load: Of its weight [1].
        sole: Of the length and of the width of its soles [1].
        apart: Distance of the soles when it stands at ease [m].
        told: What its file tells of a walk; the keys are some of `TOLD`.
    """

    scale: float
    load: float
    sole: tuple[float, float]
    apart: float
    told: Mapping[str, float]

    @classmethod
    def of(
        cls, table: Mapping[str, Any], leg: float, apart: float, sole_half: tuple[float, float], mass: float
    ) -> WalkSizes:
        """From a [walk] table, and from what is measured where it tells nothing.

        Args:
            table: Some of `scale`, `load` and `TOLD`.
            leg: From the hip's axis to the sole, the leg stretched [m].
            apart: Distance of the soles when it stands at ease [m].
            sole_half: Half the length and half the width of a sole [m].
            mass: Of the body [kg].

        Raises:
            ValueError: The table has an unknown key, or a value that is no positive number.
        """
        known = (*_RATIOS, *TOLD)
        for key, value in table.items():
            if key not in known:
                raise ValueError(f"body file: [walk]: there is no key {key!r}; there are {', '.join(known)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0.0:
                raise ValueError(f"body file: [walk] {key} must be a number above zero, not {value!r}")
        length, width = (half / usual for half, usual in zip(sole_half, SOLE_HALF, strict=True))
        told = {key: float(table[key]) for key in TOLD if key in table}
        scale, load = float(table.get("scale", leg / LEG)), float(table.get("load", mass / MASS))
        return cls(scale, load, (length, width), apart, told)
