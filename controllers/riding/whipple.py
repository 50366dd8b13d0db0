"""The linearised Whipple bicycle: how it leans and steers by itself, and how roll answers to steering, at a speed.

Meijaard, Papadopoulos, Ruina, Schwab 2007, "Linearized dynamics equations for the balance and steer of a bicycle",
Proc. R. Soc. A 463, appendix A. Its axes are x forward, y right, z down; lean and steer are positive to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.optimize import brentq

from urdf.whipple_parameters import WhippleParameters

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_SPEEDS = np.linspace(0.1, 20.0, 200)
"""Where critical speeds are looked for [m/s]."""
_REAL = 1e-6
"""An eigenvalue whose imaginary part is smaller than this is real [1/s]."""


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
        g: Gravity [m/s²].
    """

    mass: Array
    damping: Array
    gravity: Array
    speed: Array
    wheelbase: float
    trail: float
    tilt: float
    g: float

    def system(self, velocity: float) -> Array:
        """A of x' = A x with x = (lean, steer, lean rate, steer rate), at a speed [m/s], shape (4, 4)."""
        inverse = np.linalg.inv(self.mass)
        stiffness = self.g * self.gravity + velocity**2 * self.speed
        return np.block([[np.zeros((2, 2)), np.eye(2)], [-inverse @ stiffness, -velocity * inverse @ self.damping]])

    def eigenvalues(self, velocity: float) -> ComplexArray:
        """The four eigenvalues [1/s] of the uncontrolled bicycle at a speed [m/s], shape (4,)."""
        return np.linalg.eigvals(self.system(velocity)).astype(np.complex128)

    def response(self, velocity: float, start: Array, period: float, count: int) -> Array:
        """Free motion at a speed [m/s] from a state (4,), by the matrix exponential.

        Returns:
            Lean, steer [rad] and their rates [rad/s] every period [s], shape (count, 4), the start first.
        """
        step = expm(self.system(velocity) * period)
        states = np.empty((count, 4))
        states[0] = start
        for row in range(1, count):
            states[row] = step @ states[row - 1]
        return states

    def weave_speed(self) -> float | None:
        """The first speed at which the swinging of lean and steer ceases to grow [m/s], or None up to 20 m/s."""
        parts = np.array([weave_part(self.eigenvalues(float(v))) for v in _SPEEDS])
        falling = np.flatnonzero((parts[:-1] > 0.0) & (parts[1:] <= 0.0))
        if not falling.size:
            return None
        low, high = _SPEEDS[falling[0] : falling[0] + 2]
        return float(brentq(lambda v: weave_part(self.eigenvalues(v)), low, high, xtol=1e-12))

    def capsize_speed(self) -> float | None:
        """The speed above which it falls over slowly without swinging [m/s], or None up to 20 m/s.

        There an eigenvalue is zero, so det(g K0 + v² K2), which is linear in v² for K2 has no first column, changes its
        sign: from positive to negative.
        """
        at_rest = self.g * float(np.linalg.det(self.gravity))
        gain = float(self.gravity[0, 0] * self.speed[1, 1] - self.gravity[1, 0] * self.speed[0, 1])
        speed = sqrt(-at_rest / gain) if at_rest > 0.0 > gain else inf
        return speed if speed <= _SPEEDS[-1] else None


def weave_part(eigenvalues: ComplexArray) -> float:
    """Greatest real part of the eigenvalues that are not real [1/s]; NaN where all are."""
    swinging = eigenvalues.real[np.abs(eigenvalues.imag) > _REAL]
    return float(swinging.max()) if swinging.size else np.nan


def capsize_part(eigenvalues: ComplexArray) -> float:
    """The real eigenvalue next to zero [1/s]; NaN where none is real."""
    real = eigenvalues.real[np.abs(eigenvalues.imag) <= _REAL]
    return float(real[np.abs(real).argmin()]) if real.size else np.nan


