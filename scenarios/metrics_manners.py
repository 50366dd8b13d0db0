"""Metrics of hands that leave the bars on purpose, of turn signals, and of where the head looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from controllers.riding.course import Course
from controllers.riding.modes import RIDING
from controllers.riding.turns import Turn, turns_of
from scenarios.body_view import EVERY, body_view
from scenarios.metric import Metric, rms, runs_of, tick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

    Flags = NDArray[np.bool_]

_SNAP = 0.2
"""Time after a hand has taken hold in which its force counts as that of taking hold [s]."""
_OUT, _HIGH = 0.45, 0.2
"""An arm that is stretched out has its hand so far beside the shoulder, and less than that above or below it [m]."""
_SEEN = 0.6
"""Time for which it must be so to be a signal [s]."""
_EARLY = 40.0
"""How far before its turn a signal counts [m]."""
_AHEAD, _LEAST = 1.75, 2.0
"""The head should look at the point of the course so far ahead [s], at this distance at least [m]."""


def one_handed_time(log: RunLog, context: RideContext) -> float:
    """Time in which a hand was off the bars by the rider's own will [s]."""
    off = log["hands_off"]
    return np.nan if np.isnan(off).any() else float(np.count_nonzero(off)) * tick(log)


def hand_return(log: RunLog, context: RideContext) -> float:
    """Longest time from when a hand was asked back until it held its grip [s]; infinite if it never did.

    NaN where no hand was let go.
    """
    if np.isnan(log["hands_asked"]).any():
        return np.nan
    times = []
    for side in (0, 1):
        asked = (log["hands_asked"].astype(int) >> side) & 1
        closed = log["truth_grip_closed"][:, side] > 0.5
        for row in np.flatnonzero(np.diff(asked) < 0) + 1:
            held = np.flatnonzero(closed[row:])
            times.append(float(held[0]) * tick(log) if held.size else np.inf)
    return max(times, default=np.nan)


def _taken(log: RunLog) -> list[tuple[int, int]]:
    """Row and side of each time when a hand took hold again."""
    closed = log["truth_grip_closed"] > 0.5
    return [(int(row) + 1, side) for side in (0, 1) for row in np.flatnonzero(np.diff(closed[:, side].astype(int)) > 0)]


def regrasp_gap(log: RunLog, context: RideContext) -> float:
    """Greatest distance from hand to grip when a hand took hold again [m]; NaN where none did."""
    return max((float(log["truth_grip_gap"][row, side]) for row, side in _taken(log)), default=np.nan)


def regrasp_force(log: RunLog, context: RideContext) -> float:
    """Greatest force between hand and bar within 0.2 s after a hand took hold again [N]; NaN where none did."""
    rows = round(_SNAP / tick(log)) if len(log) > 1 else 1
    return max(
        (float(log["truth_grip_force"][row : row + rows, side].max()) for row, side in _taken(log)), default=np.nan
    )


def passing(log: RunLog, context: RideContext) -> Array:
    """Arc length of the rear wheel along the course at every so many rows, shape (k,) [m]; empty without a course."""
    return context.share("passing", lambda: _passing(log, context))


def _passing(log: RunLog, context: RideContext) -> Array:
    course = context.course
    if not isinstance(course, Course):
        return np.empty(0)
    near = 0.0
    places = log["truth_rear_contact"][::EVERY, :2]
    along = np.empty(len(places))
    for row, (x, y) in enumerate(places.tolist()):
        near = max(near, course.locate(x, y, near)[0])
        along[row] = near
    return along


def signalled(log: RunLog, context: RideContext) -> list[tuple[float, float] | None]:
    """For each turn that was reached: how long before it its signal was seen, and both hands held again [s].

    None is a turn without a signal. The second time is zero where a hand was still off in the bend.
    """
    return context.share("signalled", lambda: _signalled(log, context))


