"""Measures how fast a ride is: each layer of a tick against the bare steps of the same world, side by side."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.bench.speed_loop import PlainLoop, ProbeCost, ProbedLoop, SpeedLoop, calibrate
from scenarios.errors import BadInput
from scenarios.schema import CONTROL_PERIOD, Scenario
from sim.experiments.tape import Tape
from sim.world import World

Array = NDArray[np.float64]

BLOCK = 50
"""Ticks of a block; what disturbs the machine for longer than a block hits all that is compared."""
Progress = Callable[[int, int], None]
"""Told how many blocks are done, and of how many."""


@dataclass(frozen=True, slots=True)
class SpeedTimes:
    """Times of a ride over R rounds; each round computes the same bits.

    Attributes:
        bare: The bare world's steps for each tick, shape (R, ticks) [ns].
        whole: Each tick without probes, shape (R, ticks) [ns].
        steps: `stepSimulation` in these, shape (R, ticks) [ns].
        layers: Each layer of each tick of a ride with probes, in the order of `LAYERS`, shape (R, ticks, layers) [ns].
        probes: What the probes of each tick cost, which was taken off, shape (R, ticks) [ns].
        deviation: How far the bare world came off the ride; zero, or its steps were not the same [m].
        state_hash: Of the truth of the ride, without probes.
        same_bits: Whether every ride of every round, with probes or without, has this hash.
    """

    bare: Array
    whole: Array
    steps: Array
    layers: Array
    probes: Array
    deviation: float
    state_hash: str
    same_bits: bool

    @property
    def ticks(self) -> int:
        """How many ticks there are in a round."""
        return int(self.whole.shape[1])


def measure_speed(scenario: Scenario, seed: int, seconds: float, rounds: int, progress: Progress) -> SpeedTimes:
    """Ride the same ride again and again, in blocks that alternate with bare steps.

    Three worlds of the same bits take turns, block by block and each round in another order: the ride as it is, the
    ride with probes on its layers, and a world that is only stepped, with the same calls from a tape before each step
    so that it goes through the same states.

    Args:
        scenario: What is ridden.
        seed: Seed of jitter and noise.
        seconds: How much of it [s].
        rounds: How often.
        progress: Told how far it is.

    Raises:
        BadInput: The scenario cannot be built, or the ride ends within a block.
    """
    asked = round(min(seconds, scenario.duration) / CONTROL_PERIOD)
    try:
        tape, ridden = _record(scenario, seed, asked)
    except ValueError as error:
        raise BadInput(f"{scenario.name} cannot be built: {error}") from error
    blocks = ridden // BLOCK
    if not blocks:
        raise BadInput(
            f"{scenario.name} lasts {ridden} ticks; a measurement needs {BLOCK} at least, "
            f"{BLOCK * CONTROL_PERIOD:g} s: give more --seconds, or a ride that goes on"
        )
    cost = calibrate()
    laps: list[_Lap] = []
    for number in range(rounds):
        laps.append(_Lap(scenario, seed, tape, blocks, cost, turn=number))
        with _no_garbage_collection():
            for block in range(blocks):
                laps[-1].block(block)
                progress(number * blocks + block + 1, rounds * blocks)
        laps[-1].close()
    hashes = {ridden.loop.log.state_hash() for lap in laps for ridden in (lap.plain, lap.probed)}
    return SpeedTimes(
        bare=np.array([lap.bare for lap in laps]),
        whole=np.array([lap.plain.whole for lap in laps]),
        steps=np.array([lap.plain.steps for lap in laps]),
        layers=np.array([lap.probed.layers for lap in laps]),
        probes=np.array([lap.probed.probes for lap in laps]),
        deviation=max(lap.deviation for lap in laps),
        state_hash=laps[0].plain.loop.log.state_hash(),
        same_bits=len(hashes) == 1,
    )


class _Lap:
    """One round: three worlds that go through the same states in turns."""

    def __init__(self, scenario: Scenario, seed: int, tape: Tape, blocks: int, cost: ProbeCost, turn: int) -> None:
        ticks = blocks * BLOCK
        self.plain = PlainLoop(scenario, seed, ticks)
        self.probed = ProbedLoop(scenario, seed, ticks, cost)
        self._twin = SpeedLoop(scenario, seed, 1)
        self._tape, self._turn = tape, turn
        self._steps = round(CONTROL_PERIOD / scenario.world.physics_step)
        self.bare = np.zeros(ticks)
        """Time in the bare steps of each tick [ns]."""
        self.deviation = 0.0

    def block(self, number: int) -> None:
        """Let each of the three do a block, in turns that change from block to block."""
        first = number * BLOCK
        arms: tuple[Callable[[], None], ...] = (
            lambda: self.plain.advance(first, BLOCK),
            lambda: self._bare(number),
            lambda: self.probed.advance(first, BLOCK),
        )
        shift = (number + self._turn) % len(arms)
        order = arms[shift:] + arms[:shift]
        for arm in order if (number + self._turn) % 2 else reversed(order):
            arm()

    def close(self) -> None:
        """See how far the bare world has come off, and leave all three."""
        ride, twin = _place(self.plain.loop.world), _place(self._twin.world)
        self.deviation = float(np.abs(ride - twin).max())
        for loop in (self.plain.loop, self.probed.loop, self._twin):
            loop.close()

    def _bare(self, number: int) -> None:
        first, steps = number * BLOCK, BLOCK * self._steps
        spent = self._tape.play(self._twin.world, first * self._steps, steps)
        self.bare[first : first + BLOCK] = np.reshape(spent, (BLOCK, -1)).sum(axis=1)


def _record(scenario: Scenario, seed: int, ticks: int) -> tuple[Tape, int]:
    """Ride once, and keep what was done to the world; gives the tape, and how many ticks the ride lasted.

    Raises:
        ValueError: The ride cannot be built.
    """
    loop, tape, ridden = SpeedLoop(scenario, seed, ticks), Tape(), 0
    try:
        with tape.recording(loop.world):
            for _ in range(ticks):
                ridden += 1
                if not loop.tick():
                    break
    finally:
        loop.close()
    return tape, ridden


def _place(world: World) -> Array:
    """Where robot and bicycle are, shape (6,) [m]."""
    for base in (world.robot.base, world.bicycle.base):
        base.read()
    return np.array((*world.robot.base.position, *world.bicycle.base.position))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the collector from pausing the loop, as the runner does."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
