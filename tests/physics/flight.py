"""Momentum of a body in the physics, summed over its links as PyBullet itself has them."""

from dataclasses import dataclass

import numpy as np
import pybullet

from sim.physics import Physics


@dataclass(frozen=True)
class Momentum:
    """Of a whole body: linear (3,) [kg·m/s], angular about its centre of mass (3,) [kg·m²/s], kinetic energy [J].

    `gross` and `gross_angular` are the sums of the links' own momenta in the frame of the centre of mass, by which a
    drift is judged: they are what would be left if action and reaction did not cancel.
    """

    mass: float
    linear: np.ndarray
    angular: np.ndarray
    gross: float
    gross_angular: float
    energy: float


def momentum(physics: Physics, body: int) -> Momentum:
    """Sum up all links, the base included."""
    links = [_link(physics.id, body, link) for link in range(-1, physics.joint_count(body))]
    mass = sum(link[0] for link in links)
    centre = sum(m * x for m, x, *_ in links) / mass
    linear = sum(m * v for m, _, v, *_ in links)
    drift = linear / mass
    own = [m * (v - drift) for m, _, v, *_ in links]
    spins = [spin + np.cross(x - centre, p) for (_, x, _, spin, _), p in zip(links, own, strict=True)]
    return Momentum(
        mass, linear, sum(spins), sum(float(np.linalg.norm(p)) for p in own),
        sum(float(np.linalg.norm(spin)) for spin in spins),
        0.5 * sum(m * float(v @ v) + float(spin @ turn) for m, _, v, spin, turn in links),
    )  # fmt: skip


def _link(client: int, body: int, link: int):
    """Mass, centre of mass, its velocity, angular momentum about it, angular velocity."""
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
    spin = axes @ (np.array(info[2]) * (axes.T @ np.array(angular)))
    return info[0], np.array(position), np.array(linear), spin, np.array(angular)


def step(physics: Physics) -> None:
    """One step of the physics."""
    pybullet.stepSimulation(physicsClientId=physics.id)
