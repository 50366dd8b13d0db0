"""Drivers: how single drives are spoken to, in frames of a CAN bus.

`factory.codec_of` makes the host's end of a drive and `factory.end_of` the drive's; both are imported from there, so
that who only looks a model up does not load what its frames need.
"""

from robot.drivers.catalogue import DriveCatalogue
from robot.drivers.codec import DriveCodec, DriveEnd
from robot.drivers.dialect import DriveModel
from robot.drivers.frame import CanFrame
from robot.drivers.ranges import CommandRanges, Range, ReplyRanges
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import DriveSetpoint, Sent, Special

__all__ = [
    "CanFrame",
    "CommandRanges",
    "DriveCatalogue",
    "DriveCodec",
    "DriveEnd",
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
