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
    """Forward kinematics, Jacobians and gravity torques of chosen frames, for one configuration at a time.

    With the base held, a configuration is the joints' positions and every vector is in the pelvis frame, since the
    pelvis is the root of the model. With the base free, a configuration is position x y z [m], quaternion x y z w and
    joints [rad], every vector is in the world, and velocities begin with the base's, linear then angular, in its own
    frame.
    """

    def __init__(
        self, model: RobotModel, frames: Sequence[str], *, free: bool = False, held: Sequence[str] = ()
    ) -> None:
        """Set the body up.

        Args:
            model: The body.
            frames: Names of the frames; they are asked for by their index here.
            free: Whether the base is free.
            held: Joints that are left out, held at zero (fingers).

        Raises:
            ValueError: There is no such frame or joint.
        """
        self._model, self.joints = without(model, model.pinocchio_floating if free else model.pinocchio, held)
        self._data = self._model.createData()
        self.frames = tuple(frames)
        self.names = tuple(model.joint_names[joint] for joint in self.joints)
        """Of the joints that are not held."""
        for name in frames:
            model.frame_id(name)
        self._ids = [int(self._model.getFrameId(name)) for name in frames]
        self.nv: int = self._model.nv
        self.base: int = 6 if free else 0
        """Number of the base's velocities, which come before the joints'."""
        self.mass = model.mass
        self.positions = np.zeros((len(frames), 3))
        """Origin of each frame at the last :meth:`update`, shape (frames, 3) [m]."""
        self.rotations = np.zeros((len(frames), 3, 3))
        """Axes of each frame at the last :meth:`update` as columns, shape (frames, 3, 3)."""
        self.jacobians = np.zeros((len(frames), 6, self.nv))
        """Linear, then angular velocity of each frame's origin at the last :meth:`update`, shape (frames, 6, nv)."""
        self._placed = placed = [self._data.oMf[frame] for frame in self._ids]
        self._reads = [
            (frame, position, there.translation, rotation, there.rotation, jacobian)
            for frame, there, position, rotation, jacobian in zip(
                self._ids, placed, self.positions, self.rotations, self.jacobians, strict=True
            )
        ]

    def update(self, configuration: Array) -> None:
        """Move the model to a configuration, shape (nq,), and compute every frame and Jacobian."""
        model, data = self._model, self._data
        pin.computeJointJacobians(model, data, configuration)
        for frame, position, translation, rotation, turn, jacobian in self._reads:
            pin.updateFramePlacement(model, data, frame)
            position[:] = translation
            rotation[:] = turn
            jacobian[:] = pin.getFrameJacobian(model, data, frame, pin.LOCAL_WORLD_ALIGNED)

    def place(self, configuration: Array) -> None:
        """Move the model to a configuration and compute the frames alone, without Jacobians."""
        pin.forwardKinematics(self._model, self._data, configuration)
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
        """Jacobian of a frame at the last :meth:`update`, shape (6, nv)."""
        jacobian: Array = self.jacobians[index]
        return jacobian

    def com_jacobian(self) -> Array:
        """Of the velocity of the centre of mass, at the last :meth:`update`, shape (3, nv)."""
        jacobian: Array = pin.jacobianCenterOfMass(self._model, self._data, False)
        return jacobian

    @property
    def com(self) -> Array:
        """Centre of mass at the last :meth:`com_jacobian`, shape (3,) [m]."""
        com: Array = self._data.com[0]
        return com

    def momentum_jacobian(self, configuration: Array) -> Array:
        """Of the angular momentum about the centre of mass (Orin, Goswami 2008), shape (3, nv) [kg·m²/s] a unit."""
        momentum: Array = pin.computeCentroidalMap(self._model, self._data, configuration)[3:]
        return momentum

    def momentum(self, configuration: Array, velocity: Array) -> tuple[Array, Array]:
        """Linear momentum [N·s], and angular one about the centre of mass [N·m·s], shape (3,) each.

        Args:
            configuration: Shape (nq,).
            velocity: Shape (nv,).
        """
        whole: Array = pin.computeCentroidalMap(self._model, self._data, configuration) @ velocity
        return whole[:3], whole[3:]

    def moved(self, configuration: Array, step: Array) -> Array:
        """The configuration after a step, shape (nv,), that is a velocity times a time; shape (nq,)."""
        there: Array = pin.integrate(self._model, configuration, step)
        return there

    def chain(self, index: int) -> Array:
        """1 for each joint between base and frame, 0 for all other variables, shape (nv,)."""
        model = self._model
        chain = np.zeros(self.nv)
        for joint in model.supports[model.frames[self._ids[index]].parentJoint]:
            if joint > 0:
                chain[model.idx_vs[joint]] = 1.0
        chain[: self.base] = 0.0
        return chain

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


def without(model: RobotModel, whole: pin.Model, held: Sequence[str]) -> tuple[pin.Model, NDArray[np.intp]]:
    """A copy of a Pinocchio model with some joints held at zero, and the others' indices in the robot model.

    Raises:
        ValueError: There is no such joint.
    """
    for name in held:
        model.index(name)
    ids = [whole.getJointId(name) for name in held]
    reduced = pin.buildReducedModel(whole, ids, pin.neutral(whole)) if ids else whole.copy()
    names = [str(name) for name in reduced.names if name in model.joint_names]
    return reduced, np.array([model.index(name) for name in names], dtype=np.intp)
