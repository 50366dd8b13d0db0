"""What the rider does when: from the rest on one foot over the ride to the rest on one foot."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians, sqrt

from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import FreeLeg, Where, _ease
from controllers.riding.modes import RideMode
from controllers.riding.stop import Stop


@dataclass(frozen=True, slots=True)
class TaskParameters:
    """When and how strongly.

    Attributes:
        rest_lean: Lean to the standing foot at rest [rad].
        lift_lean: The same when the foot is picked up [rad].
        push: Force on the pedal that starts the bicycle [N].
        push_rate: How fast it grows [N/s].
        kick: Force of the foot on the ground that helps it [N].
        lift_speed: Speed at which the foot leaves the ground [m/s].
        straight_below: Speed below which the bars are held straight [m/s].
        braking: Deceleration of a stop [m/s²].
        leave_speed: Speed at which the foot leaves its pedal for a stop [m/s].
        touch_speed: Speed at which it is put on the ground [m/s].
        stop_lean: Lean to the foot's side before it stands [rad].
        start_angle: Where the pushing foot's pedal should be at a start, from the top [rad].
    """

    rest_lean: float = 0.07
    lift_lean: float = 0.006
    push: float = 110.0
    push_rate: float = 350.0
    kick: float = 50.0
    lift_speed: float = 0.7
    straight_below: float = 0.6
    braking: float = 1.2
    leave_speed: float = 1.2
    touch_speed: float = 0.45
    stop_lean: float = 0.03
    start_angle: float = radians(5.0)


@dataclass(slots=True)
class Errand:
    """What the layers below are to do.

    Attributes:
        mode: Of the ride.
        speed: Wanted [m/s].
        push: Of the foot that is on its pedal, while the other is not [N].
        squeeze: How hard to brake, 0..1; None where the speed decides.
        straight: Whether the bars are held straight.
        lean: Roll to be kept, positive right [rad].
        prop: Lean towards the standing foot [rad].
        kick: Of the standing foot [N].
        park: Crank angle to be held, None where none is [rad].
    """

    mode: RideMode
    speed: float = 0.0
    push: float = 0.0
    squeeze: float | None = None
    straight: bool = False
    lean: float = 0.0
    prop: float = 0.0
    kick: float = 0.0
    park: float | None = None


class RideTask:
    """Starts, rides and stops."""

    def __init__(self, leg: FreeLeg, stops: tuple[Stop, ...], foot: int | None, development: float, period: float) -> None:
        self._p = TaskParameters()
        self._leg, self._stops, self._first = leg, stops, foot
        self._development, self._period = development, period
        self.mode = RideMode.CRUISE

    lopsided = 0.0

    def reset(self, time: float) -> None:
        self._since = time
        self._next = 0
        self._push = 0.0
        self._wait = 1.0
        self._squeeze = 0.0
        self._leg.reset()
        self.mode = RideMode.CRUISE
        if self._first is not None:
            self._leg.stand(self._first, time)
            self.mode = RideMode.WAIT

    def _go(self, mode: RideMode, time: float) -> None:
        self.mode, self._since = mode, time

    def step(self, time: float, e: RideEstimate, progress: float) -> Errand:
        """The errand for a tick."""
        p, leg = self._p, self._leg
        since = time - self._since
        sign = 1.0 if leg.side else -1.0
        if self.mode is RideMode.WAIT:
            if since > self._wait and self._more:
                self._go(RideMode.PUSH_OFF, time)
                self._push = 0.0
            return Errand(self.mode, squeeze=1.0, straight=True, prop=p.rest_lean)
        if self.mode is RideMode.PUSH_OFF:
            self._push = min(p.push, self._push + p.push_rate * self._period)
            share = _ease(e.speed, 0.15, 0.5)
            lean = p.rest_lean + share * (p.lift_lean - p.rest_lean)
            toward = sign * (e.roll - self.lopsided + 0.27 * e.roll_rate)
            if (e.speed > p.lift_speed and abs(toward) < 0.015) or leg.length > 0.6:
                self._go(RideMode.GATHER, time)
                leg.pick_up(time)
            return Errand(
                self.mode, push=self._push, squeeze=0.0, straight=e.speed < p.straight_below, prop=lean,
                kick=p.kick * min(1.0, self._push / p.push),
            )
        if self.mode is RideMode.GATHER:
            if leg.where is Where.PEDAL and e.speed > 1.0:
                self._go(RideMode.CRUISE, time)
            return Errand(self.mode, push=self._push, speed=2.0)
        stop = self._stops[self._next] if self._next < len(self._stops) else None
        if stop is None:
            return Errand(self.mode, speed=1.5)
        away = stop.arc_length - progress
        if self.mode is RideMode.CRUISE:
            if away < e.speed * e.speed / (2.0 * p.braking) + 0.7 * e.speed:
                self._go(RideMode.STOP, time)
            else:
                return Errand(self.mode, speed=1.5)
        if self.mode is RideMode.STOP:
            side = 0 if stop.foot == "left" else 1
            if leg.where is Where.PEDAL and e.speed < p.leave_speed:
                leg.leave(side, time)
            if leg.where is Where.HOVER and e.speed < p.touch_speed:
                leg.stand(side, time)
            if leg.where is Where.GROUND and time - leg.since > 0.1 and e.speed < 0.05:
                self._go(RideMode.FOOT_DOWN, time)
            wanted = sqrt(2.0 * p.braking * max(0.0, away))
            sign = 1.0 if side else -1.0
            lean = sign * p.stop_lean if e.speed < p.leave_speed else 0.0
            other = p.start_angle
            park = other + (0.0 if side else pi)
            return Errand(self.mode, speed=wanted, lean=lean, park=park, push=15.0, prop=p.rest_lean, straight=leg.where is Where.GROUND)
        if self.mode is RideMode.FOOT_DOWN:
            if since > 1.0:
                self._go(RideMode.WAIT, time)
                self._wait = stop.wait
                self._next += 1
            return Errand(self.mode, squeeze=min(1.0, 0.5 + since), straight=True, prop=p.rest_lean)
        raise ValueError(self.mode)

    @property
    def _more(self) -> bool:
        return self._next == 0 or self._next < len(self._stops)
