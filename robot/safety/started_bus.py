"""A supervised bus that switches its robot on when it is opened: a robot that is held in its first pose, or a run."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from robot.bus import Exchange, ManagedBus
from robot.command import JointCommand
from robot.limits import JointLimits
from robot.safety.modes import RobotMode
from robot.safety.supervised_bus import SupervisedBus
from robot.state import RobotState

_TRIES = 50
"""Exchanges within which every drive must be on."""
_ROUNDING = 1e-9
"""Times are compared with that much room [s]."""


class StartedBus(ManagedBus):
    """Goes from IDLE to ACTIVE under a first command, while the body is held; then whoever exchanges commands.

    DAMPING closes the drives' loops, READY holds what was measured, and ACTIVE brings the first command in by degrees.
    A drive that missed its request is asked again. The body must be where the first command has it: a joint that says
    otherwise has a wrong zero or a wrong direction, and would be moved as soon as it is commanded.
    """

    def __init__(
        self, safe: SupervisedBus, limits: JointLimits, first: JointCommand, *, apart: float, begin: float = -inf
    ) -> None:
        """Make a bus; nothing is opened yet.

        Args:
            safe: The supervised bus.
            limits: Of the joints, for their names.
            first: What is commanded until the bus is open.
            apart: How far a joint may be from the first command's position [rad].
            begin: Time of the state at which the bus is open at the earliest [s].
        """
        self.safe = safe
        """The supervised bus."""
        self._limits, self._first, self._apart, self._begin = limits, first, apart, begin

    def open(self) -> RobotState:
        """Open the bus, switch the robot on, and return the state when the whole first command is in force.

        Raises:
            ValueError: The robot cannot be switched on, or not until `begin`; the message says what stands against it.
        """
        try:
            return self._start(self.safe.open())
        except ValueError as error:
            self.close()
            raise ValueError(f"the robot is not switched on: {error}") from error
        except BaseException:
            self.close()
            raise

    def exchange(self, command: JointCommand) -> Exchange:
        """As the supervised bus does.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        return self.safe.exchange(command)

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again."""
        self.safe.stop()

    def close(self) -> None:
        """Open the drives' loops and close the bus behind; closing twice does nothing."""
        self.safe.close()

    def _start(self, state: RobotState) -> RobotState:
        """Go from IDLE to ACTIVE.

        Raises:
            ValueError: Something stands against it.
        """
        safe = self.safe
        safe.request(RobotMode.DAMPING)
        state = self._ready(self._follow(state))
        self._compare(state)
        state = self._follow(state)
        safe.request(RobotMode.ACTIVE)
        state = self._follow(state)
        while safe.staged:
            state = self._follow(state)
        state = self._follow(state)  # what is no longer staged is the whole first command
        while state.time < self._begin - _ROUNDING:
            state = self._follow(state)
        if safe.mode is not RobotMode.ACTIVE:
            raise ValueError("; ".join(map(str, safe.machine.faults)) or str(safe.machine.events[-1]))
        if -inf < self._begin < state.time - _ROUNDING:
            raise ValueError(f"it took until {state.time:.3f} s, and was to be done at {self._begin:.3f} s")
        return state

    def _follow(self, state: RobotState) -> RobotState:
        return self.safe.exchange(replace(self._first, time=state.time)).state

    def _ready(self, state: RobotState) -> RobotState:
        """Go to READY as soon as every drive is on.

        Raises:
            ValueError: What stands against it does not go away, or is a fault.
        """
        for attempt in range(_TRIES):
            try:
                self.safe.request(RobotMode.READY)
            except ValueError:
                if attempt == _TRIES - 1 or self.safe.mode is not RobotMode.DAMPING:
                    raise
                if attempt % 5 == 4:
                    self.safe.clear()
                state = self._follow(state)
            else:
                break
        return state

    def _compare(self, state: RobotState) -> None:
        """See that the body is where the first command has it.

        Raises:
            ValueError: A joint is not.
        """
        away = np.abs(state.joint_position - self._first.position)
        joint = int(np.argmax(away))
        if away[joint] > self._apart:
            name = self._limits.names[joint] if self._limits.names else str(joint)
            raise ValueError(
                f"{name} says that it is at {state.joint_position[joint]:.3f} rad, and the first command has it at "
                f"{self._first.position[joint]:.3f} rad; look at its zero and direction"
            )
