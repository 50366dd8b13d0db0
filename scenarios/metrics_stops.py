"""Metrics of stops and starts: where it stands still, how it gets going, and how the feet tread on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenarios.metric import Metric, peak, runs_of

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_NEAR = 1.5
"""A halt farther from a line than this is none of that line's [m]."""
_GATHERED = 1.0
"""Speed from which a start counts as done [m/s]."""


def episodes(log: RunLog, context: RideContext, *names: str) -> list[tuple[int, int]]:
    """First row, and row after the last, of each time in which the ride is in one of some modes."""
    wanted = [context.modes.index(name) for name in names]
    return runs_of(np.isin(log["mode"], wanted))


def halts(log: RunLog, context: RideContext) -> Array:
    """Where the front wheel's contact point is at the end of each stop, shape (k, 2) [m]."""
    ends = [after - 1 for _, after in episodes(log, context, "foot_down")]
    return log["truth_front_contact"][ends, :2]


def line_errors(log: RunLog, context: RideContext) -> Array:
    """How far past each stop line the front wheel stands, shape (n,) [m]; NaN where it did not stop near one."""
    errors = np.full(len(context.stop_lines), np.nan)
    stood = halts(log, context)
    if not len(stood):
        return errors
    for index, (left, right) in enumerate(context.stop_lines):
        along = np.array((right[1] - left[1], left[0] - right[0])) / -np.hypot(*(right - left))
        away = stood - 0.5 * (left + right)
        nearest = int(np.argmin(np.hypot(*away.T)))
        if np.hypot(*away[nearest]) < _NEAR:
            errors[index] = -float(away[nearest] @ along)
    return errors


def stops_missed(log: RunLog, context: RideContext) -> float:
    """How many stop lines it did not stop at; NaN where there are none."""
    return float(np.isnan(line_errors(log, context)).sum()) if context.stop_lines else np.nan


def stop_line_error(log: RunLog, context: RideContext) -> float:
    """Greatest distance of the standing front wheel from a stop line, along the way [m]; NaN without stops."""
    errors = np.abs(line_errors(log, context))
    return float(np.nanmax(errors)) if np.isfinite(errors).any() else np.nan


def start_distances(log: RunLog, context: RideContext) -> list[float]:
    """Way from each push-off until the speed is gathered [m]; infinite where it never is."""
    ways = []
    for first, _ in episodes(log, context, "push_off", "gather"):
        fast = np.flatnonzero(log["truth_speed"][first:] >= _GATHERED)
        if not fast.size:
            ways.append(np.inf)
            continue
        path = log["truth_rear_contact"][first : first + int(fast[0]) + 1, :2]
        ways.append(float(np.hypot(*np.diff(path, axis=0).T).sum()))
    return ways


def start_distance(log: RunLog, context: RideContext) -> float:
    """The longest of these ways [m]; NaN without a start."""
    return max(start_distances(log, context), default=np.nan)


def start_lane(log: RunLog, context: RideContext) -> float:
    """Greatest distance of either wheel's contact point from the course in a start [m]; NaN without one."""
    distances = [
        float(np.abs(np.concatenate([_beside(log, context, wheel, first, after) for wheel in ("rear", "front")])).max())
        for first, after in episodes(log, context, "push_off", "gather")
    ]
    return max(distances, default=np.nan)


def _beside(log: RunLog, context: RideContext, wheel: str, first: int, after: int) -> Array:
    errors = context.share(f"{wheel}_path_error", lambda: context.course.project(log[f"truth_{wheel}_contact"][:, :2]))
    return np.asarray(errors[first:after])


METRICS = (
    Metric("stops_missed", "1", "lower", "stop lines at which it did not stop", stops_missed),
    Metric("stop_line_error_max", "m", "lower", "front wheel at rest to its stop line, along the way", stop_line_error),
    Metric("start_distance_max", "m", "lower", "from a push-off to 1 m/s", start_distance),
    Metric("start_lane_max", "m", "lower", "either wheel from the course during a start", start_lane),
    Metric(
        "foot_ground_force_max",
        "N",
        "lower",
        "norm of the ground's force on a foot",
        lambda log, context: peak(np.linalg.norm(log["truth_foot_ground_force"].reshape(-1, 2, 3), axis=2)),
    ),
)
