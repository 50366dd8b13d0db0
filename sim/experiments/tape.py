"""A tape of all that was done to a world, to step another world through the same motion with nothing else in between.

What `stepSimulation` costs depends on the state: where the bodies are, what touches what, what the solver remembers.
A world that is built like the first one and gets the same calls goes through the same states, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any

import pybullet

from sim.world import World

_CLIENT = "physicsClientId"
_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Tape:
    """Calls of PyBullet that may change a world, step by step.

    Every function of PyBullet counts as one that may, but for those whose names begin with "get"; of these, the ones
    that bring a body's forward kinematics up to date change its last bits, too.
    """

    def __init__(self) -> None:
        self._steps: list[list[_Call]] = [[]]

    def __len__(self) -> int:
        """Count the steps."""
        return len(self._steps) - 1

    @contextmanager
    def recording(self, world: World) -> Iterator[None]:
        """Record what is done to a world from now on; a world that is recorded runs slower, but the same."""
        client = world.physics.id
        plain = {name: getattr(pybullet, name) for name in dir(pybullet) if _may_change(name)}
        for name, function in plain.items():
            setattr(pybullet, name, self._recorder(function, client))
        try:
            yield
        finally:
            for name, function in plain.items():
                setattr(pybullet, name, function)

    def play(self, world: World, first: int, count: int) -> list[int]:
        """Step a world through a part of the tape; gives the wall time inside `stepSimulation` alone, by step [ns].

        Args:
            world: Built like the recorded one, and stepped up to `first`.
            first: The first step.
            count: How many steps.
        """
        client, step = world.physics.id, pybullet.stepSimulation
        spent = []
        for calls in self._steps[first : first + count]:
            for function, arguments, keywords in calls:
                function(*arguments, **keywords, physicsClientId=client)
            before = perf_counter_ns()
            step(physicsClientId=client)
            spent.append(perf_counter_ns() - before)
        return spent

    def _recorder(self, function: Callable[..., Any], client: int) -> Callable[..., Any]:
        steps, is_step, reads = self._steps, function is pybullet.stepSimulation, function.__name__.startswith("get")

        def call(*arguments: Any, **keywords: Any) -> Any:
            if keywords.get(_CLIENT) == client:
                if is_step:
                    steps.append([])
                elif not reads or keywords.get("computeForwardKinematics"):
                    kept = {name: _kept(value) for name, value in keywords.items() if name != _CLIENT}
                    steps[-1].append((function, tuple(_kept(value) for value in arguments), kept))
            return function(*arguments, **keywords)

        return call


def _may_change(name: str) -> bool:
    if name.startswith("get"):
        return name in ("getLinkState", "getLinkStates")
    return not name.startswith("_") and name != "error" and callable(getattr(pybullet, name))


def _kept(value: Any) -> Any:
    """A value that nobody writes to afterwards."""
    return value.copy() if hasattr(value, "copy") else value
