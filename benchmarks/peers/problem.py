"""The problem that every library solves: seven tasks of a standing body that squats, sways and reaches.

NumPy alone is needed here, since every library has an environment of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PERIOD = 0.002
"""Time of a tick [s]."""
TICKS = 2000

FEET = ("left_sole", "right_sole")
TORSO = "torso_link"
HANDS = ("left_grip_frame", "right_grip_frame")
FRAMES = (*FEET, TORSO, *HANDS)
"""Frames in the order of every array."""
COSTS = {
    "left_sole": (30.0, 10.0),
    "right_sole": (30.0, 10.0),
    "torso_link": (0.0, 5.0),
    "left_grip_frame": (20.0, 2.0),
    "right_grip_frame": (20.0, 2.0),
}
"""Cost of an error of each frame's position [1/m] and orientation [1/rad]; its square counts."""
COM_COST = 20.0
"""Cost of an error of the centre of mass [1/m]."""
POSTURE_COST = 0.1
"""Cost of leaving the posture, every joint alike [1/rad]."""

_POSTURE = {
    "hip_pitch": -0.45,
    "knee": 0.9,
    "ankle_pitch": -0.45,
    "shoulder_pitch": -0.2,
    "elbow": -1.2,
}
"""Joint angles of the stance, both sides; all others as near to zero as their limits allow [rad]."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Body, start and targets, in the world frame.

    Attributes:
        urdf: Text of the body's URDF without visuals and collision shapes.
        joints: Names of the n joints, in the order of every array.
        lower: Position limits, shape (n,) [rad].
        upper: [rad].
        velocity: Velocity limits, shape (n,) [rad/s].
        base: Start of the pelvis: position [m] and quaternion x y z w, shape (7,).
        posture: Start of the joints, and what they prefer, shape (n,) [rad].
        positions: Target of each frame's origin in each tick, shape (T, 5, 3) [m].
        rotations: Target of each frame's axes, the same in all ticks, shape (5, 3, 3).
        com: Target of the centre of mass in each tick, shape (T, 3) [m].
    """

    urdf: str
    joints: tuple[str, ...]
    lower: Array
    upper: Array
    velocity: Array
    base: Array
    posture: Array
    positions: Array
    rotations: Array
    com: Array

    def save(self, file: Path) -> None:
        """Write it for a worker."""
        content: dict[str, Any] = asdict(self)
        np.savez(file, **content)

    @classmethod
    def load(cls, file: Path) -> Problem:
        """Read what `save` has written."""
        with np.load(file) as content:
            arrays = {name: content[name] for name in content.files}
        return cls(**{**arrays, "urdf": str(arrays["urdf"]), "joints": tuple(str(name) for name in arrays["joints"])})


def stance(joints: tuple[str, ...], lower: Array, upper: Array) -> Array:
    """Joint angles of the start, shape (n,) [rad], knees and elbows bent."""
    wanted = [
        next((angle for part, angle in _POSTURE.items() if f"_{part}_joint" in f"_{name}"), 0.0) for name in joints
    ]
    return np.clip(wanted, lower + 0.05, upper - 0.05)


def moved(positions: Array, com: Array) -> tuple[Array, Array]:
    """Targets of every tick from those of the start: the feet stay, CoM and hands go their ways and come back.

    Args:
        positions: Of the frames at the start, shape (5, 3) [m].
        com: At the start, shape (3,) [m].

    Returns:
        Positions, shape (T, 5, 3), and centre of mass, shape (T, 3) [m].
    """
    phase = 2.0 * np.pi * np.arange(1, TICKS + 1) / TICKS
    dip, sway = 0.5 * (1.0 - np.cos(phase)), np.sin(phase) * 0.5 * (1.0 - np.cos(phase))
    coms = com + np.stack((0.01 * dip, 0.03 * sway, -0.07 * dip), axis=1)
    places = np.repeat(positions[None], TICKS, axis=0)
    for side, hand in ((1.0, FRAMES.index(HANDS[0])), (-1.0, FRAMES.index(HANDS[1]))):
        places[:, hand] += np.stack((0.08 * dip, 0.04 * side * sway, 0.06 * np.sin(2.0 * phase) * dip), axis=1)
    return places, coms
