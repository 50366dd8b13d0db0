"""Momentum and energy of bodies in the physics, summed over their links as PyBullet itself has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.physics import GRAVITY, Physics
from sim.robot_body import RobotBody

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Momentum:
    """Of one or more bodies taken as one system.

    `gross` and `gross_angular` are the sums of the links' own momenta in the frame of the centre of mass, by which a
    drift is judged: they are what would be left if action and reaction did not cancel.

    Attributes:
        mass: [kg].
        centre: Centre of mass in world, shape (3,) [m].
        linear: In world, shape (3,) [kg·m/s].
        angular: In world, about the centre of mass, shape (3,) [kg·m²/s].
        gross: Sum of the norms of the links' linear momenta [kg·m/s].
        gross_angular: Sum of the norms of the links' angular momenta about the centre of mass [kg·m²/s].
        kinetic: Kinetic energy [J].
    """

    mass: float
    centre: Array
    linear: Array
    angular: Array
    gross: float
    gross_angular: float
    kinetic: float

    @property
    def energy(self) -> float:
        """Kinetic energy, and potential energy from the height zero, under the gravity of this project [J]."""
        return self.kinetic + self.mass * GRAVITY * float(self.centre[2])


def momentum(physics: Physics, *bodies: int, geared: RobotBody | None = None) -> Momentum:
    """Sum up all links of all bodies, their bases included.

    Args:
        physics: Where they are.
        bodies: Which.
        geared: A robot in a world that corrects its rotors (`sim/rotors.py`). Its links then count without the rotors
            that they carry in Bullet, for geared rotors have no momentum of their own; the kinetic energy is that of
            the links alone.
    """
    carried = {} if geared is None else dict(zip(geared.joint_index, geared.carried, strict=True))
    robot = -1 if geared is None else geared.id
    links = [
        _link(physics.id, body, link, carried.get(link) if body == robot else None)
        for body in bodies
        for link in range(-1, physics.joint_count(body))
    ]
    m = np.array([link[0] for link in links])
    x, v, own, turn = (np.array([link[part] for link in links]) for part in (1, 2, 3, 4))
    mass = float(m.sum())
    centre, linear = m @ x / mass, m @ v
    p = m[:, None] * (v - linear / mass)
    spin = own + np.cross(x - centre, p)
    return Momentum(
        mass=mass,
        centre=centre,
        linear=linear,
        angular=spin.sum(axis=0),
        gross=float(np.linalg.norm(p, axis=1).sum()),
        gross_angular=float(np.linalg.norm(spin, axis=1).sum()),
        kinetic=0.5 * float(m @ (v * v).sum(axis=1) + (own * turn).sum()),
    )


def _link(client: int, body: int, link: int, carried: Array | None) -> tuple[float, Array, Array, Array, Array]:
    """Mass, centre of mass, its velocity, angular momentum about it less that of what is carried, angular velocity."""
    info = pybullet.getDynamicsInfo(body, link, physicsClientId=client)
    if link < 0:
        position, orientation = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
        linear, angular = pybullet.getBaseVelocity(body, physicsClientId=client)
    else:
        state = pybullet.getLinkState(
            body, link, computeLinkVelocity=1, computeForwardKinematics=1, physicsClientId=client
        )
        position, orientation, linear, angular = state[0], state[1], state[6], state[7]
    axes = np.reshape(pybullet.getMatrixFromQuaternion(orientation), (3, 3))
    turn = np.array(angular)
    own = axes @ (np.array(info[2]) * (axes.T @ turn))
    if carried is not None:
        frame = np.reshape(pybullet.getMatrixFromQuaternion(state[5]), (3, 3))
        own -= frame @ carried @ frame.T @ turn
    return info[0], np.array(position), np.array(linear), own, turn
