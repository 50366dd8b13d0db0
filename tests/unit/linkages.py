"""Linkages for tests, and their geometry written out with matrices."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from robot.wiring import CrankRod, Linkage

Array = NDArray[np.float64]


def skewed() -> Linkage:
    """A linkage without any symmetry, so that no sign can hide."""
    return Linkage(
        "skewed",
        (
            CrankRod((0.01, 0.05, 0.18), 0.07, pi - 0.2, (-0.045, 0.03, 0.01)),
            CrankRod((-0.01, -0.04, 0.15), 0.06, pi + 0.15, (-0.05, -0.045, -0.01)),
        ),
    )


def parallelogram() -> Linkage:
    """Cranks as long as the anchors are behind the axis: in pure pitch the motors turn as the joint does."""
    return Linkage(
        "parallelogram",
        (
            CrankRod((0.0, 0.03, 0.2), 0.05, pi, (-0.05, 0.03, 0.0)),
            CrankRod((0.0, -0.03, 0.1), 0.05, pi, (-0.05, -0.03, 0.0)),
        ),
    )


def rod_length(crank: CrankRod, motor: float, pitch: float, roll: float) -> float:
    """Distance of a crank's pin from its anchor, by rotation matrices [m]."""
    angle = crank.angle + motor
    about_y = np.array([[cos(angle), 0.0, sin(angle)], [0.0, 1.0, 0.0], [-sin(angle), 0.0, cos(angle)]])
    pin = np.array(crank.centre) + about_y @ np.array([crank.radius, 0.0, 0.0])
    return float(np.linalg.norm(turned(pitch, roll) @ np.array(crank.anchor) - pin))


def turned(pitch: float, roll: float) -> Array:
    """Rotation of the platform."""
    about_y = np.array([[cos(pitch), 0.0, sin(pitch)], [0.0, 1.0, 0.0], [-sin(pitch), 0.0, cos(pitch)]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cos(roll), -sin(roll)], [0.0, sin(roll), cos(roll)]])
    return about_y @ about_x
