"""Pictures of a logged run, drawn by PyBullet's software renderer in a client of their own."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pybullet
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from sim.backdrop import Shadow, backdrop
from sim.ground import Ground
from sim.ground_mesh import ground_meshes
from sim.markers import ribbon, write_cone_urdf
from sim.mesh import rounded_box, rounded_cylinder
from sim.relief import relief
from sim.silence import silence
from sim.standing import Pillar, Standing
from sim.terrain import Terrain
from sim.urdf_source import UrdfSource
from sim.view import View
from sim.visual_urdf import write_visual_urdf

JointPositions = Mapping[str, float] | tuple[Sequence[str], ArrayLike]
"""Angle [rad] of each joint by name, or names and an array of the same length."""

_FIELD = math.radians(32.0)
_LAMP_YAW, _LAMP_PITCH = math.radians(215.0), math.radians(58.0)
_LAMP_DISTANCE, _LAMP_FIELD, _LAMP_SIZE = 30.0, math.radians(7.5), (200, 200)
_STONE = (0.86, 0.80, 0.69, 1.0), (0.76, 0.70, 0.60, 1.0)
_SLIPPERY = (0.74, 0.88, 0.97, 1.0), (0.66, 0.81, 0.92, 1.0)
"""Red, green, blue and opacity of the stripes of the terrain."""
_GROUND_SHADES = (0.74, 0.75, 0.76, 1.0), (0.67, 0.69, 0.71, 1.0), (0.80, 0.80, 0.79, 1.0)
"""The same of tiles and blocks."""
_BARREL, _WALL = (0.95, 0.45, 0.10, 1.0), (0.72, 0.42, 0.34, 1.0)
"""The same of pillars and walls."""
_WIDEST_BAND = 1.0
_LONGEST_EDGE = 0.5
"""Of a triangle of the terrain [m]."""
_LIGHT: dict[str, Any] = {
    "lightColor": (1.0, 1.0, 1.0),
    "lightAmbientCoeff": 0.48,
    "lightDiffuseCoeff": 0.54,
    "lightSpecularCoeff": 0.06,
    "shadow": 0,
    "renderer": pybullet.ER_TINY_RENDERER,
}


class Camera:
    """Draws robot, bicycle and course markers; a context manager.

    Poses are those of URDF link frames in the world: position [m], orientation as a unit quaternion x, y, z, w.
    """

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
        self._size = size
        self._fine_size = (round(size[0] * oversampling), round(size[1] * oversampling))
        with contextlib.ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="draisine-camera-")))
            with silence():
                self._client: int = pybullet.connect(pybullet.DIRECT)
            stack.callback(pybullet.disconnect, physicsClientId=self._client)
            self._robot = _Body(write_visual_urdf(robot or urdf_dir / "humanoid.urdf", self._folder), self._client)
            file = urdf_dir / "bicycle.urdf"
            there = bicycle and file.exists()
            self._bicycle = _Body(write_visual_urdf(file, self._folder), self._client) if there else None
            self._exit = stack.pop_all()
        self._cone: Path | None = None
        self._stood = 0
        self._paths: list[int] = []
        self._terrain: list[int] = []
        self.follow((0.0, 0.0, 0.6), distance=3.2, yaw=2.4, pitch=0.2)

    def set_pose(
        self,
        robot_base_position: ArrayLike,
        robot_base_orientation_xyzw: ArrayLike,
        robot_joint_position: JointPositions,
        bicycle_base_position: ArrayLike | None = None,
        bicycle_base_orientation_xyzw: ArrayLike | None = None,
        bicycle_joint_position: JointPositions | None = None,
    ) -> None:
        """Place the robot's pelvis frame and the bicycle's frame, and turn the joints named; others stay.

        Raises:
            ValueError: A joint is unknown.
        """
        self._robot.place(robot_base_position, robot_base_orientation_xyzw)
        self._robot.turn(robot_joint_position)
        if self._bicycle is None:
            return
        if bicycle_base_position is not None and bicycle_base_orientation_xyzw is not None:
            self._bicycle.place(bicycle_base_position, bicycle_base_orientation_xyzw)
        if bicycle_joint_position is not None:
            self._bicycle.turn(bicycle_joint_position)

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

    def add_cones(self, positions: ArrayLike) -> None:
        """Stand cones at points (x, y) of the ground, shape (n, 2) [m]."""
        if self._cone is None:
            self._cone = write_cone_urdf(self._folder)
        for x, y in np.asarray(positions, dtype=np.float64)[:, :2].tolist():
            with silence():
                pybullet.loadURDF(str(self._cone), (x, y, 0.0), physicsClientId=self._client)

    def add_standing(self, thing: Standing) -> None:
        """Stand a pillar or a wall on the ground."""
        path = self._folder / f"standing_{self._stood}.obj"
        self._stood += 1
        if isinstance(thing, Pillar):
            rounded_cylinder(thing.radius, thing.height).write_obj(path)
            body, heading = self._add_mesh(path, _BARREL), 0.0
        else:
            rounded_box(thing.length, thing.thickness, thing.height).split(_LONGEST_EDGE).write_obj(path)
            body, heading = self._add_mesh(path, _WALL), thing.heading
        pybullet.resetBasePositionAndOrientation(
            body, (*thing.middle, 0.5 * thing.height), (0.0, 0.0, math.sin(0.5 * heading), math.cos(0.5 * heading)),
            physicsClientId=self._client,
        )  # fmt: skip

    def add_path(self, points: ArrayLike, width: float = 0.04) -> None:
        """Draw a ribbon on the ground along points, shape (n, 2) or with their heights (n, 3), `width` wide [m]."""
        path = self._folder / f"path_{len(self._paths)}.obj"
        ribbon(np.asarray(points, dtype=np.float64), width).write_obj(path)
        self._paths.append(self._add_mesh(path, None))

    def add_terrain(self, terrain: Terrain) -> None:
        """Draw what lies on the plain, striped across, so that its shape can be seen; bluish where it is slippery."""
        for number, strip in enumerate(terrain.strips):
            shades = _STONE if strip.friction is None else _SLIPPERY
            band = min(_WIDEST_BAND, strip.length / 4)
            for index in range(math.ceil(strip.length / band - 1e-6)):
                path = self._folder / f"terrain_{number}_{index}.obj"
                piece = relief(strip, index * band, min((index + 1) * band, strip.length))
                piece.split(_LONGEST_EDGE).write_obj(path)
                self._terrain.append(self._add_mesh(path, shades[index % 2]))

    def add_ground(self, ground: Ground, around: ArrayLike, reach: float) -> None:
        """Draw a slope, or the blocks that lie within a reach [m] of points on the way, shape (n, 2)."""
        for number, (mesh, shade) in enumerate(ground_meshes(ground, np.asarray(around, dtype=np.float64), reach)):
            path = self._folder / f"ground_{number}.obj"
            mesh.write_obj(path)
            self._terrain.append(self._add_mesh(path, _GROUND_SHADES[shade]))

    def _add_mesh(self, path: Path, colour: tuple[float, float, float, float] | None) -> int:
        painted = {} if colour is None else {"rgbaColor": colour, "specularColor": (0.0, 0.0, 0.0)}
        with silence():
            shape = pybullet.createVisualShape(
                pybullet.GEOM_MESH, fileName=str(path), flags=pybullet.GEOM_FORCE_CONCAVE_TRIMESH,
                physicsClientId=self._client, **painted,
            )  # fmt: skip
            body: int = pybullet.createMultiBody(0.0, baseVisualShapeIndex=shape, physicsClientId=self._client)
        return body

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

    def close(self) -> None:
        """Disconnect and remove temporary files; closing twice does nothing."""
        self._exit.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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


class _Body:
    """A picture-only body; its inertial frames are its link frames."""

    def __init__(self, urdf: Path, client: int) -> None:
        self._client = client
        with silence():
            self._id: int = pybullet.loadURDF(
                str(urdf), useFixedBase=True, flags=pybullet.URDF_USE_INERTIA_FROM_FILE, physicsClientId=client
            )
        infos = (
            pybullet.getJointInfo(self._id, i, physicsClientId=client)
            for i in range(pybullet.getNumJoints(self._id, physicsClientId=client))
        )
        self._joints: dict[str, int] = {info[1].decode(): info[0] for info in infos}

    def place(self, position: ArrayLike, orientation: ArrayLike) -> None:
        pybullet.resetBasePositionAndOrientation(
            self._id, _floats(position), _floats(orientation), physicsClientId=self._client
        )

    def turn(self, position: JointPositions) -> None:
        angles = (
            position if isinstance(position, Mapping) else dict(zip(position[0], _floats(position[1]), strict=True))
        )
        for name, angle in angles.items():
            if name not in self._joints:
                raise ValueError(f"no joint {name!r} to draw; there are {', '.join(self._joints)}")
            pybullet.resetJointState(self._id, self._joints[name], angle, physicsClientId=self._client)


def _floats(values: ArrayLike) -> list[float]:
    floats: list[float] = np.asarray(values, dtype=np.float64).tolist()
    return floats
