"""Keeps the route, and changes it when an obstacle comes up, or leaves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import cos, inf, sin

import numpy as np

from controllers.riding.course import SPACING
from controllers.riding.planning.course_map import Disc, PlanningError
from controllers.riding.planning.limits import SpeedLimits
from controllers.riding.planning.planner import Plan, conflict, replan
from controllers.riding.planning.speed import plan_speed
from controllers.riding.route import Route
from controllers.riding.sight import Sight, Unforeseen
from controllers.riding.signals import SignalParameters, signals_of
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.stop import Stop

LATENCY = 0.3
"""Time that planning may take: so long after an obstacle is seen a new route comes into force [s]."""
_JOINS = (0.3, 1.0, 2.0, 3.0)
"""How far ahead of the place that is reached then a new path may leave the old one: tried one after the other [m]."""
_ROOMS = (1.0, 0.5, 0.0)
"""Shares of the room beside a path that a new one is to keep: tried one after the other, until no signal is lost."""
_BEFORE = 0.2
"""How much further than its margin from an obstacle the front wheel stops [m]."""
_FIRM = 1.2
"""Braking within which there is time to plan first [m/s²]."""
_HARDEST = 2.5
"""Greatest braking before an obstacle that there is no way round [m/s²]."""
_BRAKE = SpeedProfile(SPACING, np.zeros(2))
"""Nothing but brakes."""
_HEEDED = 1.5
"""Time before its braking in which the bicycle may have turned to a stop already, feet and all [s]."""
_AT_REST = 0.1
"""Speed below which a ride that goes on starts from rest [m/s]."""
_SHORTEST = 4.0 * SPACING
"""What a profile needs to come to rest in, however slow it is [m]."""
_HARDER = (1.02, 1.2, 1.5, 4.0)
"""Shares of the braking that a stop takes, for a profile that has a place only every few centimetres."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A route with the plan that it comes from.

    Attributes:
        plan: Its path, and the map as it was known.
        route: The route.
        shut: What is known to stand in the way without a way round it.
    """

    plan: Plan
    route: Route
    shut: tuple[Disc, ...] = ()


class Navigator:
    """Owns plan and route; asked at every tick, it takes in what is seen and plans anew where that is in the way.

    A new path leaves the old one ahead of the place that is reached when it comes into force, at a place from which the
    speed of every later place can be braked to. So what is ridden up to then lies on both, arc lengths keep their
    meaning, and the last course tells of all that was ridden. Where no way round is found, the bicycle stops before
    the obstacle and stays there, until that is gone. Where the way round leaves no room for a signal that the old one
    had, one that keeps nearer to the obstacle, and so is back earlier, is sought. Where planning takes the room to
    brake in, the bicycle brakes meanwhile. A stop before an obstacle is kept once the bicycle may have turned to it: it
    is in no state to ride round anything by then.
    """

    def __init__(self, route: Route, planned: tuple[Plan, SpeedLimits] | None = None,
                 hidden: Sequence[Unforeseen] = (), signal: SignalParameters | None = None) -> None:  # fmt: skip
        """Keep a route.

        Args:
            route: To begin with.
            planned: The plan that it comes from, with the limits of its speed; without one it is never changed.
            hidden: What may come up.
            signal: When a turn can be signalled; None: none is to be.
        """
        self._signal = signal
        self._sight = Sight(hidden) if hidden and planned is not None else None
        self._first = None if planned is None else _Planned(planned[0], route)
        self._limits = None if planned is None else planned[1]
        self._now = self._first
        self._coming: list[tuple[float, _Planned]] = []
        self._start = self.route = route
        """What is to be followed now."""
        self.changes = 0
        """How often the route was changed."""

    def reset(self) -> None:
        """Start over with the first route."""
        self.route, self._now, self._coming, self.changes = self._start, self._first, [], 0
        if self._sight is not None:
            self._sight.reset()

    def step(self, time: float, arc_length: float, speed: float, x: float, y: float) -> Route:
        """The route at a time, as `controllers.riding.route.Guide.step`."""
        if self._sight is None or self._now is None or self._limits is None:
            return self.route
        while self._coming and time >= self._coming[0][0]:
            self._now = self._coming.pop(0)[1]
            self.route = self._now.route
            self.changes += 1
        self._open(time, arc_length, speed, self._sight.gone(time))
        heading = float(self.route.course.heading[round(max(0.0, arc_length) / self.route.course.spacing)])
        reach = self._now.plan.limits.wheelbase
        seen = self._sight.look(time, x + reach * cos(heading), y + reach * sin(heading))
        if seen:
            latest = self._coming[-1][1] if self._coming else self._now
            obstacles = (*latest.shut, *seen)
            where = conflict(latest.plan.path, obstacles, latest.plan.limits.margin, arc_length)
            if where is None:
                self._keep(_Planned(latest.plan.among(obstacles), latest.route))
                return self.route
            begin = min(arc_length + LATENCY * max(0.0, speed), latest.plan.path.length)
            if _place_before(where, latest.plan) < min(begin + _to_stop(_FIRM, speed), _end(latest.route)):
                self.route = replace(self.route, profile=_BRAKE)
            changed = self._round(latest, obstacles, where, (arc_length, begin), speed)
            self._coming.append((time + LATENCY, changed))
        return self.route

    def _open(self, time: float, arc_length: float, speed: float, gone: Sequence[Disc]) -> None:
        """Take up the plan again where nothing is in its way any more; where it cannot be from here, ask again."""
        latest = self._coming[-1][1] if self._coming else self._now
        if latest is None or self._limits is None or not any(disc in gone for disc in latest.shut):
            return
        plan = latest.plan
        left = tuple(disc for disc in latest.shut if disc not in gone)
        if conflict(plan.path, left, plan.limits.margin, arc_length) is not None:
            self._keep(replace(latest, shut=left))
            return
        begin = min(arc_length + LATENCY * max(0.0, speed), plan.path.length)
        planned = latest.route.profile
        speed = speed if planned is None else min(speed, planned.at(begin))
        with suppress(PlanningError):
            profile = plan_speed(plan, self._limits, speed if speed > _AT_REST else 0.0, begin=begin)
            again = Route(latest.route.course, profile, plan.stops)
            self._coming.append((time + LATENCY, _Planned(plan.among(left), again)))

    def _keep(self, known: _Planned) -> None:
        """Take in what changes nothing of the route that comes next, or is ridden."""
        if self._coming:
            self._coming[-1] = self._coming[-1][0], known
        else:
            self._now = known

    def _round(
        self, now: _Planned, obstacles: tuple[Disc, ...], where: float, at: tuple[float, float], speed: float
    ) -> _Planned:
        """The plan round obstacles or to a stop before them.

        Args:
            now: What is ridden by then.
            obstacles: All that the plan does not know.
            where: Arc length at which they come too near to it [m].
            at: Arc lengths of the bicycle now, and when the new route comes into force [m].
            speed: Of the bicycle [m/s].
        """
        limits, plan, (arc_length, begin) = self._limits, now.plan, at
        assert limits is not None
        turned_to = arc_length + _HEEDED * speed + _to_stop(limits.braking, speed)
        if any(stop.wait == inf and stop.arc_length < turned_to for stop in now.route.stops):
            return _Planned(plan, _stopping(now, where, limits, begin, speed), obstacles)
        profile = now.route.profile
        speed = speed if profile is None else min(speed, profile.at(begin))
        wanted = self._signals(now.route, limits, begin)
        best: tuple[int, _Planned] | None = None
        for share in _ROOMS:
            way = _way(plan, obstacles, limits, at, max(0.0, speed), share * plan.limits.room)
            if way is None:
                break
            signals = self._signals(way.route, limits, begin)
            if best is None or signals > best[0]:
                best = signals, way
            if signals >= wanted:
                break
        return best[1] if best else _Planned(plan, _stopping(now, where, limits, begin, speed), obstacles)

    def _signals(self, route: Route, limits: SpeedLimits, begin: float) -> int:
        """How many turns after an arc length can be signalled [m]."""
        if self._signal is None:
            return 0
        return sum(signal.turn.begin > begin for signal in signals_of(route, limits.cruise, self._signal))


def _way(
    plan: Plan, obstacles: Sequence[Disc], limits: SpeedLimits, at: tuple[float, float], speed: float, room: float
) -> _Planned | None:
    """A way round obstacles with some room [m]; None: none was found.

    Args:
        plan: What is ridden.
        obstacles: What it has to be led round.
        limits: Of the speed.
        at: Arc lengths of the bicycle now, and when the new route comes into force [m].
        speed: Then [m/s].
        room: As of `replan`.
    """
    now, begin = at
    for join in _JOINS:
        try:
            new = replan(plan, begin + join, obstacles, room)
            if conflict(new.path, obstacles, plan.limits.margin, now) is not None:
                continue
            faster = plan_speed(new, limits, speed, begin=begin)
        except PlanningError:
            continue
        return _Planned(new, Route(new.course(), faster, new.stops))
    return None


def _to_stop(braking: float, speed: float) -> float:
    """The way that braking [m/s²] takes from a speed [m/s] to rest [m]."""
    return speed * speed / (2.0 * braking)


def _end(route: Route) -> float:
    """Where it is stopped for good [m]."""
    return next((stop.arc_length for stop in route.stops if stop.wait == inf), inf)


def _place_before(where: float, plan: Plan) -> float:
    """Where the rear wheel stands with the front wheel a little before the arc length of a conflict [m]."""
    return where - plan.limits.wheelbase - _BEFORE


def _stopping(now: _Planned, where: float, limits: SpeedLimits, begin: float, speed: float) -> Route:
    """The same course with a stop before the arc length where it comes too near to an obstacle [m].

    If there is no room left for that, it is as near as braking allows, and at the end of the path at the latest.
    """
    at = max(_place_before(where, now.plan), begin + _to_stop(_HARDEST, speed) + 0.05)
    at = min(at, now.plan.path.length)
    begin = max(0.0, min(begin, at - _SHORTEST))
    planned = now.route.profile
    speed = max(0.0, speed if planned is None else min(speed, planned.at(begin)))
    stops = (*(stop for stop in now.plan.stops if stop.arc_length < at), Stop(at, "left", inf, "left"))
    for harder in _HARDER:
        braking = max(limits.braking, harder * _to_stop(1.0, speed) / (at - begin))
        with suppress(PlanningError):
            profile = plan_speed(now.plan, replace(limits, braking=braking), speed, stops, begin)
            return Route(now.route.course, profile, stops)
    return Route(now.route.course, planned, stops)
