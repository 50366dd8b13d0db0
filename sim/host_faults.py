"""What goes wrong with the host of a robot: a controller that is silent, late, dead, or says what is no number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from robot import AppliedCommand, Bus, Exchange, JointCommand, Reason, RobotState
from robot.bus import ManagedBus


class HostTrouble(Enum):
    """What goes wrong with the host."""

    DEAD = "dead"
    """Its process is gone: nothing is sent any more, by no layer of it."""
    SILENT = "silent"
    """Its loop goes on, but the controller says the same again and again."""
    LATE = "late"
    """Once, it comes later to the next exchange by as long as the fault lasts."""
    NOT_FINITE = "not finite"
    """The feed-forward torque of joints is a NaN."""


@dataclass(frozen=True, slots=True)
class HostFault:
    """One fault of the host.

    Attributes:
        trouble: What goes wrong.
        begin: From when [s].
        end: Until when [s].
        joints: With which joints; all of the command where it does not matter.
    """

    trouble: HostTrouble
    begin: float
    end: float
    joints: tuple[int, ...] = ()


class FaultyHost(ManagedBus):
    """A bus before all others, in which the host of a simulated robot goes wrong."""

    def __init__(
        self,
        bus: Bus,
        faults: Sequence[HostFault],
        pass_period: Callable[[], None],
        period: float,
    ) -> None:
        """Stand before a bus.

        Args:
            bus: What the host's controller speaks with.
            faults: What goes wrong.
            pass_period: Lets a control period of the world pass in which the host does nothing.
            period: Of control [s].
        """
        self._bus, self._faults, self._pass_period, self._period = bus, tuple(faults), pass_period, period
        self._came_late: set[HostFault] = set()
        self._time = 0.0
        self._last: JointCommand | None = None
        self._exchange: Exchange | None = None
        self.dead = False
        """Whether the host's process is gone."""

    def open(self) -> RobotState:
        """Open the bus; the host is well."""
        self._came_late.clear()
        self.dead, self._last, self._exchange = False, None, None
        state = self._bus.open()
        self._time = state.time
        return state

    def exchange(self, command: JointCommand) -> Exchange:
        """Exchange a command, or what the host makes of it.

        A dead host exchanges nothing. Nobody reads then what this gives back, but a log: the last state, of which the
        time alone goes on, and the last command, stale for all joints.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        due = [fault for fault in self._faults if fault.begin - 1e-9 <= self._time < fault.end - 1e-9]
        troubles = {fault.trouble for fault in due}
        last = self._exchange
        if last is not None and (self.dead or HostTrouble.DEAD in troubles):
            self.dead = True
            self._pass_period()
            self._time += self._period
            stale = np.full(command.position.size, Reason.STALE, dtype=np.uint16)
            state = replace(last.state, time=self._time)
            return Exchange(state, AppliedCommand(last.applied.command, stale))
        for fault in due:
            if fault.trouble is HostTrouble.LATE and fault not in self._came_late:
                self._came_late.add(fault)
                for _ in range(round((fault.end - fault.begin) / self._period)):
                    self._pass_period()
            elif fault.trouble is HostTrouble.NOT_FINITE:
                torque = command.torque.copy()
                torque[list(fault.joints)] = np.nan
                command = replace(command, torque=torque)
        if HostTrouble.SILENT in troubles and self._last is not None:
            command = self._last
        self._last = command
        self._exchange = self._bus.exchange(command)
        self._time = self._exchange.state.time
        return self._exchange

    def stop(self) -> None:
        """Stop the bus."""
        self._bus.stop()

    def close(self) -> None:
        """Close the bus; closing twice does nothing."""
        self._bus.close()
