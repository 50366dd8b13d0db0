"""One leg by itself: the joint angles that put its sole somewhere, apart from the chart of the seated posture."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, cos, sin

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import RobotModel

Array = NDArray[np.float64]

JOINTS = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")


@dataclass(slots=True)
class LegPosture:
    """What a leg is told, in the order of :data:`JOINTS`.

    Attributes:
        position: Shape (6,) [rad].
        velocity: Shape (6,) [rad/s].
        jacobian: Linear, then angular velocity of the sole frame in the pelvis frame, shape (6, 6).
        miss: How far the sole stays from its place [m].
    """

    position: Array
    velocity: Array
    jacobian: Array
    miss: float


class Leg:
    """Inverse kinematics of a leg with six joints, from the hip to the sole, by damped Newton steps.

    The sole's place is reached first; where the joints' limits do not let it, its orientation gives way.
    """

    _STEPS = 3
    _DAMPING = 1e-4
    _ROTATION_WEIGHT = 0.2
    _MARGIN = 0.02

    def __init__(self, model: RobotModel, side: int) -> None:
        """Take the left leg (side 0) or the right one (1) of a body."""
        name = ("left", "right")[side]
        self.joints: NDArray[np.intp] = np.array([model.index(f"{name}_{joint}_joint") for joint in JOINTS])
        """Indices of its joints in the robot model."""
        others = [
            model.pinocchio.getJointId(joint)
            for index, joint in enumerate(model.joint_names)
            if index not in set(self.joints.tolist())
        ]
        self._model = pin.buildReducedModel(model.pinocchio, others, pin.neutral(model.pinocchio))
        self._data = self._model.createData()
        self._sole = self._model.getFrameId(f"{name}_sole")
        self._lower = model.limits.lower[self.joints] + self._MARGIN
        self._upper = model.limits.upper[self.joints] - self._MARGIN
        self._weight = np.array((1.0, 1.0, 1.0) + (self._ROTATION_WEIGHT,) * 3)

    def place(self, position: Array) -> tuple[Array, Array]:
        """Origin [m] and axes of the sole in the pelvis frame, for joint angles of shape (6,) [rad]."""
        pin.forwardKinematics(self._model, self._data, position)
        placement = pin.updateFramePlacement(self._model, self._data, self._sole)
        return placement.translation.copy(), placement.rotation.copy()

    def reach(self, point: Array, rotation: Array, velocity: Array, start: Array) -> LegPosture:
        """Joint angles for a sole.

        Args:
            point: Origin of the sole in the pelvis frame, shape (3,) [m].
            rotation: Its axes there, shape (3, 3).
            velocity: Linear, then angular velocity of it there, shape (6,) [m/s, rad/s].
            start: Joint angles near by, shape (6,) [rad].
        """
        position = start
        for _ in range(self._STEPS):
            error, jacobian = self._error(position, point, rotation)
            scaled = self._weight[:, None] * jacobian
            step = np.linalg.solve(scaled.T @ scaled + self._DAMPING * np.eye(6), scaled.T @ (self._weight * error))
            position = np.clip(position + np.clip(step, -0.3, 0.3), self._lower, self._upper)
        error, jacobian = self._error(position, point, rotation)
        rate = np.linalg.solve(jacobian.T @ jacobian + 1e-4 * np.eye(6), jacobian.T @ velocity)
        return LegPosture(position, rate, jacobian, float(np.linalg.norm(error[:3])))

    def _error(self, position: Array, point: Array, rotation: Array) -> tuple[Array, Array]:
        model, data = self._model, self._data
        jacobian = pin.computeFrameJacobian(model, data, position, self._sole, pin.LOCAL_WORLD_ALIGNED)
        placement = pin.updateFramePlacement(model, data, self._sole)
        turn = rotation @ placement.rotation.T
        error = np.concatenate((point - placement.translation, _vector(turn)))
        return error, jacobian


def _vector(turn: Array) -> Array:
    """Rotation vector of a small rotation matrix, shape (3,) [rad]."""
    sine = 0.5 * np.array((turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]))
    angle = acos(min(1.0, max(-1.0, 0.5 * (float(np.trace(turn)) - 1.0))))
    return sine if angle < 1e-6 else sine * (angle / max(sin(angle), 1e-9))


def pitched(angle: float) -> Array:
    """Axes turned about y by an angle, toes down positive [rad], shape (3, 3)."""
    c, s = cos(angle), sin(angle)
    return np.array(((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c)))
