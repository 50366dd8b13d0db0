"""Where on a route turns are signalled: while it is ridden straight on and steadily, as late as there is room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import SPACING
from controllers.riding.route import Route
from controllers.riding.turns import Turn, turns_of

Array = NDArray[np.float64]

_STEP = 5
"""Samples of the course from one place that is looked at to the next."""


@dataclass(frozen=True, slots=True)
class SignalParameters:
    """When a signal can be given.

    Attributes:
        straight: Greatest curvature of what counts as straight [1/m].
        least_speed: Speed below which both hands stay on the bars [m/s].
        slowing: Deceleration from which the brakes may be needed [m/s²].
        lasts: Time from the decision to both hands on the bars again [s].
        shortest: The same for the shortest signal that is worth giving [s].
        before: Time before the bend at which both hands hold again [s].
        braking: Deceleration of a stop [m/s²].
        prepare: Time before the brakes in which a stop is prepared [s].
        start: Way after a stop on which speed is gathered [m].
        earliest: How far before its turn a signal is of use [m].
    """

    straight: float = 0.03
    least_speed: float = 1.2
    slowing: float = 0.15
    lasts: float = 5.8
    shortest: float = 4.6
    before: float = 0.3
    braking: float = 1.2
    prepare: float = 1.0
    start: float = 4.0
    earliest: float = 30.0


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal for a turn.

    Attributes:
        turn: Of which it tells.
        begin: Arc length where it is begun [m].
        end: Where both hands are to be on the bars again [m].
    """

    turn: Turn
    begin: float
    end: float


def signals_of(route: Route, cruise: float, p: SignalParameters | None = None) -> tuple[Signal, ...]:
    """The signals of a route, in the order of its turns; a turn that leaves no room for one has none.

    Args:
        route: Course, speed and stops.
        cruise: Speed where nothing is planned [m/s].
        p: When a signal can be given.
    """
    p = p or SignalParameters()
    course = route.course
    places: Array = SPACING * np.arange(0, round(course.length / SPACING), _STEP, dtype=np.float64)
    speed = np.full(places.size, cruise)
    if route.profile is not None:
        speed = np.interp(places, route.profile.spacing * np.arange(route.profile.speed.size), route.profile.speed)
    fit = _fit(route, places, speed, p)
    time = np.concatenate(((0.0,), np.cumsum(_STEP * SPACING / np.maximum(speed[:-1], 0.1))))
    found = []
    behind = 0.0
    for turn in turns_of(course):
        room = (
            fit & (places >= max(behind, turn.begin - p.earliest)) & (time < _at(turn.begin, places, time) - p.before)
        )
        behind = turn.end
        signal = _latest(turn, places, time, room, p)
        if signal is not None:
            found.append(signal)
    return tuple(found)


def _fit(route: Route, places: Array, speed: Array, p: SignalParameters) -> NDArray[np.bool_]:
    """Where the bicycle goes straight on, steadily, and neither stops nor starts."""
    course = route.course
    bend = np.abs(course.curvature[: places.size * _STEP : _STEP])
    slope = np.gradient(0.5 * speed**2, places) if places.size > 1 else np.zeros(places.size)
    fit: NDArray[np.bool_] = (bend < p.straight) & (speed >= p.least_speed) & (slope > -p.slowing)
    for stop in route.stops:
        cruise = float(np.max(speed[np.abs(places - stop.arc_length) < 5.0], initial=p.least_speed))
        way = cruise * cruise / (2.0 * p.braking) + cruise * p.prepare
        fit &= (places < stop.arc_length - way) | (places > stop.arc_length + p.start)
    return fit


def _at(place: float, places: Array, time: Array) -> float:
    return float(np.interp(place, places, time))


def _latest(turn: Turn, places: Array, time: Array, room: NDArray[np.bool_], p: SignalParameters) -> Signal | None:
    """The last stretch on which there is time for a signal."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], room, [False])).astype(np.int8))).reshape(-1, 2)
    for first, after in edges[::-1].tolist():
        end = after - 1
        if time[end] - time[first] < p.shortest:
            continue
        begin = int(np.searchsorted(time, max(time[first], time[end] - p.lasts)))
        return Signal(turn, float(places[begin]), float(places[end]))
    return None
