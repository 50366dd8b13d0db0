"""What one drive is asked to do, and what goes over the wire for it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from robot.drivers.frame import CanFrame


class DriveSetpoint(NamedTuple):
    """What a drive follows, in units of its output shaft.

    The drive makes the torque stiffness·(position - q) + damping·(velocity - q') + torque of it, within its limits.

    Attributes:
        position: [rad].
        velocity: [rad/s].
        torque: Feed-forward [Nm].
        stiffness: [Nm/rad].
        damping: [Nm·s/rad].
    """

    position: float
    velocity: float
    torque: float
    stiffness: float
    damping: float


class Special(Enum):
    """What a drive can be asked besides a setpoint; the values are the names in the dialect file."""

    ENABLE = "enable"
    """Close the loop: the motor follows setpoints."""
    DISABLE = "disable"
    """Open the loop: the motor is free."""
    ZERO = "zero"
    """Call the present position zero."""
    CLEAR = "clear"
    """Clear a fault."""
    SELECT_IMPEDANCE = "select_impedance"
    """Go to the mode in which setpoints of five numbers are understood; not every drive needs it."""


class Sent(NamedTuple):
    """A setpoint as it goes out.

    Attributes:
        frames: What to put on the bus, in this order.
        reasons: Bits of :class:`robot.Reason` for what was saturated to the ranges of the frame; 0 for nothing.
    """

    frames: tuple[CanFrame, ...]
    reasons: int
