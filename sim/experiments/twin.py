"""A Pinocchio twin of a body in Bullet: the same masses and the same motion, another library's dynamics."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pinocchio as pin
import pybullet
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.bicycle_body import BicycleBody
from sim.robot_body import RobotBody

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwinMomentum:
    """By Pinocchio: linear (3,) [kg·m/s], angular about the centre of mass (3,) [kg·m²/s], kinetic energy [J]."""

    linear: Array
    angular: Array
    kinetic: float


class Twin:
    """Follows a body. Every link has the inertia that Bullet has for it, so with the rotor that was added to it."""

    def __init__(self, body: RobotBody | BicycleBody, model: pin.Model) -> None:
        """Make a twin.

        Args:
            body: In Bullet.
            model: The same body in Pinocchio, on a free-flyer, its joints in the body's order.
        """
        self.body = body
        self.model = model.copy()
        self.model.armature[:] = 0.0
        self.data = self.model.createData()
        for joint, link in enumerate((-1, *body.joint_index), start=1):
            info = pybullet.getDynamicsInfo(body.id, link, physicsClientId=body.physics.id)
            axes = Rotation.from_quat(info[4]).as_matrix()
            inertia = axes @ np.diag(info[2]) @ axes.T
            self.model.inertias[joint] = pin.Inertia(info[0], np.array(info[3]), inertia)

    def place(self) -> Array:
        """Where the body is now: Pinocchio's q, shape (nq,)."""
        base = self.body.base
        base.read()
        return self.posed(np.array((*base.position, *base.orientation)), np.asarray(self.body.position))

    def posed(self, base: Array, joints: Array) -> Array:
        """Pinocchio's q for a base pose (position, quaternion x y z w; shape (7,)) and joint angles (n,) [rad]."""
        q = np.empty(self.model.nq)
        q[:7] = base
        for joint, angle in enumerate(joints, start=2):
            at = self.model.idx_qs[joint]
            if self.model.nqs[joint] == 1:
                q[at] = angle
            else:  # a continuous joint has cosine and sine
                q[at : at + 2] = np.cos(angle), np.sin(angle)
        return q

    def motion(self) -> Array:
        """How it moves now: Pinocchio's v, shape (nv,); the base's velocity in its own frame."""
        base = self.body.base
        base.read()
        to_base = Rotation.from_quat(base.orientation).inv()
        return np.concatenate((to_base.apply(base.linear), to_base.apply(base.angular), self.body.velocity))

    def momentum(self) -> TwinMomentum:
        """Momentum and kinetic energy now."""
        q, v = self.place(), self.motion()
        force = pin.computeCentroidalMomentum(self.model, self.data, q, v)
        return TwinMomentum(
            force.linear.copy(), force.angular.copy(), pin.computeKineticEnergy(self.model, self.data, q, v)
        )

    def turned_by_limbs(self, start: Array, joints: Array) -> Rotation:
        """How the body is turned after its joints have moved, if it has no momentum: the law of the falling cat.

        With A the centroidal momentum matrix, A_base v_base + A_joints q' = 0 gives the base's velocity from the
        joints' alone, whatever forces moved them. Integrated by the midpoint rule, an order better than Bullet's own.

        Args:
            start: Pose of the base at first (position, quaternion x y z w), shape (7,).
            joints: Joint angles at equal distances in time, the first at `start`, shape (T, n) [rad].
        """
        at = self.posed(start, joints[0])
        for before, after in itertools.pairwise(joints):
            change = after - before
            middle = pin.integrate(self.model, at, self._carried(at, 0.5 * change))
            at = self.posed(pin.integrate(self.model, at, self._carried(middle, change))[:7], after)
        return Rotation.from_quat(at[3:7])

    def _carried(self, at: Array, change: Array) -> Array:
        """A small motion of all that keeps the momentum at zero, for one of the joints, shape (nv,)."""
        matrix = pin.computeCentroidalMap(self.model, self.data, at)
        return np.concatenate((-np.linalg.solve(matrix[:, :6], matrix[:, 6:] @ change), change))
