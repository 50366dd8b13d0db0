"""What the body can ask of its drives, and what became of it."""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Reasons = NDArray[np.uint16]
"""Bits of :class:`Reason` for each joint, shape (n,)."""


@dataclass(frozen=True, slots=True)
class JointCommand:
    """The tuple that real joint drives take, one entry a joint in the order of the robot model.

    A drive turns it into torque = stiffness·(position - q) + damping·(velocity - q') + torque, within its limits.

    Attributes:
        time: Time of the state from which it was computed [s]; the guard judges staleness by it.
        position: Shape (n,) [rad].
        velocity: Shape (n,) [rad/s].
        torque: Feed-forward, shape (n,) [Nm].
        stiffness: Shape (n,) [Nm/rad].
        damping: Shape (n,) [Nm·s/rad].
    """

    time: float
    position: Array
    velocity: Array
    torque: Array
    stiffness: Array
    damping: Array


class Reason(IntFlag):
    """Why a joint got something else than what was asked."""

    NONE = 0
    POSITION_CLAMPED = 1
    VELOCITY_CLAMPED = 2
    TORQUE_CLAMPED = 4
    GAIN_CLAMPED = 8
    STALE = 16
    NOT_FINITE = 32
    STOPPED = 64
    RATE_LIMITED = 128
    """It went further in one period than the rates allow."""
    DERATED = 256
    """The drive is too warm for it."""
    STAGED = 512
    """It is being brought in by degrees, after a switch-on or a change of the source."""
    MODE = 1024
    """The robot's mode lets no command through."""
    FAULTED = 2048
    """This joint has a fault, or caused one."""
    OUTRANKED = 4096
    """Another source commands."""
    TORQUE_BOUNDED = 8192
    """Position, velocity and torque together came to more than the joint's torque limit."""


SHAPING = Reason.RATE_LIMITED | Reason.DERATED | Reason.STAGED | Reason.TORQUE_BOUNDED
"""What happens to commands that are in order, and is no sign of a fault: they are brought in by degrees."""


@dataclass(frozen=True, slots=True)
class AppliedCommand:
    """The command that really went out, and why it differs from the one asked.

    Attributes:
        command: What the drives were given.
        reasons: Bits of :class:`Reason` for each joint, shape (n,), dtype uint16.
    """

    command: JointCommand
    reasons: Reasons
