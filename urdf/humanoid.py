"""Generates the humanoid's URDF from its table of joints and its parameters."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from urdf.humanoid_parameters import Fingers, Frame, Grip, HumanoidParameters, Primitive
from urdf.xml_writer import Inertial, Shape, Urdf, Vector

SIDES = ("left", "right")


def build(parameters: HumanoidParameters | None = None) -> str:
    """The URDF text of a humanoid; of the committed parameter files when none are given."""
    p = parameters or HumanoidParameters.load()
    urdf = Urdf(p.name)
    for name, rgba in p.colours.items():
        urdf.material(name, rgba)

    visuals = _both_sides({**_shapes(p.visuals), p.grip.link: _finger_shapes(p.fingers)})
    collisions = _both_sides(_shapes(p.collisions))
    hands = {grip.hand: grip for grip in (_grip(p.grip, side) for side in SIDES)}
    frames = {k: v for name, frame in p.frames.items() for k, v in _frames(name, frame).items()}

    def add_link(name: str, inertial: Inertial) -> None:
        grip = hands.get(name)
        if grip is not None:
            inertial = without(inertial, _at(grip.inertial, grip.origin))
        urdf.link(name, inertial, visuals.get(name, ()), collisions.get(name, ()))
        for frame_name, frame in frames.items():
            if frame.link == name:
                urdf.link(frame_name)
                urdf.joint(f"{frame_name}_fixed", "fixed", name, frame_name, frame.xyz, frame.rpy)
        if grip is not None:
            urdf.link(grip.link, grip.inertial, visuals[grip.link])
            urdf.joint(
                grip.joint, "revolute", name, grip.link, grip.origin, axis=grip.axis, lower=0.0, upper=grip.upper,
                effort=grip.effort, velocity=grip.velocity,
            )  # fmt: skip

    add_link(p.root.link, p.root.inertial)
    for joint in p.joints:
        add_link(joint.child, joint.inertial)
        urdf.joint(
            joint.name, "revolute", joint.parent, joint.child, joint.xyz, (joint.roll, 0.0, 0.0), joint.axis,
            joint.lower, joint.upper, joint.effort, joint.velocity,
        )  # fmt: skip
    return urdf.text()


def without(whole: Inertial, part: Inertial) -> Inertial:
    """What remains of a body when a part of it is taken away; both in the same frame (parallel axis theorem)."""
    mass = whole.mass - part.mass
    com = (whole.mass * np.array(whole.com) - part.mass * np.array(part.com)) / mass
    inertia = _about_origin(whole) - _about_origin(part) - mass * _point_inertia(com)
    ixx, ixy, ixz, iyy, iyz, izz = (float(inertia[i, j]) for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)))
    x, y, z = (float(value) for value in com)
    return Inertial(mass, (x, y, z), (ixx, ixy, ixz, iyy, iyz, izz))


def _about_origin(body: Inertial) -> NDArray[np.float64]:
    ixx, ixy, ixz, iyy, iyz, izz = body.inertia
    central = np.array([[ixx, ixy, ixz], [ixy, iyy, iyz], [ixz, iyz, izz]])
    return central + body.mass * _point_inertia(np.array(body.com))


def _point_inertia(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inertia of a unit mass at r about the origin [m²]."""
    return np.asarray(r @ r * np.eye(3) - np.outer(r, r))


def _at(body: Inertial, origin: Vector) -> Inertial:
    """The same body in a parallel frame in which its own frame is at `origin`."""
    x, y, z = (a + b for a, b in zip(body.com, origin, strict=True))
    return Inertial(body.mass, (x, y, z), body.inertia)


def _mirrored(v: Vector) -> Vector:
    """A point in the mirror y = 0."""
    return v[0], -v[1], v[2]


def _mirrored_turn(v: Vector) -> Vector:
    """Roll, pitch and yaw, or an axis of turning, in the mirror y = 0."""
    return -v[0], v[1], -v[2]


def _other_side(name: str) -> str:
    return name.replace("left_", "right_", 1)


def _shapes(table: dict[str, tuple[Primitive, ...]]) -> dict[str, list[Shape]]:
    return {name: [primitive.shape for primitive in row] for name, row in table.items()}


def _both_sides(table: dict[str, list[Shape]]) -> dict[str, list[Shape]]:
    right = {
        _other_side(name): [Shape(s.kind, s.size, _mirrored(s.xyz), _mirrored_turn(s.rpy), s.colour) for s in shapes]
        for name, shapes in table.items()
        if name.startswith("left_")
    }
    return {**table, **right}


def _frames(name: str, frame: Frame) -> dict[str, Frame]:
    if not name.startswith("left_"):
        return {name: frame}
    right = Frame(link=_other_side(frame.link), xyz=_mirrored(frame.xyz), rpy=_mirrored_turn(frame.rpy))
    return {name: frame, _other_side(name): right}


def _grip(left: Grip, side: str) -> Grip:
    if side == "left":
        return left
    ixx, ixy, ixz, iyy, iyz, izz = left.inertia
    return left.model_copy(
        update={
            "joint": _other_side(left.joint),
            "hand": _other_side(left.hand),
            "link": _other_side(left.link),
            "origin": _mirrored(left.origin),
            "axis": _mirrored_turn(left.axis),
            "com": _mirrored(left.com),
            "inertia": (ixx, -ixy, ixz, iyy, -iyz, izz),
        }
    )


def _finger_shapes(fingers: Fingers) -> list[Shape]:
    """The left fingers: one box a phalanx, a little longer than the bone so that neighbours meet."""
    shapes = []
    phalanges = zip(pairwise(fingers.points), fingers.thickness, fingers.colours, strict=True)
    for (start, end), thickness, colour in phalanges:
        dy, dz = end[0] - start[0], end[1] - start[1]
        size = (fingers.width, thickness, math.hypot(dy, dz) + 0.35 * thickness)
        y, z = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        shapes += [Shape("box", size, (x, y, z), (math.atan2(dy, -dz), 0.0, 0.0), colour) for x in fingers.x]
    return shapes
