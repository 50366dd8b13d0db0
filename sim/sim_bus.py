"""The simulation as a bus: an exchange moves the world on by one control period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from robot import AppliedCommand, Exchange, JointCommand, Reason, RobotModel, RobotState
from robot.bus import ManagedBus
from robot.damping import damping_command
from robot.shape import require_joint_count
from sim.robot_world import RobotWorld

W = TypeVar("W", bound=RobotWorld)


class SimBus(ManagedBus, Generic[W]):
    """A bus whose other end is a simulated world.

    A command reaches the drives one control period after it was sent, as on a real bus; until the first one does, the
    drives follow the command that `open` was given.
    """

    def __init__(self, build: Callable[[], W], model: RobotModel, first: JointCommand) -> None:
        """Make a bus.

        Args:
            build: Builds the world anew at every opening, since a world that was reset in place is not the same.
            model: The body.
            first: What the drives follow during the first period.
        """
        self._build, self._model, self._first = build, model, first
        self._world: W | None = None
        self._pending = first
        self._none = np.zeros(model.size, dtype=np.uint16)
        self._all_stopped = np.full(model.size, Reason.STOPPED, dtype=np.uint16)
        self._stopped = False

    @property
    def world(self) -> W:
        """The world behind the bus.

        Raises:
            RuntimeError: The bus is not open.
        """
        if self._world is None:
            raise RuntimeError("the simulation bus is closed: open it first")
        return self._world

    def open(self) -> RobotState:
        """Build the world and read the first state."""
        self.close()
        self._world = self._build()
        self._pending, self._stopped = self._first, False
        return self._world.sense()

    def exchange(self, command: JointCommand) -> Exchange:
        """Let one control period pass under the previous command, and keep this one for the next.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        world = self.world
        require_joint_count(command, self._model.size)
        applied, reasons = self._pending, self._none
        if self._stopped:
            applied = damping_command(world.time, world.robot.position.copy(), self._model.drives.damping)
            reasons = self._all_stopped
        world.advance(applied)
        self._pending = command
        return Exchange(world.sense(), AppliedCommand(applied, reasons))

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again."""
        self._stopped = True

    def close(self) -> None:
        """Leave the world; closing twice does nothing."""
        if self._world is not None:
            self._world.close()
            self._world = None
