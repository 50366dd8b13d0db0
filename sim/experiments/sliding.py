"""A bicycle with its brakes pulled: when it begins to slide on a slope, and how hard it brakes while it slides."""

from __future__ import annotations

from contextlib import closing
from math import atan2, hypot
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL
from sim.experiments.bicycles import put_bicycle, roll_on, slip_of
from sim.experiments.flight import pull
from sim.experiments.momentum import momentum
from sim.physics import Physics, PhysicsSettings
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_GRIP = 5.0
"""Friction of the ground on which the bicycle settles [1]."""
_SETTLING = 0.1
"""[s]."""
_EVERY = 5
"""Steps from one look at the wheels to the next."""


def stand(urdf: Path, parameters: BicycleParameters, gravity: Array, friction: float, seconds: float) -> float:
    """Stand on a slope, wheels locked, in balance for now; gives the greatest speed of a tyre over the ground [m/s].

    Args:
        urdf: Of the bicycle.
        parameters: Its laws.
        gravity: In the frame of the ground, z normal to it, x ahead, shape (3,) [m/s²].
        friction: Coefficient between wheel and ground [1].
        seconds: How long after it has settled on ground that holds it.
    """
    with closing(Physics(PhysicsSettings(ground_friction=_GRIP))) as physics:
        pull(physics, gravity)
        body = put_bicycle(physics, urdf, parameters, brakes=True)
        _, aside, up = momentum(physics, body.id).centre
        lean = atan2(float(gravity[1]), -float(gravity[2])) + atan2(float(aside), float(up))
        body.base.place(np.zeros(3), Rotation.from_rotvec((lean, 0.0, 0.0)).as_quat(), np.zeros(3))
        slip = 0.0
        for tick in roll_on(body, _SETTLING + seconds, lambda: 0.0):
            if tick * physics.settings.step >= _SETTLING:
                physics.set_friction(physics.ground, -1, friction)
                if tick % _EVERY == 0:
                    slip = max(slip, *(hypot(*slip_of(body, wheel)) for wheel in (REAR_WHEEL, FRONT_WHEEL)))
        return slip


def skid(
    urdf: Path, parameters: BicycleParameters, gravity: Array, friction: float, speed: float, seconds: float
) -> float:
    """Slide straight ahead on locked wheels; gives friction over normal force [1].

    Both are means over the time, by Newton's law from the momentum of the whole bicycle.

    Args:
        urdf: Of the bicycle.
        parameters: Its laws.
        gravity: In the frame of the ground, z normal to it, x ahead, shape (3,) [m/s²].
        friction: Coefficient between wheel and ground [1].
        speed: At first [m/s].
        seconds: Over which it is measured, once the wheels stand still.
    """
    with closing(Physics(PhysicsSettings(ground_friction=friction))) as physics:
        pull(physics, gravity)
        body = put_bicycle(physics, urdf, parameters, speed=speed, brakes=True)
        start = round(_SETTLING / physics.settings.step)
        before = np.zeros(3)
        for tick in roll_on(body, _SETTLING + seconds, lambda: 0.0):
            if tick == start:
                before = momentum(physics, body.id).linear
        now = momentum(physics, body.id)
        impulse = now.linear - before - now.mass * seconds * gravity
        return float(-impulse[0] / impulse[2])
