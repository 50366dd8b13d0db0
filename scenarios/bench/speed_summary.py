"""What the times of a ride say: the unit, the whole tick, each layer, and the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.bench.layers import LAYERS
from scenarios.bench.speed import BLOCK, SpeedTimes
from scenarios.bench.speed_ratio import Interval, interval, ratio, steady
from scenarios.schema import CONTROL_PERIOD

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a tick.

    Attributes:
        name: Of the part.
        p50: Median over the ticks of its time [µs].
        p99: 99th percentile of that [µs].
        ratio: Its time over that of the bare steps, block by block.
    """

    name: str
    p50: float
    p99: float
    ratio: Interval


@dataclass(frozen=True, slots=True)
class SpeedSummary:
    """How fast a ride is.

    Attributes:
        scenario: Its name.
        seed: Its seed.
        seconds: How much of it was ridden in each round [s].
        rounds: How often.
        bare: The unit: two bare steps, which is what a tick has [µs].
        whole: A whole tick without probes.
        steps: `stepSimulation` in it.
        others: All else in it.
        disturbed: A whole tick with whatever disturbed the machine; every other figure is without.
        layers: Each layer of a tick with probes.
        real_time_factor: How many times faster than real time the loop runs, block by block.
        probes: Time that the probes added to a tick [µs]; it is not in the layers.
        closure: Sum of the layers over the whole tick without probes, less one [1].
        deviation: How far the bare world came off the ride [m].
        same_bits: Whether all rides have the same bits, with probes and without.
        start_up: Median over processes of each stage [s], the first process left out.
        memory: Peak resident memory by when it was read, median over processes [MB].
    """

    scenario: str
    seed: int
    seconds: float
    rounds: int
    bare: float
    whole: Share
    steps: Share
    others: Share
    disturbed: Share
    layers: tuple[Share, ...]
    real_time_factor: Interval
    probes: float
    closure: float
    deviation: float
    same_bits: bool
    start_up: Mapping[str, float]
    memory: Mapping[str, float]

    @property
    def totals(self) -> tuple[Share, ...]:
        """What a tick is as a whole, and its two great parts."""
        return self.whole, self.steps, self.others, self.disturbed

    @property
    def by_cost(self) -> tuple[Share, ...]:
        """The layers, that with the greatest share first."""
        return tuple(sorted(self.layers, key=lambda layer: -layer.ratio.median))


def summarise(
    scenario: str, seed: int, times: SpeedTimes, starts: Sequence[Mapping[str, Mapping[str, float]]]
) -> SpeedSummary:
    """Sum up what was measured.

    Args:
        scenario: Name of what was ridden.
        seed: Its seed.
        times: Of its loop.
        starts: What :func:`scenarios.bench.start_up.start_up` gave, of at least one process.
    """
    bare, whole, steps = (steady(part) for part in (times.bare, times.whole, times.steps))
    layers = steady(times.layers)
    return SpeedSummary(
        scenario=scenario,
        seed=seed,
        seconds=times.ticks * CONTROL_PERIOD,
        rounds=len(times.whole),
        bare=float(np.median(bare)) * 1e-3,
        whole=share("whole tick", whole, bare),
        steps=share("stepSimulation in the loop", steps, bare),
        others=share("all else", steady(times.whole - times.steps), bare),
        disturbed=share("whole tick, disturbed", times.whole, times.bare),
        layers=tuple(
            share(name, layers[:, :, index], bare) for index, name in enumerate(LAYERS) if layers[:, :, index].any()
        ),
        real_time_factor=interval(BLOCK * CONTROL_PERIOD * 1e9 / by_block(whole)),
        probes=float(np.median(times.probes)) * 1e-3,
        closure=float(np.median(by_block(layers.sum(axis=2)) / by_block(whole))) - 1.0,
        deviation=times.deviation,
        same_bits=times.same_bits,
        start_up=_medians([start["seconds"] for start in starts]),
        memory=_medians([start["megabytes"] for start in starts]),
    )


def share(name: str, times: Array, bare: Array) -> Share:
    """One part of a tick from its times and those of the bare steps, shape (rounds, ticks) both [ns]."""
    p50, p99 = np.percentile(times, (50, 99)) * 1e-3
    return Share(name, float(p50), float(p99), ratio(by_block(times), by_block(bare)))


def by_block(times: Array) -> Array:
    """Sum times of ticks over each block, shape (rounds, ticks) to (rounds, blocks)."""
    return times.reshape(len(times), -1, BLOCK).sum(axis=2)


def _medians(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.median([row[name] for row in rows])) for name in rows[0]}
