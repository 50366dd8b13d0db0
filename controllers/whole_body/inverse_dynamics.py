"""Whole-body inverse dynamics: accelerations, contact wrenches and torques that serve weighted tasks within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import daqp
import numpy as np
from numpy.typing import NDArray

from controllers.whole_body.free_body import FreeBody
from controllers.whole_body.kinematics import GRAVITY
from robot import JointLimits

Array = NDArray[np.float64]

_SCALE = 100.0
"""The program's variables are wrenches in units of 100 N and 100 Nm, so that they are of the size of accelerations."""
_FREE = 1e30
_EQUALITY, _SOFT = 5, 8
"""What daqp calls a row that is an equality, and a bound that gives way when nothing else is left."""
_ROWS_OF_CONE = 10


@dataclass(frozen=True, slots=True)
class SoleContact:
    """A flat sole that may bear on the ground.

    Attributes:
        frame: Index of its frame in the body; origin in the middle of the sole, z normal to it.
        half_length: From the middle to the edge that the centre of pressure may reach at most, along x [m].
        half_width: The same along y [m].
        friction: Coulomb coefficient that is counted on.
        yaw_friction: Greatest torque about the normal over the normal force [m].
    """

    frame: int
    half_length: float
    half_width: float
    friction: float
    yaw_friction: float


