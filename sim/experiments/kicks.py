"""The robot in space, at rest, each of its drives in turn giving one torque for one step."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import RobotModel
from sim.physics import Physics, PhysicsSettings
from sim.robot_body import RobotBody

Array = NDArray[np.float64]


def kicks(model: RobotModel, urdf: Path, position: Array, torque: float = 1.0) -> Array:
    """Acceleration of the body for a torque of each joint [Nm], from rest without gravity.

    Args:
        model: The body.
        urdf: Its file.
        position: Joint positions, shape (n,) [rad].
        torque: How strong.

    Returns:
        Shape (n, 6 + n), a row for each joint: pelvis' origin [m/s²] and rotation [rad/s²], then joints [rad/s²]. The
        pelvis is aligned with the world.
    """
    still = np.zeros(model.size)
    rows = np.zeros((model.size, 6 + model.size))
    with closing(Physics(PhysicsSettings())) as physics:
        pybullet.setGravity(0.0, 0.0, 0.0, physicsClientId=physics.id)
        body = RobotBody(physics, urdf, model)
        for joint, row in enumerate(rows):
            body.base.place(np.array((0.0, 0.0, 20.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
            body.reset(position, still)
            body.apply(torque * np.eye(model.size)[joint])
            pybullet.stepSimulation(physicsClientId=physics.id)
            body.read()
            body.base.read()
            row[:] = np.concatenate((body.base.linear, body.base.angular, body.velocity))
        rows /= physics.settings.step
    return rows
