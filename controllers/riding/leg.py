"""One leg by itself: the joint angles that put its sole somewhere, apart from the chart of the seated posture."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, sin

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import RobotModel

Array = NDArray[np.float64]

JOINTS = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll")

_STEPS = 3
_LONGEST_STEP = 0.3
"""Greatest change of a joint in one step [rad]."""
_DAMPING = 1e-4
_ROTATION_WEIGHT = 0.2
"""What an error of 1 rad counts against one of 1 m [m/rad]."""
_MARGIN = 0.02
"""How far the joints stay from their limits [rad]."""


@dataclass(slots=True)
class LegPosture:
    """Where a leg's joints belong, in the order of :data:`JOINTS`.

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
    """Inverse kinematics of a leg of six joints, by damped Gauss-Newton steps (Nakamura and Hanafusa 1986).

    Near a straight leg, and with joints at their limits, the sole's place counts for more than its orientation.
    """

    def __init__(self, model: RobotModel, side: int) -> None:
        """Take the left leg (side 0) or the right one (1) of a body."""
        name = ("left", "right")[side]
        self.joints: NDArray[np.intp] = np.array([model.index(f"{name}_{joint}_joint") for joint in JOINTS])
        """Indices of its joints in the robot model."""
        own = set(self.joints.tolist())
        others = [
            model.pinocchio.getJointId(joint) for index, joint in enumerate(model.joint_names) if index not in own
        ]
        self._model = pin.buildReducedModel(model.pinocchio, others, pin.neutral(model.pinocchio))
        self._data = self._model.createData()
        self._sole = self._model.getFrameId(f"{name}_sole")
        self._lower = model.limits.lower[self.joints] + _MARGIN
        self._upper = model.limits.upper[self.joints] - _MARGIN
        self._weight = np.array((1.0,) * 3 + (_ROTATION_WEIGHT,) * 3)
        thigh = self._model.getJointId(f"{name}_hip_yaw_joint")
        pin.forwardKinematics(self._model, self._data, pin.neutral(self._model))
        self.hip: Array = self._data.oMi[thigh - 1].translation.copy()
        """Where the axes of roll and yaw of the hip meet in the pelvis frame, legs straight, shape (3,) [m]."""
        ankle = self._data.oMi[self._model.getJointId(f"{name}_ankle_roll_joint")].translation
        sole = pin.updateFramePlacement(self._model, self._data, self._sole).translation
        self.ankle: Array = ankle - sole
        """The ankle in the sole frame, shape (3,) [m]."""
        self.length = float(np.linalg.norm(ankle - self.hip))
        """From hip to ankle, straight [m]."""

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
        position, weight = start, self._weight
        free = np.ones(len(JOINTS), dtype=np.bool_)
        for _ in range(_STEPS):
            error, jacobian = self._error(position, point, rotation)
            rows, right = weight[:, None] * jacobian, weight * error
            step, free = self._within(position, rows, right, np.ones_like(free))
            step = np.minimum(_LONGEST_STEP, np.maximum(-_LONGEST_STEP, step))
            position = np.minimum(self._upper, np.maximum(self._lower, position + step))
        error, jacobian = self._error(position, point, rotation)
        rate, _ = self._within(position, weight[:, None] * jacobian, weight * velocity, free)
        return LegPosture(position, rate, jacobian, float(np.linalg.norm(error[:3])))

    def _within(
        self, position: Array, rows: Array, right: Array, free: NDArray[np.bool_]
    ) -> tuple[Array, NDArray[np.bool_]]:
        """A step, or rates, of those joints that are free, by damped least squares, shape (6,); and which could go.

        A joint that would go past its limit stays there, and the others are asked anew for what they can do without it.
        """
        while True:
            some = rows[:, free]
            step = np.zeros(len(JOINTS))
            step[free] = np.linalg.solve(some.T @ some + _DAMPING * np.eye(some.shape[1]), some.T @ right)
            stuck = ((position <= self._lower) & (step < 0.0)) | ((position >= self._upper) & (step > 0.0))
            if not stuck.any():
                return step, free
            free = free & ~stuck

    def _error(self, position: Array, point: Array, rotation: Array) -> tuple[Array, Array]:
        model, data = self._model, self._data
        jacobian = pin.computeFrameJacobian(model, data, position, self._sole, pin.LOCAL_WORLD_ALIGNED)
        placement = pin.updateFramePlacement(model, data, self._sole)
        turn = rotation_vector(rotation @ placement.rotation.T)
        error: Array = np.concatenate((point - placement.translation, turn))
        return error, jacobian


def rotation_vector(turn: Array) -> Array:
    """Axis times angle of a rotation matrix of less than half a turn, shape (3,) [rad]."""
    sine = 0.5 * np.array((turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]))
    angle = acos(min(1.0, max(-1.0, 0.5 * (float(np.trace(turn)) - 1.0))))
    return sine if angle < 1e-6 else sine * (angle / sin(angle))
