"""Whether the shapes of a body have sane sizes and places, their files are there, and wheels can roll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from urdf.description import SIZES, Array, Fault, Link, Shape
from urdf.tree import Tree

_ALIGNED = 1e-3
"""How far a wheel's axis may be from its joint's [rad], its centre from the joint's axis in parts of its radius."""


@dataclass(frozen=True, slots=True)
class ShapeBounds:
    """What is let through.

    Attributes:
        size: Greatest extent of a collision shape [m].
        offset: Greatest distance of a collision shape's centre from its link's origin [m].
        rim: Width of a wheel that has to lean [m]: twice Bullet's margin, so that its rim is round.
    """

    size: float = 5.0
    offset: float = 2.0
    rim: float = 0.002


@dataclass(frozen=True, slots=True)
class _Wheel:
    link: str
    centre: Array
    axis: Array
    radius: float
    width: float


def shape_faults(tree: Tree, bounds: ShapeBounds, folder: Path | None) -> Iterator[Fault]:
    """What is wrong with each shape; mesh files are looked for from a folder, if one is given."""
    for name in tree.order:
        link = tree.links[name]
        for shape in link.shapes:
            what = _wrong(shape, bounds, folder)
            if what is not None:
                yield Fault(f"link {name!r}", what)
        if link.contact:
            yield Fault(f"link {name!r}", "has Bullet's own <contact>, hidden friction or stiffness: take it out")
    yield from _leaning_wheels(tree, bounds)


def _wrong(shape: Shape, bounds: ShapeBounds, folder: Path | None) -> str | None:
    if shape.kind == "mesh":
        if not all(shape.size):
            return f"the {shape.use} mesh {shape.file!r} has the scale {_listed(shape.size)}, none may be zero"
        if folder is not None and not (folder / shape.file).is_file():
            return f"the {shape.use} mesh {shape.file!r} is not there; write its path from the URDF's folder"
    else:
        keys = [key for key, count in SIZES[shape.kind] for _ in range(count)]
        for key, length in zip(keys, shape.size, strict=True):
            if length <= 0.0:
                return f"the {shape.use} {shape.kind} has {key} {_listed(shape.size)} m, every length must be positive"
    if shape.use == "visual":
        return None
    if shape.kind != "mesh" and max(shape.size) > bounds.size:
        return f"the collision {shape.kind} is {max(shape.size):g} m large, at most {bounds.size:g} m is sane"
    distance = float(np.linalg.norm(shape.xyz))
    if distance > bounds.offset:
        what = f"the collision {shape.kind} is {distance:.3g} m from its link's origin"
        return f"{what}, at most {bounds.offset:g} m is sane"
    return None


def _leaning_wheels(tree: Tree, bounds: ShapeBounds) -> Iterator[Fault]:
    """Wheels that run in one track lean with their body, and only a round rim rolls then (docs/physics.md)."""
    wheels = list(_wheels(tree))
    one_track = all(
        abs(float((b.centre - a.centre) @ a.axis)) < 0.2 * a.radius for a in wheels for b in wheels if a is not b
    )
    if not one_track:
        return
    for wheel in wheels:
        if abs(wheel.width - bounds.rim) > _ALIGNED * bounds.rim:
            yield Fault(
                f"link {wheel.link!r}",
                f"its wheel's collision cylinder is {wheel.width:g} m wide; a wheel that leans needs the round rim "
                f"that Bullet gives to a width of {bounds.rim:g} m",
            )


def _wheels(tree: Tree) -> Iterator[_Wheel]:
    """Collision cylinders that turn freely about their own, nearly level axis and are the body's lowest shapes."""
    poses = tree.poses()
    found: list[_Wheel] = []
    lowest = np.inf
    for name in tree.order:
        link = tree.links[name]
        origin, turn = poses[name]
        for shape in link.collisions():
            lowest = min(lowest, float((origin + turn @ shape.xyz)[2]) - _depth(shape, turn @ shape.rotation))
            wheel = _wheel(tree, link, shape, origin, turn)
            if wheel is not None:
                found.append(wheel)
    yield from (wheel for wheel in found if wheel.centre[2] - wheel.radius < lowest + 0.1 * wheel.radius)


def _wheel(tree: Tree, link: Link, shape: Shape, origin: Array, turn: Array) -> _Wheel | None:
    joint = tree.joint_to.get(link.name)
    if joint is None or joint.kind != "continuous" or shape.kind != "cylinder":
        return None
    own = shape.rotation[:, 2]
    radius, width = shape.size
    aside = shape.xyz - (shape.xyz @ joint.axis) * joint.axis
    if np.linalg.norm(np.cross(own, joint.axis)) > _ALIGNED or np.linalg.norm(aside) > _ALIGNED * radius:
        return None
    axis = turn @ own
    if abs(axis[2]) > np.sqrt(0.5):
        return None
    return _Wheel(link.name, origin + turn @ shape.xyz, axis, radius, width)


def _depth(shape: Shape, turn: Array) -> float:
    """How far a shape reaches below its centre in the zero pose [m]; of a mesh, whose extent is not read, nothing."""
    down = np.abs(turn[2])
    if shape.kind == "box":
        return float(down @ np.array(shape.size)) / 2.0
    if shape.kind == "sphere":
        return shape.size[0]
    if shape.kind == "cylinder":
        radius, length = shape.size
        return float(radius * np.sqrt(max(0.0, 1.0 - down[2] ** 2)) + length / 2.0 * down[2])
    if shape.kind == "capsule":
        radius, length = shape.size
        return float(radius + length / 2.0 * down[2])
    return 0.0


def _listed(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number:g}" for number in numbers)
