"""How fast a path is ridden: as fast as all limits allow."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.clearance import inside
from controllers.riding.planning.course_map import PlanningError, SlowArea, StopLine
from controllers.riding.planning.limits import SpeedLimits
from controllers.riding.planning.planner import Plan
from controllers.riding.speed_profile import SpeedProfile

Array = NDArray[np.float64]

_PER_KNOT = 20


def plan_speed(plan: Plan, limits: SpeedLimits, start_speed: float) -> SpeedProfile:
    """The fastest profile along a path from a speed at its start.

    What holds at a place by itself (cruise speed, cadence, v² κ, the curvature's rate in time v κ', speed limits, the
    stop line) gives the greatest speed there. A pass from the end back then cuts it to what can be braked from, and one
    from the start on to what can be gained. With limits of acceleration that do not depend on one another no profile is
    faster anywhere (Bobrow, Dubowsky, Gibson 1985; Lipp, Boyd 2014).

    Args:
        plan: The path with its map.
        limits: To be kept.
        start_speed: At the start of the path [m/s].

    Raises:
        PlanningError: The start speed is too high for what comes.
    """
    spacing = plan.path.step / _PER_KNOT
    greatest = _greatest(plan, limits)
    speed = _backward(greatest, 2.0 * limits.braking * spacing)
    if start_speed > speed[0] + 1e-9:
        raise PlanningError(
            f"a start at {start_speed:g} m/s is too fast: from {speed[0]:.2f} m/s every limit ahead can be kept"
        )
    speed[0] = min(speed[0], start_speed)
    return SpeedProfile(spacing, _backward(speed[::-1], 2.0 * limits.acceleration * spacing)[::-1])


def _backward(speed: Array, gain: float) -> Array:
    """Cut speeds [m/s] so that their square changes by at most a gain [m²/s²] towards the next one."""
    cut = speed.copy()
    for index in range(cut.size - 2, -1, -1):
        cut[index] = min(cut[index], sqrt(cut[index + 1] ** 2 + gain))
    return cut


def _greatest(plan: Plan, limits: SpeedLimits) -> Array:
    """What each place by itself allows, shape (k,) [m/s]."""
    samples = plan.path.sample(_PER_KNOT)
    bend = np.maximum(np.abs(plan.path.curvature_at(samples.arc_length)), 1e-9)
    rate = np.repeat(np.maximum(np.abs(plan.path.curvature_rate), 1e-9), _PER_KNOT)
    either = np.maximum(np.append(rate, rate[-1]), np.append(rate[0], rate))
    greatest: Array = np.minimum(np.sqrt(limits.lateral_acceleration / bend), limits.curvature_rate / either)
    np.minimum(greatest, min(limits.cruise, limits.cadence * limits.development), out=greatest)
    for limit in plan.course_map.slow:
        if isinstance(limit, SlowArea):
            there = inside(samples.points, limit.corners)
        else:
            there = (samples.arc_length >= limit.start) & (samples.arc_length <= limit.end)
        greatest[there] = np.minimum(greatest[there], limit.speed)
    last = plan.course_map.goals[-1]
    if isinstance(last, StopLine):
        ended = samples.arc_length >= plan.goals_at[-1] - plan.path.step / _PER_KNOT
        greatest[ended] = np.minimum(greatest[ended], last.speed)
    return greatest
