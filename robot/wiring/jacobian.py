"""How two motors move with two joints: a two by two matrix, and what it does to velocity, torque and gains."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Pair = tuple[float, float]


class Jacobian(NamedTuple):
    """Derivative of two motors by two joints, row by row [rad/rad].

    Velocities go by it, torques by its transpose; so the power of the joints is that of the motors.
    """

    a: float
    b: float
    c: float
    d: float

    @property
    def determinant(self) -> float:
        """Zero where the motors cannot move the joints apart."""
        return self.a * self.d - self.b * self.c

    @property
    def condition(self) -> float:
        """Greatest by least singular value: 1 at best, infinite where it is singular."""
        total = self.a * self.a + self.b * self.b + self.c * self.c + self.d * self.d
        determinant = abs(self.determinant)
        spread = sqrt(max(total * total - 4.0 * determinant * determinant, 0.0))
        return (total + spread) / (2.0 * determinant) if determinant > 0.0 else float("inf")

    def motor_velocity(self, first: float, second: float) -> Pair:
        """Velocity of the motors from that of the joints."""
        return self.a * first + self.b * second, self.c * first + self.d * second

    def joint_velocity(self, first: float, second: float) -> Pair:
        """Velocity of the joints from that of the motors."""
        determinant = self.determinant
        return (self.d * first - self.b * second) / determinant, (self.a * second - self.c * first) / determinant

    def joint_torque(self, first: float, second: float) -> Pair:
        """Torque at the joints from that of the motors: the transpose."""
        return self.a * first + self.c * second, self.b * first + self.d * second

    def motor_torque(self, first: float, second: float) -> Pair:
        """Torque of the motors from that at the joints: the transpose, inverted."""
        determinant = self.determinant
        return (self.d * first - self.c * second) / determinant, (self.a * second - self.b * first) / determinant

    def motor_gains(self, first: float, second: float) -> tuple[float, float, float]:
        """Gains of the joints (diagonal) as the motors would need them: J^-T K J^-1.

        Returns:
            The first motor's own gain, the second's, and the one between them, which no drive has.
        """
        square = self.determinant * self.determinant
        return (
            (self.d * self.d * first + self.c * self.c * second) / square,
            (self.b * self.b * first + self.a * self.a * second) / square,
            -(self.b * self.d * first + self.a * self.c * second) / square,
        )
