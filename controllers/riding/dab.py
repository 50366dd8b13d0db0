"""A dab: when a slow ride tips farther than steering can catch, and how a foot on the ground pushes it upright."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from controllers.riding.capture import Capture
from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.intent import Bars, Crank, Intent
from controllers.riding.modes import RideMode


@dataclass(frozen=True, slots=True)
class SaveParameters:
    """When a foot goes down, and when the ride is lost.

    Attributes:
        dab: Whether a foot is put down to save the ride.
        abort: Whether the body is protected once it is lost.
        excess: Tilt beyond what steering can catch, at which a foot goes down [rad].
        patience: For how long that must be so [s].
        doubt: For how long a ride must look lost until it is given up [s].
        settle: Time from when both feet are on their pedals until that is judged [s].
        speeds: Speeds between which a foot can stand beside the bicycle [m/s].
        least: Time for which the foot stands at least [s].
        ride_on: Speed above which the foot goes back once steering can catch the rest; below, it stops [m/s].
        caught: How far within the reach of steering the tilt must be for that [rad].
        upright: Greatest roll for that [rad].
        smoothing: How fast the tilt is taken in for that [1/s].
        sure: For how long it must be so [s].
        step_speed: Speed above which the foot is set anew when the bicycle has passed over it [m/s].
        braking: Greatest deceleration while the foot stands [m/s²].
        approach: Deceleration besides for each m/s [1/s].
        load: Greatest load of the foot [N].
        straighten: Speed below which the bars are turned straight meanwhile [m/s].
        lean: Roll to the foot's side that it holds [rad].
        still: Speed at which the bicycle has stopped [m/s].
        stretch: Rest of the leg's length at which the foot is set anew [m].
        behind: How far behind the hip it may stay [m].
        lost_excess: Tilt beyond what steering can catch, from which no foot helps [rad].
        lost_lean: Roll from which no foot helps that is on its way or stands [rad].
        believed: Greatest roll rate that is believed while one does; the pelvis shakes [rad/s].
        lost_roll: Roll from which on a ride is lost at any speed [rad].
    """

    dab: bool = True
    abort: bool = True
    excess: float = 0.04
    patience: float = 0.01
    doubt: float = 0.05
    settle: float = 0.1
    speeds: tuple[float, float] = (0.15, 1.35)
    least: float = 0.08
    ride_on: float = 0.5
    caught: float = 0.05
    upright: float = 0.07
    smoothing: float = 30.0
    sure: float = 0.03
    step_speed: float = 0.3
    braking: float = 2.5
    approach: float = 0.5
    load: float = 340.0
    straighten: float = 0.45
    lean: float = 0.07
    still: float = 0.08
    stretch: float = 0.002
    behind: float = 0.12
    lost_excess: float = 0.2
    lost_lean: float = 0.32
    believed: float = 1.0
    lost_roll: float = 0.6


class Dab:
    """Watches how far the ride tips, and leads the foot that saves it."""

    def __init__(self, capture: Capture, period: float, parameters: SaveParameters | None = None) -> None:
        """Take what steering can catch, and the time between two ticks [s]."""
        self._parameters = parameters or SaveParameters()
        self._capture, self._period = capture, period
        self.reset()

    def reset(self) -> None:
        """Nothing has happened."""
        self.excess = -1.0
        """Tilt beyond what steering can catch [rad]."""
        self._smooth = -1.0
        self._beyond = self._lost = self._seated = self._within = 0.0

    def side(self, tilt: float, e: RideEstimate, *, seated: bool) -> int | None:
        """The foot that is to go down now, 0 left, 1 right; None for neither.

        Args:
            tilt: Roll with roll rate over the rate of falling, from where the bicycle balances, to the right [rad].
            e: The ride.
            seated: Whether both feet are on their pedals; just after they came there the rates are not to be trusted.
        """
        p = self._parameters
        toward = -e.steer if tilt > 0.0 else e.steer
        self.excess = abs(tilt) - self._capture.reach(e.speed, toward)
        self._smooth += p.smoothing * self._period * (self.excess - self._smooth)
        self._seated = self._seated + self._period if seated else 0.0
        slow = p.speeds[0] < e.speed < p.speeds[1] and self._seated > p.settle
        self._beyond = self._beyond + self._period if slow and self.excess > p.excess else 0.0
        return int(tilt > 0.0) if p.dab and self._beyond > p.patience else None

    def believe(self, rate: float) -> float:
        """As much of a roll rate as is believed while a foot is not on its pedal [rad/s]."""
        limit = self._parameters.believed
        return min(limit, max(-limit, rate))

    def relapses(self, tilt: float, side: int) -> bool:
        """Whether a foot that is on its way back to its pedal has to go down again; after :meth:`side`."""
        p = self._parameters
        return p.dab and self._smooth > p.excess and (tilt > 0.0) == (side == 1)

    def lost(self, e: RideEstimate) -> bool:
        """Whether the ride is lost, beyond steering and beyond a foot; after :meth:`side`."""
        p = self._parameters
        if 0.0 < self._seated < p.settle:
            beyond = False
        else:
            beyond = self.excess > p.lost_excess if self._seated else abs(e.roll) > p.lost_lean
        self._lost = self._lost + self._period if beyond or abs(e.roll) > p.lost_roll else 0.0
        return p.abort and self._lost > p.doubt

    def load(self, tilt: float) -> float | None:
        """Greatest load of a foot that stands beside a bicycle [N]; None is its usual one.

        Args:
            tilt: Roll to its side with roll rate over the rate of falling, from where the bicycle balances [rad].
        """
        return self._parameters.load if tilt > 2.0 * self._parameters.lean else None

    def step(self, time: float, e: RideEstimate, leg: FreeLeg) -> tuple[Intent, RideMode]:
        """What is asked while the foot goes down and stands, and the mode that follows.

        Args:
            time: [s].
            e: The ride.
            leg: The foot.
        """
        p = self._parameters
        if leg.where is Place.BESIDE:
            leg.stand(time)
        upright = self._smooth < -p.caught and abs(e.roll) < p.upright
        within = upright and e.speed > p.ride_on and leg.since(time) > p.least
        self._within = self._within + self._period if within else 0.0
        goes_on = self._within > p.sure
        left = leg.behind > p.behind or (leg.stretch < p.stretch and leg.behind > 0.0)
        rolls = leg.where is Place.GROUND and leg.since(time) > p.least and e.speed > p.step_speed
        if left and rolls and not goes_on:
            leg.leave(time, quickly=True)
        standing = leg.where is Place.GROUND
        stops = standing and e.speed < p.ride_on
        braking = None
        if stops:
            way = max(0.05, p.behind - leg.behind)
            braking = min(p.braking, e.speed * e.speed / (2.0 * way) + p.approach * e.speed)
        toward = 1.0 if leg.side else -1.0
        intent = Intent(
            RideMode.DAB, Crank.PARK, e.speed, park=pi * leg.side, deceleration=braking,
            bars=Bars.STRAIGHT if standing and e.speed < p.straighten else Bars.STEER,
            lean=toward * p.lean if stops else 0.0, most=p.load,
        )  # fmt: skip
        if goes_on:
            return intent, RideMode.GATHER
        rests = standing and e.speed < p.still and leg.since(time) > p.least
        return intent, RideMode.FOOT_DOWN if rests else RideMode.DAB
