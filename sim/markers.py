"""How a course looks in pictures: its cones, what stands on it, and a ribbon along a path."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from sim.mesh import Mesh, frustum, rounded_box, rounded_cylinder
from sim.standing import Pillar, Standing

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, 0 to 1."""
STONE = (0.86, 0.80, 0.69, 1.0), (0.76, 0.70, 0.60, 1.0)
SLIPPERY = (0.74, 0.88, 0.97, 1.0), (0.66, 0.81, 0.92, 1.0)
"""Of the stripes of the terrain."""
_ORANGE, _WHITE = (0.95, 0.36, 0.08, 1.0), (0.95, 0.95, 0.95, 1.0)
_BARREL, _WALL = (0.95, 0.45, 0.10, 1.0), (0.72, 0.42, 0.34, 1.0)
_BASE, _FOOT, _TIP, _HEIGHT = 0.24, 0.085, 0.018, 0.34
"""Side of a cone's base, radius at its foot and tip, height [m]."""
_BANDS = ((0.03, 0.38, _ORANGE), (0.38, 0.66, _WHITE), (0.66, 1.0, _ORANGE))
"""Rings of a cone: from, to (share of its height), colour."""
_RIBBON_HEIGHT = 0.002


def cone() -> list[tuple[Mesh, Colour]]:
    """The parts of a traffic cone, its foot at the origin."""
    parts = [(rounded_box(_BASE, _BASE, 0.02).moved_up(0.01), _ORANGE)]
    for low, high, colour in _BANDS:
        radius_low, radius_high = (_FOOT + share * (_TIP - _FOOT) for share in (low, high))
        parts.append((frustum(radius_low, radius_high, (high - low) * _HEIGHT).moved_up(low * _HEIGHT), colour))
    return parts


def write_cone_urdf(folder: Path) -> Path:
    """Write a traffic cone, its foot at the origin, as a URDF for pictures; returns the file."""
    robot = ElementTree.Element("robot", name="cone")
    link = ElementTree.SubElement(robot, "link", name="cone")
    inertial = ElementTree.SubElement(link, "inertial")
    ElementTree.SubElement(inertial, "mass", value="0")
    ElementTree.SubElement(inertial, "inertia", ixx="0", iyy="0", izz="0", ixy="0", ixz="0", iyz="0")
    for number, (mesh, colour) in enumerate(cone()):
        mesh.write_obj(folder / f"cone_{number}.obj")
        visual = ElementTree.SubElement(link, "visual")
        geometry = ElementTree.SubElement(visual, "geometry")
        ElementTree.SubElement(geometry, "mesh", filename=f"cone_{number}.obj")
        material = ElementTree.SubElement(visual, "material", name=f"cone_{number}")
        ElementTree.SubElement(material, "color", rgba=" ".join(f"{share:g}" for share in colour))
    path = folder / "cone.urdf"
    ElementTree.ElementTree(robot).write(path)
    return path


def likeness(thing: Standing) -> tuple[Mesh, Colour]:
    """What stands on a course, its middle at the origin, a wall along x."""
    if isinstance(thing, Pillar):
        return rounded_cylinder(thing.radius, thing.height), _BARREL
    return rounded_box(thing.length, thing.thickness, thing.height), _WALL


def ribbon(points: NDArray[np.float64], width: float) -> Mesh:
    """A band just above the ground, level from side to side.

    Args:
        points: Its middle line, n at least 2, shape (n, 2) on the plain or (n, 3) with the ground's heights [m].
        width: From edge to edge [m].
    """
    height = points[:, 2] if points.shape[1] == 3 else np.zeros(len(points))
    points = points[:, :2]
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    aside = 0.5 * width * np.column_stack((-along[:, 1], along[:, 0]))
    flat = np.stack((points + aside, points - aside), axis=1).reshape(-1, 2)
    vertices = np.column_stack((flat, _RIBBON_HEIGHT + np.repeat(height, 2)))
    first = 2 * np.arange(len(points) - 1)
    triangles = np.vstack(
        (np.column_stack((first, first + 1, first + 2)), np.column_stack((first + 1, first + 3, first + 2)))
    )
    return Mesh(vertices, np.tile((0.0, 0.0, 1.0), (len(vertices), 1)), triangles)
