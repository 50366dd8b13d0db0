"""The loop of a robot with real drives: state, controller, bus; measured in every tick."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from math import nan

import can
import numpy as np

from controllers.controller import Controller
from robot import Bus, JointCommand, RobotState
from scenarios.drives.endings import surely
from scenarios.realtime.ending import noted_signals
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.realtime.tick_times import TickTimes

GoOn = Callable[[RobotState], bool]
"""Asked after every tick with the newest state; the operator's place to ask for modes. False ends the run."""


class ControlLoop:
    """Closes the loop over a bus whose exchanges wait on a clock.

    A tick is: the controller makes a command of the newest state; the bus sends it, waits for the end of the period,
    and reads what the drives said. The bus sets the deadlines, which are on a grid of periods. When one is missed the
    loop goes on at the next one that is still to come: nothing is made up for, and the phase stays.
    """

    def __init__(
        self, controller: Controller, bus: Bus, clock: MonotonicClock, period: float, recorder: FlightRecorder
    ) -> None:
        """Put the loop together.

        Args:
            controller: Who commands.
            bus: The way to the drives, the safety layer in front.
            clock: The one that this bus waits on.
            period: Of an exchange [s].
            recorder: Keeps what happened.
        """
        self._controller, self._bus, self._clock, self._period = controller, bus, clock, period
        self._state: RobotState | None = None
        self.recorder = recorder
        """What happened."""

    def open_and_run(self, ticks: int | None = None, go_on: GoOn | None = None, sink: float = 2.0) -> str:
        """Open the bus, run, and let the robot down; the bus is stopped and closed whatever happens.

        Ctrl-C, SIGTERM and SIGHUP end the run after their tick; a second one ends everything at once, but for the
        closing of the bus, which none of them stops.

        Args:
            ticks: How many; None for no end.
            go_on: See `GoOn`; None for always.
            sink: For how long all joints are damped before their drives are switched off [s].

        Returns:
            The name of the signal that ended the run; empty if none did.
        """
        with noted_signals() as asked:
            try:
                state = self._bus.open()
                try:
                    self.run(state, ticks, lambda state: not asked and (go_on is None or go_on(state)))
                finally:
                    try:
                        self._bus.stop()
                    finally:
                        self._sink(round(sink / self._period))
            finally:
                surely(self._bus.close)
        return asked[0] if asked else ""

    def run(self, state: RobotState, ticks: int | None = None, go_on: GoOn | None = None) -> RobotState:
        """Reset the controller and let it command until there were so many ticks, or `go_on` says that it is over.

        Leave the bus afterwards: it is still open, and its drives do what they were told last.

        Args:
            state: The newest one, as `open` or an exchange gave it.
            ticks: How many; None for no end.
            go_on: See above; None for always.

        Returns:
            The newest state.
        """
        self._state = state
        self._controller.reset(state)
        return self._close(self._controller.step, state, ticks, go_on)

    def _sink(self, ticks: int) -> None:
        """Go on with a bus that is stopped, which damps all joints; if it fails, it has failed before."""
        if self._state is not None:
            with suppress(can.CanError, OSError, RuntimeError, ValueError):
                self._close(_nothing, self._state, ticks, None)

    def _close(
        self, step: Callable[[RobotState], JointCommand], state: RobotState, ticks: int | None, go_on: GoOn | None
    ) -> RobotState:
        """Close the loop over somebody who makes commands."""
        bus, clock, recorder, period = self._bus, self._clock, self.recorder, self._period
        self._state = state
        woke, due, done, first = clock.woke, clock.due, clock.now(), True
        left = -1 if ticks is None else ticks
        while left:
            start = clock.now()
            command = step(state)
            stepped = clock.now()
            after, applied = bus.exchange(command)
            received = clock.now()
            lost = 0 if first else round((clock.due - due) / period) - 1
            times = TickTimes(
                period=nan if first else clock.woke - woke,
                slack=clock.due - lost * period - clock.began,
                lateness=clock.woke - clock.due,
                control=stepped - start,
                send=clock.began - stepped,
                receive=received - clock.woke,
                log=start - done,
                lost=nan if first else float(lost),
            )
            recorder.record(state, applied, times)
            self._state = state = after
            woke, due, done, first = clock.woke, clock.due, received, False
            left -= 1
            if go_on is not None and not go_on(state):
                break
        return state


def _nothing(state: RobotState) -> JointCommand:
    """Ask for nothing at all."""
    zero = np.zeros_like(state.joint_position)
    return JointCommand(state.time, state.joint_position, zero, zero, zero, zero)
