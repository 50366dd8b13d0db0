"""A URDF for pictures alone: the same joints, visuals as smooth meshes, neither collisions nor masses."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.mesh import Mesh, box_edge, capsule, cylinder_bevel, rounded_box, rounded_cylinder, sphere
from sim.urdf_source import UrdfSource, UrdfText
from urdf.description import SIZES

Array = NDArray[np.float64]

_MAKERS: dict[str, Callable[..., Mesh]] = {
    "box": rounded_box,
    "cylinder": rounded_cylinder,
    "capsule": capsule,
    "sphere": sphere,
}
_LONGEST_EDGE = 0.06
"""Of a triangle [m]: measured as the quickest to draw."""
_ROUND = 0.985
"""Where the flats of a mesh are at least, as a share of the radius that they approximate."""


def write_visual_urdf(source: UrdfSource, folder: Path) -> Path:
    """Write a picture-only copy of a URDF and its meshes into a folder; returns the copy.

    PyBullet draws a URDF's primitives with few corners. Here each becomes a mesh with rounded edges, without the
    triangles that lie hidden inside its neighbours. A link whose visuals are not all primitives is drawn by those of
    its collision shapes that are, in the colour of its first visual. As every link gets a unit mass at its origin,
    PyBullet's inertial frames are the URDF's link frames.
    """
    given = UrdfText.of(source)
    stem = Path(given.name).stem
    robot = ElementTree.fromstring(given.text)
    for link in robot.iter("link"):
        _draw_by_collisions(link)
        for element in (*link.findall("inertial"), *link.findall("collision")):
            link.remove(element)
        inertial = ElementTree.SubElement(link, "inertial")
        ElementTree.SubElement(inertial, "mass", value="1")
        ElementTree.SubElement(inertial, "inertia", ixx="1", iyy="1", izz="1", ixy="0", ixz="0", iyz="0")
        primitives = [_Primitive.read(visual) for visual in link.findall("visual")]
        for number, (visual, primitive) in enumerate(zip(link.findall("visual"), primitives, strict=True)):
            others = primitives[:number] + primitives[number + 1 :]
            path = folder / f"{stem}_{link.get('name')}_{number}.obj"
            primitive.visible_mesh(others).write_obj(path)
            for old in visual.findall("geometry"):
                visual.remove(old)
            geometry = ElementTree.SubElement(visual, "geometry")
            ElementTree.SubElement(geometry, "mesh", filename=path.name)
    copy = folder / f"{stem}.urdf"
    ElementTree.ElementTree(robot).write(copy)
    return copy


def _draw_by_collisions(link: ElementTree.Element) -> None:
    """Put collision shapes in the place of visuals that are no primitives."""
    visuals = link.findall("visual")
    if all(_is_primitive(visual) for visual in visuals):
        return
    material = next((found for visual in visuals if (found := visual.find("material")) is not None), None)
    for visual in visuals:
        link.remove(visual)
    for collision in filter(_is_primitive, link.findall("collision")):
        drawn = deepcopy(collision)
        drawn.tag = "visual"
        if material is not None:
            drawn.append(material)
        link.append(drawn)


def _is_primitive(shape: ElementTree.Element) -> bool:
    found = shape.find("geometry/*")
    return found is not None and found.tag in _MAKERS


@dataclass(frozen=True, slots=True)
class _Primitive:
    """A convex shape of a link: its kind, size as in the URDF [m], and where it is in the link's frame."""

    kind: str
    size: tuple[float, ...]
    origin: Array
    rotation: Rotation

    @classmethod
    def read(cls, visual: ElementTree.Element) -> _Primitive:
        shape = next(visual.iterfind("geometry/*"))
        size = tuple(float(number) for key, _ in SIZES[shape.tag] for number in shape.attrib[key].split())
        place = visual.find("origin")
        xyz, rpy = (
            np.array(place.get(key, "0 0 0").split() if place is not None else (0, 0, 0), dtype=np.float64)
            for key in ("xyz", "rpy")
        )
        return cls(shape.tag, size, xyz, Rotation.from_euler("xyz", rpy))

    def visible_mesh(self, others: list[_Primitive]) -> Mesh:
        """The shape in its own frame, without the triangles that lie inside one of the others."""
        mesh = _MAKERS[self.kind](*self.size).split(_LONGEST_EDGE)
        points = self.rotation.apply(mesh.vertices) + self.origin
        hidden = np.zeros(len(mesh.triangles), dtype=bool)
        for other in others:
            hidden |= other.contains(points)[mesh.triangles].all(axis=1)
        return Mesh(mesh.vertices, mesh.normals, mesh.triangles[~hidden])

    def contains(self, points: Array) -> NDArray[np.bool_]:
        """Which points of the link's frame, shape (n, 3), are inside the rounded shape and its flats."""
        own = np.abs(self.rotation.apply(points - self.origin, inverse=True))
        if self.kind == "sphere":
            return np.linalg.norm(own, axis=1) < _ROUND * self.size[0]
        if self.kind == "box":
            edge, half = box_edge(*self.size), np.array(self.size) / 2
        elif self.kind == "capsule":
            radius, length = self.size
            edge, half = radius, np.array((radius, radius, length / 2 + radius))
        else:
            radius, length = self.size
            edge, half = cylinder_bevel(radius, length), np.array((_ROUND * radius, length / 2))
            own = np.column_stack((np.hypot(own[:, 0], own[:, 1]), own[:, 2]))
        return np.linalg.norm(np.maximum(own - (half - edge), 0.0), axis=1) < _ROUND * edge
