"""Whole-body inverse kinematics: the joint motion that serves weighted tasks within the joints' limits."""

from __future__ import annotations

from dataclasses import dataclass

import daqp
import numpy as np
from numpy.typing import NDArray

from controllers.whole_body.kinematics import Kinematics
from robot import JointLimits

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FrameTask:
    """A frame that should be somewhere.

    Attributes:
        index: Which frame of the kinematics.
        position_weight: Cost of a position error [1/m].
        rotation_weight: Cost of an orientation error [1/rad].
        axis: When given, only this axis of the frame (a unit vector in the frame, shape (3,)) has to point the right
            way and the frame may turn about it; otherwise the whole orientation counts.
    """

    index: int
    position_weight: float
    rotation_weight: float
    axis: Array | None = None


class InverseKinematics:
    """One Gauss-Newton step of weighted tasks a tick, as a quadratic program with the joints' limits as bounds.

    Minimises over the joint step dq: sum |W (J dq - error)|² + |w (q + dq - posture)|², subject to position limits
    (less a margin) and velocity limits. After Kanoun, Lamiraux, Wieber 2011 without strict priorities; solved by daqp
    (Arnström, Bemporad, Axehill 2022).
    """

    def __init__(
        self,
        kinematics: Kinematics,
        tasks: tuple[FrameTask, ...],
        limits: JointLimits,
        posture_weight: Array,
        period: float,
        margin: float = 0.02,
    ) -> None:
        """Set the problem up.

        Args:
            kinematics: Frames that the tasks refer to.
            tasks: What is wanted of which frame.
            limits: Joint limits, n joints.
            posture_weight: Cost of leaving the posture, shape (n,) [1/rad]; positive.
            period: Time between two steps [s].
            margin: Distance kept to each position limit [rad].
        """
        self._kinematics = kinematics
        self._tasks = tasks
        self._lower = limits.lower + margin
        self._upper = limits.upper - margin
        self._step = limits.velocity * period
        self._posture_cost = posture_weight**2
        size = posture_weight.size
        self._stack = np.zeros((6 * len(tasks), size))
        self._error = np.zeros(6 * len(tasks))
        self._hessian = np.diag(self._posture_cost)
        self._diagonal = np.arange(size)
        self._no_rows = np.zeros((0, size))
        self._model = daqp.Model()
        self._model.setup(self._hessian, np.zeros(size), self._no_rows, np.ones(size), -np.ones(size))
        self.residual = np.zeros(len(tasks))
        """Position error of each task before the last step, shape (tasks,) [m]."""

    def step(self, joint_position: Array, targets: list[tuple[Array, Array]], posture: Array) -> Array:
        """The next joint positions, shape (n,) [rad].

        Args:
            joint_position: Where the joints are in the last solution, shape (n,) [rad].
            targets: For each task its position (3,) [m] and either the rotation matrix (3, 3) or, for a task with an
                axis, the unit vector (3,) along which that axis should point; in the pelvis frame.
            posture: Joint positions to prefer, shape (n,) [rad].
        """
        kinematics, stack, error = self._kinematics, self._stack, self._error
        kinematics.update(joint_position)
        for row, (task, (position, direction)) in enumerate(zip(self._tasks, targets, strict=True)):
            linear, angular = slice(6 * row, 6 * row + 3), slice(6 * row + 3, 6 * row + 6)
            jacobian = kinematics.jacobian(task.index)
            rotation = kinematics.rotation(task.index)
            offset = position - kinematics.position(task.index)
            self.residual[row] = np.sqrt(offset @ offset)
            error[linear] = task.position_weight * offset
            stack[linear] = task.position_weight * jacobian[:3]
            if task.axis is None:
                error[angular] = task.rotation_weight * _rotation_error(rotation, direction)
                stack[angular] = task.rotation_weight * jacobian[3:]
            else:
                axis = rotation @ task.axis
                error[angular] = task.rotation_weight * _cross(axis, direction)
                across = np.eye(3) - np.outer(axis, axis)
                stack[angular] = task.rotation_weight * (across @ jacobian[3:])
        hessian = self._hessian
        np.matmul(stack.T, stack, out=hessian)
        hessian[self._diagonal, self._diagonal] += self._posture_cost
        gradient = -(error @ stack) + self._posture_cost * (joint_position - posture)
        upper = np.minimum(self._upper - joint_position, self._step)
        lower = np.maximum(self._lower - joint_position, -self._step)
        np.maximum(upper, -self._step, out=upper)
        np.minimum(lower, self._step, out=lower)
        self._model.update(H=hessian, f=gradient, bupper=upper, blower=lower)
        step, _, flag, _ = self._model.solve()
        if flag < 1:
            return joint_position
        moved: Array = joint_position + step
        return moved


def _rotation_error(rotation: Array, wanted: Array) -> Array:
    """Small rotation vector from one orientation to another: half the sum of the axes' cross products."""
    return 0.5 * (
        _cross(rotation[:, 0], wanted[:, 0])
        + _cross(rotation[:, 1], wanted[:, 1])
        + _cross(rotation[:, 2], wanted[:, 2])
    )


def _cross(a: Array, b: Array) -> Array:
    """Cross product of two 3-vectors, without numpy's generality, which costs ten times as much."""
    ax, ay, az = a
    bx, by, bz = b
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))
