"""The rotors of the drives against geared rotors, by mass matrices of the free body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from robot import RobotModel
from scenarios.assembly import ROBOT_URDF, load_robot
from scenarios.physics.check import Check, Finding
from sim.experiments.kicks import kicks, swing
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


def _answers(mass: Array) -> Array:
    """Accelerations for 1 Nm of each joint, the others limp, shape (n, 6 + n)."""
    return np.asarray(np.linalg.solve(mass, np.eye(len(mass))[:, 6:]).T)


def _own_error(rows: Array, true: Array) -> Array:
    """Error of the kicked joint's acceleration in each row, as a part of it, shape (n,)."""
    return np.abs(np.diagonal(rows[:, 6:]) / np.diagonal(true[:, 6:]) - 1.0)


def _base_error(rows: Array, true: Array) -> Array:
    """Error of the pelvis' angular acceleration in each row, as a part of it, shape (n,)."""
    return np.asarray(np.linalg.norm((rows - true)[:, 3:6], axis=1) / np.linalg.norm(true[:, 3:6], axis=1))


def _rotor_inertia() -> tuple[Finding, ...]:
    model = load_robot()
    position = RiderPosture(model, BicycleParameters.load(), 0.002).solve(0.0, 0.5 * np.pi)
    masses = mass_matrices(model, position)
    found = kicks(model, ROBOT_URDF, position)
    geared, armature = _answers(masses.geared), _answers(masses.armature)
    errors = (
        ("joint's acceleration against geared rotors: median of joints", np.median(_own_error(found, geared)), 0.02),
        ("the same: worst joint", np.max(_own_error(found, geared)), 0.08),
        ("pelvis' rotation against geared rotors: median of joints", np.median(_base_error(found, geared)), 0.10),
        ("joint's acceleration against armature: worst joint", np.max(_own_error(found, armature)), 0.05),
        ("pelvis' rotation against armature: median of joints", np.median(_base_error(found, armature)), 0.02),
        ("angular momentum made of nothing by swinging limbs", _momentum_drift(model, position), 0.02),
    )
    return tuple(Finding(what, float(error), 0.0, "1", allowed, 1.0) for what, error, allowed in errors)


def _momentum_drift(model: RobotModel, position: Array) -> float:
    """Greatest angular momentum of a body that began with none, as a part of what its links have against each other."""
    floating = model.pinocchio_floating
    data = floating.createData()
    whole = gross = 0.0
    for place, motion in zip(*swing(model, ROBOT_URDF, position), strict=True):
        momentum = pin.computeCentroidalMomentum(floating, data, place, motion)
        whole = max(whole, float(np.linalg.norm(momentum.angular)))
        spins = [data.oMi[link].act(data.h[link]) for link in range(1, floating.njoints)]
        about = [h.angular - np.cross(data.com[0], h.linear) for h in spins]
        gross = max(gross, sum(float(np.linalg.norm(h)) for h in about))
    return whole / gross


CHECKS = (
    Check(
        "rotor-inertia",
        "rotors act as geared rotors do: on their joint, and not on the rest of the body",
        _rotor_inertia,
    ),
)
