"""What Bullet has really made of a URDF: held against the text, and shaken to see whether anything brakes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pybullet
from numpy.typing import NDArray

from urdf.description import Description, Joint, Link, Shape

Array = NDArray[np.float64]

TOLERANCE = 1e-6
"""Greatest relative deviation that passes: Bullet's principal axes are good to 1e-8 [1]."""
BRAKING_TOLERANCE = 1e-9
"""Greatest share of an acceleration that may depend on the sign of the velocities [1]."""

_TYPES = {
    "revolute": pybullet.JOINT_REVOLUTE,
    "continuous": pybullet.JOINT_REVOLUTE,
    "prismatic": pybullet.JOINT_PRISMATIC,
    "fixed": pybullet.JOINT_FIXED,
}
_SHAPES = {
    "box": pybullet.GEOM_BOX,
    "sphere": pybullet.GEOM_SPHERE,
    "cylinder": pybullet.GEOM_CYLINDER,
    "capsule": pybullet.GEOM_CAPSULE,
    "mesh": pybullet.GEOM_MESH,
}
_HIGH = (0.0, 0.0, 100.0)
"""Where nothing touches the ground [m]."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a quantity in Bullet is from the text, relative to its size [1]; `said` names both values."""

    quantity: str
    where: str
    error: float
    said: str


def require_faithful(client: int, body: int, described: Description) -> None:
    """Let a body pass that Bullet has as it is described, and that nothing brakes.

    The body is left in motion: use one that is not needed afterwards.

    Raises:
        ValueError: Bullet has something else; the message names the first link or joint and both values.
    """
    for deviation in deviations(client, body, described):
        if not deviation.error <= TOLERANCE:
            raise ValueError(
                f"{deviation.where}: PyBullet has another {deviation.quantity} than the URDF: {deviation.said}"
            )
    braked = braking(client, body)
    if not braked <= BRAKING_TOLERANCE:
        raise ValueError(
            f"something brakes the body: {braked:.2g} of its acceleration depends on the sign of its velocities, "
            f"at most {BRAKING_TOLERANCE:g} may; look for damping or a joint motor that is still on"
        )


def deviations(client: int, body: int, described: Description) -> Iterator[Deviation]:
    """Compare every mass, centre of mass, inertia, joint type, limit and collision shape.

    Raises:
        ValueError: The body has other links or joints than the text.
    """
    infos = [pybullet.getJointInfo(body, i, physicsClientId=client) for i in range(_joint_count(client, body))]
    base = pybullet.getBodyInfo(body, physicsClientId=client)[0].decode()
    _require_names("links", [base, *(info[12].decode() for info in infos)], [link.name for link in described.links])
    _require_names("joints", [info[1].decode() for info in infos], [joint.name for joint in described.joints])
    index = {base: -1} | {info[12].decode(): number for number, info in enumerate(infos)}
    for link in described.links:
        yield from _link(client, body, index[link.name], link)
    by_name = {info[1].decode(): info for info in infos}
    for joint in described.joints:
        yield from _joint(by_name[joint.name], joint)


def braking(client: int, body: int) -> float:
    """The share of a body's acceleration that depends on the sign of its velocities [1].

    Gravity, gyroscopic, Coriolis and centrifugal effects are even in the velocities; damping, friction and motors
    are odd. So the body is set in motion twice, with all velocities (base and joints) reversed the second time, and
    half the difference of the two accelerations in the first step must be nothing. No model is needed for that.
    """
    step = pybullet.getPhysicsEngineParameters(physicsClientId=client)["fixedTimeStep"]
    infos = [pybullet.getJointInfo(body, i, physicsClientId=client) for i in range(_joint_count(client, body))]
    moving = [info for info in infos if info[2] != pybullet.JOINT_FIXED]
    indices = [info[0] for info in moving]
    draw = np.random.default_rng(0).uniform
    twist, rates = draw(-1.0, 1.0, 6), draw(-1.0, 1.0, len(moving))
    places = np.array([0.5 * (info[8] + info[9]) if info[8] < info[9] else 0.3 for info in moving])
    room = np.array([info[9] - info[8] if info[8] < info[9] else np.inf for info in moving])
    rates *= np.minimum(1.0, 0.1 * room / step)  # a step must not end at a joint's stop

    def acceleration(sign: float) -> Array:
        pybullet.resetBasePositionAndOrientation(body, _HIGH, (0.0, 0.0, 0.0, 1.0), physicsClientId=client)
        linear, angular = (sign * twist[:3]).tolist(), (sign * twist[3:]).tolist()
        pybullet.resetBaseVelocity(body, linear, angular, physicsClientId=client)
        for index, place, rate in zip(indices, places, rates, strict=True):
            pybullet.resetJointState(body, index, float(place), sign * float(rate), physicsClientId=client)
        pybullet.stepSimulation(physicsClientId=client)
        states = pybullet.getJointStates(body, indices, physicsClientId=client) if indices else ()
        linear, angular = pybullet.getBaseVelocity(body, physicsClientId=client)
        after = np.array((*linear, *angular, *(state[1] for state in states)))
        return (after - sign * np.concatenate((twist, rates))) / step

    forth, back = acceleration(1.0), acceleration(-1.0)
    return float(np.abs(forth - back).max() / max(np.abs(forth).max(), np.abs(back).max())) / 2.0


