"""The mode of the robot, with the faults that hold it."""

from __future__ import annotations

from collections import deque

from robot.safety.arbiter import Handover
from robot.safety.modes import TABLE, RobotMode
from robot.safety.records import FaultRecord, ModeChange
from robot.safety.watches import Watch

_KEPT = 256
"""Events that are kept; the oldest go."""


class ModeMachine:
    """Changes the mode as its table allows, and keeps faults until they are cleared."""

    def __init__(self) -> None:
        self.mode = RobotMode.OFF
        """The mode now."""
        self.events: deque[ModeChange | Handover | FaultRecord] = deque(maxlen=_KEPT)
        """What happened, the newest last: changes of mode, of who commands, faults and warnings."""
        self._faults: dict[tuple[Watch, str | None], FaultRecord] = {}

    @property
    def faults(self) -> tuple[FaultRecord, ...]:
        """The faults that are latched, in the order in which they came."""
        return tuple(self._faults.values())

    def change(self, after: RobotMode, time: float, why: str) -> None:
        """Go to another mode.

        Raises:
            ValueError: The table has no such change.
        """
        TABLE.require(self.mode, after)
        self.events.append(ModeChange(time, self.mode, after, why))
        self.mode = after

    def latch(self, fault: FaultRecord) -> None:
        """Keep a fault, the first of its watch and joint."""
        key = fault.watch, fault.joint
        if key not in self._faults:
            self._faults[key] = fault
            self.events.append(fault)

    def fault(self, fault: FaultRecord) -> None:
        """Keep a fault, and go to FAULT from whatever mode it is."""
        self.latch(fault)
        if self.mode is not RobotMode.FAULT:
            self.change(RobotMode.FAULT, fault.time, str(fault))

    def forget(self) -> None:
        """Let go of all faults."""
        self._faults.clear()
