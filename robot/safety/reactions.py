"""What follows from a watch that has tripped: a change of mode, a joint out of service, and what joints are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from robot.command import Reason, Reasons
from robot.safety.mode_machine import ModeMachine
from robot.safety.modes import RobotMode
from robot.safety.records import FaultRecord, Trip
from robot.safety.watches import Reaction, Watch, WatchTable

HELD = (RobotMode.READY, RobotMode.ACTIVE)
"""Modes in which joints follow."""


class Reactions:
    """Does what the table of watches says, and keeps why joints are at rest."""

    def __init__(
        self, table: WatchTable, machine: ModeMachine, names: Sequence[str], expendable: NDArray[np.bool_]
    ) -> None:
        """Begin with nothing wrong.

        Args:
            table: The watches.
            machine: The mode that is changed.
            names: Of the joints; may be empty.
            expendable: Which joints may be lost, shape (n,).
        """
        self._table, self._machine, self._names, self._expendable = table, machine, tuple(names), expendable
        self.lost = np.zeros(expendable.size, dtype=np.bool_)
        """Which joints are out of service, shape (n,)."""
        self.why_lost: Reasons = np.zeros(expendable.size, dtype=np.uint16)
        """What those joints are told, shape (n,)."""
        self.why: Reasons = np.zeros(expendable.size, dtype=np.uint16)
        """What all joints are told about the last stop or fault, shape (n,)."""
        self._warned: set[tuple[Watch, int | None]] = set()

    def start(self) -> None:
        """Forget everything, lost joints too."""
        self.lost.fill(False)
        self.why_lost.fill(0)
        self.why.fill(0)
        self._warned.clear()

    def record(self, trip: Trip, time: float) -> FaultRecord:
        """A trip at a time [s], with the joint's name."""
        return FaultRecord.of(trip, time, self._names)

    def alone(self, trip: Trip) -> bool:
        """Whether it is about a joint that may be lost, and would take that one out of service alone."""
        about_joint = trip.joint is not None and trip.watch is not Watch.COMMAND_NOT_FINITE
        return about_joint and bool(self._expendable[trip.joint])

    def to_all(self, trips: Iterable[Trip], time: float) -> None:
        """React to everything that is wrong at a time [s]; what is only to be warned of is told when it is new."""
        warned: set[tuple[Watch, int | None]] = set()
        for trip in trips:
            row = self._table[trip.watch]
            if row.reaction is Reaction.WARN and self._machine.mode in row.modes:
                warned.add((trip.watch, trip.joint))
                if (trip.watch, trip.joint) not in self._warned:
                    self._machine.events.append(self.record(trip, time))
            else:
                self.to(trip, time)
        self._warned = warned

    def to(self, trip: Trip, time: float) -> None:
        """React to a trip at a time [s], if its watch acts in this mode and asks for a stop or a fault."""
        row = self._table[trip.watch]
        if self._machine.mode not in row.modes or row.reaction < Reaction.STOP:
            return
        record = self.record(trip, time)
        if trip.joint is not None and self.alone(trip):
            self.lost[trip.joint] = True
            self._machine.latch(record)
            self.why_lost[trip.joint] |= np.uint16(row.reason | Reason.STOPPED | Reason.FAULTED)
            return
        if trip.joint is None:
            self.why |= np.uint16(row.reason)
        else:
            self.why[trip.joint] |= np.uint16(row.reason | Reason.FAULTED)
        if row.reaction is Reaction.FAULT:
            self._machine.fault(record)
        elif self._machine.mode in HELD:
            self._machine.events.append(record)
            self._machine.change(RobotMode.DAMPING, time, str(record))
