"""A bicycle in a turn on ground of a given friction, on the level or on a slope: whether it holds or slides away."""

from __future__ import annotations

from contextlib import closing
from math import asin
from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL, STEER, BicycleBody
from sim.experiments.bicycles import roll_on, slip_of
from sim.experiments.flight import pull
from sim.experiments.steady_turn import SteadyTurn
from sim.physics import Physics, PhysicsSettings
from sim.pose import rotate
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

_LEAN_GAIN, _LEAN_RATE_GAIN = 3.0, 0.5
"""Steer for lean and its rate, which keep the turn from falling to either side [1], [s]."""
_GRIP = 5.0
"""Friction of the ground on which a turn settles [1]."""
_SETTLING = 0.1
"""For so long the side stand swings out and the wheels settle on the ground [s]."""
_EVERY = 5
"""Steps from one look at the wheels to the next."""


def corner(
    urdf: Path, parameters: BicycleParameters, turn: SteadyTurn, gravity: Array, friction: float, seconds: float
) -> float:
    """Let a bicycle go on in a steady turn; gives the greatest speed of a wheel across its path [m/s].

    It is balanced by its own steer alone, and what keeps its speed on a slope is a torque between frame and rear wheel:
    both internal to the bicycle. It settles on ground that holds it, and then the ground gets its friction.

    Args:
        urdf: Of the bicycle.
        parameters: Its laws.
        turn: Which it is in.
        gravity: As the turn was solved for: its fall stays at the same side of the bicycle, shape (3,) [m/s²].
        friction: Coefficient between wheel and ground [1].
        seconds: How long on this ground.
    """
    with closing(Physics(PhysicsSettings(ground_friction=_GRIP))) as physics:
        dt = physics.settings.step
        pull(physics, gravity)
        body = BicycleBody(physics, urdf, parameters, air_density=0.0)
        _put(body, turn)
        lean = before = _lean(body)

        def steer() -> float:
            nonlocal before
            now, last = _lean(body), before
            before = now
            return turn.steer - _LEAN_GAIN * (now - lean) - _LEAN_RATE_GAIN * (now - last) / dt

        slip = 0.0
        for tick in roll_on(body, _SETTLING + seconds, steer, lambda: turn.drive):
            pull(physics, Rotation.from_rotvec(turn.angular * (tick * dt)).apply(gravity))
            if tick * dt < _SETTLING:
                continue
            physics.set_friction(physics.ground, -1, friction)
            if tick % _EVERY == 0:
                slip = max(slip, *(abs(slip_of(body, wheel)[1]) for wheel in (REAR_WHEEL, FRONT_WHEEL)))
        return slip


def _put(body: BicycleBody, turn: SteadyTurn) -> None:
    """Into the turn, with the velocity and the rotation of it."""
    client = body.physics.id
    body.base.place(turn.position, turn.rotation.as_quat(), np.zeros(3))
    position, velocity = np.zeros(len(JOINTS)), np.zeros(len(JOINTS))
    position[STEER] = turn.steer
    velocity[[REAR_WHEEL, FRONT_WHEEL]] = turn.spin
    body.reset(position, velocity)
    com = turn.rotation.apply(pybullet.getDynamicsInfo(body.id, -1, physicsClientId=client)[3])
    linear = turn.linear + np.cross(turn.angular, com)
    pybullet.resetBaseVelocity(body.id, linear.tolist(), turn.angular.tolist(), physicsClientId=client)


def _lean(body: BicycleBody) -> float:
    """From the normal of the ground, positive to the right [rad]."""
    body.base.read()
    return asin(rotate(body.base.orientation, (0.0, 1.0, 0.0))[2])
