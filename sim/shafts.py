"""Joints and the shafts of the drives that move them, as the physics needs them: motion one way, torque the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from robot import JointLimits
from robot.drives import DriveTable
from robot.wiring import Jacobian, Wiring

Array = NDArray[np.float64]


class Shafts:
    """Gears and linkages between joints and drives, without mass, play or losses.

    Rotors and friction: the rotors' inertia stays at the joints, where the body has it. Friction is a drive's own, and
    comes to the joints with its torque.
    """

    def __init__(self, wiring: Wiring) -> None:
        """Set up for a wiring; directions, zeros and linkages are those that it says, right or wrong."""
        wires = wiring.wires
        self._ratio = np.array([wire.ratio for wire in wires])
        self._zero = np.array([wire.zero for wire in wires])
        self._linkages = [(mounted.linkage, mounted.pitch, mounted.roll) for mounted in wiring.linkages]
        self._jacobians: list[Jacobian] = []
        self._motion, self._torque = np.zeros((2, len(wires))), np.zeros(len(wires))
        self._wiring = wiring
        effort = wiring.limits.effort
        self._effort = np.full_like(effort, np.inf)
        for _, pitch, roll in self._linkages:
            self._effort[[pitch, roll]] = effort[[pitch, roll]]

    def motion(self, joints: Array) -> Array:
        """Positions [rad] and velocities [rad/s] of the shafts for those of the joints, shape (2, n).

        The next call writes it anew.

        Raises:
            ValueError: A linkage cannot be where its joints are.
        """
        motion = self._motion
        motion[:] = joints
        self._jacobians = []
        for linkage, pitch, roll in self._linkages:
            motors, jacobian = linkage.motors(float(joints[0, pitch]), float(joints[0, roll]))
            motion[0, pitch], motion[0, roll] = motors
            motion[1, pitch], motion[1, roll] = jacobian.motor_velocity(float(joints[1, pitch]), float(joints[1, roll]))
            self._jacobians.append(jacobian)
        motion *= self._ratio
        motion[0] += self._zero
        return motion

    def joint_torque(self, torque: Array) -> Array:
        """Torque at the joints for that at the shafts, shape (n,) [Nm], where `motion` last saw them.

        Two motors together push a joint harder than its limit is; it is given no more than that.

        The next call writes it anew.
        """
        at_joints = self._torque
        np.multiply(torque, self._ratio, out=at_joints)
        for (_, pitch, roll), jacobian in zip(self._linkages, self._jacobians, strict=True):
            both = jacobian.joint_torque(float(at_joints[pitch]), float(at_joints[roll]))
            at_joints[pitch], at_joints[roll] = both
        return np.clip(at_joints, -self._effort, self._effort, out=at_joints)

    def limits(self, joints: JointLimits) -> JointLimits:
        """How fast and how hard the drives turn, so that they are those that the joints' limits tell of.

        A linkage's two motors are as strong and as fast as the weakest and the slowest drive of their model that moves
        a joint alone, and at least as is needed for either of their joints alone to reach its limit, both at zero.
        No drive is more than its wire allows; positions are those of the wires.
        """
        wires = self._wiring.wires
        gear = np.array([wire.gear for wire in wires])
        speed, effort = joints.velocity * gear, joints.effort / gear
        linked = {place for _, pitch, roll in self._linkages for place in (pitch, roll)}

        def least(place: int, of: Array) -> float:
            model = wires[place].model
            alike = [of[i] for i, wire in enumerate(wires) if i not in linked and wire.model == model]
            return float(min(alike, default=0.0))

        for linkage, pitch, roll in self._linkages:
            jacobian = linkage.motors(0.0, 0.0).jacobian
            both, fast, hard = [pitch, roll], joints.velocity, joints.effort
            turns = (jacobian.motor_velocity(float(fast[pitch]), 0.0), jacobian.motor_velocity(0.0, float(fast[roll])))
            pushes = (jacobian.motor_torque(float(hard[pitch]), 0.0), jacobian.motor_torque(0.0, float(hard[roll])))
            speed[both] = np.maximum(np.abs(turns).max() * gear[both], [least(i, speed) for i in both])
            effort[both] = np.maximum(np.abs(pushes).max() / gear[both], [least(i, effort) for i in both])
        return JointLimits(
            np.array([wire.position.low for wire in wires]),
            np.array([wire.position.high for wire in wires]),
            np.minimum(speed, [wire.velocity for wire in wires]),
            np.minimum(effort, [wire.torque for wire in wires]),
            tuple(wire.name for wire in wires),
        )

    def table(self, joints: DriveTable) -> DriveTable:
        """The drives' other properties at their shafts, from those at the joints of the same places."""
        gear = np.array([wire.gear for wire in self._wiring.wires])
        return replace(
            joints,
            coulomb_friction=joints.coulomb_friction / gear,
            viscous_friction=joints.viscous_friction / gear**2,
            gear_ratio=joints.gear_ratio / gear,
            torque_noise=joints.torque_noise / gear,
            motor_constant=joints.motor_constant / gear,
        )
