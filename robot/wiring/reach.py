"""Can the drives say and reach what the joints' limits allow, through gears and linkages?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from robot.command import Array
from robot.drivers.ranges import UNITS, Range
from robot.wiring.linkage import Motors
from robot.wiring.wiring import MountedLinkage, Wire, Wiring

CONDITION_MOST = 10.0
"""Greatest condition number of a linkage's Jacobian within the joints' limits: beyond it is as good as singular."""
_GRID = 15
"""Points of a joint's range at which a linkage is looked at, each way."""


def over_range(mounted: MountedLinkage, wiring: Wiring) -> Iterator[tuple[float, float, Motors]]:
    """A linkage over the whole range of its joints: pitch, roll [rad], and its motors there.

    Raises:
        ValueError: It does not reach a position within the joints' limits.
    """
    limits = wiring.limits
    for pitch in np.linspace(limits.lower[mounted.pitch], limits.upper[mounted.pitch], _GRID).tolist():
        for roll in np.linspace(limits.lower[mounted.roll], limits.upper[mounted.roll], _GRID).tolist():
            yield pitch, roll, mounted.linkage.motors(pitch, roll)


def require_reach(wiring: Wiring, stiffness: Array, damping: Array) -> None:
    """See that frames can say the joints' limits, and these gains of theirs, and that linkages are far from singular.

    Of a linkage's joints each is looked at with the other one at rest or without torque: both at their limits at once
    can be more than its motors have.

    Args:
        wiring: What is to be checked.
        stiffness: Of the joints, shape (n,) [Nm/rad].
        damping: Shape (n,) [Nm·s/rad].

    Raises:
        ValueError: Something does not reach; the message says which drive, what it has and what its joint needs.
    """
    limits = wiring.limits
    linked = {place for mounted in wiring.linkages for place in (mounted.pitch, mounted.roll)}
    for place, wire in enumerate(wiring.wires):
        if place in linked:
            continue
        window = (float(limits.lower[place]), float(limits.upper[place]))
        _require(
            wire, wiring.joints[place], window, float(limits.velocity[place]), float(limits.effort[place]),
            float(stiffness[place]), float(damping[place]),
        )  # fmt: skip
    for mounted in wiring.linkages:
        _require_linkage(mounted, wiring, stiffness, damping)


def _require_linkage(mounted: MountedLinkage, wiring: Wiring, stiffness: Array, damping: Array) -> None:
    pitch, roll = mounted.pitch, mounted.roll
    limits, name = wiring.limits, mounted.linkage.name
    fast, hard = limits.velocity[[pitch, roll]].tolist(), limits.effort[[pitch, roll]].tolist()
    stiff, damp = stiffness[[pitch, roll]].tolist(), damping[[pitch, roll]].tolist()
    positions, velocities, torques, stiffnesses, dampings = [], [], [], [], []
    for at_pitch, at_roll, (position, jacobian) in over_range(mounted, wiring):
        if jacobian.condition > CONDITION_MOST:
            raise ValueError(
                f"linkage {name!r}: at pitch {at_pitch:.3g} and roll {at_roll:.3g} rad, within the joints' limits, the "
                f"condition number of its Jacobian is {jacobian.condition:.3g}, at most {CONDITION_MOST:g} is sound"
            )
        if not mounted.linkage.is_front(jacobian):
            raise ValueError(
                f"linkage {name!r}: there is a singular position between zero and pitch {at_pitch:.3g}, roll "
                f"{at_roll:.3g} rad; move its anchors or cranks"
            )
        positions.append(position)
        velocities += [jacobian.motor_velocity(fast[0], 0.0), jacobian.motor_velocity(0.0, fast[1])]
        torques += [jacobian.motor_torque(hard[0], 0.0), jacobian.motor_torque(0.0, hard[1])]
        stiffnesses.append(jacobian.motor_gains(*stiff)[:2])
        dampings.append(jacobian.motor_gains(*damp)[:2])
    angle, most = np.array(positions), [np.abs(np.array(rows)).max(axis=0) for rows in (velocities, torques)]
    gains = [np.array(rows).max(axis=0) for rows in (stiffnesses, dampings)]
    for motor, place in enumerate((pitch, roll)):
        _require(
            wiring.wires[place], name, (float(angle[:, motor].min()), float(angle[:, motor].max())),
            float(most[0][motor]), float(most[1][motor]), float(gains[0][motor]), float(gains[1][motor]),
        )  # fmt: skip


def _require(
    wire: Wire,
    moved: str,
    window: tuple[float, float],
    velocity: float,
    torque: float,
    stiffness: float,
    damping: float,
) -> None:
    """See that the frames of a drive can say what the coordinate that it moves needs."""
    ratio, gear, command, reply = wire.ratio, wire.gear, wire.model.command, wire.model.reply
    ends = sorted(ratio * end + wire.zero for end in window)
    needs = (
        ("position", Range(ends[0], ends[1]), (command.position, reply.position)),
        ("velocity", Range(-velocity * gear, velocity * gear), (command.velocity, reply.velocity)),
        ("torque", Range(-torque / gear, torque / gear), (command.torque, reply.torque)),
        ("stiffness", Range(0.0, stiffness / gear**2), (command.stiffness,)),
        ("damping", Range(0.0, damping / gear**2), (command.damping,)),
    )
    for number, need, ranges in needs:
        for span in ranges:
            if need.low < span.low or need.high > span.high:
                raise ValueError(
                    f"drive {wire.name!r}: the {number} in frames of {wire.model.title} goes over {span} "
                    f"{UNITS[number]}, but {moved!r} needs {need.low:.4g} to {need.high:.4g} {UNITS[number]} at "
                    f"the shaft; take another model, gear or zero"
                )
