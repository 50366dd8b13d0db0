"""What a drive says of itself, and what is wrong with a frame that is none of its replies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Power(Enum):
    """Whether a drive's loop is closed; the values are the names in the dialect file."""

    OFF = "off"
    ON = "on"
    CALIBRATING = "calibrating"
    FAULT = "fault"
    """Off because of a fault."""
    UNKNOWN = "unknown"
    """Its replies do not say."""


class Fault(Enum):
    """What is wrong with a drive, in one vocabulary for all makes; the values are the names in the dialect file."""

    NONE = "none"
    OVER_VOLTAGE = "over_voltage"
    UNDER_VOLTAGE = "under_voltage"
    OVER_CURRENT = "over_current"
    DRIVER_TEMPERATURE = "driver_temperature"
    """Of the power stage."""
    MOTOR_TEMPERATURE = "motor_temperature"
    """Of the winding."""
    ENCODER = "encoder"
    PHASE = "phase"
    """Phase currents do not balance."""
    OVERLOAD = "overload"
    SILENCE = "silence"
    """The drive's own watchdog: it heard no command for too long."""
    LIMIT = "limit"
    """Outside the drive's own position limits."""
    CONFIGURATION = "configuration"
    """Not calibrated, or set up wrongly."""
    INTERNAL = "internal"
    OTHER = "other"
    """A code that the dialect file does not know."""


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
