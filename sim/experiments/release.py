"""A bicycle that nobody holds, released on the ground as it rolls, a little out of the upright."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from math import asin, atan2, cos, sin
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.bare_bicycle_body import BareBicycleBody
from sim.physics import Physics, PhysicsSettings
from sim.pose import rotate
from urdf.bicycle import build
from urdf.bicycle_parameters import BARE_JOINTS
from urdf.whipple_parameters import WhippleParameters

Array = NDArray[np.float64]

_STEER = BARE_JOINTS.index("steer_joint")


@dataclass(frozen=True, slots=True)
class Start:
    """How the bicycle rolls at time zero; small angles, to the right, as in the Whipple model.

    Attributes:
        speed: Of the rear contact [m/s].
        lean: [rad].
        steer: [rad].
        lean_rate: [rad/s].
        steer_rate: [rad/s].
    """

    speed: float
    lean: float = 0.0
    steer: float = 0.0
    lean_rate: float = 0.0
    steer_rate: float = 0.0


def release(bicycle: WhippleParameters, start: Start, seconds: float, settings: PhysicsSettings) -> Array:
    """Let a bicycle go in a world of its own; its bearings and wheels are without friction and resistance.

    Returns:
        Lean and steer angle [rad] and their rates [rad/s], to the right, and speed [m/s] at every step of the physics,
        the first at time zero, shape (T, 5).

    Raises:
        ValueError: PyBullet cannot load the bicycle.
    """
    parameters = bicycle.bicycle()
    with closing(Physics(replace(settings, gravity=bicycle.g))) as physics, TemporaryDirectory() as folder:
        urdf = Path(folder) / "bicycle.urdf"
        urdf.write_text(build(parameters), encoding="utf-8")
        body = BareBicycleBody(physics, urdf, parameters)
        _place(body, bicycle, start)
        history = np.empty((round(seconds / settings.step) + 1, 5))
        _record(body, history[0])
        for row in history[1:]:
            body.apply(settings.step)
            pybullet.stepSimulation(physicsClientId=physics.id)
            body.read()
            body.base.read()
            body.weigh_wheels()
            _record(body, row)
    return history


def _place(body: BareBicycleBody, p: WhippleParameters, start: Start) -> None:
    """Put the bicycle on its wheels so that both roll without slip, to first order in the angles."""
    yaw_rate = -(start.speed * start.steer + p.c * start.steer_rate) * cos(p.lam) / p.w
    orientation = np.array((sin(0.5 * start.lean), 0.0, 0.0, cos(0.5 * start.lean)))
    body.base.place(
        np.zeros(3), orientation, np.array((start.speed, 0.0, 0.0)), angular=(start.lean_rate, 0.0, yaw_rate)
    )
    rates = np.array((start.speed / p.rR, -start.steer_rate, start.speed / p.rF))
    body.reset(np.array((0.0, -start.steer, 0.0)), rates)
    body.base.read()


def _record(body: BareBicycleBody, row: Array) -> None:
    base = body.base
    forward, left = rotate(base.orientation, (1.0, 0.0, 0.0)), rotate(base.orientation, (0.0, 1.0, 0.0))
    heading = atan2(forward[1], forward[0])
    c, s = cos(heading), sin(heading)
    row[:] = (
        asin(max(-1.0, min(1.0, left[2]))),
        -body.position[_STEER],
        base.angular[0] * c + base.angular[1] * s,
        -body.velocity[_STEER],
        base.linear[0] * c + base.linear[1] * s,
    )
