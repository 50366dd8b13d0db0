"""The words for what a drive says of itself, the same for all makes."""

from __future__ import annotations

from enum import Enum


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
