"""The task planner of a ride: from the rest on one foot over the ride to the rest on one foot."""

from __future__ import annotations

from dataclasses import replace
from math import inf, pi, sqrt

import numpy as np

from controllers.riding.dab import Dab
from controllers.riding.estimator import RideEstimate
from controllers.riding.foot_motion import ease
from controllers.riding.footing import Footing
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.hill import parked as on_place
from controllers.riding.hill import stopping, uphill
from controllers.riding.intent import Bars, Crank, Intent
from controllers.riding.lost_pedal import LostPedal
from controllers.riding.modes import PEDALLING, RIDING, TABLE, RideMode
from controllers.riding.poise import Poise
from controllers.riding.programme import Mode, Phase
from controllers.riding.reseat import Reseat
from controllers.riding.route import Route
from controllers.riding.stop import FEET, Stop
from controllers.riding.task_parameters import TaskParameters
from controllers.rotation import wrap

_SAME = 0.5
"""Places to stand still that are no farther apart are one, which a new route has a little elsewhere [m]."""


class RideTask:
    """Decides what the ride is at: one mode of `controllers.riding.modes.TABLE` at a time."""

    def __init__(
        self, legs: tuple[FreeLeg, FreeLeg], poise: Poise, dab: Dab, lost: LostPedal, foot: int | None, period: float,
        parameters: TaskParameters | None = None, low_gear: bool = False,
    ) -> None:  # fmt: skip
        """Prepare a ride.

        Args:
            legs: What carries the left and the right foot between pedal and ground.
            poise: What the legs do to the balance.
            dab: What saves a ride that tips too far.
            lost: What feels a foot that is beside its pedal.
            foot: The foot that stands on the ground at the start, 0 left, 1 right; None for a rolling start.
            period: Time between two steps [s].
            parameters: When, how fast, and how strongly.
            low_gear: Whether the gear counts as low.
        """
        self._parameters = parameters or TaskParameters()
        self._legs, self._poise, self._dab, self._lost = legs, poise, dab, lost
        self._first, self._period = foot, period
        self._reseat = Reseat(legs)
        self._feet = Footing(legs, poise, self._parameters, foot, low_gear)
        self.reset(0.0)

    def reset(self, time: float) -> None:
        """Begin at a time [s]."""
        self.mode = RideMode.CRUISE if self._first is None else RideMode.REST
        self.finished = False
        """Whether it has come to rest where the course ends."""
        self.ground_side = 0
        """Where a ride that is lost falls to, 0 left, 1 right."""
        self._since = time
        self._wait = self._parameters.settle
        self._served = -inf
        self._shut = False
        self._stop_begun: Stop | None = None
        self._saved = -inf
        self._push = 0.0
        self._dab.reset()
        self._lost.reset()
        self._reseat.reset()
        self._feet.reset(time)

    @property
    def start_angle(self) -> float:
        """Crank angle at which the next start wants the crank, zero with the left pedal on top [rad]."""
        return self._feet.start_angle

    @property
    def lowest(self) -> int | None:
        """The foot whose pedal is at its lowest, 0 left, 1 right; None where that is not known."""
        return self._reseat.lowest

    def upright_first(self, time: float) -> bool:
        """Whether a dab is so fresh that steering is to balance alone and not to lead back to the course."""
        return time - self._saved < self._parameters.recover

    def step(
        self, time: float, e: RideEstimate, loads: tuple[float, float], wish: Phase, route: Route, arc_length: float
    ) -> Intent:
        """What is asked at a tick.

        Args:
            time: [s].
            e: The ride.
            loads: What the left and the right foot press on their pedals [N].
            wish: What to do and how fast where nothing is to be started or stopped.
            route: The course, and the places on it to stand still.
            arc_length: Where the rear wheel is along it [m].
        """
        stop = self._next(route)
        if self.mode in RIDING:
            bend = float(route.course.curvature_at(np.array((arc_length,)))[0])
            self._ride(time, e, wish, stop, arc_length, bend)
        self._find_pedals(time, e, loads)
        self._save(time, e)
        match self.mode:
            case RideMode.DAB:
                return self._step_down(time, e)
            case RideMode.ABORT:
                return Intent(RideMode.ABORT, Crank.PARK)
            case RideMode.REST | RideMode.WAIT:
                barred = self._barred(time, stop, arc_length, route.course.length)
                return self._stand(time, e, held=route.held or barred)
            case RideMode.PUSH_OFF:
                return self._push_off(time, e)
            case RideMode.GATHER:
                return self._gather(time, e, wish)
            case RideMode.RESEAT:
                return self._set_anew(time, e)
            case RideMode.STOP:
                return self._stop(time, e, self._made(stop).arc_length - arc_length)
            case RideMode.FOOT_DOWN:
                return self._foot_down(time, e, stop, arc_length, route.course.length)
            case _:
                return self._riding(wish, e)

    def _go(self, mode: RideMode, time: float) -> None:
        TABLE.require(self.mode, mode)
        self.mode, self._since = mode, time

    def _next(self, route: Route) -> Stop | None:
        """The next place to stand still; before what shuts the way off one stands wherever that is."""
        beyond = self._served + _SAME
        return next((stop for stop in route.stops if stop.arc_length > beyond or stop.wait == inf), None)

    def _made(self, stop: Stop | None) -> Stop:
        """The stop that is being made, as the route has it by now; one that it has no more is made all the same."""
        begun = self._stop_begun
        assert begun is not None
        if stop is None or not self._near(stop, begun.arc_length):
            stop = replace(begun, wait=self._parameters.settle)
        self._stop_begun = stop
        return stop

    def _near(self, stop: Stop | None, arc_length: float) -> bool:
        """Whether a stop is so near to a place [m] that a start from there could not end at it."""
        return stop is not None and stop.arc_length - arc_length < self._parameters.start_way

    def _barred(self, time: float, stop: Stop | None, arc_length: float, end: float) -> bool:
        """Whether the way is shut off too near ahead for a start; once it is free one stands at a place so near."""
        shut = stop is not None and stop.wait == inf and self._near(stop, arc_length)
        if self.mode is RideMode.WAIT and self._shut and not shut and self._near(stop, arc_length):
            self._stood(time, stop, end)
        self._shut = shut
        return shut

    def _stood(self, time: float, stop: Stop | None, end: float) -> None:
        """It stands where it was to stand, or somewhere else: wait, or be at the end of the course [m]."""
        p = self._parameters
        self._served = self._served if stop is None else stop.arc_length
        self.finished = stop is not None and stop.arc_length > end - p.room
        self._wait = p.settle if stop is None or stop.wait == inf else stop.wait
        mode = RideMode.REST if self.finished else RideMode.WAIT
        if mode is not self.mode:
            self._go(mode, time)

    def _find_pedals(self, time: float, e: RideEstimate, loads: tuple[float, float]) -> None:
        """Take a foot off that is beside its pedal."""
        side = self._lost.step(e, loads, driven=self.mode in PEDALLING)
        if side is not None:
            self._reseat.begin(time, side)
            self._go(RideMode.RESEAT, time)

    def _set_anew(self, time: float, e: RideEstimate) -> Intent:
        """Feet that have lost the crank come back to their pedals, one after the other."""
        if self._reseat.step(time, e):
            self._go(RideMode.CRUISE, time)
        return Intent(self.mode, Crank.PARK, e.speed, park=pi * round(e.crank_angle / pi))

    def _save(self, time: float, e: RideEstimate) -> None:
        """Put a foot down if the ride tips too far, or give it up."""
        if self.mode is RideMode.ABORT:
            return
        if self.mode is RideMode.DAB:
            self._saved = time
        seated = all(leg.on_pedal for leg in self._legs)
        rate = e.roll_rate + self._poise.roll_rate
        if not seated:
            rate = self._dab.believe(rate)
        tilt = e.lean - self._poise.roll + rate / self._poise.falling
        side = self._dab.side(tilt, e, seated=seated)
        if self.mode is RideMode.GATHER and self._dab.relapses(tilt, self._feet.side) and not seated:
            side = self._feet.side
        if side is not None and TABLE.allows(self.mode, RideMode.DAB):
            self._feet.side = self._feet.start_side = side
            self._stop_begun, self._feet.dabbed, self._feet.came = None, True, False
            self._legs[side].leave(time, quickly=True)
            self._go(RideMode.DAB, time)
        elif self._dab.lost(e):
            self.ground_side = int((tilt if seated else e.roll) > 0.0)
            self._go(RideMode.ABORT, time)

    def _step_down(self, time: float, e: RideEstimate) -> Intent:
        """The foot on the side of the fall goes to the ground, and the bicycle comes to rest on it."""
        leg = self._feet.leg
        intent, after = self._dab.step(time, e, leg)
        if after is RideMode.GATHER:
            leg.pick_up(time)
            self._push = self._parameters.push
        if after is not self.mode:
            self._go(after, time)
        return intent

    def _ride(
        self, time: float, e: RideEstimate, wish: Phase, stop: Stop | None, arc_length: float, curvature: float
    ) -> None:
        """Change between the modes in which both feet are on the pedals, and begin a stop."""
        p = self._parameters
        if stop is not None:
            away = stop.arc_length - arc_length
            climb = uphill(p.hill, e.slope)
            prepare = p.prepare + climb * (p.hill.prepare - p.prepare)
            way = e.speed * e.speed / (2.0 * stopping(p.hill, p.braking, e.slope))
            spare = min(stop.notice, way + prepare * e.speed) - away
            if spare > (0.0 if climb <= 0.5 else -p.hill.early[0]) and self._chosen(stop, climb, spare, e.crank_angle):
                self._stop_begun = stop
                self._go(RideMode.STOP, time)
                return
        match wish.mode:
            case Mode.COAST:
                mode = RideMode.COAST
            case Mode.BRAKE:
                mode = RideMode.BRAKE
            case Mode.PEDAL if abs(curvature) > p.corner:
                mode = RideMode.CORNER
            case _:
                mode = RideMode.SLOW if wish.speed < p.slow else RideMode.CRUISE
        if mode is not self.mode:
            self._go(mode, time)

    def _chosen(self, stop: Stop, climb: float, spare: float, crank: float) -> bool:
        """Choose the feet for a stop; on a steep slope those for which the crank is on the way to its place.

        Args:
            stop: The stop.
            climb: How much the slope counts as uphill [1].
            spare: How late it is already [m].
            crank: Its angle [rad].

        Returns:
            Whether the stop may begin.
        """
        p = self._parameters.hill
        self._feet.climb, self._feet.came = climb, False
        if climb <= 0.5:
            self._feet.side, self._feet.start_side = FEET.index(stop.foot), FEET.index(stop.next_foot)
            return True
        least, most = p.ahead
        for side in (1, 0):
            self._feet.side = self._feet.start_side = side
            ahead = (self._feet.start_angle - crank) % (2.0 * pi)
            if least <= ahead < (most if spare < p.early[1] else least + pi):
                return True
        return False

    def _riding(self, wish: Phase, e: RideEstimate) -> Intent:
        p = self._parameters
        if wish.mode is Mode.PEDAL:
            return Intent(self.mode, Crank.DRIVE, wish.speed)
        if wish.mode is Mode.COAST:
            return Intent(self.mode, Crank.PARK, wish.speed)
        over = p.approach * (e.speed - wish.speed)
        least = 0.0 if e.slope >= 0.0 else -p.braking  # downhill the brakes hold the speed from below as well
        return Intent(self.mode, Crank.PARK, wish.speed, deceleration=min(p.braking, max(least, over)))

    def _stand(self, time: float, e: RideEstimate, *, held: bool) -> Intent:
        """On one foot, brakes held; over to the other foot if the next start is to be made from that one."""
        p, feet = self._parameters, self._feet
        if feet.steady(time, e) or (held and not feet.changing):
            self._since = time
        since = time - self._since - self._wait
        if self.mode is RideMode.WAIT and since > 0.0 and feet.prefers_other(e.crank_angle):
            feet.start_side = 1 - feet.side
        lean = feet.toward * p.rest_lean
        if since > 0.0 and not self.finished:
            if feet.side == feet.start_side:
                self._push, feet.dabbed = 0.0, False
                self._go(RideMode.PUSH_OFF, time)
            else:
                lean, changed = feet.change(time, e)
                if changed:
                    self._since, self._wait = time, p.settle
        return Intent(
            self.mode,
            Crank.PARK,
            park=self._feet.start_angle,
            deceleration=p.hold,
            bars=Bars.STRAIGHT,
            lean=lean,
            held=True,
            most=self._most(e),
        )

    def _most(self, e: RideEstimate) -> float | None:
        """Greatest load of the foot that stands [N]; None is its usual one."""
        return self._dab.load(self._feet.toward * self._feet.tilt(e))

    def _push_off(self, time: float, e: RideEstimate) -> Intent:
        p = self._parameters
        leg, toward = self._feet.leg, self._feet.toward
        steep = uphill(p.hill, e.slope)
        most = p.push + steep * (p.hill.push - p.push)
        push_rate = p.push_rate + steep * (p.hill.push_rate - p.push_rate)
        self._push = min(most, self._push + push_rate * self._period)
        upright = p.hill.upright if steep > 0.5 else p.upright
        lean = p.rest_lean + ease(e.speed, *upright) * (p.lift_lean - p.rest_lean)
        steers = e.speed >= (p.hill.steer_speed if steep > 0.5 else p.steer_speed)
        held = steep > 0.5 and self._push < p.hill.carries * most
        lift_speed = p.lift_speed + steep * (p.hill.lift_speed - p.lift_speed)
        tilt = self._feet.tilt(e)
        stuck = steep > 0.5 and time - self._since > p.hill.patience
        if (leg.stretch < p.lift_stretch or stuck) and e.speed < p.stall_speed:
            self._go(RideMode.FOOT_DOWN, time)
        elif leg.stretch < p.lift_stretch or (e.speed > lift_speed and abs(tilt) < p.lift_roll):
            leg.pick_up(time, briskly=steep > 0.5)
            self._go(RideMode.GATHER, time)
        return Intent(
            self.mode, Crank.PUSH, p.gather_wish, push=self._push, bars=Bars.STEER if steers else Bars.STRAIGHT,
            lean=toward * lean, kick=(p.kick + steep * (p.hill.kick - p.kick)) * self._push / most,
            deceleration=p.hold if held else None, held=held,
        )  # fmt: skip

    def _gather(self, time: float, e: RideEstimate, wish: Phase) -> Intent:
        p = self._parameters
        speed = max(wish.speed, p.gather_wish) if wish.mode is Mode.PEDAL else p.gather_wish
        seated = self._feet.leg.on_pedal
        if seated and (e.speed > p.gather_speed or self._feet.dabbed):
            self._feet.dabbed = False
            self._go(RideMode.CRUISE, time)
        over = e.speed - p.gather_speed
        brake = p.approach * over if e.slope < 0.0 < over else None
        return Intent(self.mode, Crank.DRIVE if seated else Crank.PUSH, speed, push=self._push, deceleration=brake)

    def _stop(self, time: float, e: RideEstimate, away: float) -> Intent:
        """Crank to its place, brakes, foot out, lean, foot on the ground."""
        p = self._parameters
        leg, toward = self._feet.leg, self._feet.toward
        climbs = uphill(p.hill, e.slope) > 0.5
        past = wrap(e.crank_angle - self._feet.start_angle)
        parked = time - self._since > (p.park if abs(past) < p.park_past else p.park + p.park_more)
        parked |= climbs and on_place(p.hill, past, e.crank_rate)
        if leg.where is Place.PEDAL and parked and e.speed < p.leave_speed:
            leg.leave(time, briskly=climbs)
        elif leg.where is Place.BESIDE and e.speed < p.touch_speed:
            leg.stand(time)
        elif leg.where is Place.GROUND and leg.since(time) > 0.1 and e.speed < p.still:
            self._go(RideMode.FOOT_DOWN, time)
        standing = leg.where is Place.GROUND
        if standing:  # from a foot that is left behind its hip no start is made
            away = min(away, -leg.behind)
        needed = e.speed * e.speed / (2.0 * max(away, 0.01))
        rate = min(p.emergency, max(stopping(p.hill, p.braking, e.slope), needed if away > 0.05 else 0.0))
        allowed = sqrt(2.0 * rate * max(0.0, away))
        over = e.speed - allowed
        out = 0.0 if leg.on_pedal else leg.since(time)
        lean = p.rest_lean if standing else p.stop_lean * ease(out, *p.lean_over)
        if e.slope < 0.0 and not standing:
            most, first, last = p.hill.aside
            lean = most * ease(out, first, last)
        if climbs and not standing:
            lean = p.hill.lean * max(0.35 * ease(time - self._since, *p.hill.lean_over), ease(out, 0.0, 0.25))
        held = e.slope > 0.0 and e.speed < p.hill.hold_speed
        brake = max(0.0, rate + p.approach * over) if over > -0.1 else 0.0 if e.slope < 0.0 else None
        return Intent(
            self.mode, Crank.PARK, allowed, park=self._feet.start_angle,
            deceleration=p.hold if held else brake,
            bars=Bars.STRAIGHT if standing else Bars.STEER, lean=toward * lean, held=held,
            most=self._most(e) if standing else None,
        )  # fmt: skip

    def _foot_down(self, time: float, e: RideEstimate, stop: Stop | None, arc_length: float, end: float) -> Intent:
        """The foot stands; what comes next is said by the stop that was made, or that is too near to ride to."""
        p = self._parameters
        if self._stop_begun is not None:
            stop = self._made(stop)
        elif not (self._feet.dabbed and self._near(stop, arc_length)):
            stop = None
        self._feet.steady(time, e)
        since = time - self._since
        if since > p.settle:
            self._stop_begun = None
            self._stood(time, stop, end)
        return Intent(
            self.mode, Crank.PARK, park=self._feet.start_angle, deceleration=p.hold * ease(since / p.settle, -0.5, 0.5),
            bars=Bars.STRAIGHT, lean=self._feet.toward * p.rest_lean, held=True, most=self._most(e),
        )  # fmt: skip
