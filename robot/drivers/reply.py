"""What a drive says of itself, and what is wrong with a frame that is none of its replies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from robot.drive_words import Fault, Power

__all__ = ["DriveReply", "Fault", "FrameError", "Malformed", "Power"]


class DriveReply(NamedTuple):
    """The state of a drive, in units of its output shaft.

    Attributes:
        position: [rad].
        velocity: [rad/s].
        torque: Of the motor, as its current tells [Nm].
        power: Whether the loop is closed.
        fault: What is wrong.
        code: The maker's code of that; 0 for nothing.
        motor_temperature: Of the winding [°C]; NaN where the drive does not say.
        driver_temperature: Of the power stage [°C]; NaN where the drive does not say.
    """

    position: float
    velocity: float
    torque: float
    power: Power
    fault: Fault
    code: int
    motor_temperature: float
    driver_temperature: float


class Malformed(Enum):
    """Why a frame is not accepted."""

    LENGTH = "length"
    FORMAT = "format"
    """Extended in place of standard, or the like."""
    DRIVE = "drive"
    """It names another drive than the one that its id belongs to."""
    SPECIAL = "special"
    """It is a request to a drive (enable, zero, ...), not an answer of one."""
    CODE = "code"
    """It has a status code that the dialect does not know."""
    CONTENT = "content"
    """A fixed part is not as it must be, or the frame ends too early."""
    NOT_FINITE = "not_finite"


@dataclass(frozen=True, slots=True)
class FrameError:
    """A frame that was for this codec and was not accepted.

    Attributes:
        kind: What is wrong.
        text: The same in one line, with the values.
    """

    kind: Malformed
    text: str
