"""The robot in space, moved by nothing but its own drives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robot import RobotModel
from sim.experiments.flight import space, step
from sim.physics import PhysicsSettings
from sim.pose import inverse, rotate
from sim.robot_body import RobotBody
from sim.rotors import Rotors

Array = NDArray[np.float64]


def kicks(model: RobotModel, urdf: Path, position: Array, seconds: float = 0.02, torque: float = 0.2) -> Array:
    """Acceleration of the body for a torque of each joint, from rest without gravity.

    Args:
        model: The body.
        urdf: Its file.
        position: Joint positions, shape (n,) [rad].
        seconds: How long the torque is kept up; the acceleration is the mean over the second half [s].
        torque: How strong [Nm].

    Returns:
        Shape (n, 6 + n), a row for 1 Nm of each joint: pelvis' origin [m/s²] and rotation [rad/s²], joints [rad/s²].
        The pelvis is aligned with the world.
    """
    still = np.zeros(model.size)
    rows = np.zeros((model.size, 6 + model.size))
    with space(PhysicsSettings()) as physics:
        body = RobotBody(physics, urdf, model)
        rotors = Rotors(body)
        steps = round(0.5 * seconds / physics.settings.step)
        for joint, row in enumerate(rows):
            body.base.place(np.array((0.0, 0.0, 20.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
            body.reset(position, still)
            rotors.start()
            kick = torque * np.eye(model.size)[joint]
            middle = _after(body, rotors, kick, steps)
            row[:] = _after(body, rotors, kick, steps) - middle
        rows /= torque * steps * physics.settings.step
    return rows


def _after(body: RobotBody, rotors: Rotors, torque: Array, steps: int) -> Array:
    """Velocities of pelvis and joints after some steps under a torque, shape (6 + n,)."""
    for _ in range(steps):
        body.apply(rotors.load(torque))
        step(body.physics)
        body.read()
    body.base.read()
    return np.concatenate((body.base.linear, body.base.angular, body.velocity))


def swing(model: RobotModel, urdf: Path, position: Array, seconds: float = 0.3) -> tuple[Array, Array]:
    """The body in space with every drive swinging its joint, out of step with the others, at 1 % of its torque.

    Returns:
        Configurations and velocities step by step as Pinocchio has them, shapes (T, 7 + n) and (T, 6 + n).
    """
    places, motions = [], []
    phase = np.arange(model.size)
    with space(PhysicsSettings()) as physics:
        body = RobotBody(physics, urdf, model)
        base = body.base
        base.place(np.array((0.0, 0.0, 20.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
        body.reset(position, np.zeros(model.size))
        rotors = Rotors(body)
        for tick in range(round(seconds / physics.settings.step)):
            wave = np.sin(20.0 * tick * physics.settings.step + phase)
            body.apply(rotors.load(0.01 * model.limits.effort * wave - 0.05 * body.velocity))
            step(physics)
            body.read()
            base.read()
            turned = inverse(base.orientation)
            places.append(np.concatenate((base.position, base.orientation, body.position)))
            motions.append(
                np.concatenate((rotate(turned, base.linear), rotate(turned, base.angular), body.velocity))
            )  # fmt: skip
    return np.array(places), np.array(motions)
