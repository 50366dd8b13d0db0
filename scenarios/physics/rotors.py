"""The rotors of the drives: how far what the physics does with them is from geared rotors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from robot import RobotModel
from scenarios.assembly import ROBOT_URDF, load_robot
from scenarios.physics.check import Check, Finding
from sim.experiments.kicks import kicks
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MassMatrices:
    """Mass matrices of the body in one posture, (6 + n, 6 + n), under three views of its rotors.

    Rows and columns are those of the velocities: linear and angular of the pelvis, then joints.

    Attributes:
        geared: Real rotors: I q'² / 2 and the coupling I q' (a·ω) / gear ratio with the parent's rotation.
        armature: The first of these alone, as Pinocchio has it.
        carried: As the physics has it: rotors turn with the driven link, I (a·ω + q')² / 2.
    """

    geared: Array
    armature: Array
    carried: Array


def mass_matrices(model: RobotModel, position: Array) -> MassMatrices:
    """The three, with joints at positions (n,) [rad] and the pelvis aligned with the world."""
    floating = model.pinocchio_floating
    data = floating.createData()
    place = np.concatenate(((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0), position))
    pin.computeJointJacobians(floating, data, place)
    upper = np.triu(pin.crba(floating, data, place))
    armature = upper + np.triu(upper, 1).T
    geared, carried = armature.copy(), armature.copy()
    for joint, (rotor, gear) in enumerate(zip(model.drives.rotor_inertia, model.drives.gear_ratio, strict=True)):
        own = np.zeros(6 + model.size)
        own[6 + joint] = 1.0
        link = joint + 2
        turning = pin.getJointJacobian(floating, data, link, pin.WORLD)[3:]
        parent = pin.getJointJacobian(floating, data, floating.parents[link], pin.WORLD)[3:]
        along = (turning - parent)[:, 6 + joint] @ parent  # a·ω of the parent, as a row on all velocities
        coupling = rotor * (np.outer(own, along) + np.outer(along, own))
        geared += coupling / gear
        carried += coupling + rotor * np.outer(along, along)
    return MassMatrices(geared, armature, carried)


def _answers(mass: Array, *, held: bool) -> Array:
    """Accelerations (n, 6 + n) for 1 Nm of each joint, the other joints free or held in place."""
    size = len(mass) - 6
    if not held:
        return np.asarray(np.linalg.solve(mass, np.eye(6 + size)[:, 6:]).T)
    rows = np.zeros((size, 6 + size))
    for joint in range(size):
        moving = [0, 1, 2, 3, 4, 5, 6 + joint]
        rows[joint, moving] = np.linalg.solve(mass[np.ix_(moving, moving)], np.eye(7)[6])
    return rows


def _own_error(rows: Array, true: Array) -> Array:
    """Error of the kicked joint's acceleration in each row, as a part of it, shape (n,)."""
    return np.abs(np.diagonal(rows[:, 6:]) / np.diagonal(true[:, 6:]) - 1.0)


def _base_error(rows: Array, true: Array) -> Array:
    """Error of the pelvis' angular acceleration in each row, norm, shape (n,) [rad/s² for 1 Nm]."""
    return np.asarray(np.linalg.norm((rows - true)[:, 3:6], axis=1))


def _rotor_inertia() -> tuple[Finding, ...]:
    """The tolerances are the errors that docs/physics.md tells, not what would be good."""
    model = load_robot()
    position = RiderPosture(model, BicycleParameters.load(), 0.002).solve(0.0, 0.5 * np.pi)
    masses = mass_matrices(model, position)
    found, meant = kicks(model, ROBOT_URDF, position), _answers(masses.carried, held=False)
    limp, held = _answers(masses.geared, held=False), _answers(masses.geared, held=True)
    meant_held, alone = _answers(masses.carried, held=True), _answers(masses.armature, held=False)
    errors = (
        ("physics against rotors carried by the links: median joint", np.median(_own_error(found, meant)), 1e-3, "1"),
        ("armature alone against geared rotors: median joint", np.median(_own_error(alone, limp)), 0.02, "1"),
        ("physics against geared rotors, all limp: median joint", np.median(_own_error(found, limp)), 0.35, "1"),
        ("the same: worst joint", np.max(_own_error(found, limp)), 1.4, "1"),
        (
            "carried against geared, others held: median joint",
            np.median(_own_error(meant_held, held)),
            0.05,
            "1",
        ),
        ("the same: worst joint", np.max(_own_error(meant_held, held)), 0.25, "1"),
        ("the same: pelvis for 1 Nm, worst joint", np.max(_base_error(meant_held, held)), 0.4, "rad/s²"),
    )
    frozen, extra = (np.diagonal(mass)[3:6] for mass in (masses.armature, masses.carried - masses.armature))
    return (
        *(Finding(what, float(error), 0.0, unit, allowed, 1.0) for what, error, allowed, unit in errors),
        *(
            Finding(f"inertia of the whole body, frozen, about {axis}", float(cad + more), float(cad), "kg·m²", 0.10)
            for axis, cad, more in zip("xyz", frozen, extra, strict=True)
        ),
    )


CHECKS = (
    Check(
        "rotor-inertia",
        "rotors that turn with the driven link stand for geared rotors, within documented errors",
        _rotor_inertia,
    ),
)
