"""A pinhole camera and its homography to the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pybullet
from numpy.typing import NDArray

Homography = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera is and how it projects.

    Attributes:
        view: World to camera, 16 numbers, column-major as in OpenGL.
        projection: Camera to clip space, likewise.
        ahead: Direction of looking in the world, shape (3,).
        eye: Where the camera is in the world, above the ground, shape (3,) [m].
    """

    view: tuple[float, ...]
    projection: tuple[float, ...]
    ahead: NDArray[np.float64]
    eye: NDArray[np.float64]

    @classmethod
    def orbit(
        cls, target: Sequence[float], distance: float, yaw: float, pitch: float, field: float, aspect: float
    ) -> View:
        """Look at a point from a distance [m].

        Args:
            target: Point in the world, shape (3,) [m].
            distance: From the camera to the target [m].
            yaw: Direction of looking, from the world's x axis towards its y axis [rad].
            pitch: How far below the horizon the camera looks [rad].
            field: Angle of view from the lower to the upper edge [rad].
            aspect: Width over height of the picture.
        """
        ahead = np.array((np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), -np.sin(pitch)))
        eye = np.asarray(target) - distance * ahead
        view = pybullet.computeViewMatrix(eye.tolist(), list(target), (0.0, 0.0, 1.0))
        near, far = 0.1 * distance, 4.0 * distance + 60.0
        projection = pybullet.computeProjectionMatrixFOV(np.degrees(field), aspect, near, far)
        return cls(view, projection, ahead, eye)

    def ground_to_pixel(self, size: tuple[int, int], level: float = 0.0) -> Homography:
        """From (x, y, 1) on ground at a level [m] to (column, row, 1)·depth of pixel centres, depth in m."""
        clip = np.reshape(self.projection, (4, 4)).T @ np.reshape(self.view, (4, 4)).T
        width, height = size
        centre = np.array(((width / 2, 0.0, (width - 1) / 2), (0.0, -height / 2, (height - 1) / 2), (0.0, 0.0, 1.0)))
        clip[:, 3] += level * clip[:, 2]
        homography: Homography = centre @ clip[np.ix_((0, 1, 3), (0, 1, 3))]
        return homography
