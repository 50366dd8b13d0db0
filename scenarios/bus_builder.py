"""The way that a scenario asks for, from the controller to the world that it builds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from robot import Bus, JointCommand, RobotModel
from scenarios.ride import SafetyWatch
from scenarios.safety import guarded
from scenarios.schema import Scenario
from sim.robot_world import Mount, RobotWorld
from sim.sim_bus import SimBus

W = TypeVar("W", bound=RobotWorld)


@dataclass(frozen=True, slots=True)
class Way(Generic[W]):
    """From the controller to the world.

    Attributes:
        bus: What the controller speaks with.
        world: Gives the world behind it; the bus must be open.
        safety: Looks at the way; None where nobody does.
    """

    bus: Bus
    world: Callable[[], W]
    safety: SafetyWatch | None = None


def way_of(
    scenario: Scenario, seed: int, build: Callable[[Mount | None], W], model: RobotModel, first: JointCommand
) -> Way[W]:
    """The way from the controller of a run to its world.

    Args:
        scenario: What is asked.
        seed: Seed of what goes wrong with frames.
        build: Builds the world, with what mounts its drives.
        model: The body, as the controller knows it.
        first: What the drives follow at first.

    Raises:
        ValueError: The drives are to be on CAN buses, and the committed wiring file is not of this body; or a fault is
            one of a bus, a drive or a joint that there is not.
    """
    if scenario.bus == "sim":
        bus = SimBus(lambda: build(None), model, first)
        return Way(guarded(bus, model), lambda: bus.world)
    from scenarios.can_way import can_way  # a run without CAN buses does not load what these need

    return can_way(scenario, seed, build, model, first)