def _link(client: int, body: int, index: int, link: Link) -> Iterator[Deviation]:
    info = pybullet.getDynamicsInfo(body, index, physicsClientId=client)
    mass, diagonal, com = info[0], np.array(info[2]), np.array(info[3])
    axes = np.array(pybullet.getMatrixFromQuaternion(info[4])).reshape(3, 3)
    where = f"link {link.name!r}"
    if link.inertial is None or link.mass == 0.0:
        yield Deviation("mass", where, 0.0 if mass == 0.0 else np.inf, f"{mass:g} kg instead of none")
    else:
        wanted = link.inertial
        yield Deviation("mass", where, abs(mass - wanted.mass) / wanted.mass, f"{mass:g} instead of {wanted.mass:g} kg")
        # Bullet keeps moments about principal axes; turned back, they must be the text's matrix.
        inertia = axes @ np.diag(diagonal) @ axes.T
        scale = float(np.linalg.eigvalsh(wanted.inertia)[-1])
        said = f"principal moments {_listed(sorted(diagonal))} instead of {_listed(np.linalg.eigvalsh(wanted.inertia))}"
        yield Deviation("inertia", where, _furthest(inertia, wanted.inertia) / scale, f"{said} kg·m²")
        said = f"{_listed(com)} instead of {_listed(wanted.com)} m"
        yield Deviation("centre of mass", where, _furthest(com, wanted.com), said)
    yield from _shapes(client, body, index, link, com, axes)


def _shapes(client: int, body: int, index: int, link: Link, com: Array, axes: Array) -> Iterator[Deviation]:
    found = pybullet.getCollisionShapeData(body, index, physicsClientId=client)
    wanted = link.collisions()
    where = f"link {link.name!r}"
    if len(found) != len(wanted):
        said = f"{len(found)} instead of {len(wanted)}"
        yield Deviation("number of collision shapes", where, np.inf, said)
        return
    for data, shape in zip(found, wanted, strict=True):
        kind, size = data[2], np.array(data[3])
        same = kind == _SHAPES[shape.kind]
        yield Deviation(f"kind of the {shape.kind}", where, 0.0 if same else np.inf, f"Bullet's number {kind}")
        extent = _extent(shape)
        if extent is not None and same:
            size = size[: len(extent)]
            error = float(np.abs(size / extent - 1.0).max())
            yield Deviation(
                f"size of the {shape.kind}", where, error, f"{_listed(size)} instead of {_listed(extent)} m"
            )
        place = com + axes @ np.array(data[5])  # Bullet places shapes in the frame of the principal axes
        said = f"at {_listed(place)} instead of {_listed(shape.xyz)} m"
        yield Deviation(f"place of the {shape.kind}", where, _furthest(place, shape.xyz), said)
        turn = axes @ np.array(pybullet.getMatrixFromQuaternion(data[6])).reshape(3, 3)
        yield Deviation(f"direction of the {shape.kind}", where, _furthest(turn, shape.rotation), "turned")


def _joint(info: Sequence[Any], joint: Joint) -> Iterator[Deviation]:
    where = f"joint {joint.name!r}"
    same = info[2] == _TYPES[joint.kind]
    yield Deviation("type", where, 0.0 if same else np.inf, f"Bullet's number {info[2]} instead of {joint.kind}")
    if joint.kind == "fixed":
        return
    lower, upper, effort, velocity = np.array(info[8:12], dtype=np.float64)
    limits = [("effort limit", effort, joint.effort), ("velocity limit", velocity, joint.velocity)]
    if joint.kind != "continuous":  # Bullet puts no stops to a continuous joint, whatever its limits say
        limits += [("lower limit", lower, joint.lower), ("upper limit", upper, joint.upper)]
    for quantity, found, wanted in limits:
        if wanted is not None:
            error = abs(float(found) - wanted) / max(1.0, abs(wanted))
            yield Deviation(quantity, where, error, f"{found:g} instead of {wanted:g}")
    yield Deviation("damping", where, abs(info[6] - joint.damping), f"{info[6]:g} instead of {joint.damping:g}")


def _extent(shape: Shape) -> Array | None:
    """Sizes as Bullet tells them [m]; None of a mesh."""
    if shape.kind in ("cylinder", "capsule"):
        return np.array((shape.size[1], shape.size[0]))
    if shape.kind == "sphere":
        return np.full(3, shape.size[0])
    return np.array(shape.size) if shape.kind == "box" else None


def _require_names(what: str, found: list[str], wanted: list[str]) -> None:
    if sorted(found) != sorted(wanted):
        lost, new = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
        raise ValueError(f"PyBullet has other {what} than the URDF: without {lost}, and with {new}")


def _joint_count(client: int, body: int) -> int:
    return int(pybullet.getNumJoints(body, physicsClientId=client))


def _furthest(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max())


def _listed(numbers: Iterable[float]) -> str:
    return "(" + ", ".join(f"{number:.6g}" for number in numbers) + ")"
