"""The control loop of a ride in blocks of ticks, so that other work can be timed in between."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter_ns
from typing import cast

import numpy as np
from numpy.typing import NDArray

from scenarios.assembly import assemble
from scenarios.bench.layers import LAYERS, REST, STEP, LayerTimer, install
from scenarios.metrics_course import FALL_ROLL
from scenarios.run_log import Recorder, RunLog
from scenarios.runner import Assemble
from scenarios.schema import Scenario
from sim.world import World

Array = NDArray[np.float64]


class SpeedLoop:
    """A ride, tick by tick as the runner does it."""

    def __init__(self, scenario: Scenario, seed: int, ticks: int, assemble: Assemble = assemble) -> None:
        """Build everything, and room for a log of a number of ticks.

        Raises:
            ValueError: Something cannot be built.
        """
        self.ride = assemble(scenario, seed)
        self._state = self.ride.bus.open()
        self.world = cast(World, self.ride.world())
        self.log = RunLog(ticks)
        self.recorder = Recorder(self.log, self.world.truth)
        self.ride.controller.reset(self._state)
        self._row = 0

    @property
    def roots(self) -> dict[str, object]:
        """The objects from which the paths of the layers' table lead on."""
        return {
            "rider": self.ride.controller, "bus": self.ride.bus, "world": self.world, "recorder": self.recorder,
        }  # fmt: skip

    def tick(self) -> bool:
        """Do one tick; says whether the ride goes on."""
        ride, recorder, row, log = self.ride, self.recorder, self._row, self.log
        command = ride.controller.step(self._state)
        recorder.record_tick(row, self._state, ride.controller.telemetry)
        self._state, applied = ride.bus.exchange(command)
        recorder.record_applied(row, applied)
        self._row += 1
        fallen = log["truth_body_ground_contact"][row] > 0 or abs(log["truth_roll"][row]) > FALL_ROLL
        return not (fallen or ride.controller.finished)

    def close(self) -> None:
        """Leave the world."""
        self.ride.bus.stop()
        self.ride.bus.close()


@dataclass(frozen=True, slots=True)
class ProbeCost:
    """What a probe itself costs [ns]: in the layer that it enters, and in the one from which it is called."""

    inside: float
    outside: float


def calibrate(calls: int = 2000, repeats: int = 100) -> ProbeCost:
    """Measure the cost of a probe on a function that does nothing: the least over repeats."""
    timer = LayerTimer((STEP, REST), perf_counter_ns)
    probed = timer.timed(_nothing, STEP)
    inside, outside = [], []
    for _ in range(repeats):
        timer.clear()
        for _ in range(calls):
            pass
        timer.stop()
        looping = timer.spent[1]
        timer.clear()
        for _ in range(calls):
            _nothing(timer)
        timer.stop()
        plain = timer.spent[1] - looping
        timer.clear()
        for _ in range(calls):
            probed(timer)
        timer.stop()
        inside.append((timer.spent[0] - plain) / calls)
        outside.append((timer.spent[1] - looping) / calls)
    return ProbeCost(max(0.0, min(inside)), max(0.0, min(outside)))


def _nothing(argument: object) -> None:
    """Take no time but that of a call."""


class PlainLoop:
    """A ride of which each whole tick and the steps in it are timed, and nothing else."""

    def __init__(self, scenario: Scenario, seed: int, ticks: int) -> None:
        self.loop = SpeedLoop(scenario, seed, ticks)
        self.whole = np.zeros(ticks)
        """Time of each tick [ns]."""
        self.steps = np.zeros(ticks)
        """Time in `stepSimulation` in each tick [ns]."""

    def advance(self, first: int, count: int) -> None:
        """Do some ticks."""
        loop, world = self.loop, self.loop.world
        for row in range(first, first + count):
            physics = world.physics_seconds
            before = perf_counter_ns()
            loop.tick()
            self.whole[row] = perf_counter_ns() - before
            self.steps[row] = 1e9 * (world.physics_seconds - physics)


class ProbedLoop:
    """A ride of which each layer is timed."""

    def __init__(self, scenario: Scenario, seed: int, ticks: int, cost: ProbeCost) -> None:
        self.loop = SpeedLoop(scenario, seed, ticks)
        self._timer = LayerTimer(LAYERS, perf_counter_ns)
        self._cost = cost
        install(self._timer, self.loop.roots)
        self.layers = np.zeros((ticks, len(LAYERS)))
        """Time of each layer in each tick, the probes' own cost taken off, in the order of `LAYERS` [ns]."""
        self.probes = np.zeros(ticks)
        """That cost in each tick [ns]."""

    def advance(self, first: int, count: int) -> None:
        """Do some ticks."""
        loop, timer, world, cost = self.loop, self._timer, self.loop.world, self._cost
        step, around = LAYERS.index(STEP), LAYERS.index("world")
        for row in range(first, first + count):
            physics = world.physics_seconds
            timer.clear()
            loop.tick()
            timer.stop()
            spent = self.layers[row]
            spent[:] = timer.spent
            probes = cost.inside * np.array(timer.entered) + cost.outside * np.array(timer.left)
            spent -= probes
            self.probes[row] = probes.sum()
            spent[step] = 1e9 * (world.physics_seconds - physics)
            spent[around] -= spent[step]
