"""What the body is: its state, its commands, its limits, and the bus that carries them."""

from robot.body import Body
from robot.bus import Bus, Exchange
from robot.command import AppliedCommand, JointCommand, Reason
from robot.drive_status import DriveStatus
from robot.fake_bus import FakeBus
from robot.frames import BodyFrames
from robot.guard import GuardedBus
from robot.limits import JointLimits
from robot.model import RobotModel
from robot.state import ImuReading, LocalizationFix, RobotState

__all__ = [
    "AppliedCommand",
    "Body",
    "BodyFrames",
    "Bus",
    "DriveStatus",
    "Exchange",
    "FakeBus",
    "GuardedBus",
    "ImuReading",
    "JointCommand",
    "JointLimits",
    "LocalizationFix",
    "Reason",
    "RobotModel",
    "RobotState",
]
