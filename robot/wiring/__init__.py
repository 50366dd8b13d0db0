"""Wiring: which drive moves which joint, where it is on the buses, and how gears and linkages lie between them."""

from robot.wiring.file import parse
from robot.wiring.jacobian import Jacobian
from robot.wiring.linkage import CrankRod, Linkage
from robot.wiring.wired_body import DriveReadings, DriveSetpoints, JointReadings, WiredBody
from robot.wiring.wiring import CanBus, MountedLinkage, Wire, Wiring

__all__ = [
    "CanBus",
    "CrankRod",
    "DriveReadings",
    "DriveSetpoints",
    "Jacobian",
    "JointReadings",
    "Linkage",
    "MountedLinkage",
    "Wire",
    "WiredBody",
    "Wiring",
    "parse",
]
