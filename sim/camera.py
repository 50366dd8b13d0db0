"""Pictures of a logged run, drawn by PyBullet's software renderer in a client of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pybullet
from numpy.typing import NDArray
from PIL import Image

from sim.backdrop import Shadow, backdrop
from sim.scene import Scene
from sim.urdf_source import UrdfSource
from sim.view import View

_FIELD = math.radians(32.0)
_LAMP_YAW, _LAMP_PITCH = math.radians(215.0), math.radians(58.0)
_LAMP_DISTANCE, _LAMP_FIELD, _LAMP_SIZE = 30.0, math.radians(7.5), (200, 200)
_LIGHT: dict[str, Any] = {
    "lightColor": (1.0, 1.0, 1.0),
    "lightAmbientCoeff": 0.48,
    "lightDiffuseCoeff": 0.54,
    "lightSpecularCoeff": 0.06,
    "shadow": 0,
    "renderer": pybullet.ER_TINY_RENDERER,
}


class Camera(Scene):
    """Draws robot, bicycle and course markers; a context manager."""

    def __init__(
        self,
        urdf_dir: Path,
        size: tuple[int, int] = (960, 540),
        oversampling: float = 1.25,
        *,
        robot: UrdfSource | None = None,
        bicycle: bool = True,
    ) -> None:
        """Load a robot, `humanoid.urdf` where none is named, and, when it is there and wanted, `bicycle.urdf`.

        Args:
            urdf_dir: Folder of the URDF files.
            size: Width and height of a frame [pixel].
            oversampling: The bodies are drawn so many times larger, then scaled down for smooth edges.
            robot: Another robot.
            bicycle: Whether there is a bicycle to be seen.

        Raises:
            FileNotFoundError: There is no humanoid.urdf.
        """
        super().__init__(urdf_dir, robot=robot, bicycle=bicycle)
        self._size = size
        self._fine_size = (round(size[0] * oversampling), round(size[1] * oversampling))
        self.follow((0.0, 0.0, 0.6), distance=3.2, yaw=2.4, pitch=0.2)

    def follow(
        self, target_xyz: Sequence[float], distance: float, yaw: float, pitch: float, ground: float = 0.0
    ) -> None:
        """Look at a point [m] from a distance [m].

        `yaw` is the direction of looking from the world's x axis towards its y axis, `pitch` how far below the horizon
        [rad], and `ground` the height of the ground there, on which shadows fall [m].
        """
        self._ground = ground
        self._view = View.orbit(target_xyz, distance, yaw, pitch, _FIELD, self._size[0] / self._size[1])
        self._lamp = View.orbit(target_xyz, _LAMP_DISTANCE, _LAMP_YAW, _LAMP_PITCH, _LAMP_FIELD, 1.0)
        # Half sun, half a light at the camera: what is seen is never all in the shade.
        self._light: list[float] = (-self._lamp.ahead - self._view.ahead).tolist()

    def frame(self) -> NDArray[np.uint8]:
        """The picture, shape (height, width, 3)."""
        pixels, bodies = self._draw(self._view, self._fine_size)
        path = np.isin(bodies, self._paths)
        terrain = np.isin(bodies, self._terrain)
        ground = self._cut_out(pixels, terrain) if self._terrain else None
        front = self._cut_out(pixels, (bodies >= 0) & ~path & ~terrain)
        behind = backdrop(
            self._size,
            self._view.ground_to_pixel(self._size),
            self._view.eye,
            self._shadow(),
            self._shrink(path.astype(np.float32), "F"),
            ground,
        )
        picture = behind.astype(np.uint8)
        shown = front[..., 3] > 0
        share = front[shown, 3:].astype(np.float32) / 255.0
        picture[shown] = np.minimum(front[shown, :3] + (1.0 - share) * behind[shown], 255.0)
        return picture

    def _draw(self, view: View, size: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Red, green, blue, opacity of each pixel, and the id of the body there or -1."""
        width, height, pixels, _, bodies = pybullet.getCameraImage(
            *size, view.view, view.projection, physicsClientId=self._client, lightDirection=self._light, **_LIGHT
        )
        return (
            np.array(pixels, dtype=np.uint8).reshape(height, width, 4),
            np.asarray(bodies, dtype=np.int32).reshape(height, width),
        )

    def _shadow(self) -> Shadow:
        _, bodies = self._draw(self._lamp, _LAMP_SIZE)
        covered = (bodies >= 0) & ~np.isin(bodies, self._paths + self._terrain)
        to_pixel = self._lamp.ground_to_pixel(_LAMP_SIZE, self._ground)
        return Shadow(covered.astype(np.float32), to_pixel, self._ground)

    def _cut_out(self, pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[Any]:
        """Some pixels of a fine picture as red, green, blue, opacity in the picture's size, colours times opacity."""
        own = pixels * mask[..., None]
        own[..., 3] = mask * np.uint8(255)
        return self._shrink(own, "RGBa")

    def _shrink(self, image: NDArray[Any], mode: str) -> NDArray[Any]:
        fine = Image.frombuffer(mode, self._fine_size, np.ascontiguousarray(image), "raw", mode, 0, 1)
        return np.asarray(fine.resize(self._size, Image.Resampling.HAMMING))
