"""Robot, bicycle and what stands around them, in a PyBullet client that only shows them."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.etree import ElementTree

import numpy as np
import pybullet
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

from sim.ground import Ground
from sim.ground_mesh import ground_meshes
from sim.markers import SLIPPERY, STONE, Colour, likeness, ribbon, write_cone_urdf
from sim.relief import relief
from sim.silence import silence
from sim.standing import Standing
from sim.terrain import Terrain
from sim.urdf_source import UrdfSource
from sim.visual_urdf import write_visual_urdf

JointPositions = Mapping[str, float] | tuple[Sequence[str], ArrayLike]
"""Angle [rad] of each joint by name, or names and an array of the same length."""

_GROUND_SHADES = (0.74, 0.75, 0.76, 1.0), (0.67, 0.69, 0.71, 1.0), (0.80, 0.80, 0.79, 1.0)
"""Of tiles and blocks."""
_WIDEST_BAND = 1.0
_LONGEST_EDGE = 0.5
"""Of a triangle of the terrain [m]."""


class Scene:
    """Shows robot, bicycle and course markers; a context manager. Nothing in it moves by itself.

    Poses are those of URDF link frames in the world: position [m], orientation as a unit quaternion x, y, z, w.
    """

    def __init__(
        self, urdf_dir: Path, *, robot: UrdfSource | None = None, bicycle: bool = True, mode: int = pybullet.DIRECT,
        options: str = "",
    ) -> None:  # fmt: skip
        """Load a robot, `humanoid.urdf` where none is named, and, when it is there and wanted, `bicycle.urdf`.

        Args:
            urdf_dir: Folder of the URDF files.
            robot: Another robot.
            bicycle: Whether there is a bicycle to be seen.
            mode: How to connect to PyBullet.
            options: For that connection.

        Raises:
            FileNotFoundError: There is no humanoid.urdf.
            RuntimeError: PyBullet cannot be connected to in this way.
        """
        with contextlib.ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="draisine-scene-")))
            with silence():
                self._client: int = pybullet.connect(mode, options=options)
            if self._client < 0:
                raise RuntimeError("PyBullet opens no window here")
            stack.callback(self._disconnect)
            self._robot = Figure(write_visual_urdf(robot or urdf_dir / "humanoid.urdf", self._folder), self._client)
            file = urdf_dir / "bicycle.urdf"
            there = bicycle and file.exists()
            self._bicycle = Figure(write_visual_urdf(file, self._folder), self._client) if there else None
            self._exit = stack.pop_all()
        self._cone: Path | None = None
        self._stood = 0
        self._standing: dict[Standing, int] = {}
        self._paths: list[int] = []
        self._terrain: list[int] = []

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

    @property
    def figures(self) -> dict[str, Figure]:
        """The bodies that move, by name: the robot, and the bicycle where there is one."""
        return {"robot": self._robot} | ({} if self._bicycle is None else {"bicycle": self._bicycle})

    def add_cones(self, positions: ArrayLike) -> None:
        """Stand cones at points (x, y) of the ground, shape (n, 2) [m]."""
        if self._cone is None:
            self._cone = write_cone_urdf(self._folder)
        for x, y in np.asarray(positions, dtype=np.float64)[:, :2].tolist():
            with silence():
                pybullet.loadURDF(str(self._cone), (x, y, 0.0), physicsClientId=self._client)

    def show_standing(self, things: Iterable[Standing], time: float) -> None:
        """Show those pillars and walls that are there at a time [s], and no more those that are not."""
        for thing in things:
            there = thing.since <= time < thing.until
            if there and thing not in self._standing:
                self._standing[thing] = self._add_standing(thing)
            elif not there and thing in self._standing:
                pybullet.removeBody(self._standing.pop(thing), physicsClientId=self._client)

    def _add_standing(self, thing: Standing) -> int:
        path = self._folder / f"standing_{self._stood}.obj"
        self._stood += 1
        mesh, colour = likeness(thing)
        mesh.split(_LONGEST_EDGE).write_obj(path)
        body, half = self._add_mesh(path, colour), 0.5 * thing.heading
        pybullet.resetBasePositionAndOrientation(
            body, (*thing.middle, 0.5 * thing.height), (0.0, 0.0, math.sin(half), math.cos(half)),
            physicsClientId=self._client,
        )  # fmt: skip
        return body

    def add_path(self, points: ArrayLike, width: float = 0.04) -> None:
        """Draw a ribbon on the ground along points, shape (n, 2) or with their heights (n, 3), `width` wide [m]."""
        path = self._folder / f"path_{len(self._paths)}.obj"
        ribbon(np.asarray(points, dtype=np.float64), width).write_obj(path)
        self._paths.append(self._add_mesh(path, None))

    def add_terrain(self, terrain: Terrain) -> None:
        """Draw what lies on the plain, striped across, so that its shape can be seen; bluish where it is slippery."""
        for number, strip in enumerate(terrain.strips):
            shades = STONE if strip.friction is None else SLIPPERY
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

    def _add_mesh(self, path: Path, colour: Colour | None) -> int:
        painted = {} if colour is None else {"rgbaColor": colour, "specularColor": (0.0, 0.0, 0.0)}
        with silence():
            shape = pybullet.createVisualShape(
                pybullet.GEOM_MESH, fileName=str(path), flags=pybullet.GEOM_FORCE_CONCAVE_TRIMESH,
                physicsClientId=self._client, **painted,
            )  # fmt: skip
            body: int = pybullet.createMultiBody(0.0, baseVisualShapeIndex=shape, physicsClientId=self._client)
        return body

    def close(self) -> None:
        """Disconnect and remove temporary files; closing twice does nothing."""
        self._exit.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _disconnect(self) -> None:
        if pybullet.isConnected(self._client):
            with silence():
                pybullet.disconnect(physicsClientId=self._client)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a link: its mesh in the link's frame, and its colour.

    Attributes:
        vertices: Shape (k, 3) [m].
        triangles: Rows of vertices, shape (m, 3).
        colour: Red, green and blue, 0 to 1.
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]
    colour: tuple[float, float, float]


class Figure:
    """A body for pictures alone; its inertial frames are its link frames."""

    def __init__(self, urdf: Path, client: int) -> None:
        self._client, self._urdf = client, urdf
        with silence():
            self._id: int = pybullet.loadURDF(
                str(urdf), useFixedBase=True, flags=pybullet.URDF_USE_INERTIA_FROM_FILE, physicsClientId=client
            )
        infos = (
            pybullet.getJointInfo(self._id, i, physicsClientId=client)
            for i in range(pybullet.getNumJoints(self._id, physicsClientId=client))
        )
        self._joints: dict[str, int] = {}
        self.links = [pybullet.getBodyInfo(self._id, physicsClientId=client)[0].decode()]
        """Names of the links, that of the base first."""
        for info in infos:
            self._joints[info[1].decode()] = info[0]
            self.links.append(info[12].decode())

    def poses(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the links are: origins of their frames [m], shape (n, 3), and quaternions x, y, z, w, shape (n, 4)."""
        base = pybullet.getBasePositionAndOrientation(self._id, physicsClientId=self._client)
        states = pybullet.getLinkStates(
            self._id, range(len(self.links) - 1), computeForwardKinematics=1, physicsClientId=self._client
        )
        positions, orientations = zip(base, *(state[4:6] for state in states), strict=True)
        return np.array(positions), np.array(orientations)

    def parts(self) -> dict[str, list[Part]]:
        """What each link looks like, a part for each colour."""
        robot = ElementTree.parse(self._urdf).getroot()
        colours = {
            material.get("name", ""): _numbers(colour.get("rgba", ""))
            for material in robot.iter("material")
            if (colour := material.find("color")) is not None
        }
        looks: dict[str, list[Part]] = {}
        for link in robot.iter("link"):
            found: dict[tuple[float, ...], list[tuple[NDArray[np.float64], NDArray[np.int64]]]] = {}
            for visual in link.findall("visual"):
                mesh, material, origin = visual.find("geometry/mesh"), visual.find("material"), visual.find("origin")
                if mesh is None:
                    continue
                shade = (0.6, 0.6, 0.6) if material is None else colours[material.get("name", "")][:3]
                vertices, triangles = _read_obj(self._urdf.parent / mesh.get("filename", ""))
                if origin is not None:
                    turn = Rotation.from_euler("xyz", _numbers(origin.get("rpy", "0 0 0"))).as_matrix()
                    vertices = vertices @ turn.T + _numbers(origin.get("xyz", "0 0 0"))
                found.setdefault(tuple(shade), []).append((vertices, triangles))
            looks[link.get("name", "")] = [_joined(pieces, shade) for shade, pieces in found.items()]
        return looks

    def place(self, position: ArrayLike, orientation: ArrayLike) -> None:
        """Put the base frame at a position [m], turned by a unit quaternion x, y, z, w."""
        pybullet.resetBasePositionAndOrientation(
            self._id, _floats(position), _floats(orientation), physicsClientId=self._client
        )

    def turn(self, position: JointPositions) -> None:
        """Turn joints; the others stay.

        Raises:
            ValueError: A joint is unknown.
        """
        names, angles = (
            (tuple(position), list(position.values())) if isinstance(position, Mapping) else
            (position[0], _floats(position[1]))
        )  # fmt: skip
        unknown = [name for name in names if name not in self._joints]
        if unknown:
            raise ValueError(f"no joint {unknown[0]!r} to draw; there are {', '.join(self._joints)}")
        pybullet.resetJointStatesMultiDof(
            self._id, [self._joints[name] for name in names], [[angle] for angle in angles],
            physicsClientId=self._client,
        )  # fmt: skip


def _read_obj(file: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices (k, 3) and triangles (m, 3) of a mesh as `Mesh.write_obj` writes it."""
    rows = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    vertices = np.array([[float(number) for number in row[1:]] for row in rows if row[0] == "v"])
    triangles = np.array([[int(corner.split("/")[0]) - 1 for corner in row[1:]] for row in rows if row[0] == "f"])
    return vertices, triangles


def _joined(pieces: list[tuple[NDArray[np.float64], NDArray[np.int64]]], colour: tuple[float, ...]) -> Part:
    """Meshes of one colour as one."""
    before = np.cumsum([0, *(len(vertices) for vertices, _ in pieces)])
    triangles = [faces + first for (_, faces), first in zip(pieces, before[:-1], strict=True)]
    red, green, blue = colour
    return Part(np.concatenate([vertices for vertices, _ in pieces]), np.concatenate(triangles), (red, green, blue))


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split()]


def _floats(values: ArrayLike) -> list[float]:
    floats: list[float] = np.asarray(values, dtype=np.float64).tolist()
    return floats
