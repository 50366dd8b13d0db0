"""A small writer of URDF text: links, joints and primitive shapes, formatted the same way every time.

Every length is in metres, every angle in radians, every mass in kilograms. `rpy` is URDF's fixed-axis roll, pitch, yaw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

Vector = tuple[float, float, float]
Rgba = tuple[float, float, float, float]
Kind = Literal["box", "cylinder", "sphere", "capsule"]

ZERO: Vector = (0.0, 0.0, 0.0)
LINE_LIMIT = 8192
"""PyBullet breaks a line that is this long or longer, often in the middle of a word [bytes]."""

_SIZE_LENGTH: dict[Kind, int] = {"box": 3, "cylinder": 2, "sphere": 1, "capsule": 2}


@dataclass(frozen=True, slots=True)
class Shape:
    """A primitive in its link's frame.

    `size` is (x, y, z) of a box, (radius, length along z) of a cylinder, (radius,) of a sphere [m]. A capsule has the
    size of the cylinder between its two end spheres and is written as these three shapes, because plain URDF has no
    capsule. `colour` names a material and matters to visuals alone.
    """

    kind: Kind
    size: tuple[float, ...]
    xyz: Vector = ZERO
    rpy: Vector = ZERO
    colour: str | None = None

    def __post_init__(self) -> None:
        wanted = _SIZE_LENGTH.get(self.kind)
        if wanted is None:
            raise ValueError(f"unknown shape kind {self.kind!r}; use one of {', '.join(_SIZE_LENGTH)}")
        if len(self.size) != wanted or not all(math.isfinite(x) and x > 0 for x in self.size):
            raise ValueError(f"a {self.kind} takes {wanted} positive lengths [m], not {self.size}")

    def primitives(self) -> tuple[Shape, ...]:
        """This shape in kinds that every URDF parser knows."""
        if self.kind != "capsule":
            return (self,)
        radius, length = self.size
        axis = _z_axis(self.rpy)
        ends = (
            Shape("sphere", (radius,), _along(self.xyz, axis, sign * length / 2), ZERO, self.colour) for sign in (-1, 1)
        )
        return Shape("cylinder", self.size, self.xyz, self.rpy, self.colour), *ends


@dataclass(frozen=True, slots=True)
class Inertial:
    """Mass [kg], centre of mass in the link frame [m] and central inertia along the link's axes [kg·m²]."""

    mass: float
    com: Vector
    inertia: tuple[float, float, float, float, float, float]
    """(ixx, ixy, ixz, iyy, iyz, izz)"""


class Urdf:
    """A robot description under construction; `text` gives the file."""

    def __init__(self, name: str) -> None:
        self._root = ElementTree.Element("robot", name=name)
        self._materials: set[str] = set()

    def material(self, name: str, rgba: Rgba) -> None:
        """Declare a colour that visuals name."""
        self._materials.add(name)
        material = ElementTree.SubElement(self._root, "material", name=name)
        ElementTree.SubElement(material, "color", rgba=_join(rgba))

    def link(
        self,
        name: str,
        inertial: Inertial | None = None,
        visuals: Sequence[Shape] = (),
        collisions: Sequence[Shape] = (),
    ) -> None:
        """Add a link; one without `inertial` is a massless frame.

        Such a frame gets a mass of zero in writing: PyBullet gives 1 kg to a link that says nothing.
        """
        body = inertial or Inertial(0.0, ZERO, (0.0,) * 6)
        link = ElementTree.SubElement(self._root, "link", name=name)
        element = ElementTree.SubElement(link, "inertial")
        _origin(element, body.com, ZERO)
        ElementTree.SubElement(element, "mass", value=number(body.mass))
        names = ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")
        moments = {key: number(value) for key, value in zip(names, body.inertia, strict=True)}
        ElementTree.SubElement(element, "inertia", moments)
        for shape in visuals:
            for primitive in shape.primitives():
                element = _shape(link, "visual", primitive)
                if primitive.colour is not None:
                    if primitive.colour not in self._materials:
                        raise ValueError(f"link {name!r} uses the undeclared material {primitive.colour!r}")
                    ElementTree.SubElement(element, "material", name=primitive.colour)
        for shape in collisions:
            for primitive in shape.primitives():
                _shape(link, "collision", primitive)

    def joint(
        self,
        name: str,
        kind: Literal["revolute", "continuous", "prismatic", "fixed"],
        parent: str,
        child: str,
        xyz: Vector = ZERO,
        rpy: Vector = ZERO,
        axis: Vector | None = None,
        lower: float | None = None,
        upper: float | None = None,
        effort: float | None = None,
        velocity: float | None = None,
    ) -> None:
        """Add a joint: limits in rad or m, effort in Nm or N, velocity in rad/s or m/s."""
        joint = ElementTree.SubElement(self._root, "joint", name=name, type=kind)
        _origin(joint, xyz, rpy)
        ElementTree.SubElement(joint, "parent", link=parent)
        ElementTree.SubElement(joint, "child", link=child)
        if axis is not None:
            ElementTree.SubElement(joint, "axis", xyz=_join(axis))
        limits = {"lower": lower, "upper": upper, "effort": effort, "velocity": velocity}
        given = {key: number(value) for key, value in limits.items() if value is not None}
        if given:
            ElementTree.SubElement(joint, "limit", given)

    def text(self) -> str:
        """The whole file, indented, ending in a newline."""
        ElementTree.indent(self._root)
        text = ElementTree.tostring(self._root, encoding="unicode", xml_declaration=False)
        if max(map(len, text.splitlines())) >= LINE_LIMIT:
            raise ValueError(f"a line of the URDF has {LINE_LIMIT} characters or more: PyBullet would not load it")
        return f'<?xml version="1.0"?>\n{text}\n'


def number(value: float) -> str:
    """The shortest text of the value rounded to nine decimals, without a negative zero."""
    if not math.isfinite(value):
        raise ValueError(f"a URDF number must be finite, not {value}")
    return repr(round(float(value), 9) + 0.0)


def _join(values: Sequence[float]) -> str:
    return " ".join(map(number, values))


def _origin(parent: ElementTree.Element, xyz: Vector, rpy: Vector) -> None:
    ElementTree.SubElement(parent, "origin", xyz=_join(xyz), rpy=_join(rpy))


def _shape(link: ElementTree.Element, tag: str, shape: Shape) -> ElementTree.Element:
    element = ElementTree.SubElement(link, tag)
    _origin(element, shape.xyz, shape.rpy)
    geometry = ElementTree.SubElement(element, "geometry")
    if shape.kind == "box":
        ElementTree.SubElement(geometry, "box", size=_join(shape.size))
    elif shape.kind == "cylinder":
        ElementTree.SubElement(geometry, "cylinder", radius=number(shape.size[0]), length=number(shape.size[1]))
    else:
        ElementTree.SubElement(geometry, "sphere", radius=number(shape.size[0]))
    return element


def _z_axis(rpy: Vector) -> Vector:
    """The z axis of a frame turned by `rpy`."""
    roll, pitch, yaw = rpy
    sr, cr, sp, cp, sy, cy = (f(a) for a in (roll, pitch, yaw) for f in (math.sin, math.cos))
    return cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr


def _along(point: Vector, axis: Vector, distance: float) -> Vector:
    x, y, z = (p + distance * a for p, a in zip(point, axis, strict=True))
    return x, y, z
