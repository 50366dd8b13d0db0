"""Where the body's frames are, how they move, and what gravity asks of the joints: Pinocchio behind one small face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import RobotModel

Array = NDArray[np.float64]

GRAVITY = 9.81
"""[m/s²]"""


class Kinematics:
    """Forward kinematics, Jacobians and gravity torques of chosen frames, for one joint configuration at a time.

    Every vector is in the pelvis frame, since the pelvis is the root of the model.
    """

    def __init__(self, model: RobotModel, frames: Sequence[str]) -> None:
        self._model = model.pinocchio.copy()
        self._data = self._model.createData()
        self.frames = tuple(frames)
        self._ids = [model.frame_id(name) for name in frames]
        self._jacobians = [np.zeros((6, model.size), order="F") for _ in frames]

    def update(self, joint_position: Array) -> None:
        """Move the model to a configuration, shape (n,) [rad], and compute every frame and Jacobian.

        Jacobians are of shape (6, n): linear velocity of the frame's origin, then angular velocity, both along the
        pelvis' axes.
        """
        pin.computeJointJacobians(self._model, self._data, joint_position)
        for frame, jacobian in zip(self._ids, self._jacobians, strict=True):
            pin.updateFramePlacement(self._model, self._data, frame)
            jacobian[:] = pin.getFrameJacobian(self._model, self._data, frame, pin.LOCAL_WORLD_ALIGNED)

    def place(self, joint_position: Array) -> None:
        """Move the model to a configuration and compute the frames alone, without Jacobians."""
        pin.forwardKinematics(self._model, self._data, joint_position)
        for frame in self._ids:
            pin.updateFramePlacement(self._model, self._data, frame)

    def position(self, index: int) -> Array:
        """Origin of a frame, shape (3,) [m]."""
        position: Array = self._data.oMf[self._ids[index]].translation
        return position

    def rotation(self, index: int) -> Array:
        """Orientation of a frame: its axes as columns, shape (3, 3)."""
        rotation: Array = self._data.oMf[self._ids[index]].rotation
        return rotation

    def jacobian(self, index: int) -> Array:
        """Jacobian of a frame at the last :meth:`update`, shape (6, n)."""
        return self._jacobians[index]

    def inverse_dynamics(self, position: Array, velocity: Array, acceleration: Array, up: Array) -> Array:
        """Torques that move every limb as wanted against gravity and inertia with the pelvis held, shape (n,) [Nm].

        Args:
            position: Shape (n,) [rad].
            velocity: Shape (n,) [rad/s].
            acceleration: Shape (n,) [rad/s²].
            up: Unit vector that points up, in the pelvis frame, shape (3,).
        """
        self._model.gravity.linear = -GRAVITY * up
        torque: Array = pin.rnea(self._model, self._data, position, velocity, acceleration)
        return torque
