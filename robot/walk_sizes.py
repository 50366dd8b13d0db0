"""How a body's size sets its steps: lengths, times and loads of a walk, told or derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite, sqrt
from typing import Any


@dataclass(frozen=True, slots=True)
class WalkSizes:
    """What of a walk depends on the body.

    Attributes:
        width: Distance of the soles' middles from side to side [m].
        width_min: Least one [m].
        width_max: Greatest one [m].
        length_max: From one foot to the other, forward and back [m].
        clearance: Height of the sole at the top of its swing [m].
        swing_time: A foot in the air [s].
        pressure_length: How far the weight may act from the middle of the sole, forward and back [m].
        pressure_width: To either side [m].
        catch_length_max: As `length_max`, of a step that catches a push [m].
        catch_clearance: [m].
        catch_time: Swing of such a step [s].
        catch_pressure_length: [m].
        catch_pressure_width: [m].
        lift_height: Of the sole of a lifted foot [m].
        drop: How much lower the pelvis is while walking [m].
        release: Load on a foot from which it is let go at the start of its lift-off [N].
    """

    width: float
    width_min: float
    width_max: float
    length_max: float
    clearance: float
    swing_time: float
    pressure_length: float
    pressure_width: float
    catch_length_max: float
    catch_clearance: float
    catch_time: float
    catch_pressure_length: float
    catch_pressure_width: float
    lift_height: float
    drop: float
    release: float

    @classmethod
    def of(
        cls, told: Mapping[str, Any], leg: float, apart: float, sole_half: tuple[float, float], weight: float
    ) -> WalkSizes:
        """What a [walk] table tells, the rest by Froude's law: lengths go with the leg, times with its root.

        The figures are those of a body with legs of 0.67 m, soles of 0.204 m by 0.12 m.

        Args:
            told: The table.
            leg: From the hip's axis to the sole, the leg stretched [m].
            apart: Distance of the soles when it stands at ease [m].
            sole_half: Half the length and half the width of a sole [m].
            weight: Of the body [N].

        Raises:
            ValueError: The table has an unknown key, or a value that is no positive number.
        """
        known = [field.name for field in fields(cls)]
        for key, value in told.items():
            if key not in known:
                raise ValueError(f"body file: [walk]: there is no key {key!r}; there are {', '.join(known)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0.0:
                raise ValueError(f"body file: [walk] {key} must be a number above zero, not {value!r}")
        scale = leg / 0.67
        half_length, half_width = sole_half
        derived = {
            "width": min(apart, 0.2 * scale),
            "width_min": min(apart, 0.2 * scale, 2.0 * half_width + 0.03 * scale),
            "width_max": min(apart, 0.2 * scale) + 0.22 * scale,
            "length_max": 0.45 * scale,
            "clearance": 0.06 * scale,
            "swing_time": 0.42 * sqrt(scale),
            "pressure_length": 0.69 * half_length,
            "pressure_width": 0.5 * half_width,
            "catch_length_max": 0.55 * scale,
            "catch_clearance": 0.045 * scale,
            "catch_time": 0.3 * sqrt(scale),
            "catch_pressure_length": 0.88 * half_length,
            "catch_pressure_width": 0.75 * half_width,
            "lift_height": 0.08 * scale,
            "drop": 0.03 * scale,
            "release": weight,
        }
        return cls(**{**derived, **{key: float(value) for key, value in told.items()}})
