"""A body that weighs something else than its URDF says: its links scaled, shifted and loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from urdf.description import Array, Inertial, read
from urdf.xml_writer import Vector


@dataclass(frozen=True, slots=True)
class Lump:
    """A homogeneous ball that is fixed to a link and touches nothing.

    Attributes:
        mass: [kg].
        at: Its centre in the link's frame [m].
        radius: [m].
    """

    mass: float
    at: Vector
    radius: float


def reweighed(urdf: str, scale: float, shifts: Mapping[str, Vector], lumps: Mapping[str, Lump]) -> str:
    """The same body with other inertials; frames, joints and shapes stay.

    Args:
        urdf: The text of a sound URDF.
        scale: Factor on mass and inertia of every link [1].
        shifts: How far the centre of mass of a link is moved, in its frame, by the link's name [m].
        lumps: What is fixed to a link besides, by the link's name.

    Raises:
        ValueError: A link that is to be changed is not there, or has no mass.
    """
    described, _ = read(urdf)
    root = ElementTree.fromstring(urdf)
    heavy = {
        link.name: link.inertial
        for link in (described.links if described else ())
        if link.inertial is not None and link.mass > 0.0
    }
    for name in (*shifts, *lumps):
        if name not in heavy:
            raise ValueError(f"no link {name!r} with a mass; there is {', '.join(heavy)}")
    for link in root.iterfind("link"):
        inertial, element = heavy.get(link.get("name", "")), link.find("inertial")
        if inertial is None or element is None:
            continue
        name = link.get("name", "")
        body = Inertial(
            scale * inertial.mass, inertial.com + np.array(shifts.get(name, (0.0, 0.0, 0.0))), scale * inertial.inertia
        )
        if name in lumps:
            body = _joined(body, lumps[name])
        _write(element, body)
    return ElementTree.tostring(root, encoding="unicode")


def _joined(body: Inertial, lump: Lump) -> Inertial:
    """Both as one body (Steiner's theorem)."""
    at, mass = np.array(lump.at), body.mass + lump.mass
    com = (body.mass * body.com + lump.mass * at) / mass
    ball = 0.4 * lump.mass * lump.radius**2 * np.eye(3)
    inertia = body.inertia + _steiner(body.mass, body.com - com) + ball + _steiner(lump.mass, at - com)
    return Inertial(mass, com, inertia)


def _steiner(mass: float, offset: Array) -> Array:
    """What a mass at an offset [m] adds to the inertia, shape (3, 3) [kg·m²]."""
    added: Array = mass * (float(offset @ offset) * np.eye(3) - np.outer(offset, offset))
    return added


def _write(element: ElementTree.Element, body: Inertial) -> None:
    """Say this in an <inertial>, along the link's axes, to the last digit."""
    element.clear()
    ElementTree.SubElement(element, "origin", xyz=" ".join(repr(float(x)) for x in body.com), rpy="0 0 0")
    ElementTree.SubElement(element, "mass", value=repr(float(body.mass)))
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = body.inertia.tolist()
    moments = {"ixx": xx, "ixy": xy, "ixz": xz, "iyy": yy, "iyz": yz, "izz": zz}
    ElementTree.SubElement(element, "inertia", {key: repr(value) for key, value in moments.items()})