def whipple(p: WhippleParameters, crown_radius: float = 0.0) -> Whipple:
    """The matrices of a bicycle.

    Args:
        p: The bicycle, its rider rigid on the rear frame.
        crown_radius: Radius of the tread across the tyre [m]. The paper's wheels are knife-edged. On a round tread the
            contact moves sideways by the crown radius times the wheel's lean (the front wheel leans by lean + steer
            sin(tilt)), which adds half of that radius times lean² times the wheel's load to the potential energy: the
            axle of a leaning torus is higher than that of a disc by crown (1 - cos(lean)). Rolling is the same to first
            order.
    """
    w, c, lam = p.w, p.c, p.lam
    m_t = p.mR + p.mB + p.mH + p.mF
    x_t = (p.xB * p.mB + p.xH * p.mH + w * p.mF) / m_t
    z_t = (-p.rR * p.mR + p.zB * p.mB + p.zH * p.mH - p.rF * p.mF) / m_t
    i_txx = (
        p.IRxx + p.IBxx + p.IHxx + p.IFxx + p.mR * p.rR**2 + p.mB * p.zB**2
        + p.mH * p.zH**2 + p.mF * p.rF**2
    )  # fmt: skip
    i_txz = p.IBxz + p.IHxz - p.mB * p.xB * p.zB - p.mH * p.xH * p.zH + p.mF * w * p.rF
    i_tzz = p.IRxx + p.IBzz + p.IHzz + p.IFxx + p.mB * p.xB**2 + p.mH * p.xH**2 + p.mF * w**2
    m_a = p.mH + p.mF
    x_a = (p.xH * p.mH + w * p.mF) / m_a
    z_a = (p.zH * p.mH - p.rF * p.mF) / m_a
    i_axx = p.IHxx + p.IFxx + p.mH * (p.zH - z_a) ** 2 + p.mF * (p.rF + z_a) ** 2
    i_axz = p.IHxz - p.mH * (p.xH - x_a) * (p.zH - z_a) + p.mF * (w - x_a) * (p.rF + z_a)
    i_azz = p.IHzz + p.IFxx + p.mH * (p.xH - x_a) ** 2 + p.mF * (w - x_a) ** 2
    u_a = (x_a - w - c) * cos(lam) - z_a * sin(lam)
    i_all = m_a * u_a**2 + i_axx * sin(lam) ** 2 + 2.0 * i_axz * sin(lam) * cos(lam) + i_azz * cos(lam) ** 2
    i_alx = -m_a * u_a * z_a + i_axx * sin(lam) + i_axz * cos(lam)
    i_alz = m_a * u_a * x_a + i_axz * sin(lam) + i_azz * cos(lam)
    mu = c / w * cos(lam)
    s_r, s_f = p.IRyy / p.rR, p.IFyy / p.rF
    s_t = s_r + s_f
    s_a = m_a * u_a + mu * m_t * x_t
    m_cross = i_alx + mu * i_txz
    c_cross = mu * s_t + s_f * cos(lam)
    front_share = m_t * x_t / w
    crown = crown_radius * np.array(
        ((m_t, front_share * sin(lam)), (front_share * sin(lam), front_share * sin(lam) ** 2))
    )
    return Whipple(
        mass=np.array(((i_txx, m_cross), (m_cross, i_all + 2.0 * mu * i_alz + mu**2 * i_tzz))),
        damping=np.array(
            (
                (0.0, c_cross + i_txz / w * cos(lam) - mu * m_t * z_t),
                (-c_cross, i_alz / w * cos(lam) + mu * (s_a + i_tzz / w * cos(lam))),
            )
        ),
        gravity=np.array(((m_t * z_t, -s_a), (-s_a, -s_a * sin(lam)))) + crown,
        speed=np.array(((0.0, (s_t - m_t * z_t) / w * cos(lam)), (0.0, (s_a + s_f * sin(lam)) / w * cos(lam)))),
        wheelbase=w,
        trail=c,
        tilt=lam,
        g=p.g,
    )
