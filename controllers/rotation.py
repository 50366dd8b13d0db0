"""Rotations as plain matrices; small enough that a library call would cost more than the arithmetic."""

from __future__ import annotations

from math import cos, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def rotation_about(axis: Array, angle: float) -> Array:
    """Rotation matrix about a unit axis, shape (3, 3) (Rodrigues)."""
    x, y, z = axis.tolist()
    c, s = cos(angle), sin(angle)
    k = 1.0 - c
    return np.array(
        (
            (c + k * x * x, k * x * y - s * z, k * x * z + s * y),
            (k * x * y + s * z, c + k * y * y, k * y * z - s * x),
            (k * x * z - s * y, k * y * z + s * x, c + k * z * z),
        )
    )


def matrix_from_quaternion(quaternion: Array) -> Array:
    """Rotation matrix of a unit quaternion x, y, z, w, shape (3, 3)."""
    x, y, z, w = quaternion.tolist()
    return np.array(
        (
            (1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - z * w), 2.0 * (x * z + y * w)),
            (2.0 * (x * y + z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - x * w)),
            (2.0 * (x * z - y * w), 2.0 * (y * z + x * w), 1.0 - 2.0 * (x * x + y * y)),
        )
    )


def from_angles(roll: float, pitch: float, yaw: float) -> Array:
    """Axes that are turned by yaw, then pitch, then roll about their own axes, shape (3, 3)."""
    cr, sr, cp, sp, cy, sy = cos(roll), sin(roll), cos(pitch), sin(pitch), cos(yaw), sin(yaw)
    return np.array(
        (
            (cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr),
            (sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr),
            (-sp, cp * sr, cp * cr),
        )
    )


def wrap(angle: float) -> float:
    """The same angle in -pi..pi [rad]."""
    return (angle + np.pi) % (2.0 * np.pi) - np.pi