def _signalled(log: RunLog, context: RideContext) -> list[tuple[float, float] | None]:
    view = body_view(log, context)
    along = passing(log, context)
    if view is None or not along.size or not isinstance(context.course, Course):
        return []
    step = EVERY * tick(log)
    beside = np.stack((view.hands[:, 0, 1], -view.hands[:, 1, 1]), axis=1)
    out = (beside > _OUT) & (np.abs(view.hands[:, :, 2]) < _HIGH)
    loose = log["truth_grip_closed"][view.rows] < 0.5
    found: list[tuple[float, float] | None] = []
    behind = 0.0
    for turn in turns_of(context.course):
        if turn.begin >= along[-1]:
            break
        first = int(np.searchsorted(along, max(behind, turn.begin - _EARLY)))
        bend = int(np.searchsorted(along, turn.begin))
        found.append(_seen(turn, out, loose, first, bend, step))
        behind = turn.end
    return found


def _seen(turn: Turn, out: Flags, loose: Flags, first: int, bend: int, step: float) -> tuple[float, float] | None:
    """Times before a bend at which its signal began to be seen, and at which both hands held again [s]."""
    side = turn.side
    shown = [run for run in runs_of(out[first:bend, side]) if (run[1] - run[0]) * step >= _SEEN]
    if not shown or out[first:bend, 1 - side].any():
        return None
    rest = loose[first + shown[-1][1] :, side]
    held = int(np.argmin(rest)) if rest.size and not rest.all() else rest.size
    return (bend - first - shown[0][0]) * step, (bend - first - shown[-1][1] - held) * step


def signals_given(log: RunLog, context: RideContext) -> float:
    """Turns of the course before which the arm on their side was stretched out; NaN without turns."""
    turns = signalled(log, context)
    return float(sum(one is not None for one in turns)) if turns else np.nan


def signals_missed(log: RunLog, context: RideContext) -> float:
    """Turns of the course before which it was not, or the other one was as well; NaN without turns."""
    turns = signalled(log, context)
    return float(sum(one is None for one in turns)) if turns else np.nan


def signal_lead(log: RunLog, context: RideContext) -> float:
    """Least time from when a signal is seen to its turn [s]; NaN without a signal."""
    return min((one[0] for one in signalled(log, context) if one is not None), default=np.nan)


def signal_return(log: RunLog, context: RideContext) -> float:
    """Least time from both hands on the bars after a signal to its turn [s]; NaN without a signal."""
    return min((one[1] for one in signalled(log, context) if one is not None), default=np.nan)


def gaze_error(log: RunLog, context: RideContext) -> float:
    """RMS of the angle between where the head looks and the course 1.75 s ahead, 2 m at least [rad]."""
    view, along = body_view(log, context), passing(log, context)
    course = context.course
    if view is None or not along.size or not isinstance(course, Course):
        return np.nan
    riding = np.isin(log["mode"][view.rows], [context.modes.index(mode.name.lower()) for mode in RIDING])
    place = along + np.maximum(_LEAST, _AHEAD * log["truth_speed"][view.rows])
    index = np.minimum((place / course.spacing).astype(int), len(course.points) - 1)
    way = np.column_stack((course.points[index], np.zeros(index.size))) - view.head
    cosine = np.einsum("ij,ij->i", way, view.forward) / np.linalg.norm(way, axis=1)
    angles = np.arccos(np.clip(cosine, -1.0, 1.0))[riding]
    return rms(angles) if angles.size else np.nan


METRICS = (
    Metric("one_handed_time", "s", "neither", "a hand off the bars by the rider's own will", one_handed_time),
    Metric("hand_return_max", "s", "lower", "from a hand asked back to its hold of the grip", hand_return),
    Metric("regrasp_gap_max", "m", "lower", "from hand to grip when a hand takes hold again", regrasp_gap),
    Metric("regrasp_force_max", "N", "lower", "hand on bar within 0.2 s after it took hold again", regrasp_force),
    Metric("signals_given", "1", "higher", "turns of the course that were signalled", signals_given),
    Metric("signals_missed", "1", "lower", "turns of the course that were not, or to the wrong side", signals_missed),
    Metric("signal_lead_min", "s", "higher", "from when a signal is seen to its turn", signal_lead),
    Metric("signal_return_min", "s", "higher", "from both hands back on the bars to the turn", signal_return),
    Metric("gaze_error_rms", "rad", "lower", "head's direction to the course 1.75 s ahead", gaze_error),
)
