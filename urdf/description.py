"""What a URDF says about a body, read once and strictly: a fault for every number or element that cannot be read.

Shapes: (3,) for points and axes, (3, 3) for rotations and inertias. Lengths in m, masses in kg, inertias in kg·m².
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Use = Literal["collision", "visual"]

SIZES = {
    "box": (("size", 3),),
    "sphere": (("radius", 1),),
    "cylinder": (("radius", 1), ("length", 1)),
    "capsule": (("radius", 1), ("length", 1)),
}
"""The lengths of each primitive: attribute and how many numbers it holds."""
KINDS = ("revolute", "continuous", "prismatic", "fixed")
"""The types of joints that all parts of the project understand."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a body: where (such as "link 'wheel'"), and what, with what would be right."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Inertial:
    """Mass [kg], centre of mass in the link's frame [m], inertia about it along the link's axes [kg·m²]."""

    mass: float
    com: Array
    inertia: Array


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of a link: a primitive with its size as in `SIZES` [m], or a mesh with its file and scale [1]."""

    use: Use
    kind: str
    size: tuple[float, ...]
    xyz: Array
    rotation: Array
    file: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link; without `inertial` it says nothing about its mass. `contact` tells whether Bullet's own tag is there."""

    name: str
    inertial: Inertial | None
    shapes: tuple[Shape, ...]
    contact: bool

    @property
    def mass(self) -> float:
        """Mass [kg]; zero where none is given."""
        return 0.0 if self.inertial is None else self.inertial.mass

    def collisions(self) -> tuple[Shape, ...]:
        """The shapes that touch other bodies."""
        return tuple(shape for shape in self.shapes if shape.use == "collision")


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint; limits that are not given are None. SI: rad or m, Nm or N, rad/s or m/s."""

    name: str
    kind: str
    parent: str
    child: str
    xyz: Array
    rotation: Array
    axis: Array
    lower: float | None
    upper: float | None
    effort: float | None
    velocity: float | None
    damping: float
    friction: float
    mimic: str | None


@dataclass(frozen=True, slots=True)
class Description:
    """A body as its URDF describes it; names may still be wrong, numbers are all finite."""

    name: str
    links: tuple[Link, ...]
    joints: tuple[Joint, ...]
    materials: tuple[str, ...]


def read(text: str) -> tuple[Description | None, list[Fault]]:
    """Read a URDF.

    Returns:
        The description, or None if the text is no URDF at all, and what could not be read. Where there are faults,
        the unreadable values of the description are placeholders.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        return None, [Fault("", f"not well-formed XML: {error}")]
    if root.tag != "robot":
        return None, [Fault("", f"the root element is <{root.tag}>, a URDF has <robot>")]
    reader = _Reader()
    links = tuple(reader.link(element, number) for number, element in enumerate(root.findall("link"), 1))
    joints = tuple(reader.joint(element, number) for number, element in enumerate(root.findall("joint"), 1))
    materials = tuple(element.get("name", "") for element in root.findall("material"))
    if not links:
        reader.faults.append(Fault("", "no URDF of a body: it has no <link>"))
    return Description(root.get("name", ""), links, joints, materials), reader.faults


def rotation(rpy: Sequence[float]) -> Array:
    """Rotation matrix, shape (3, 3), of URDF's fixed-axis roll, pitch and yaw [rad]."""
    roll, pitch, yaw = rpy
    sr, cr, sp, cp, sy, cy = (f(a) for a in (roll, pitch, yaw) for f in (math.sin, math.cos))
    return np.array(
        (
            (cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr),
            (sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr),
            (-sp, cp * sr, cp * cr),
        )
    )


