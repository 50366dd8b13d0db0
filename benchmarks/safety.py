"""What the safety layer costs a tick, and does to rides and walks: ``python -m benchmarks.safety [SCENARIO...]``.

A run goes as it does every day, only through a `SupervisedBus`. As the rider is on the move when it begins, the layer
is switched on within three ticks, where a robot takes a second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from robot import Bus, Exchange, FakeBus, GuardedBus, JointCommand, Reason, RobotState
from robot.safety.modes import RobotMode
from robot.safety.supervised_bus import SupervisedBus
from robot.safety.supervision import Supervision
from scenarios.assembly import assemble, guarded, load_robot
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.loader import load
from scenarios.ride import Ride
from scenarios.runner import run
from scenarios.safety import supervision
from scenarios.schema import Scenario
from scenarios.wiring import load_wiring

_TICKS = 4000
_ON = (RobotMode.DAMPING, RobotMode.READY, RobotMode.ACTIVE)


class SwitchedOn(SupervisedBus):
    """Switches itself on with the first exchanges, and counts what it did to commands after that."""

    def __init__(self, guard: GuardedBus, settings: Supervision) -> None:
        """Stand before a guard."""
        super().__init__(guard, settings)
        self.changed = dict.fromkeys(Reason, 0)
        self.ticks = 0
        self.worst = RobotMode.ACTIVE

    def open(self) -> RobotState:
        """Open the bus behind, and begin to count anew."""
        self.ticks, self.changed = 0, dict.fromkeys(Reason, 0)
        return super().open()

    def exchange(self, command: JointCommand) -> Exchange:
        """As the supervised bus does, the mode one further at each of the first exchanges."""
        if self.ticks < len(_ON):
            self.request(_ON[self.ticks])
        self.ticks += 1
        exchange = super().exchange(command)
        if self.ticks > len(_ON) + 1:
            if exchange.applied.reasons.any():
                for reason in Reason:
                    self.changed[reason] += bool(np.any(exchange.applied.reasons & np.uint16(reason)))
            if self.mode is not RobotMode.ACTIVE:
                self.worst = self.mode
        return exchange


def at_once(settings: Supervision) -> Supervision:
    """The same, switched on in one tick."""
    limits = replace(settings.limits, enable_time=settings.period, handover_time=settings.period)
    return replace(settings, limits=limits)


def row(name: str) -> str:
    """A scenario through the safety layer, as a row of a table."""
    buses: list[SwitchedOn] = []

    def supervised(scenario: Scenario, seed: int) -> Ride:
        ride = assemble(scenario, seed)
        assert isinstance(ride.bus, GuardedBus)
        buses.append(SwitchedOn(ride.bus, at_once(supervision(load_robot(), CONTROL_PERIOD))))
        return replace(ride, bus=buses[0])

    with TemporaryDirectory() as folder:
        outcome = run(load(name), 0, Path(folder), lambda *_: None, assemble=supervised)
    bus = buses[0]
    others = [failure for failure in outcome.failures if not failure.startswith("guard_interventions")]
    counts = [bus.changed[reason] for reason in (Reason.RATE_LIMITED, Reason.TORQUE_BOUNDED, Reason.DERATED)]
    shown = " | ".join(f"{count}" for count in counts)
    return f"| `{name}` | {'; '.join(others) or 'passes'} | {bus.ticks} | {shown} | {bus.worst.name.lower()} |"


def cost(bus: Bus, command: JointCommand) -> float:
    """Median time of an exchange [µs]."""
    state, times = bus.open(), []
    for _ in range(_TICKS):
        fresh = replace(command, time=state.time)
        begin = perf_counter()
        state, _ = bus.exchange(fresh)
        times.append(perf_counter() - begin)
    bus.close()
    return 1e6 * float(np.median(times))


def main(names: Sequence[str]) -> None:
    """Print both tables."""
    model = load_robot()
    pose, still = np.clip(0.0, model.limits.lower, model.limits.upper), np.zeros(model.size)
    hold = JointCommand(0.0, pose, still, still, model.drives.stiffness, model.drives.damping)
    buses = tuple(wire.bus for wire in load_wiring(model).wires)
    settings = at_once(supervision(model, CONTROL_PERIOD, buses))
    print(f"{model.size} joints on {len(set(buses))} buses | an exchange [µs]\n---|---:")
    fake = cost(FakeBus(pose), hold)
    print(f"a bus without physics | {fake:.0f}")
    print(f"the guard before it, more | {cost(guarded(FakeBus(pose), model), hold) - fake:.0f}")
    print(f"both, more | {cost(SwitchedOn(guarded(FakeBus(pose), model), settings), hold) - fake:.0f}")
    if names:
        print("\n| scenario, seed 0 | | ticks | a rate | the whole torque | derated | mode |")
        print("|---|---|--:|--:|--:|--:|---|")
    for name in names:
        print(row(name), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
