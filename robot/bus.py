"""The bus: it exchanges a joint command for a robot state; simulation and robot differ in it alone."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from robot.command import AppliedCommand, JointCommand
from robot.state import RobotState


class Exchange(NamedTuple):
    """What one exchange gives back: the new state, and the command that was really applied."""

    state: RobotState
    applied: AppliedCommand


class Bus(Protocol):
    """Anything that takes joint commands and gives robot states: simulation, drives, a fake, a replayed log.

    Use it as a context manager: entering opens it, leaving stops the joints and closes it.
    """

    def open(self) -> RobotState:
        """Connect, and return the first state."""
        ...

    def exchange(self, command: JointCommand) -> Exchange:
        """Send a command, wait one control period, and return the state at its end."""
        ...

    def stop(self) -> None:
        """Bring every joint to a safe rest (damping); latched until the bus is opened again."""
        ...

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ManagedBus(ABC):
    """What makes a bus a context manager."""

    @abstractmethod
    def open(self) -> RobotState:
        """Connect, and return the first state."""

    @abstractmethod
    def stop(self) -> None:
        """Bring every joint to a safe rest."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            self.close()
