"""A system outside the body that tells where the pelvis is: its rate, delay, noise and drop-outs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import ceil, hypot
from typing import Protocol

import numpy as np

from robot import LocalizationFix
from robot.sensor_parts import LocalizationPart
from sim.noise import GaussMarkov
from sim.pose import Triple
from sim.sensors import Clock

_BLOCK = 64
"""How many errors are drawn at once."""


class MovingFrame(Protocol):
    """A frame whose origin moves in the world."""

    position: Triple
    linear: Triple


class Localization:
    """Gives the latest fix that has arrived.

    The system was at work before time zero, when the body moved straight on as it does in the first state, so that the
    first reading already has a fix, as old as the part's delay. Time is counted in ticks: a fix is true at a tick, and
    its delay is rounded to ticks.
    """

    def __init__(
        self, part: LocalizationPart, frame: MovingFrame, rng: np.random.Generator, period: float,
        outages: Sequence[tuple[float, float]] = (),
    ) -> None:  # fmt: skip
        """Set the system up.

        Args:
            part: What system it is.
            frame: What it locates.
            rng: Where its errors and drop-outs come from, and nothing else's.
            period: Time between two readings [s].
            outages: When it is lost besides its own drop-outs, from and to [s].
        """
        self._outages = tuple(outages)
        self._frame, self._period = frame, period
        self._clock = Clock(part.rate, period)
        self._delay = round(part.delay / period)
        self._white, wander, self._gaps = rng.spawn(3)
        self._wander = GaussMarkov(part.wander, part.wander_time, 3, wander, self._clock.period)
        self._deviations = np.array((part.deviation, part.deviation, part.height_deviation))
        self._declared = hypot(part.deviation, part.wander)
        self._lengths = part.outage_interval, part.outage_length
        self._out = False
        self._switch = self._draw_gap(part.outage_interval)
        self._errors: list[list[float]] = []
        self._pending: deque[tuple[int, LocalizationFix]] = deque()
        self._latest: LocalizationFix | None = None
        self._tick: int | None = None

    def read(self, time: float) -> LocalizationFix | None:
        """The latest fix that has arrived at a time [s]; to be asked once in each tick."""
        tick = self._tick
        if tick is None:
            tick = 0
            for before in range(-self._delay - ceil(self._clock.period / self._period), 0):
                self._sample(before, time + before * self._period)
        self._sample(tick, time)
        self._tick = tick + 1
        pending = self._pending
        while pending and pending[0][0] <= tick:
            self._latest = pending.popleft()[1]
        return self._latest

    def _sample(self, tick: int, stamp: float) -> None:
        """Take a fix if one is due and the system sees the body."""
        if not self._clock.due(tick):
            return
        if not self._errors:
            noise = self._deviations * self._white.standard_normal((_BLOCK, 3)) + self._wander.block(_BLOCK)
            self._errors = noise[::-1].tolist()
        ex, ey, ez = self._errors.pop()
        if self._lost(tick * self._period):
            return
        (x, y, z), (vx, vy, vz) = self._frame.position, self._frame.linear
        ahead = min(0, tick) * self._period
        place = np.array((x + vx * ahead + ex, y + vy * ahead + ey, z + vz * ahead + ez))
        self._pending.append((tick + self._delay, LocalizationFix(stamp, place, self._declared)))

    def _lost(self, elapsed: float) -> bool:
        """Whether the system is in a drop-out some time after the start [s]."""
        if any(start <= elapsed < end for start, end in self._outages):
            return True
        while elapsed >= self._switch:
            self._out = not self._out
            self._switch += self._draw_gap(self._lengths[self._out])
        return self._out

    def _draw_gap(self, mean: float) -> float:
        """A time until the next change, exponentially distributed [s]; for ever if there are no drop-outs."""
        return mean * float(self._gaps.standard_exponential()) if self._lengths[0] > 0.0 else float("inf")
