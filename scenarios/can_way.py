"""The way over CAN buses: what goes wrong at the host, the safety layer, the guard, frames and drives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from robot import Bus, JointCommand, RobotModel
from robot.safety import StartedBus, SupervisedBus
from robot.wiring import Wiring
from scenarios.bus_builder import Way
from scenarios.common_schema import CONTROL_PERIOD, CanFaults
from scenarios.fault_builder import troubles_of
from scenarios.safety import guarded, supervision
from scenarios.safety_watch import DriveWatch
from scenarios.schema import Scenario
from scenarios.wiring import load_wiring
from sim.can_medium import CanTiming
from sim.can_sim_bus import PREPARATION, CanSimBus
from sim.frame_faults import FaultRates, FrameFaults, NoFaults, RandomFaults
from sim.host_faults import FaultyHost
from sim.robot_world import Mount, RobotWorld
from sim.scheduled_faults import ScheduledFaults

W = TypeVar("W", bound=RobotWorld)

_FAULTS, _SCHEDULED = 3, 4
"""Streams of the seed from which faults of frames come."""
_APART = 0.1
"""How far a held joint may be from the first command's position [rad]: what hands or a stand can hold a body to."""
_SPARE = 0.1
"""Time before time zero for drives that must be asked again [s]."""


def can_way(
    scenario: Scenario, seed: int, build: Callable[[Mount | None], W], model: RobotModel, first: JointCommand
) -> Way[W]:
    """The way from a controller to drives on CAN buses; arguments and errors are those of `way_of`.

    Controller, host, supervised bus, guard, `CanSimBus`. Without `safety.supervised` the guard alone is there.
    """
    wiring = _with_guard(load_wiring(model), scenario.can.supply_guard)
    troubles = troubles_of(scenario.faults, wiring, CONTROL_PERIOD)
    supervised = scenario.safety.supervised
    buses = tuple(wire.bus for wire in wiring.wires)
    settings = supervision(model, CONTROL_PERIOD, buses, scenario.safety.expendable) if supervised else None
    staging = settings.limits.enable_time + _SPARE if settings else 0.0

    def faults() -> FrameFaults:
        shares = _shares(scenario.can.faults, seed)
        if not troubles.frames:
            return shares
        return ScheduledFaults(troubles.frames, np.random.default_rng((seed, _SCHEDULED)), shares)

    sim = CanSimBus(
        build, model, None if supervised else first, wiring, CONTROL_PERIOD,
        timing=CanTiming(scenario.can.host_delay, scenario.can.turnaround), faults=faults,
        truly_wired=troubles.wiring, preparation=PREPARATION + staging, troubles=troubles.drives,
        babbling=troubles.babbling, frozen=troubles.frozen,
    )  # fmt: skip
    guard = guarded(sim, model)
    bus: Bus = guard
    safe = None
    if settings is not None:
        safe = SupervisedBus(guard, settings, switch=sim, clock=sim.now)
        bus = StartedBus(safe, model.limits, first, apart=_APART, begin=0.0)
    host = None
    if troubles.host:
        bus = host = FaultyHost(bus, troubles.host, sim.pass_period, CONTROL_PERIOD)
    watched = supervised or bool(scenario.faults)
    watch = DriveWatch(sim, wiring, safe, host, troubles.begin) if watched else None
    return Way(bus, lambda: sim.world, watch)


def _with_guard(wiring: Wiring, after: float | None) -> Wiring:
    """A wiring in which each bus has a node that opens the supply after a time [s]; the same for None."""
    if after is None:
        return wiring
    return replace(wiring, buses=tuple(replace(bus, supply_guard=after) for bus in wiring.buses))


def _shares(asked: CanFaults, seed: int) -> FrameFaults:
    rates = FaultRates(asked.dropped, asked.duplicated, asked.delayed, asked.corrupted, asked.lateness)
    return RandomFaults(rates, np.random.default_rng((seed, _FAULTS))) if rates.any else NoFaults()
