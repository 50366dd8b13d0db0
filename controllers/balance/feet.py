"""Where the soles are, and the frame between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2

import numpy as np
from numpy.typing import NDArray

from controllers.rotation import wrap

Array = NDArray[np.float64]
Walk = tuple[float, float, float]
"""Velocity forward and to the left [m/s], and of turning to the left [rad/s]."""
Pose = tuple[float, float, float]
"""Place on the ground [m] and heading [rad]."""


@dataclass(slots=True)
class FootPlace:
    """Where a sole is in the world: middle (3,) [m] and heading [rad]."""

    position: Array
    heading: float


Feet = tuple[FootPlace, FootPlace]
"""Left and right."""


def heading_of(rotation: Array) -> float:
    """Heading of a sole or a pelvis: of its x axis on the ground [rad]."""
    return atan2(rotation[1, 0], rotation[0, 0])


def between(feet: Feet) -> float:
    """The heading between those of both feet [rad]."""
    return feet[0].heading + 0.5 * wrap(feet[1].heading - feet[0].heading)


def middle(feet: Feet) -> Array:
    """The point between both soles, shape (3,) [m]."""
    point: Array = 0.5 * (feet[0].position + feet[1].position)
    return point
