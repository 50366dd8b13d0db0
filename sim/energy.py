"""Mechanical energy of robot and bicycle, by Pinocchio from the truth: independent of the engine that made the motion."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import RobotModel
from sim.truth import Truth

Array = NDArray[np.float64]


class Energy:
    """Kinetic and potential energy of both bodies, rotors included."""

    def __init__(self, model: RobotModel, bicycle_urdf: str) -> None:
        bicycle = pin.buildModelFromXML(bicycle_urdf, pin.JointModelFreeFlyer())
        self._bodies = [
            (body, body.createData(), np.zeros(body.nq), np.zeros(body.nv))
            for body in (model.pinocchio_floating, bicycle)
        ]

    def of(self, truth: Truth) -> float:
        """The energy of a truth [J]; potential energy counts from the ground."""
        (robot, robot_data, q, v), (bicycle, bicycle_data, bq, bv) = self._bodies
        _fill(q, v, truth.robot_position, truth.robot_orientation, truth.robot_velocity)
        q[7:] = truth.robot_joint_position
        v[6:] = truth.robot_joint_velocity
        _fill(bq, bv, truth.bicycle_position, truth.bicycle_orientation, truth.bicycle_velocity)
        for joint, (angle, rate) in enumerate(
            zip(truth.bicycle_joint_position.tolist(), truth.bicycle_joint_velocity.tolist(), strict=True)
        ):
            _set_joint(bicycle, bq, joint + 2, angle)
            bv[6 + joint] = rate
        return float(
            pin.computeMechanicalEnergy(robot, robot_data, q, v)
            + pin.computeMechanicalEnergy(bicycle, bicycle_data, bq, bv)
        )


def _fill(q: Array, v: Array, position: Array, orientation: Array, velocity: Array) -> None:
    """Base pose and velocity; Pinocchio's free-flyer has its velocity in its own frame."""
    q[:3], q[3:7] = position, orientation
    x, y, z, w = orientation.tolist()
    rotation = pin.Quaternion(w, x, y, z).toRotationMatrix()
    v[:3] = velocity[:3] @ rotation
    v[3:6] = velocity[3:] @ rotation


def _set_joint(model: pin.Model, q: Array, joint: int, angle: float) -> None:
    """A revolute joint has one number, a continuous one cosine and sine."""
    start = model.idx_qs[joint]
    if model.nqs[joint] == 1:
        q[start] = angle
    else:
        q[start], q[start + 1] = np.cos(angle), np.sin(angle)
