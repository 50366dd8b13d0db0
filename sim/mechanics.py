"""Energy and momentum of a world's bodies, by Pinocchio from the truth: independent of the engine that moved them."""

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


class Mechanics:
    """Kinetic and potential energy (rotors included) and linear momentum of all bodies together."""

    def __init__(self, model: RobotModel, bicycle_urdf: str | None = None) -> None:
        """Prepare for a robot, alone or with a bicycle of which this is the text."""
        self._bodies = {"robot": model.pinocchio_floating}
        if bicycle_urdf is not None:
            self._bodies["bicycle"] = pin.buildModelFromXML(bicycle_urdf, pin.JointModelFreeFlyer())

    def over(self, truth: History) -> tuple[Array, Array]:
        """Energy, shape (T,) [J], from the ground, and momentum in world, shape (T, 3) [N·s], over a history."""
        first, *others = (_over(model, body, truth) for body, model in self._bodies.items())
        rows = sum(others, first)
        return rows[:, 0], rows[:, 1:]


def _over(model: pin.Model, body: str, truth: History) -> Array:
    """Energy and momentum of one body, shape (T, 4)."""
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
    rows = np.empty((len(v), 4))
    for row, (place, motion) in enumerate(zip(q, v, strict=True)):
        rows[row, 0] = pin.computeMechanicalEnergy(model, data, place, motion)
        rows[row, 1:] = pin.computeCentroidalMomentum(model, data).linear
    return rows
