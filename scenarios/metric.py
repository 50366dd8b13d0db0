"""A metric: one number that says how well a run went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scenarios.run_log import RunLog

Array = NDArray[np.float64]
Better = Literal["lower", "higher", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One number computed from a log of at least one row.

    Attributes:
        name: Name by which criteria and baselines ask for it.
        unit: SI unit; "1" for a count, a flag or a ratio.
        better: Which way is better.
        about: What it is, in one line.
        compute: Gives the number from a log and its run's context; NaN when the log does not have it.
    """

    name: str
    unit: str
    better: Better
    about: str
    compute: Callable[[RunLog, Any], float]


def rms(values: Array) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def peak(values: Array) -> float:
    """Greatest absolute value."""
    return float(np.max(np.abs(values)))


def elapsed(log: RunLog) -> float:
    """Time from the first row to the last [s]."""
    return float(log["time"][-1] - log["time"][0])


def tick(log: RunLog) -> float:
    """Mean time from one row to the next [s]; NaN for a single row."""
    return elapsed(log) / (len(log) - 1) if len(log) > 1 else np.nan


def gained(log: RunLog, column: str) -> float:
    """Last value of a column less its first."""
    return float(log[column][-1] - log[column][0])


def ratio(numerator: float, denominator: float) -> float:
    """A quotient; NaN when the denominator is zero."""
    return numerator / denominator if denominator else np.nan


def runs_of(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Unbroken runs of true entries, as (first row, row after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(first), int(after)) for first, after in edges.reshape(-1, 2)]
