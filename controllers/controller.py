"""What every layer of the stack is: something that turns a state into a command."""

from typing import Protocol

from robot import JointCommand, RobotState


class Controller(Protocol):
    """A controller sees the robot's own state and nothing else."""

    def reset(self, state: RobotState) -> None:
        """Forget the past and start from a state."""
        ...

    def step(self, state: RobotState) -> JointCommand:
        """One tick: the command for a state."""
        ...