class InverseDynamics:
    """One quadratic program a tick over the accelerations of all joints and the wrenches of all contacts.

    Minimises the weighted squares of: frames' accelerations, acceleration of the centre of mass and rate of the angular
    momentum (both written on the wrenches), joint accelerations, wrenches. Subject to: the six rows of the dynamics
    that no motor serves (equality); friction pyramid, centre of pressure, and torque about the normal of each sole; the
    range of each sole's normal force; position and velocity limits as bounds of the accelerations; torque limits.

    Contacts are tasks of great weight on their frames, not equalities, and the bounds of accelerations are soft, since
    no torque may be there to keep them: the program has a solution in every state. After Herzog et al. 2016 and Caron,
    Pham, Nakamura 2015; solved by daqp (Arnström, Bemporad, Axehill 2022), which starts from the last active set.

    What is wanted is written into the public arrays; :meth:`solve` reads them and writes the results.
    """

    def __init__(
        self, body: FreeBody, contacts: Sequence[SoleContact], limits: JointLimits, posture_weight: Array,
        horizon: float = 0.06, acceleration_max: float = 300.0,
    ) -> None:  # fmt: skip
        """Set the program up.

        Args:
            body: The body; its frames are the frames of the tasks.
            contacts: What can bear it.
            limits: Of all joints of the robot model.
            posture_weight: Cost of a joint's error of acceleration, shape (nv - 6,) [s²/rad]; positive.
            horizon: Time within which a joint must be able to stop before its limit [s].
            acceleration_max: Bound of every joint's acceleration [rad/s²].
        """
        self._body, self._contacts = body, tuple(contacts)
        nv, joints, frames = body.nv, body.joints, len(body.frames)
        size = nv - 6
        forces = 6 * len(contacts)
        self._forces = slice(nv, nv + forces)
        self._torque_rows = slice(6, 6 + size)
        rows = 6 + size + _ROWS_OF_CONE * len(contacts)

        self.frame_acceleration = np.zeros((frames, 6))
        """Wanted of each frame, linear then angular, in the world, shape (frames, 6) [m/s²], [rad/s²]."""
        self.frame_weight = np.zeros((frames, 6))
        """Cost of an error of these, shape (frames, 6) [s²/m], [s²/rad]; 0 for what is not wanted."""
        self.com_acceleration = np.zeros(3)
        """Wanted of the centre of mass, shape (3,) [m/s²]."""
        self.com_weight = np.zeros(3)
        """[s²/m]"""
        self.momentum_rate = np.zeros(3)
        """Wanted rate of the angular momentum about the centre of mass, shape (3,) [Nm]."""
        self.momentum_weight = np.zeros(3)
        """[1/Nm]"""
        self.posture_acceleration = np.zeros(size)
        """Wanted of each joint, shape (nv - 6,) [rad/s²]."""
        self.posture_weight = posture_weight.copy()
        self.load_min = np.zeros(len(contacts))
        """Least normal force of each contact, shape (contacts,) [N]."""
        self.load_max = np.full(len(contacts), 1e4)
        """Greatest normal force of each contact, shape (contacts,) [N]; 0 for a foot in the air."""
        self.wrench_weight = np.full((len(contacts), 6), 1e-2)
        """Cost of a wrench, shape (contacts, 6) [1/100 N], [1/100 Nm]."""

        half = np.array([(contact.half_length, contact.half_width) for contact in contacts])
        self.pressure_min, self.pressure_max = -half, half.copy()
        """Within which each contact's centre of pressure stays, along its x and y, shape (contacts, 2) [m]."""

        self.acceleration = np.zeros(nv)
        """Found, shape (nv,) [m/s²], [rad/s²]."""
        self.wrench = np.zeros((len(contacts), 6))
        """Found: force and torque at the origin of each contact's frame, along its axes, (contacts, 6) [N], [Nm]."""
        self.torque = np.zeros(size)
        """Found, shape (nv - 6,) [Nm]."""
        self.solved = True
        """Whether the last program was solved; the results are those of the one before if it was not."""

        self._lower, self._upper = limits.lower[joints], limits.upper[joints]
        self._speed, self._effort = limits.velocity[joints], limits.effort[joints]
        self._horizon, self._most = horizon, acceleration_max
        self._stack = np.zeros((6 * frames, nv))
        self._map = np.zeros((6, forces))
        self._hessian = np.zeros((nv + forces, nv + forces))
        self._diagonal = np.arange(nv + forces)
        self._gradient = np.zeros(nv + forces)
        self._matrix = np.zeros((rows, nv + forces))
        self._above = np.full(nv + forces + rows, _FREE)
        self._below = -self._above
        self._sense = np.zeros(nv + forces + rows, dtype=np.int32)
        self._sense[nv + forces : nv + forces + 6] = _EQUALITY
        self._sense[6:nv] = _SOFT
        for index, contact in enumerate(self._contacts):
            first = 6 + size + _ROWS_OF_CONE * index
            self._matrix[first : first + _ROWS_OF_CONE, nv + 6 * index : nv + 6 * index + 6] = _cone(contact)
        self._above[nv + forces + 6 + size :] = 0.0
        self._solver: daqp.Model | None = None

    def solve(self) -> bool:
        """Find accelerations, wrenches and torques for the body's state; tells whether they were found."""
        body, nv, forces = self._body, self._body.nv, self._forces
        self._weigh()
        matrix, above, below = self._matrix, self._above, self._below
        matrix[: 6 + self.torque.size, :nv] = body.mass_matrix
        rows_of_cones = matrix[6 + self.torque.size :]
        for index, contact in enumerate(self._contacts):
            rotation, jacobian = body.rotation(contact.frame), body.jacobians[contact.frame]
            first = nv + 6 * index
            matrix[:nv, first : first + 3] = jacobian[:3].T @ (-_SCALE * rotation)
            matrix[:nv, first + 3 : first + 6] = jacobian[3:].T @ (-_SCALE * rotation)
            cone = rows_of_cones[_ROWS_OF_CONE * index :, first : first + 6]
            (x_min, y_min), (x_max, y_max) = self.pressure_min[index].tolist(), self.pressure_max[index].tolist()
            cone[4, 2], cone[5, 2], cone[6, 2], cone[7, 2] = -y_max, y_min, x_min, -x_max
            above[first + 2], below[first + 2] = self.load_max[index] / _SCALE, self.load_min[index] / _SCALE
        rows = forces.stop
        bias = body.bias
        above[rows : rows + 6] = below[rows : rows + 6] = -bias[:6]
        rows += 6
        above[rows : rows + self.torque.size] = self._effort - bias[6:]
        below[rows : rows + self.torque.size] = -self._effort - bias[6:]
        self._bound_joints()
        return self._take(self._run())

    def _weigh(self) -> None:
        """Write the cost of all tasks."""
        body, nv, forces = self._body, self._body.nv, self._forces
        hessian, gradient, stack = self._hessian, self._gradient, self._stack
        weight = self.frame_weight.reshape(-1)
        np.multiply(body.jacobians.reshape(-1, nv), weight[:, None], out=stack)
        wanted = weight * (self.frame_acceleration - body.drifts).reshape(-1)
        hessian[:nv, :nv] = stack.T @ stack
        gradient[:nv] = -(wanted @ stack)
        cost = self.posture_weight**2
        hessian[self._diagonal[6:nv], self._diagonal[6:nv]] += cost
        hessian[self._diagonal[:6], self._diagonal[:6]] += 1e-6
        gradient[6:nv] -= cost * self.posture_acceleration
        com = body.com
        spread = self._map
        for index, contact in enumerate(self._contacts):
            rotation = body.rotation(contact.frame)
            x, y, z = body.position(contact.frame) - com
            lever = np.array(((0.0, -z, y), (z, 0.0, -x), (-y, x, 0.0)))
            first = 6 * index
            spread[:3, first : first + 3] = rotation
            spread[3:, first : first + 3] = lever @ rotation
            spread[3:, first + 3 : first + 6] = rotation
        per_mass = _SCALE / body.mass
        scale = np.concatenate((self.com_weight * per_mass, self.momentum_weight * _SCALE))
        weighted = scale[:, None] * spread
        aim = np.concatenate((self.com_weight * self.com_acceleration, self.momentum_weight * self.momentum_rate))
        aim[2] += self.com_weight[2] * GRAVITY
        hessian[forces, forces] = weighted.T @ weighted
        hessian[self._diagonal[forces], self._diagonal[forces]] += self.wrench_weight.reshape(-1) ** 2
        gradient[forces] = -(aim @ weighted)

    def _bound_joints(self) -> None:
        """Bounds of the accelerations that keep positions and velocities within their limits, as far as can be."""
        q, v, t = self._body.configuration[7:], self._body.velocity[6:], self._horizon
        most = self._most
        highest = np.minimum((self._upper - q - v * t) * (2.0 / t**2), (self._speed - v) / t)
        lowest = np.maximum((self._lower - q - v * t) * (2.0 / t**2), (-self._speed - v) / t)
        np.clip(highest, -0.5 * most, most, out=self._above[6 : self._body.nv])
        np.clip(lowest, -most, 0.5 * most, out=self._below[6 : self._body.nv])
        np.maximum(
            self._above[6 : self._body.nv], self._below[6 : self._body.nv] + 1e-6, out=self._above[6 : self._body.nv]
        )

    def _run(self) -> tuple[Array, int]:
        if self._solver is None:
            self._solver = daqp.Model()
            self._solver.setup(
                self._hessian, self._gradient, self._matrix, self._above, self._below, self._sense.copy()
            )
        else:
            self._solver.update(
                H=self._hessian, f=self._gradient, A=self._matrix, bupper=self._above, blower=self._below
            )
        found, _, flag, self.info = self._solver.solve()
        return found, flag

    def _take(self, result: tuple[Array, int]) -> bool:
        found, flag = result
        if flag < 1 or not np.isfinite(found).all():
            self._solver, self.solved = None, False
            return False
        nv = self._body.nv
        self.acceleration[:] = found[:nv]
        self.wrench.reshape(-1)[:] = found[nv:] * _SCALE
        self.torque[:] = self._matrix[self._torque_rows] @ found + self._body.bias[6:]
        self.solved = True
        return True

    @property
    def residual(self) -> float:
        """Part of the wanted frame accelerations that was not found, as the greatest weighted error [1]."""
        found = self._stack @ self.acceleration
        wanted = self.frame_weight * (self.frame_acceleration - self._body.drifts)
        return float(np.abs(wanted.reshape(-1) - found).max())


def _cone(contact: SoleContact) -> Array:
    """Rows that are at most zero for a wrench (fx fy fz mx my mz) that the sole can bear, shape (10, 6)."""
    rows = np.zeros((_ROWS_OF_CONE, 6))
    inner = contact.friction / np.sqrt(2.0)
    limits = ((0, inner), (1, inner), (3, contact.half_width), (4, contact.half_length), (5, contact.yaw_friction))
    for pair, (component, share) in enumerate(limits):
        rows[2 * pair, component], rows[2 * pair, 2] = 1.0, -share
        rows[2 * pair + 1, component], rows[2 * pair + 1, 2] = -1.0, -share
    return rows
