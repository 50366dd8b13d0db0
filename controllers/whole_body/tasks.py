"""What can be asked of the whole body's inverse kinematics, and what is told about how it was served."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FrameTask:
    """A frame that should be somewhere. With a great weight, or first, and a target that stays: a contact.

    Attributes:
        index: Which frame of the kinematics.
        position_weight: Cost of a position error [1/m]; one for all, or one along each axis of the root (held base) or
            the world (free base), shape (3,).
        rotation_weight: Cost of an orientation error [1/rad], likewise.
        axis: When given, only this axis of the frame (a unit vector in the frame, shape (3,)) has to point the right
            way and the frame may turn about it; otherwise the whole orientation counts.
        first: Whether it goes before all tasks that are not first, whatever their weights.
    """

    index: int
    position_weight: float | Array
    rotation_weight: float | Array
    axis: Array | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class ComTask:
    """The centre of mass should be somewhere.

    Attributes:
        weight: Cost of an error [1/m], one for all axes or shape (3,).
        first: Whether it goes before all tasks that are not first.
    """

    weight: float | Array
    first: bool = False


@dataclass(frozen=True, slots=True)
class MomentumTask:
    """The angular momentum about the centre of mass should have a value.

    Attributes:
        weight: Cost of an error [1/(N·m·s)], one for all axes or shape (3,).
        first: Whether it goes before all tasks that are not first.
    """

    weight: float | Array
    first: bool = False


class Verdict(Enum):
    """How a task is served."""

    SERVED = "served"
    """Within the tolerance."""
    UNDERWAY = "underway"
    """Not yet; this step brings it nearer."""
    LIMITED = "limited"
    """It stays where it is, and joints at their position limits would bring it nearer."""
    OUT_OF_REACH = "out of reach"
    """It stays where it is: the limb is stretched, or other tasks weigh more."""


@dataclass(frozen=True, slots=True)
class Service:
    """How a task is served, before the last step.

    Attributes:
        verdict: In one word.
        distance: Position error [m], error of the momentum [N·m·s].
        turn: Orientation error [rad]; 0 for tasks without orientation.
        joints: Names of the joints whose limits keep it from its target: of position when it is limited, of velocity
            when it is underway.
    """

    verdict: Verdict
    distance: float
    turn: float
    joints: tuple[str, ...]
