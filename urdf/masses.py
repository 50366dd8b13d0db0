"""Whether the inertias of a body can be those of real things, and whether a solver can live with their ratios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from urdf.description import Fault, Inertial
from urdf.tree import Tree

ROUNDING = 1e-9
"""Relative room for rounded decimals in the triangle inequality [1]."""


@dataclass(frozen=True, slots=True)
class MassBounds:
    """What is let through.

    Attributes:
        gyration: Least and greatest radius of gyration about a principal axis [m].
        offset: Greatest distance of a centre of mass from its link's origin [m].
        ratio: Greatest ratio of the masses that a joint connects [1]. At 1000 a joint's stop gives way by a
            millimetre under the load of a light foot's ground contact, at 10 000 it is passed (docs/physics.md).
    """

    gyration: tuple[float, float] = (1e-4, 3.0)
    offset: float = 3.0
    ratio: float = 1000.0


def mass_faults(tree: Tree, bounds: MassBounds) -> Iterator[Fault]:
    """Links without the inertia that they need, and masses that no solver can couple."""
    faulty = False
    for name in tree.order:
        inertial = tree.links[name].inertial
        fixed = name != tree.root and tree.joint_to[name].kind == "fixed"
        what = None
        if fixed and (inertial is None or (inertial.mass == 0.0 and not inertial.inertia.any())):
            if tree.links[name].collisions():
                what = "has a collision shape but no mass; only a frame without one may be massless"
        elif inertial is None or inertial.mass <= 0.0:
            mass = 0.0 if inertial is None else inertial.mass
            what = f"has mass {mass:g} kg; {_why(tree, name)}: give it a physical <inertial>"
        else:
            what = _unphysical(inertial, bounds)
        if what is not None:
            faulty = True
            yield Fault(f"link {name!r}", what)
    if not faulty:
        yield from _ratios(tree, bounds)


def merged_masses(tree: Tree) -> dict[str, float]:
    """Mass of every moving link and the root, with all that is fixed to it [kg]."""
    masses: dict[str, float] = {}
    for name in tree.order:
        carrier = tree.carrier(name)
        masses[carrier] = masses.get(carrier, 0.0) + tree.links[name].mass
    return masses


def _why(tree: Tree, name: str) -> str:
    if name == tree.root:
        return "the root link moves, and Bullet nails a massless one to the world"
    joint = tree.joint_to[name]
    if joint.kind == "fixed":
        return "a link is either massless in all or physical in all"
    return f"it is moved by {joint.name!r}"


def _unphysical(inertial: Inertial, bounds: MassBounds) -> str | None:
    low, middle, high = moments = np.linalg.eigvalsh(inertial.inertia)
    said = f"principal moments {' '.join(f'{moment:.6g}' for moment in moments)} kg·m²"
    if low <= 0.0:
        return f"has mass {inertial.mass:g} kg and {said}: all must be positive"
    if low + middle < high * (1.0 - ROUNDING):
        return f"breaks the triangle inequality: {said}, none may exceed the sum of the others"
    least, greatest = bounds.gyration
    for moment in (low, high):
        radius = float(np.sqrt(moment / inertial.mass))
        if not least <= radius <= greatest:
            return (
                f"has a radius of gyration of {radius:.3g} m ({moment:.3g} kg·m², {inertial.mass:g} kg), "
                f"between {least:g} and {greatest:g} m is possible: check the units of its inertia"
            )
    distance = float(np.linalg.norm(inertial.com))
    if distance > bounds.offset:
        return f"has its centre of mass {distance:.3g} m from its origin, at most {bounds.offset:g} m is possible"
    return None


def _ratios(tree: Tree, bounds: MassBounds) -> Iterator[Fault]:
    masses = merged_masses(tree)
    for name in tree.order[1:]:
        joint = tree.joint_to[name]
        if joint.kind == "fixed":
            continue
        parent = tree.carrier(joint.parent)
        ratio = max(masses[name], masses[parent]) / min(masses[name], masses[parent])
        if ratio > bounds.ratio:
            yield Fault(
                f"joint {joint.name!r}",
                f"connects {parent!r} of {masses[parent]:g} kg and {name!r} of {masses[name]:g} kg, a ratio of "
                f"{ratio:.0f}; above {bounds.ratio:g} its stops and contacts do not hold",
            )
