"""What the whole body should do at one tick: the reference that balance and walking hand to the whole-body layer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(slots=True)
class WantedFoot:
    """One foot, in the world.

    Attributes:
        stands: Whether it bears on the ground; otherwise it follows the motion below.
        load_min: Least normal force [N].
        load_max: Greatest normal force [N].
        position: Middle of the sole, shape (3,) [m].
        velocity: Shape (3,) [m/s].
        acceleration: Shape (3,) [m/s²].
        rotation: Axes of the sole as columns, shape (3, 3).
        due: A foot that does not bear yet is to touch the ground from now on.
        spin: Angular velocity of the sole about the vertical [rad/s].
    """

    stands: bool = True
    load_min: float = 0.0
    load_max: float = 2000.0
    position: Array = field(default_factory=lambda: np.zeros(3))
    velocity: Array = field(default_factory=lambda: np.zeros(3))
    acceleration: Array = field(default_factory=lambda: np.zeros(3))
    rotation: Array = field(default_factory=lambda: np.eye(3))
    due: bool = False
    spin: float = 0.0


@dataclass(slots=True)
class WantedHand:
    """One hand, in the world.

    Attributes:
        position: Centre of the grip, shape (3,) [m].
        velocity: Shape (3,) [m/s].
        rotation: Axes of the grip as columns, shape (3, 3); None to leave it free.
        spin: Its angular velocity, shape (3,) [rad/s].
    """

    position: Array
    velocity: Array
    rotation: Array | None = None
    spin: Array = field(default_factory=lambda: np.zeros(3))


@dataclass(slots=True)
class Wanted:
    """The whole body, in the world.

    Attributes:
        com_acceleration: Of the centre of mass, x and y, shape (2,) [m/s²].
        pelvis_height: Origin of the pelvis [m].
        pelvis_velocity: Of it, upward [m/s].
        pelvis_acceleration: Of it, upward [m/s²].
        pelvis_rotation: Axes as columns, shape (3, 3).
        torso_rotation: Axes as columns, shape (3, 3).
        torso_velocity: How that turns, shape (3,) [rad/s].
        feet: Left and right.
        hands: Left and right; None to let it hang.
    """

    com_acceleration: Array = field(default_factory=lambda: np.zeros(2))
    pelvis_height: float = 0.0
    pelvis_velocity: float = 0.0
    pelvis_acceleration: float = 0.0
    pelvis_rotation: Array = field(default_factory=lambda: np.eye(3))
    torso_rotation: Array = field(default_factory=lambda: np.eye(3))
    torso_velocity: Array = field(default_factory=lambda: np.zeros(3))
    feet: tuple[WantedFoot, WantedFoot] = field(default_factory=lambda: (WantedFoot(), WantedFoot()))
    hands: list[WantedHand | None] = field(default_factory=lambda: [None, None])
