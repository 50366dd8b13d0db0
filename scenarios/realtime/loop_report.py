"""What a loop in real time was like: percentiles of its times, overruns and lost periods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.tick_times import LOOP

_TIMES = tuple(column.name for column in LOOP if column.unit == "s")


def quantiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Median, 99th percentile and greatest of what is a number; all NaN where nothing is."""
    known = values[np.isfinite(values)]
    if not known.size:
        return np.nan, np.nan, np.nan
    p50, p99 = np.percentile(known, (50, 99))
    return float(p50), float(p99), float(known.max())


def report(recorder: FlightRecorder, period: float) -> str:
    """A table in Markdown of the ticks that are kept, and one line on all of them.

    Slack is given from its other end: its median, the 1st percentile, the least.

    Args:
        recorder: Has at least one tick.
        period: That was asked for [s].
    """
    log = recorder.log()
    lines = ["| time [ms] | p50 | p99 | max |", "|---|---:|---:|---:|"]
    for name in _TIMES:
        sign = -1.0 if name == "loop_slack" else 1.0
        row = (sign * 1e3 * value for value in quantiles(sign * log[name]))
        label = "slack: p50, p1, min" if name == "loop_slack" else name.removeprefix("loop_")
        lines.append(f"| {label} | " + " | ".join(f"{value:.3f}" for value in row) + " |")
    lines.append(
        f"\n{recorder.ticks} ticks of {1e3 * period:g} ms; deadlines missed: {recorder.overruns}; "
        f"periods lost: {recorder.lost}; longest period: {1e3 * recorder.longest:.2f} ms"
    )
    return "\n".join(lines)
