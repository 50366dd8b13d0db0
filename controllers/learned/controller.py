"""A policy on top of a controller; to everybody else it is one more controller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from controllers.controller import Controller
from controllers.learned.interface import PolicyInterface
from controllers.learned.observation import ObservationMap, Seen
from controllers.learned.policy import Policy, Vector
from robot import JointCommand, RobotState

Array = NDArray[np.float64]


class Below(Controller, Protocol):
    """The controller that a policy is put on."""

    @property
    def finished(self) -> bool:
        """Whether all that is asked is done."""
        ...

    @property
    def telemetry(self) -> Any:
        """What it believes and wants."""
        ...


class PolicyController:
    """Asks the controller below at each tick, and a policy every few ticks for a change to what that commands.

    The controller below goes on in either mode: its estimate is what the policy sees, and its plan says when all is
    done. Residual policies: Johannink et al., "Residual Reinforcement Learning for Robot Control", ICRA 2019.
    """

    def __init__(
        self, below: Below, joints: Sequence[str], limits: tuple[Array, Array], interface: PolicyInterface,
        policy: Policy,
    ) -> None:  # fmt: skip
        """Put a policy on a controller.

        Args:
            below: The controller.
            joints: Names of the robot's joints, in its order.
            limits: Lowest and highest positions of these, shape (n,) each [rad]; a policy asks for none beyond.
            interface: What the policy sees and moves.
            policy: The policy.

        Raises:
            ValueError: The robot has no such joint, or there is nothing of the kind to be seen.
        """
        missing = [name for name in interface.joints if name not in joints]
        if missing:
            raise ValueError(f"policy: it moves {missing[0]!r}, and the robot has no such joint")
        self.below, self.interface, self.policy = below, interface, policy
        self.map = ObservationMap(interface.kind, interface.senses, len(joints), len(interface.joints))
        """What the policy sees, and where."""
        self._moved = np.array([list(joints).index(name) for name in interface.joints])
        self._reach = np.array(interface.reach)
        self._lower, self._upper = (limit[self._moved] for limit in limits)
        self._forget()

    def _forget(self) -> None:
        self._before = self._action = np.zeros(self._moved.size, dtype=np.float32)
        self._ticks = 0
        self._first: JointCommand | None = None
        self._last: tuple[RobotState, JointCommand] | None = None

    @property
    def finished(self) -> bool:
        """Whether all that is asked is done, as the controller below says."""
        return self.below.finished

    @property
    def telemetry(self) -> Any:
        """That of the controller below."""
        return self.below.telemetry

    def reset(self, state: RobotState) -> None:
        """Forget the past and start from a state."""
        self.below.reset(state)
        self._forget()

    def step(self, state: RobotState) -> JointCommand:
        """One tick: the command for a state."""
        self.think(state)
        if self.due:
            self.act(self.policy.act(self.observation()))
        return self.command()

    @property
    def due(self) -> bool:
        """Whether this is a tick for another action."""
        return self._ticks % self.interface.hold == 0

    def think(self, state: RobotState) -> None:
        """Let the controller below have its tick. `observation`, `act` and `command` go by it."""
        command = self.below.step(state)
        if self._first is None:
            self._first = command
        self._last = state, command

    def observation(self) -> Vector:
        """What there is to be seen at this tick, shape (k,)."""
        state, _ = self._thought()
        assert self._first is not None
        return self.map.see(Seen(state, self.below.telemetry, self._first.position, self._action))

    def act(self, action: Vector) -> None:
        """Move towards an action from now on, shape (m,); numbers beyond ±1 count as ±1."""
        self._before, self._action = self._action, np.clip(action, -1.0, 1.0)

    def command(self) -> JointCommand:
        """The command of this tick; it ends it."""
        _, asked = self._thought()
        assert self._first is not None
        held = asked if self.interface.action == "residual" else replace(self._first, time=asked.time)
        share = (self._ticks % self.interface.hold + 1) / self.interface.hold
        position = held.position.copy()
        moved = position[self._moved] + self._reach * (self._before + share * (self._action - self._before))
        position[self._moved] = np.minimum(np.maximum(moved, self._lower), self._upper)
        self._ticks += 1
        return replace(held, position=position)

    def _thought(self) -> tuple[RobotState, JointCommand]:
        if self._last is None:
            raise RuntimeError("the controller below has not had a tick yet: call think first")
        return self._last