@dataclass(slots=True)
class _Reader:
    """Reads elements and collects what is wrong with them; `_where` is the link or joint that is being read."""

    faults: list[Fault] = field(default_factory=list)
    _where: str = ""

    def link(self, element: ElementTree.Element, number: int) -> Link:
        name = self._begin(element, "link", number)
        inertial = self._only(element, "inertial")
        shapes = [self._shape(shape, "collision") for shape in element.findall("collision")]
        shapes += [self._shape(shape, "visual") for shape in element.findall("visual")]
        return Link(
            name,
            None if inertial is None else self._inertial(inertial),
            tuple(shapes),
            element.find("contact") is not None,
        )

    def joint(self, element: ElementTree.Element, number: int) -> Joint:
        name = self._begin(element, "joint", number)
        xyz, turn = self._origin(element)
        axis, limit = self._only(element, "axis"), self._only(element, "limit")
        dynamics, mimic = self._only(element, "dynamics"), self._only(element, "mimic")
        return Joint(
            name=name,
            kind=element.get("type", ""),
            parent=self._end(element, "parent"),
            child=self._end(element, "child"),
            xyz=xyz,
            rotation=turn,
            axis=np.array((1.0, 0.0, 0.0) if axis is None else self._numbers(axis, "xyz", 3)),
            lower=self._optional(limit, "lower"),
            upper=self._optional(limit, "upper"),
            effort=self._optional(limit, "effort"),
            velocity=self._optional(limit, "velocity"),
            damping=self._optional(dynamics, "damping") or 0.0,
            friction=self._optional(dynamics, "friction") or 0.0,
            mimic=None if mimic is None else mimic.get("joint", ""),
        )

    def _begin(self, element: ElementTree.Element, kind: str, number: int) -> str:
        name = element.get("name", "")
        self._where = f"{kind} {name!r}" if name else f"{kind} number {number}"
        return name

    def _fault(self, what: str) -> None:
        self.faults.append(Fault(self._where, what))

    def _only(self, element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
        """The one child with a tag, if it is there."""
        found = element.findall(tag)
        if len(found) > 1:
            self._fault(f"has {len(found)} <{tag}>, at most one is allowed")
        return found[0] if found else None

    def _end(self, joint: ElementTree.Element, tag: str) -> str:
        """The link at one end of a joint."""
        element = self._only(joint, tag)
        name = "" if element is None else element.get("link", "")
        if not name:
            self._fault(f'has no <{tag} link="...">')
        return name

    def _inertial(self, element: ElementTree.Element) -> Inertial:
        com, turn = self._origin(element)
        mass, moments = self._only(element, "mass"), self._only(element, "inertia")
        if mass is None or moments is None:
            self._fault(f"<inertial> has no <{'mass' if mass is None else 'inertia'}>")
            return Inertial(0.0, com, np.zeros((3, 3)))
        (kilograms,) = self._numbers(mass, "value", 1)
        xx, xy, xz, yy, yz, zz = (
            self._numbers(moments, key, 1)[0] for key in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")
        )
        return Inertial(kilograms, com, turn @ np.array(((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))) @ turn.T)

    def _shape(self, element: ElementTree.Element, use: Use) -> Shape:
        xyz, turn = self._origin(element)
        geometry = self._only(element, "geometry")
        kinds = () if geometry is None else tuple(geometry)
        if len(kinds) != 1:
            self._fault(f"a <{use}> needs one <geometry> with one shape in it, not {len(kinds)}")
            return Shape(use, "sphere", (1.0,), xyz, turn)
        (shape,) = kinds
        if shape.tag == "mesh":
            file = shape.get("filename", "")
            if not file:
                self._fault(f"a <mesh> of a <{use}> has no filename")
            scale = self._numbers(shape, "scale", 3) if "scale" in shape.attrib else (1.0, 1.0, 1.0)
            return Shape(use, "mesh", scale, xyz, turn, file)
        if shape.tag not in SIZES:
            self._fault(f"a <{use}> has the unknown shape <{shape.tag}>; known are {', '.join(SIZES)}, mesh")
            return Shape(use, "sphere", (1.0,), xyz, turn)
        size = tuple(number for key, count in SIZES[shape.tag] for number in self._numbers(shape, key, count))
        return Shape(use, shape.tag, size, xyz, turn)

    def _origin(self, element: ElementTree.Element) -> tuple[Array, Array]:
        origin = self._only(element, "origin")
        if origin is None:
            return np.zeros(3), np.eye(3)
        xyz, rpy = (
            self._numbers(origin, key, 3) if key in origin.attrib else (0.0, 0.0, 0.0) for key in ("xyz", "rpy")
        )
        return np.array(xyz), rotation(rpy)

    def _optional(self, element: ElementTree.Element | None, key: str) -> float | None:
        if element is None or key not in element.attrib:
            return None
        return self._numbers(element, key, 1)[0]

    def _numbers(self, element: ElementTree.Element, key: str, count: int) -> tuple[float, ...]:
        """Exactly so many finite numbers from an attribute; zeros, and a fault, if they are not there."""
        text = element.get(key)
        if text is None:
            self._fault(f"<{element.tag}> has no {key}")
            return (0.0,) * count
        try:
            numbers = tuple(float(word) for word in text.split())
        except ValueError:
            numbers = ()
        if len(numbers) != count or not all(map(math.isfinite, numbers)) or "_" in text:
            wanted = "one finite number" if count == 1 else f"{count} finite numbers"
            self._fault(f'<{element.tag} {key}="{text}">: {wanted} must stand there')
            return (0.0,) * count
        return numbers
