"""Rides where somebody steers it to: a bend, a speed and halts that are asked for on the way, in place of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import SPACING
from controllers.riding.route import Guide, Route
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.stop import Foot, Stop

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HelmParameters:
    """What may be asked for, and how the way is laid for it.

    Attributes:
        speed: Least and greatest speed [m/s].
        curvature: Greatest curvature [1/m].
        lateral_acceleration: Greatest v² κ [m/s²].
        curvature_rate: Greatest change of curvature in time [1/(m·s)], and along the way [1/m²]: a bicycle has to roll
            before it can turn.
        lead: What is laid already stays as it is for this time and at least this way ahead [s, m].
        ahead: How far ahead the way is laid, and from how much less on it is laid anew [m].
        pause: Time between two times that the way is laid anew at least [s].
        end: How far before its end a course is left that ends without a halt [m].
        braking: Deceleration of a halt [m/s²].
        wait: How long it stands at least once it is to go on [s].
        prepare: Time that a halt takes before the brakes do anything [s].
        straight: Least straight way before a halt, and after it [m].
    """

    speed: tuple[float, float] = (0.8, 3.0)
    curvature: float = 0.4
    lateral_acceleration: float = 1.2
    curvature_rate: tuple[float, float] = (0.5, 0.3)
    lead: tuple[float, float] = (0.15, 0.25)
    ahead: tuple[float, float] = (60.0, 30.0)
    pause: float = 0.04
    end: float = 2.0
    braking: float = 1.2
    wait: float = 0.3
    prepare: float = 1.1
    straight: tuple[float, float] = (1.0, 3.0)


class Helm:
    """Follows another guide until somebody takes over, and from then on lays the way as it is asked for.

    The way keeps its curvature a little ahead of the bicycle and then changes to the one that is asked for, no faster
    than a bicycle can; what is ridden stays, so arc lengths keep their meaning. Requests hold until the next one, come
    into force at the next step, and are cut to what can be ridden. A halt is a stop on a straight as near as braking
    allows; there the bicycle stands until it is to go on.
    """

    def __init__(
        self, guide: Guide, speed: float, *, standing: bool = False, parameters: HelmParameters | None = None
    ) -> None:
        """Prepare.

        Args:
            guide: To be followed at first; where its course ends without a halt, it is straight on from there.
            speed: Speed at first, where that guide has not planned one [m/s].
            standing: Whether a ride that begins at rest is to wait for `go`.
            parameters: What may be asked for.
        """
        self._parameters = parameters or HelmParameters()
        self._guide, self._start_speed, self._standing = guide, speed, standing
        self._begin()

    def _begin(self) -> None:
        self.taken = False
        """Whether somebody has taken over."""
        self.changes = 0
        """How often the way was laid anew."""
        self.speed = self._start_speed
        """What is asked for [m/s]."""
        self.turn = 0.0
        """The same, from -1, the sharpest bend to the right, to 1 [1]."""
        self._halt: Foot | None = None
        self._held, self._asked = self._standing, False
        self._next = -inf
        self._base = self._guide.route
        self.route = self._followed(self._base)
        """What is to be followed now."""

    def reset(self) -> None:
        """Start over, following the other guide."""
        self._guide.reset()
        self._begin()

    def ask(self, turn: float | None = None, speed: float | None = None) -> None:
        """Take over; ask for a bend, a speed, or both.

        Args:
            turn: From -1, the sharpest bend to the right that can be ridden at the speed, to 1, the sharpest to the
                left [1].
            speed: [m/s].

        Raises:
            ValueError: One is not a finite number.
        """
        for name, value in (("turn", turn), ("speed", speed)):
            if value is not None and not isfinite(value):
                raise ValueError(f"the {name} that is asked for is {value}, not a finite number")
        p = self._parameters
        before = self.turn, self.speed
        if turn is not None:
            self.turn = min(1.0, max(-1.0, turn))
        if speed is not None:
            self.speed = min(p.speed[1], max(p.speed[0], speed))
        self._asked |= not self.taken or (self.turn, self.speed) != before

    def halt(self, foot: Foot) -> None:
        """Take over; stop as soon as braking allows, and stand on a foot until `go`."""
        if not self._held:
            self._halt, self._asked, self._held = foot, True, True

    def go(self) -> None:
        """Go on from a halt, or begin; that is no taking over."""
        self._asked = self.taken or (self._asked and self._halt is None)
        self._held, self._halt = False, None
        if not self.taken:
            self.route = self._followed(self._base)

    @property
    def held(self) -> bool:
        """Whether a halt was asked for last, and not to go on."""
        return self._held

    def step(self, time: float, arc_length: float, speed: float, x: float, y: float) -> Route:
        """The route at a time, as `Guide.step`."""
        left = self.route.course.length - arc_length
        if not (self.taken or self._asked):
            base = self._guide.step(time, arc_length, speed, x, y)
            if base is not self._base:
                self._base, self.route = base, self._followed(base)
                self.changes = self._guide.changes
            self._asked = left < self._parameters.end and all(stop.arc_length < arc_length for stop in base.stops)
        elif (self._asked and time >= self._next) or left < self._parameters.ahead[1]:
            self._next = time + self._parameters.pause
            self._lay(arc_length, max(0.0, speed))
        return self.route

    def _followed(self, base: Route) -> Route:
        profile = base.profile if base.profile is not None else _steady(self._start_speed)
        return Route(base.course, profile, base.stops, self._held)

    def _lay(self, arc_length: float, speed: float) -> None:
        """Lay the way ahead of an arc length [m] that is reached with a speed [m/s]."""
        p, course = self._parameters, self.route.course
        stops = self._stops_begun(arc_length, speed)
        self.taken, self._asked = True, False
        lead = max(p.lead[1], p.lead[0] * speed)
        join = SPACING * round((max(0.0, arc_length) + lead) / SPACING)
        bend = float(course.curvature_at(np.array((join - 0.5 * SPACING,)))[0])
        faster = max(speed, self.speed)
        sharpest = min(p.curvature, p.lateral_acceleration / faster**2)
        rate = min(p.curvature_rate[1], p.curvature_rate[0] / faster)
        wanted, straight = self.turn * sharpest, 0.0
        if self._halt is not None:
            way = speed * speed / (2.0 * p.braking) + p.prepare * speed
            way = max(way, lead + abs(bend) / rate + p.straight[0])
            stops = (*stops, Stop(arc_length + way, self._halt, p.wait, self._halt))
            self._halt = None
        if stops and stops[-1].arc_length > arc_length - p.straight[1]:
            straight = stops[-1].arc_length + p.straight[1] - join
        self.route = Route(
            course.continued(join, _curvature(bend, wanted, rate, straight, p.ahead[0])), _steady(self.speed), stops,
            self._held,
        )  # fmt: skip
        self.changes += 1

    def _stops_begun(self, arc_length: float, speed: float) -> tuple[Stop, ...]:
        """The stops that are behind the bicycle or for which it brakes already."""
        p = self._parameters
        reach = arc_length + speed * speed / (2.0 * p.braking) + p.prepare * speed
        return tuple(stop for stop in self.route.stops if stop.arc_length <= reach)


def _steady(speed: float) -> SpeedProfile:
    return SpeedProfile(1.0, np.array((speed, speed)))


def _curvature(start: float, end: float, rate: float, straight: float, length: float) -> Array:
    """From the curvature of the sample before to another [1/m], by a rate [1/m²] and by way of a straight [m]."""
    arc = SPACING * np.arange(1.0, length / SPACING)
    if straight <= 0.0:
        change = np.minimum(rate * arc, abs(end - start))
        return start + np.copysign(change, end - start)
    leaves = np.sign(start) * np.maximum(0.0, abs(start) - rate * arc)
    comes = np.sign(end) * np.minimum(abs(end), rate * np.maximum(0.0, arc - straight))
    return np.asarray(leaves + comes)
