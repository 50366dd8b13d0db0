"""Safety between controllers and drives: modes, watches, sources of commands, and commands that come in by degrees."""

from robot.safety.arbiter import Arbiter, Handover, Source, Verdict
from robot.safety.limits import SafetyLimits
from robot.safety.modes import RobotMode
from robot.safety.records import FaultRecord, ModeChange, Trip
from robot.safety.started_bus import StartedBus
from robot.safety.supervised_bus import SupervisedBus
from robot.safety.supervision import DriveSwitch, Supervision
from robot.safety.watches import WATCHES, Reaction, Watch, WatchRow, WatchTable

__all__ = [
    "WATCHES",
    "Arbiter",
    "DriveSwitch",
    "FaultRecord",
    "Handover",
    "ModeChange",
    "Reaction",
    "RobotMode",
    "SafetyLimits",
    "Source",
    "StartedBus",
    "SupervisedBus",
    "Supervision",
    "Trip",
    "Verdict",
    "Watch",
    "WatchRow",
    "WatchTable",
]
