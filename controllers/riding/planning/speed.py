"""How fast a path is ridden: as fast as all limits allow."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import SPACING
from controllers.riding.planning.clearance import inside
from controllers.riding.planning.course_map import PlanningError, SlowArea, StopLine
from controllers.riding.planning.limits import SpeedLimits
from controllers.riding.planning.planner import Plan
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.stop import Stop

Array = NDArray[np.float64]

_PER_KNOT = 20


def plan_speed(
    plan: Plan, limits: SpeedLimits, start_speed: float, stops: Sequence[Stop] | None = None, begin: float = 0.0
) -> SpeedProfile:
    """The fastest profile along a path from a speed at its start.

    What holds at a place by itself (the curvature's rate in time v κ', speed limits, a line that is passed rolling)
    goes into :func:`plan_speed_on` with the path's curvature and its stops.

    Args:
        plan: The path with its map.
        limits: To be kept.
        start_speed: Where it begins [m/s].
        stops: Where to stand still; None is where the plan does.
        begin: Where it begins [m].

    Raises:
        PlanningError: The start speed is too high for what comes.
    """
    samples = plan.path.sample(_PER_KNOT)
    places = _places(SPACING, plan.path.length)
    points = np.column_stack([np.interp(places, samples.arc_length, column) for column in samples.points.T])
    curvature = plan.path.curvature_at(places)
    rate = np.maximum(np.abs(np.diff(curvature)) / SPACING, 1e-9)
    allowed: Array = limits.curvature_rate / np.maximum(np.append(rate, rate[-1]), np.append(rate[0], rate))
    for limit in plan.course_map.slow:
        if isinstance(limit, SlowArea):
            there = inside(points, limit.corners)
        else:
            there = (places >= limit.start) & (places <= limit.end)
        allowed[there] = np.minimum(allowed[there], limit.speed)
    last = plan.course_map.goals[-1]
    if isinstance(last, StopLine) and last.speed is not None:
        ended = places >= plan.goals_at[-1] - SPACING
        allowed[ended] = np.minimum(allowed[ended], last.speed)
    if isinstance(last, StopLine) and last.stands:
        allowed[places > plan.stops[-1].arc_length] = 0.0
    halts = plan.stops if stops is None else stops
    return plan_speed_on(curvature, SPACING, plan.path.length, limits, start_speed, halts, allowed=allowed, begin=begin)


def plan_speed_on(
    curvature: Array, spacing: float, length: float, limits: SpeedLimits, start_speed: float,
    stops: Sequence[Stop] = (), *, allowed: Array | None = None, begin: float = 0.0,
) -> SpeedProfile:  # fmt: skip
    """The fastest profile along any curve, with stops.

    Cruise speed, cadence and v² κ give the greatest speed at a place, which is none at a stop. A pass from the end back
    then cuts it to what can be braked from, and one from the start on to what can be gained, which is more where a foot
    has pushed off. With limits of acceleration that do not depend on one another no profile is faster anywhere (Bobrow,
    Dubowsky, Gibson 1985; Lipp, Boyd 2014). A curvature that jumps, as that of a circle behind a straight, counts by
    its value alone.

    Args:
        curvature: At every so many metres of arc length from the start, at least over the length, shape (n,) [1/m].
        spacing: How many metres that are [m].
        length: Of the profile [m].
        limits: To be kept.
        start_speed: Where it begins [m/s]; at 0 it is a start from rest.
        stops: Where to stand still; behind one with an infinite wait there is no speed.
        allowed: Greatest speed at each place for other reasons, shape (k,) with k values over the length [m/s].
        begin: Where it begins [m]; before that the speeds are those from which all that follows can be kept.

    Returns:
        Speed at 0, spacing, ... up to the length; where a stop is it is zero at the nearest of these.

    Raises:
        PlanningError: The start speed is too high for what comes, or a stop lies beyond the length.
    """
    places = _places(spacing, length)
    bend = np.maximum(np.abs(np.interp(places, spacing * np.arange(curvature.size), curvature)), 1e-9)
    greatest = np.minimum(np.sqrt(limits.lateral_acceleration / bend), limits.cruise)
    np.minimum(greatest, limits.cadence * limits.development, out=greatest)
    if allowed is not None:
        np.minimum(greatest, allowed, out=greatest)
    gain = np.full(places.size, limits.acceleration)
    first = min(round(begin / spacing), places.size - 1)
    starts = [begin] if start_speed == 0.0 else []
    for stop in stops:
        if not 0.0 <= stop.arc_length <= length:
            raise PlanningError(f"a stop at {stop.arc_length:g} m is not on the course of {length:g} m")
        at = round(stop.arc_length / spacing)
        greatest[at : at + 1 if isfinite(stop.wait) else None] = 0.0
        starts.append(stop.arc_length)
    for start in starts:
        gain[(places >= start - 0.5 * spacing) & (places < start + limits.start_length)] = limits.start_acceleration
    speed = _cut(greatest[::-1], np.full(places.size, 2.0 * limits.braking * spacing))[::-1]
    fastest = SpeedProfile(spacing, speed).at(begin)
    if start_speed > fastest + 1e-9:
        raise PlanningError(
            f"a start at {start_speed:g} m/s is too fast: from {fastest:.2f} m/s every limit ahead can be kept"
        )
    speed[first] = min(speed[first], start_speed)
    speed[first:] = _cut(speed[first:], 2.0 * gain[first:] * spacing)
    return SpeedProfile(spacing, speed)


def _places(spacing: float, length: float) -> Array:
    """Arc lengths from 0 by equal steps, the last one at the length or less than half a step from it [m]."""
    places: Array = spacing * np.arange(round(length / spacing) + 1, dtype=np.float64)
    return places


def _cut(speed: Array, gain: Array) -> Array:
    """Cut speeds [m/s] so that the square of each is at most that of the one before plus that one's gain [m²/s²]."""
    gained = np.concatenate(((0.0,), np.cumsum(gain[:-1])))
    least: Array = np.minimum.accumulate(speed**2 - gained) + gained
    return np.minimum(speed, np.sqrt(np.maximum(0.0, least)))
