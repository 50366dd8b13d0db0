"""The body with its base free: kinematics and dynamics of one state at a time, by Pinocchio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.whole_body.kinematics import without
from robot import RobotModel

Array = NDArray[np.float64]

_WORLD_ALIGNED = pin.LOCAL_WORLD_ALIGNED


class FreeBody:
    """Mass matrix, bias forces, centre of mass, and chosen frames of a floating-base body, rotors included.

    Velocities are Pinocchio's: of the base, linear then angular in its own frame, then the joints'. Joints that carry
    no load of the whole body (fingers) can be held; they count with their mass and are no variables. nv is 6 plus the
    number of joints that are not held.
    """

    def __init__(self, model: RobotModel, frames: Sequence[str], held: Sequence[str] = ()) -> None:
        """Set the body up.

        Args:
            model: The body.
            frames: Names of the frames whose Jacobians are wanted; they are asked for by their index here.
            held: Joints that are left out, held at zero.

        Raises:
            ValueError: There is no such frame or joint.
        """
        self.model: pin.Model
        self.joints: NDArray[np.intp]
        self.model, self.joints = without(model, model.pinocchio_floating, held)
        """Index in the robot model of each joint here, shape (nv - 6,)."""
        self.model.armature[6:] = model.drives.rotor_inertia[self.joints]
        self._data = self.model.createData()
        self.frames = tuple(frames)
        self._ids = [self._frame_id(model, name) for name in frames]
        self.nv: int = self.model.nv
        self.mass = model.mass
        self._still = np.zeros(self.nv)
        self.configuration = pin.neutral(self.model)
        """Position x y z [m], quaternion x y z w, joints [rad], shape (nv + 1,); set it, then call :meth:`update`."""
        self.velocity = np.zeros(self.nv)
        """[m/s], [rad/s], shape (nv,)."""
        self.jacobians = np.zeros((len(frames), 6, self.nv))
        """Of each frame, linear then angular, along the world's axes, shape (frames, 6, nv)."""
        self.drifts = np.zeros((len(frames), 6))
        """Acceleration of each frame at the acceleration zero, shape (frames, 6) [m/s²], [rad/s²]."""
        self.motions = np.zeros((len(frames), 6))
        """Velocity of each frame, shape (frames, 6) [m/s], [rad/s]."""
        self.mass_matrix = np.zeros((self.nv, self.nv))
        self.bias = np.zeros(self.nv)
        """Coriolis, centrifugal and gravity forces, shape (nv,) [N], [Nm]."""

    def _frame_id(self, model: RobotModel, name: str) -> int:
        model.frame_id(name)
        return int(self.model.getFrameId(name))

    def update(self) -> None:
        """Bring everything up to date with `configuration` and `velocity`."""
        model, data, q, v = self.model, self._data, self.configuration, self.velocity
        pin.crba(model, data, q)
        np.copyto(self.mass_matrix, data.M)
        self.bias[:] = pin.nonLinearEffects(model, data, q, v)
        pin.forwardKinematics(model, data, q, v, self._still)
        pin.computeJointJacobians(model, data)
        pin.centerOfMass(model, data, q, v, False)
        for row, frame in enumerate(self._ids):
            pin.updateFramePlacement(model, data, frame)
            self.jacobians[row] = pin.getFrameJacobian(model, data, frame, _WORLD_ALIGNED)
            self.drifts[row] = pin.getFrameClassicalAcceleration(model, data, frame, _WORLD_ALIGNED).vector
            self.motions[row] = pin.getFrameVelocity(model, data, frame, _WORLD_ALIGNED).vector

    @property
    def com(self) -> Array:
        """Centre of mass in the world, shape (3,) [m]."""
        com: Array = self._data.com[0]
        return com

    @property
    def com_velocity(self) -> Array:
        """Its velocity, shape (3,) [m/s]."""
        velocity: Array = self._data.vcom[0]
        return velocity

    def angular_momentum(self) -> Array:
        """About the centre of mass, along the world's axes, shape (3,) [N·m·s]."""
        momentum: Array = pin.computeCentroidalMomentum(
            self.model, self._data, self.configuration, self.velocity
        ).angular
        return momentum

    def position(self, frame: int) -> Array:
        """Origin of a frame in the world, shape (3,) [m]."""
        position: Array = self._data.oMf[self._ids[frame]].translation
        return position

    def rotation(self, frame: int) -> Array:
        """Axes of a frame in the world as columns, shape (3, 3)."""
        rotation: Array = self._data.oMf[self._ids[frame]].rotation
        return rotation
