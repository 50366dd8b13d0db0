"""The steady turn of a bicycle, solved with Pinocchio: lean, steer, and the force that each wheel needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]
_UP = np.array((0.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class SteadyTurn:
    """A bicycle that goes round, its heading along x at this moment, its rear contact at the origin.

    Attributes:
        position: Of the base frame [m].
        rotation: Of the base frame.
        linear: Velocity of the base frame's origin [m/s].
        angular: Of the base frame, so the yaw rate about z [rad/s].
        steer: [rad].
        steer_torque: That holds the steer [Nm].
        spin: Of rear and front wheel [rad/s].
        load: Normal force on rear and front wheel [N].
        demand: Friction force over normal force of rear and front wheel [1].
        drive: Torque on the rear wheel against the frame that keeps the speed on a slope [Nm].
        curve: v²/r of the centre of mass [m/s²].
    """

    position: Array
    rotation: Rotation
    linear: Array
    angular: Array
    steer: float
    steer_torque: float
    spin: tuple[float, float]
    load: tuple[float, float]
    demand: tuple[float, float]
    drive: float
    curve: float


class TurnSolver:
    """Finds steady turns of a bicycle, without any linearisation.

    All points of the frame go around one axis normal to the ground, so the body's spatial acceleration is zero, and the
    inverse dynamics gives the wrench that the two contacts have to bear: six equations. With both wheels on the ground,
    the front wheel rolling where it points and free to turn, lean, steer, pitch, the contact forces and what the rear
    wheel needs to keep the speed follow.

    Gravity may have a part along the ground: then this is a slope whose fall stays at the same side of the rider, such
    as a banked curve, or a climb around a tower.
    """

    def __init__(self, model: pin.Model, radius: float) -> None:
        """Take a bicycle.

        Args:
            model: On a free-flyer, upright at q = 0.
            radius: Of both wheels [m].
        """
        self._model = model.copy()
        self._data = self._model.createData()
        self._radius = radius
        self._steer, rear, front = (
            self._model.getJointId(name) for name in ("steer_joint", "rear_wheel_joint", "front_wheel_joint")
        )
        self._wheels = (rear, front)
        pin.forwardKinematics(self._model, self._data, pin.neutral(self._model))
        self._wheelbase = float(np.linalg.norm(self._data.oMi[front].translation - self._data.oMi[rear].translation))

    def solve(self, speed: float, turn_radius: float, gravity: Array) -> SteadyTurn:
        """The turn at a speed of the rear contact on a radius.

        Args:
            speed: Of the rear contact [m/s].
            turn_radius: Of its path, positive to the left [m].
            gravity: In a frame whose z is normal to the ground and whose x is the heading, shape (3,) [m/s²].

        Raises:
            ValueError: There is no such turn.
        """
        self._model.gravity.linear = gravity
        weight = pin.computeTotalMass(self._model) * abs(float(gravity[2]))
        # Lean in balance of a point mass on a thin wheel, steer of a bicycle without trail or tilt.
        sideways = float(gravity[1]) - speed**2 / turn_radius
        guess = np.zeros(11)
        guess[0] = np.arctan2(sideways, -gravity[2])
        guess[1] = np.arctan(self._wheelbase / turn_radius)
        guess[4] = guess[7] = 0.5
        found = least_squares(
            lambda x: self._unbalanced(x, speed, turn_radius, weight)[0],
            guess,
            xtol=1e-14,
            ftol=1e-14,
            gtol=1e-14,
            max_nfev=100,
        )
        if not found.success or np.abs(found.fun).max() > 1e-8:
            raise ValueError(f"no steady turn at {speed:g} m/s on a radius of {turn_radius:g} m")
        return self._unbalanced(found.x, speed, turn_radius, weight)[1]

    def _unbalanced(self, x: Array, speed: float, turn_radius: float, weight: float) -> tuple[Array, SteadyTurn]:
        """What is left of every equation, made dimensionless, and the turn that it is about.

        Unknowns: lean, steer, pitch, height of the base; load, sideways and forward force of each wheel over the
        weight; and torque on the rear wheel over weight and radius.
        """
        model, data = self._model, self._data
        lean, steer, pitch, height = x[:4]
        rotation = Rotation.from_rotvec((lean, 0.0, 0.0)) * Rotation.from_rotvec((0.0, pitch, 0.0))
        q = pin.neutral(model)
        q[2], q[3:7] = height, rotation.as_quat()
        q[model.idx_qs[self._steer]] = steer
        pin.forwardKinematics(model, data, q)
        pin.computeJointJacobians(model, data, q)
        touch = [self._touch(joint) for joint in self._wheels]
        shift = touch[0][0] * (1.0, 1.0, 0.0)
        q[:3] -= shift
        pin.computeJointJacobians(model, data, q)
        centre = np.array((0.0, turn_radius, 0.0))
        yaw = speed / turn_radius * _UP
        base = q[:3]
        drive = float(x[10]) * weight * self._radius
        v = np.zeros(model.nv)
        linear = np.cross(yaw, base - centre)
        v[:3], v[3:6] = rotation.inv().apply(linear), rotation.inv().apply(yaw)
        wrench = np.zeros(model.nv)
        spins, demand, load = [], [], []
        slip = 0.0
        for wheel, (joint, (point, axle, ahead)) in enumerate(zip(self._wheels, touch, strict=True)):
            at, hub = point - shift, data.oMi[joint].translation
            going = np.cross(yaw, at - centre)
            spin = -float(going @ ahead) / float(np.cross(axle, at - hub) @ ahead)
            spins.append(spin)
            v[model.idx_vs[joint]] = spin
            aside = np.cross(_UP, ahead)
            if wheel == 1:
                slip = float(going @ aside) / speed
            normal, sideways, forward = x[4 + 3 * wheel : 7 + 3 * wheel]
            force = weight * (normal * _UP + sideways * aside + forward * ahead)
            jacobian = pin.getJointJacobian(model, data, joint, pin.LOCAL_WORLD_ALIGNED)
            wrench += jacobian[:3].T @ force + jacobian[3:].T @ np.cross(at - hub, force)
            load.append(weight * float(normal))
            demand.append(float(np.hypot(sideways, forward)) / float(normal))
        wrench[model.idx_vs[self._wheels[0]]] += drive
        torque = pin.rnea(model, data, q, v, np.zeros(model.nv)) - wrench
        rows = [model.idx_vs[joint] for joint in self._wheels]
        left = np.concatenate(
            (
                torque[:6] / weight,
                torque[rows] / (weight * self._radius),
                ((touch[0][0][2]) / self._radius, touch[1][0][2] / self._radius, slip),
            )
        )
        held = float(torque[model.idx_vs[self._steer]])
        com = pin.centerOfMass(model, data, q)
        curve = float(np.hypot(*(com - centre)[:2]) * yaw[2] ** 2)
        return left, SteadyTurn(
            base.copy(), rotation, linear, yaw, float(steer), held,
            (spins[0], spins[1]), (load[0], load[1]), (demand[0], demand[1]), drive, curve,
        )  # fmt: skip

    def _touch(self, joint: int) -> tuple[Array, Array, Array]:
        """Lowest point of a wheel, its axle, and the direction on the ground in which it rolls."""
        placement = self._data.oMi[joint]
        axle = placement.rotation[:, 1].copy()
        down = axle * axle[2] - _UP
        ahead = np.cross(axle, _UP)
        return (
            placement.translation + self._radius * down / np.linalg.norm(down), axle, ahead / np.linalg.norm(ahead)
        )  # fmt: skip
