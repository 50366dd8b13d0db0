"""Mechanical energy of robot and bicycle, by Pinocchio from the truth: independent of the engine that moved them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from robot import RobotModel

Array = NDArray[np.float64]
History = Callable[[str], Array]
"""Gives a quantity of the truth over time by its name in `Truth`, shape (T, ...)."""


class Energy:
    """Kinetic and potential energy of both bodies, rotors included."""

    def __init__(self, model: RobotModel, bicycle_urdf: str) -> None:
        self._robot = model.pinocchio_floating
        self._bicycle = pin.buildModelFromXML(bicycle_urdf, pin.JointModelFreeFlyer())

    def over(self, truth: History) -> Array:
        """The energy at each time of a history, shape (T,) [J]; potential energy counts from the ground."""
        return _energy(self._robot, "robot", truth) + _energy(self._bicycle, "bicycle", truth)


def _energy(model: pin.Model, body: str, truth: History) -> Array:
    """Energy of one body, shape (T,) [J]."""
    orientation, velocity = truth(f"{body}_orientation"), truth(f"{body}_velocity")
    angles, rates = truth(f"{body}_joint_position"), truth(f"{body}_joint_velocity")
    world_in_base = Rotation.from_quat(orientation).inv()  # Pinocchio's free-flyer has its velocity in its own frame
    v = np.hstack((world_in_base.apply(velocity[:, :3]), world_in_base.apply(velocity[:, 3:]), rates))
    q = np.empty((len(v), model.nq))
    q[:, :3], q[:, 3:7] = truth(f"{body}_position"), orientation
    for joint, start in enumerate(list(model.idx_qs)[2:]):
        if model.nqs[joint + 2] == 1:
            q[:, start] = angles[:, joint]
        else:  # a continuous joint has cosine and sine
            q[:, start], q[:, start + 1] = np.cos(angles[:, joint]), np.sin(angles[:, joint])
    data = model.createData()
    return np.array([pin.computeMechanicalEnergy(model, data, *row) for row in zip(q, v, strict=True)])
