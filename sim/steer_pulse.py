"""Declared torques on the steer axis: a motor between frame and fork, as riders are tested with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SteerPulse:
    """A constant torque between frame and fork for a while.

    Attributes:
        start: When it begins [s].
        duration: [s].
        torque: Positive to the left on the fork; the frame gets its opposite [Nm].
    """

    start: float
    duration: float
    torque: float


class SteerPulses:
    """Tells what acts on the steer axis: a couple within the bicycle, which has no momentum, but works."""

    def __init__(self, pulses: Sequence[SteerPulse]) -> None:
        """Take the pulses."""
        self._pulses = tuple(pulses)
        self.torque = 0.0
        """What acts in the step that follows [Nm]."""
        self.work = 0.0
        """Of all pulses since time zero [J]."""

    def apply(self, now: float, steer_rate: float, dt: float) -> float:
        """The torque at a time [s], for a step of length dt [s] at a rate of the steer joint [rad/s]: [Nm]."""
        self.torque = sum(p.torque for p in self._pulses if p.start <= now < p.start + p.duration)
        self.work += self.torque * steer_rate * dt
        return self.torque
