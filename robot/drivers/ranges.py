"""The ranges of numbers that frames can say: one set for commands, another for replies."""

from __future__ import annotations

from typing import NamedTuple

NUMBERS = ("position", "velocity", "torque", "stiffness", "damping")
"""Numbers of a command in the order of a setpoint; a reply has the first three."""
UNITS = {"position": "rad", "velocity": "rad/s", "torque": "Nm", "stiffness": "Nm/rad", "damping": "Nm·s/rad"}


class Range(NamedTuple):
    """From the number that the least count stands for to that of the greatest, in SI units of the output shaft."""

    low: float
    high: float

    def __str__(self) -> str:
        """Write it as in messages: ``±12.5`` or ``0..500``."""
        return f"±{self.high:g}" if self.low == -self.high else f"{self.low:g}..{self.high:g}"


class CommandRanges(NamedTuple):
    """Ranges of a command: position [rad], velocity [rad/s], torque [Nm], stiffness [Nm/rad], damping [Nm·s/rad]."""

    position: Range
    velocity: Range
    torque: Range
    stiffness: Range
    damping: Range


class ReplyRanges(NamedTuple):
    """Ranges of a reply: position [rad], velocity [rad/s], torque [Nm].

    A setting of its own: the mini-cheetah firmware scales the torque that it reports with a larger range than the
    torque that it is asked (bgkatz/motorcontrol, `pack_reply`).
    """

    position: Range
    velocity: Range
    torque: Range
