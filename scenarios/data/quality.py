"""What is wrong with a set of runs before somebody learns from it: gaps, holes, limits, standstills, doubles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robot import JointLimits
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.data.export import rows
from scenarios.replay.recording import Recording

Array = NDArray[np.float64]

_STUCK = 25
"""Ticks in a row in which all joints are read alike that are no accident: 50 ms."""
_PAST = 0.01
"""How far beyond its limit a joint may be read [rad]."""
_HOLES_ALLOWED = ("localization", "localization_stamp", "localization_deviation", "safety_mode", "safety_lost")
"""What may have nothing to say."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a run: which one, what, and where [s]; None for the whole of it."""

    run: str
    what: str
    at: float | None = None

    def __str__(self) -> str:
        return f"{self.run}: {self.what}" + ("" if self.at is None else f", first at {self.at:.3f} s")


def examine(recordings: Sequence[Recording], limits: JointLimits, names: Sequence[str]) -> Iterator[Finding]:
    """Look at runs one after the other.

    Args:
        recordings: The runs.
        limits: Of the joints.
        names: Theirs, in the log's order.

    Raises:
        BadInput: A log cannot be read.
    """
    seen: dict[str, str] = {}
    for recording in recordings:
        run = str(recording.folder)
        if recording.state_hash in seen:
            yield Finding(run, f"is the same as {seen[recording.state_hash]}, to the last bit")
        seen.setdefault(recording.state_hash, run)
        yield from _look(run, rows(recording), limits, names)


def _look(run: str, given: Iterable[dict[str, Any]], limits: JointLimits, names: Sequence[str]) -> Iterator[Finding]:
    told: set[str] = set()
    before: float | None = None
    last: Array | None = None
    alike = count = 0

    def once(what: str, at: float) -> Iterator[Finding]:
        if what not in told:
            told.add(what)
            yield Finding(run, what, at)

    for row in given:
        count += 1
        now = float(row["time"])
        if before is not None and abs(now - before - CONTROL_PERIOD) > 1e-6:
            yield from once(f"a step of {1e3 * (now - before):.1f} ms in the place of {1e3 * CONTROL_PERIOD:g}", now)
        before = now
        for name, value in row.items():
            if name not in _HOLES_ALLOWED and (value is None or (isinstance(value, list) and None in value)):
                yield from once(f"{name} is not a number", now)
        position = np.array(row["joint_position"], dtype=np.float64)
        if position.size == len(names):
            past = np.maximum(position - limits.upper, limits.lower - position)
            worst = int(np.argmax(past))
            if past[worst] > _PAST:
                yield from once(f"{names[worst]} is {past[worst]:.3f} rad beyond its limit", now)
        alike = alike + 1 if last is not None and np.array_equal(position, last) else 0
        last = position
        if alike == _STUCK:
            yield from once(f"all joints are read alike for {1e3 * _STUCK * CONTROL_PERIOD:g} ms", now)
    if count == 0:
        yield Finding(run, "has no rows")
