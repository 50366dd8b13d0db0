"""The task planner of a ride: from the rest on one foot over the ride to the rest on one foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, pi, radians, sqrt

import numpy as np

from controllers.riding.dab import Dab
from controllers.riding.estimator import RideEstimate
from controllers.riding.foot_motion import ease
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.hill import HillParameters, stopping, uphill
from controllers.riding.hill import parked as on_place
from controllers.riding.intent import Bars, Crank, Intent
from controllers.riding.modes import RIDING, RideMode, may_follow, require_allowed
from controllers.riding.poise import Poise
from controllers.riding.programme import Mode, Phase
from controllers.riding.route import Route
from controllers.riding.stop import FEET, Stop
from controllers.rotation import wrap


@dataclass(frozen=True, slots=True)
class TaskParameters:
    """When, how fast, and how strongly.

    Attributes:
        rest_lean: Lean to the standing foot [rad].
        lift_lean: The same when the foot is about to leave the ground: what the bicycle needs to come out upright when
            the leg is back [rad].
        upright: Speeds between which a start brings the bicycle from the one to the other [m/s].
        push: Force on the pedal that starts the bicycle [N].
        push_rate: How fast it grows [N/s].
        kick: Force of the foot on the ground that helps it [N].
        lift_speed: Speed from which the foot may leave the ground [m/s].
        lift_roll: Greatest lean, with the roll rate over the pendulum's own rate, at which it does [rad].
        lift_stretch: Rest of the leg's length at which it does in any case [m].
        stall_speed: Speed below which that is no start [m/s].
        steer_speed: Speed from which the bars steer during a start [m/s].
        gather_speed: Speed at which a start is over [m/s].
        gather_wish: Speed that is asked for until then [m/s].
        braking: Deceleration of a stop, and the greatest one in riding [m/s²].
        emergency: Greatest deceleration of a stop that comes too late [m/s²].
        prepare: Time before the brakes in which the crank is turned to its place [s].
        park: Time from then until a foot may leave its pedal [s].
        park_past: How far past its place the crank may be then; a foot alone would be carried on by it [rad].
        park_more: Time that it is given to come back otherwise [s].
        approach: How hard to brake for being faster than the line allows [1/s].
        leave_speed: Speed at which the foot leaves its pedal for a stop [m/s].
        touch_speed: Speed at which it is put on the ground [m/s].
        stop_lean: Lean to its side before that [rad].
        lean_over: Times after the foot has left its pedal between which it comes to that lean [s]; a bicycle that leans
            turns, the slower the more.
        catch: Lean away from the standing foot, with its rate, at which the other foot comes down as well, if a third
            of it is lean [rad].
        still: Speed at which the bicycle has stopped [m/s].
        settle: Time from there until it waits [s].
        hold: Deceleration for which the brakes are held at rest [m/s²].
        start_angle: Where the pushing foot's pedal is to wait for a start, from the top, when that foot stays on it,
            and when it has to come up to it and tread on it [rad].
        room: Way to the end of the course that is not worth a start [m].
        start_range: How far from there it may be [rad].
        change: Time in which the weight goes over to the other foot [s].
        corner: Curvature from which the course counts as a bend [1/m].
        slow: Speed below which a ride counts as slow [m/s].
        hill: What a slope changes in stops and starts.
        recover: Time after a dab for which steering does not lead back to the course [s].
    """

    rest_lean: float = 0.07
    lift_lean: float = 0.006
    upright: tuple[float, float] = (0.15, 0.5)
    push: float = 110.0
    push_rate: float = 350.0
    kick: float = 50.0
    lift_speed: float = 0.7
    lift_roll: float = 0.015
    lift_stretch: float = 0.002
    stall_speed: float = 0.3
    steer_speed: float = 0.6
    gather_speed: float = 1.0
    gather_wish: float = 1.5
    braking: float = 1.2
    emergency: float = 2.5
    prepare: float = 0.9
    park: float = 0.8
    park_past: float = radians(24.0)
    park_more: float = 0.3
    approach: float = 2.0
    leave_speed: float = 1.2
    touch_speed: float = 0.45
    stop_lean: float = 0.035
    lean_over: tuple[float, float] = (0.25, 0.55)
    catch: float = 0.015
    still: float = 0.05
    settle: float = 1.0
    hold: float = 2.0
    start_angle: tuple[float, float] = (radians(12.0), radians(25.0))
    room: float = 1.5
    start_range: float = radians(60.0)
    change: float = 1.2
    corner: float = 0.1
    slow: float = 0.8
    hill: HillParameters = field(default_factory=HillParameters)
    recover: float = 1.2


class RideTask:
    """Decides what the ride is at: one mode of `controllers.riding.modes.TABLE` at a time."""

    def __init__(
        self, legs: tuple[FreeLeg, FreeLeg], poise: Poise, dab: Dab, foot: int | None, period: float,
        parameters: TaskParameters | None = None, low_gear: bool = False,
    ) -> None:  # fmt: skip
        """Prepare a ride.

        Args:
            legs: What carries the left and the right foot between pedal and ground.
            poise: What the legs do to the balance.
            dab: What saves a ride that tips too far.
            foot: The foot that stands on the ground at the start, 0 left, 1 right; None for a rolling start.
            period: Time between two steps [s].
            parameters: When, how fast, and how strongly.
            low_gear: Whether the gear counts as low.
        """
        self._parameters = parameters or TaskParameters()
        self._legs, self._poise, self._dab, self._first, self._period = legs, poise, dab, foot, period
        self.low_gear = low_gear
        """Whether the wheel turns so little for a turn of the crank that this counts as low."""
        self.reset(0.0)

    def reset(self, time: float) -> None:
        """Begin at a time [s]."""
        self.mode = RideMode.CRUISE if self._first is None else RideMode.REST
        self.finished = False
        """Whether it has come to rest where the course ends."""
        self.ground_side = 0
        """Where a ride that is lost falls to, 0 left, 1 right."""
        self._since = time
        self._side = self._start_side = self._first or 0
        self._wait = self._parameters.settle
        self._passed = 0
        self._halting = self._caught = self._dabbed = False
        self._saved = -inf
        self._push = self._climb = 0.0
        self._dab.reset()
        for leg in self._legs:
            leg.reset()
        if self._first is not None:
            self._legs[self._first].stand(time)

    @property
    def start_angle(self) -> float:
        """Crank angle at which the next start wants the crank, zero with the left pedal on top [rad]."""
        stays, comes = self._parameters.start_angle
        hill = self._parameters.hill
        more = max(self._climb * hill.start_angle, hill.light_angle if self.low_gear else 0.0)
        angle = (stays if self._start_side == self._side else comes) + more
        return angle + (pi if self._start_side == 0 else 0.0)

    def upright_first(self, time: float) -> bool:
        """Whether a dab is so fresh that steering is to balance alone and not to lead back to the course."""
        return time - self._saved < self._parameters.recover

    def step(self, time: float, e: RideEstimate, wish: Phase, route: Route, arc_length: float) -> Intent:
        """What is asked at a tick.

        Args:
            time: [s].
            e: The ride.
            wish: What to do and how fast where nothing is to be started or stopped.
            route: The course, and the places on it to stand still.
            arc_length: Where the rear wheel is along it [m].
        """
        stop = route.stops[self._passed] if self._passed < len(route.stops) else None
        end = route.course.length
        if self.mode in RIDING:
            bend = float(route.course.curvature_at(np.array((arc_length,)))[0])
            self._ride(time, e, wish, stop, arc_length, bend)
        self._save(time, e)
        match self.mode:
            case RideMode.DAB:
                return self._step_down(time, e)
            case RideMode.ABORT:
                return Intent(RideMode.ABORT, Crank.PARK)
            case RideMode.REST | RideMode.WAIT:
                return self._stand(time, e)
            case RideMode.PUSH_OFF:
                return self._push_off(time, e)
            case RideMode.GATHER:
                return self._gather(time, e, wish)
            case RideMode.STOP:
                assert stop is not None
                return self._stop(time, e, stop.arc_length - arc_length)
            case RideMode.FOOT_DOWN:
                return self._foot_down(time, e, stop if self._halting else None, end)
            case _:
                return self._riding(wish, e)

    def _go(self, mode: RideMode, time: float) -> None:
        require_allowed(self.mode, mode)
        self.mode, self._since = mode, time

    def _toward(self, side: int) -> float:
        """Sign of a roll to a side: left is negative."""
        return 1.0 if side else -1.0

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
        if self.mode is RideMode.GATHER and self._dab.relapses(tilt, self._side) and not seated:
            side = self._side
        if side is not None and may_follow(self.mode, RideMode.DAB):
            self._side = self._start_side = side
            self._halting, self._dabbed = False, True
            self._legs[side].leave(time, quickly=True)
            self._go(RideMode.DAB, time)
        elif self._dab.lost(e):
            self.ground_side = int((tilt if seated else e.roll) > 0.0)
            self._go(RideMode.ABORT, time)

    def _step_down(self, time: float, e: RideEstimate) -> Intent:
        """The foot on the side of the fall goes to the ground, and the bicycle comes to rest on it."""
        leg = self._legs[self._side]
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
                self._halting = True
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
        self._climb = climb
        if climb <= 0.5:
            self._side, self._start_side = FEET.index(stop.foot), FEET.index(stop.next_foot)
            return True
        least, most = p.ahead
        for side in (1, 0):
            self._side = self._start_side = side
            ahead = (self.start_angle - crank) % (2.0 * pi)
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

    def _misplaced(self, crank: float) -> bool:
        """Whether a start is better made by the other foot, because of where the crank is [rad]."""
        p = self._parameters
        own, other = (abs(wrap(crank + side * pi - p.start_angle[0])) for side in (1 - self._side, self._side))
        return own > p.start_range and other < p.start_range

    def _left_behind(self) -> bool:
        """Whether a dab has left the standing foot where it cannot push the bicycle off."""
        leg = self._legs[self._side]
        return self._dabbed and leg.where is Place.GROUND and float(leg.point[0]) < leg.hip

    def _stand(self, time: float, e: RideEstimate) -> Intent:
        """On one foot, brakes held; over to the other foot if the next start is to be made from that one."""
        p = self._parameters
        if self._steadies(time, e):
            self._since = time
        since = time - self._since - self._wait
        if (
            self.mode is RideMode.WAIT
            and since > 0.0
            and self._side == self._start_side
            and (self._misplaced(e.crank_angle) or self._left_behind())
        ):
            self._start_side = 1 - self._side
        lean = self._toward(self._side) * p.rest_lean
        if since > 0.0 and not self.finished:
            if self._side == self._start_side:
                self._push, self._dabbed = 0.0, False
                self._go(RideMode.PUSH_OFF, time)
            else:
                lean = self._change_feet(time)
        return Intent(
            self.mode, Crank.PARK, park=self.start_angle, deceleration=p.hold, bars=Bars.STRAIGHT, lean=lean, held=True
        )

    def _tilt(self, e: RideEstimate) -> float:
        """Roll from where the bicycle balances, with its rate: where it is falling to, positive to the right [rad]."""
        poise = self._poise
        return e.roll - poise.roll + (e.roll_rate + poise.roll_rate) / poise.falling

    def _steadies(self, time: float, e: RideEstimate) -> bool:
        """Whether it puts the other foot down as well, or back again, since it falls away from the one that stands."""
        p = self._parameters
        standing, other = self._legs[self._side], self._legs[1 - self._side]
        toward = self._toward(self._side)
        tilt, lean = toward * self._tilt(e), toward * (e.roll - self._poise.roll)
        if other.on_pedal:
            if standing.where is Place.GROUND and max(tilt, 3.0 * lean) < -p.catch:
                self._caught = True
                other.leave(time)
        elif self._caught:
            if other.where is Place.BESIDE:
                other.stand(time)
            elif other.where is Place.GROUND and other.since(time) > p.settle and tilt > 0.5 * p.rest_lean:
                other.pick_up(time, calmly=True)
        if other.on_pedal:
            self._caught = False
        return self._caught

    def _change_feet(self, time: float) -> float:
        """Put the other foot down, lean over to it, and bring the first one to its pedal; returns the lean [rad]."""
        p = self._parameters
        old, new = self._legs[self._side], self._legs[self._start_side]
        lean = self._toward(self._side) * p.rest_lean
        if new.where is Place.PEDAL:
            new.leave(time, calmly=True)
        elif new.where is Place.BESIDE:
            new.stand(time)
        elif new.where is Place.GROUND:
            share = ease(new.since(time) / p.change)
            lean *= 1.0 - 2.0 * share
            if share >= 1.0 and old.where is Place.GROUND:
                old.pick_up(time, calmly=True)
            elif old.where is Place.PEDAL:
                self._side, self._since, self._wait = self._start_side, time, p.settle
        return lean

    def _push_off(self, time: float, e: RideEstimate) -> Intent:
        p = self._parameters
        leg, toward = self._legs[self._side], self._toward(self._side)
        steep = uphill(p.hill, e.slope)
        most = p.push + steep * (p.hill.push - p.push)
        push_rate = p.push_rate + steep * (p.hill.push_rate - p.push_rate)
        self._push = min(most, self._push + push_rate * self._period)
        upright = p.hill.upright if steep > 0.5 else p.upright
        lean = p.rest_lean + ease(e.speed, *upright) * (p.lift_lean - p.rest_lean)
        steers = e.speed >= (p.hill.steer_speed if steep > 0.5 else p.steer_speed)
        held = steep > 0.5 and self._push < p.hill.carries * most
        lift_speed = p.lift_speed + steep * (p.hill.lift_speed - p.lift_speed)
        tilt = self._tilt(e) + (e.lean - e.roll if steep > 0.5 else 0.0)  # as the bars will see it
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
        seated = self._legs[self._side].on_pedal
        if seated and (e.speed > min(p.gather_speed, speed) or self._dabbed):
            self._go(RideMode.CRUISE, time)
        over = e.speed - p.gather_speed
        brake = p.approach * over if e.slope < 0.0 < over else None
        return Intent(self.mode, Crank.DRIVE if seated else Crank.PUSH, speed, push=self._push, deceleration=brake)

    def _stop(self, time: float, e: RideEstimate, away: float) -> Intent:
        """Crank to its place, brakes, foot out, lean, foot on the ground."""
        p = self._parameters
        leg, toward = self._legs[self._side], self._toward(self._side)
        climbs = uphill(p.hill, e.slope) > 0.5
        past = wrap(e.crank_angle - self.start_angle)
        parked = time - self._since > (p.park if past < p.park_past else p.park + p.park_more)
        parked |= climbs and on_place(p.hill, past, e.crank_rate)
        if leg.where is Place.PEDAL and parked and e.speed < p.leave_speed:
            leg.leave(time, briskly=climbs)
        elif leg.where is Place.BESIDE and e.speed < p.touch_speed:
            leg.stand(time)
        elif leg.where is Place.GROUND and leg.since(time) > 0.1 and e.speed < p.still:
            self._go(RideMode.FOOT_DOWN, time)
        needed = e.speed * e.speed / (2.0 * max(away, 0.01))
        rate = min(p.emergency, max(stopping(p.hill, p.braking, e.slope), needed if away > 0.05 else 0.0))
        allowed = sqrt(2.0 * rate * max(0.0, away))
        over = e.speed - allowed
        standing = leg.where is Place.GROUND
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
            self.mode, Crank.PARK, allowed, park=self.start_angle,
            deceleration=p.hold if held else brake,
            bars=Bars.STRAIGHT if standing else Bars.STEER, lean=toward * lean, held=held,
        )  # fmt: skip

    def _foot_down(self, time: float, e: RideEstimate, stop: Stop | None, end: float) -> Intent:
        p = self._parameters
        self._steadies(time, e)
        since = time - self._since
        if since > p.settle:
            self._passed += self._halting
            self._halting = False
            if stop is not None and stop.arc_length > end - p.room:
                self.finished = True
                self._go(RideMode.REST, time)
            else:
                self._wait = p.settle if stop is None else stop.wait
                self._go(RideMode.WAIT, time)
        return Intent(
            self.mode, Crank.PARK, park=self.start_angle, deceleration=p.hold * ease(since / p.settle, -0.5, 0.5),
            bars=Bars.STRAIGHT, lean=self._toward(self._side) * p.rest_lean, held=True, most=self._dab.load(e.roll),
        )  # fmt: skip
