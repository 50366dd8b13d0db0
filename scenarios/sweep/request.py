"""What a sweep is asked to do, and the trial of each of its samples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from scenarios.schema import Scenario
from scenarios.trial import Trial


class Draw(Protocol):
    """Draws a sample as :func:`scenarios.randomize.draw` does."""

    def __call__(
        self, reference: str, overrides: Sequence[str], seed: int, sample: int
    ) -> tuple[Scenario, tuple[str, ...], dict[str, float | str]]:
        """Scenario with every change made, what was changed as ``key=value``, and what was drawn by key."""
        ...


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """What is asked.

    Attributes:
        reference: Name of a scenario of the library, or path to its file.
        overrides: Changes to it, ``key=value`` each.
        samples: How many worlds.
        seed: Seed of the sweep.
        first: Number of the first of them.
    """

    reference: str
    overrides: tuple[str, ...]
    samples: int
    seed: int
    first: int = 0

    @property
    def numbers(self) -> range:
        """Numbers of the samples that are asked for."""
        return range(self.first, self.first + self.samples)


@dataclass(frozen=True, slots=True)
class Sample:
    """One randomised world.

    Attributes:
        number: Which one, counted from 0.
        trial: Its ride.
        values: What was drawn, by key; numbers in SI.
    """

    number: int
    trial: Trial
    values: dict[str, float | str] = field(default_factory=dict)


def draw_sample(request: SweepRequest, number: int, draw: Draw) -> Sample:
    """Draw a sample by its number; it does not depend on how many there are.

    Raises:
        BadInput: The scenario does not take what was drawn.
    """
    scenario, changes, values = draw(request.reference, request.overrides, request.seed, number)
    return Sample(number, Trial(str(number), scenario, ride_seed(request.seed, number), changes), values)


def ride_seed(seed: int, sample: int) -> int:
    """Seed of a sample's jitter and noise, so that they differ from world to world too; below 2^32.

    NumPy's SeedSequence keeps the streams of the samples of a sweep apart, as it does for its own children (O'Neill,
    "Developing a seed_seq alternative", 2015).
    """
    return int(np.random.SeedSequence(seed, spawn_key=(sample,)).generate_state(1)[0])


Units = Callable[[str, Sequence[str]], dict[str, str]]
"""Gives the SI unit of each key that is drawn, as :func:`scenarios.randomize.units` does."""
