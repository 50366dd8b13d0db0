"""The linearised Whipple bicycle: how roll answers to steering at a speed.

Meijaard, Papadopoulos, Ruina, Schwab 2007, "Linearized dynamics equations for the balance and steer of a bicycle",
Proc. R. Soc. A 463, appendix A. Its axes are x forward, y right, z down; lean and steer are positive to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RigidBody:
    """A body symmetric about the bicycle's plane, in the paper's axes.

    Attributes:
        mass: [kg].
        x: Centre of mass, forward of the rear contact [m].
        z: Centre of mass, below the ground, so negative [m].
        ixx: Central moments and product of inertia [kg·m²].
        ixz: The same.
        izz: The same.
    """

    mass: float
    x: float
    z: float
    ixx: float
    ixz: float
    izz: float


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel: radius [m], mass [kg], and moments of inertia about a diameter and about the axle [kg·m²]."""

    radius: float
    mass: float
    ixx: float
    iyy: float


@dataclass(frozen=True, slots=True)
class Whipple:
    """M q'' + v C1 q' + (g K0 + v² K2) q = 0 with q = (lean, steer), both to the right; every matrix (2, 2).

    Attributes:
        mass: M.
        damping: C1.
        gravity: K0.
        speed: K2.
        wheelbase: [m].
        trail: [m].
        tilt: Steer axis tilt from the vertical [rad].
    """

    mass: Array
    damping: Array
    gravity: Array
    speed: Array
    wheelbase: float
    trail: float
    tilt: float

    def eigenvalues(self, velocity: float, gravity: float = 9.81) -> Array:
        """The four eigenvalues [1/s] of the uncontrolled bicycle at a speed [m/s], complex, shape (4,)."""
        inverse = np.linalg.inv(self.mass)
        stiffness = gravity * self.gravity + velocity**2 * self.speed
        system = np.block([[np.zeros((2, 2)), np.eye(2)], [-inverse @ stiffness, -velocity * inverse @ self.damping]])
        return np.linalg.eigvals(system)


def whipple(
    wheelbase: float, trail: float, tilt: float, rear: Wheel, body: RigidBody, fork: RigidBody, front: Wheel
) -> Whipple:
    """The matrices of a bicycle: rear wheel R, rear body with rigid rider B, front frame H, front wheel F."""
    w, c, lam = wheelbase, trail, tilt
    m_t = rear.mass + body.mass + fork.mass + front.mass
    x_t = (body.x * body.mass + fork.x * fork.mass + w * front.mass) / m_t
    z_t = (-rear.radius * rear.mass + body.z * body.mass + fork.z * fork.mass - front.radius * front.mass) / m_t
    i_txx = (
        rear.ixx + body.ixx + fork.ixx + front.ixx + rear.mass * rear.radius**2 + body.mass * body.z**2
        + fork.mass * fork.z**2 + front.mass * front.radius**2
    )  # fmt: skip
    i_txz = (
        body.ixz + fork.ixz - body.mass * body.x * body.z - fork.mass * fork.x * fork.z + front.mass * w * front.radius
    )
    i_tzz = (
        rear.ixx + body.izz + fork.izz + front.ixx + body.mass * body.x**2 + fork.mass * fork.x**2 + front.mass * w**2
    )
    m_a = fork.mass + front.mass
    x_a = (fork.x * fork.mass + w * front.mass) / m_a
    z_a = (fork.z * fork.mass - front.radius * front.mass) / m_a
    i_axx = fork.ixx + front.ixx + fork.mass * (fork.z - z_a) ** 2 + front.mass * (front.radius + z_a) ** 2
    i_axz = fork.ixz - fork.mass * (fork.x - x_a) * (fork.z - z_a) + front.mass * (w - x_a) * (front.radius + z_a)
    i_azz = fork.izz + front.ixx + fork.mass * (fork.x - x_a) ** 2 + front.mass * (w - x_a) ** 2
    u_a = (x_a - w - c) * cos(lam) - z_a * sin(lam)
    i_all = m_a * u_a**2 + i_axx * sin(lam) ** 2 + 2.0 * i_axz * sin(lam) * cos(lam) + i_azz * cos(lam) ** 2
    i_alx = -m_a * u_a * z_a + i_axx * sin(lam) + i_axz * cos(lam)
    i_alz = m_a * u_a * x_a + i_axz * sin(lam) + i_azz * cos(lam)
    mu = c / w * cos(lam)
    s_r, s_f = rear.iyy / rear.radius, front.iyy / front.radius
    s_t = s_r + s_f
    s_a = m_a * u_a + mu * m_t * x_t
    m_cross = i_alx + mu * i_txz
    c_cross = mu * s_t + s_f * cos(lam)
    return Whipple(
        mass=np.array(((i_txx, m_cross), (m_cross, i_all + 2.0 * mu * i_alz + mu**2 * i_tzz))),
        damping=np.array(
            (
                (0.0, c_cross + i_txz / w * cos(lam) - mu * m_t * z_t),
                (-c_cross, i_alz / w * cos(lam) + mu * (s_a + i_tzz / w * cos(lam))),
            )
        ),
        gravity=np.array(((m_t * z_t, -s_a), (-s_a, -s_a * sin(lam)))),
        speed=np.array(((0.0, (s_t - m_t * z_t) / w * cos(lam)), (0.0, (s_a + s_f * sin(lam)) / w * cos(lam)))),
        wheelbase=w,
        trail=c,
        tilt=lam,
    )
