"""Drivers: how single drives are spoken to, in frames of a CAN bus."""

from robot.drivers.catalogue import DriveCatalogue
from robot.drivers.dialect import DriveModel
from robot.drivers.frame import CanFrame
from robot.drivers.ranges import CommandRanges, Range, ReplyRanges
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import DriveSetpoint, Sent, Special

__all__ = [
    "CanFrame",
    "CommandRanges",
    "DriveCatalogue",
    "DriveModel",
    "DriveReply",
    "DriveSetpoint",
    "Fault",
    "FrameError",
    "Malformed",
    "Power",
    "Range",
    "ReplyRanges",
    "Sent",
    "Special",
]
