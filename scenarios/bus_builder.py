"""The bus that a scenario asks for, before the world that it builds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import numpy as np

from robot import Bus, JointCommand, RobotModel
from scenarios.common_schema import CONTROL_PERIOD, Can
from scenarios.schema import Scenario
from sim.robot_world import Mount, RobotWorld
from sim.sim_bus import SimBus

W = TypeVar("W", bound=RobotWorld)
W_co = TypeVar("W_co", bound=RobotWorld, covariant=True)

_FAULTS = 3
"""Stream of the seed from which faults of frames come."""


class WorldBus(Bus, Protocol[W_co]):
    """A bus with a simulated world at its other end."""

    @property
    def world(self) -> W_co:
        """The world; the bus must be open."""
        ...


def bus_of(
    scenario: Scenario, seed: int, build: Callable[[Mount | None], W], model: RobotModel, first: JointCommand
) -> WorldBus[W]:
    """The bus of a run.

    Args:
        scenario: What is asked.
        seed: Seed of what goes wrong with frames.
        build: Builds the world, with what mounts its drives.
        model: The body, as the controller knows it.
        first: What the drives follow at first.

    Raises:
        ValueError: The drives are to be on CAN buses, and the committed wiring file is not of this body.
    """
    if scenario.bus == "sim":
        return SimBus(lambda: build(None), model, first)
    return _can_bus(scenario.can, seed, build, model, first)


def _can_bus(
    can: Can, seed: int, build: Callable[[Mount | None], W], model: RobotModel, first: JointCommand
) -> WorldBus[W]:
    from scenarios.wiring import load_wiring  # a run without CAN buses does not load what these need
    from sim.can_medium import CanTiming
    from sim.can_sim_bus import CanSimBus
    from sim.frame_faults import FaultRates, NoFaults, RandomFaults

    asked = can.faults
    rates = FaultRates(asked.dropped, asked.duplicated, asked.delayed, asked.corrupted, asked.lateness)

    def faults() -> NoFaults | RandomFaults:
        return RandomFaults(rates, np.random.default_rng((seed, _FAULTS))) if rates.any else NoFaults()

    timing = CanTiming(can.host_delay, can.turnaround)
    return CanSimBus(build, model, first, load_wiring(model), CONTROL_PERIOD, timing=timing, faults=faults)
