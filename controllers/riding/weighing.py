"""How heavy the legs really are, felt by the drives of one that hangs in the air."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.leg import Leg

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeighingParameters:
    """What is believed before, and how much is learned.

    Attributes:
        mass_spread: Standard deviation of the legs' mass from the model's, as a share of it [1].
        friction_spread: The same of the joints' Coulomb friction [1].
        window: Time over which torques are summed up before they are compared [s].
        noise: Standard deviation of a joint's mean torque in a window from what the model says [Nm].
        speed: Speed of a joint over which its Coulomb friction changes its sign [rad/s].
        most: Greatest change of the mass that is believed, as a share of it [1].
    """

    mass_spread: float = 0.15
    friction_spread: float = 0.5
    window: float = 0.04
    noise: float = 1.0
    speed: float = 0.1
    most: float = 0.3


class LegWeighing:
    """Weighs the legs by one that is in the air.

    A foot on its pedal presses with what its drives do beyond bearing the leg, so legs that are lighter or heavier than
    their model press too little or too much. On the pedal that cannot be told. In the air the drives bear and move the
    leg and do nothing else. Over each short window the sum of their torques is what the leg's generalised momentum
    gained beyond what it gains by itself, which needs no accelerations (as in the momentum observer of De Luca and
    Mattone 2005). That is linear in the mass of the leg and in the friction of its joints, as multiples of the model's:
    recursive least squares find both. Both legs are taken to be alike.
    """

    def __init__(self, coulomb_friction: Array, period: float, parameters: WeighingParameters | None = None) -> None:
        """Prepare.

        Args:
            coulomb_friction: The model's, of the joints of one leg, shape (6,) [Nm].
            period: Time between two ticks [s].
            parameters: What is believed before, and how much is learned.
        """
        self._parameters = parameters or WeighingParameters()
        self._friction, self._period = coulomb_friction, period
        self._ticks = max(1, round(self._parameters.window / period))
        self.reset()

    def reset(self) -> None:
        """Believe the model."""
        p = self._parameters
        self._unknowns = np.ones(2)
        self._information = np.diag(1.0 / np.square((p.mass_spread, p.friction_spread)))
        self.scale = 1.0
        """Mass of the legs as a multiple of the model's [1]."""
        self.interrupt()

    def interrupt(self) -> None:
        """The leg does not hang any more."""
        self._summed = -1
        self._before: Array = np.zeros(6)
        self._sums: Array = np.zeros((3, 6))

    def update(self, leg: Leg, position: Array, velocity: Array, torque: Array, up: Array) -> None:
        """Take in a tick of a leg in the air.

        Args:
            leg: The leg.
            position: Of its joints, shape (6,) [rad].
            velocity: Shape (6,) [rad/s].
            torque: What its drives report, shape (6,) [Nm].
            up: Unit vector that points up, in the pelvis frame, shape (3,).
        """
        p = self._parameters
        momentum, growth = leg.momentum(position, velocity, up)
        self._summed += 1
        if self._summed > 0:
            self._sums += np.stack((torque, growth, self._friction * np.tanh(velocity / p.speed)))
        if self._summed == self._ticks:
            mean, alone, friction = self._sums / self._ticks
            gained = (momentum - self._before) / (self._ticks * self._period)
            self._learn(np.stack((gained - alone, friction), axis=1), mean)
            self._summed = 0
        if self._summed == 0:
            self._before, self._sums = momentum, np.zeros((3, 6))

    def _learn(self, rows: Array, torque: Array) -> None:
        """Take in mean torques, shape (6,) [Nm], and what they are in terms of the unknowns, shape (6, 2) [Nm]."""
        p = self._parameters
        self._information = self._information + rows.T @ rows / p.noise**2
        error = rows.T @ (torque - rows @ self._unknowns) / p.noise**2
        self._unknowns = self._unknowns + np.linalg.solve(self._information, error)
        self.scale = 1.0 + min(p.most, max(-p.most, float(self._unknowns[0]) - 1.0))
