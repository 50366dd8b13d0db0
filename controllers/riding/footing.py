"""On which foot the bicycle stands, which one the next start is made from, and how the weight goes over."""

from __future__ import annotations

from math import pi

from controllers.riding.estimator import RideEstimate
from controllers.riding.foot_motion import ease
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.poise import Poise
from controllers.riding.task_parameters import TaskParameters
from controllers.rotation import wrap


class Footing:
    """The feet of a bicycle at rest: left is side 0, right is side 1."""

    def __init__(
        self, legs: tuple[FreeLeg, FreeLeg], poise: Poise, parameters: TaskParameters, first: int | None, low_gear: bool
    ) -> None:
        """Prepare.

        Args:
            legs: What carries the left and the right foot between pedal and ground.
            poise: What the legs do to the balance.
            parameters: When, how fast, and how strongly.
            first: The foot that stands on the ground at the start; None for a rolling start.
            low_gear: Whether the gear counts as low.
        """
        self._legs, self._poise, self._parameters = legs, poise, parameters
        self._first, self._low_gear = first, low_gear
        self.reset(0.0)

    def reset(self, time: float) -> None:
        """Begin at a time [s]."""
        self.side = self.start_side = self._first or 0
        self.came = False
        """Whether the foot that is to push has come up to its pedal at rest: the crank may stay as it found it."""
        self.climb = 0.0
        """How much the slope counts as uphill [1]."""
        self.dabbed = False
        """Whether a dab has brought the foot to where it stands, or to its pedal just now."""
        self._caught = False
        self._falls_since: float | None = None
        for leg in self._legs:
            leg.reset()
        if self._first is not None:
            self.leg.stand(time)

    @property
    def leg(self) -> FreeLeg:
        """The leg of `side`."""
        return self._legs[self.side]

    @property
    def toward(self) -> float:
        """Sign of a roll to `side`: left is negative."""
        return 1.0 if self.side else -1.0

    @property
    def start_angle(self) -> float:
        """Crank angle at which the next start wants the crank, zero with the left pedal on top [rad]."""
        stays, comes = self._parameters.start_angle
        hill = self._parameters.hill
        more = max(self.climb * hill.start_angle, hill.light_angle if self._low_gear else 0.0)
        angle = (stays if self.start_side == self.side and not self.came else comes) + more
        return angle + (pi if self.start_side == 0 else 0.0)

    @property
    def changing(self) -> bool:
        """Whether the foot of the next start is on its way to the ground, or there beside the one that stands."""
        return self.side != self.start_side and self._legs[self.start_side].where is not Place.PEDAL

    def tilt(self, e: RideEstimate) -> float:
        """Roll from where the bicycle balances, with its rate: where it is falling to, positive to the right [rad]."""
        poise = self._poise
        return e.lean - poise.roll + (e.roll_rate + poise.roll_rate) / poise.falling

    def prefers_other(self, crank: float) -> bool:
        """Whether a start is better made by the other foot: for where the crank is [rad], or where a dab ended."""
        if self.side != self.start_side:
            return False
        p = self._parameters
        own, other = (abs(wrap(crank + side * pi - p.start_angle[0])) for side in (1 - self.side, self.side))
        behind = self.leg.where is Place.GROUND and self.leg.behind > 0.0
        return (own > p.start_range and other < p.start_range) or (self.dabbed and behind)

    def steady(self, time: float, e: RideEstimate) -> bool:
        """Put the other foot down as well, or back again, if it falls away from the one that stands.

        Returns:
            Whether the other foot is busy with that.
        """
        p = self._parameters
        other = self._legs[1 - self.side]
        tilt, lean = self.toward * self.tilt(e), self.toward * (e.lean - self._poise.roll)
        if other.on_pedal:
            falls = tilt < -p.fall and lean < 0.6 * p.rest_lean
            stands = self.leg.where is Place.GROUND and other.since(time) > p.landed
            if self._surely(stands and (falls or max(tilt, 3.0 * lean) < -p.catch), time):
                self._caught = True
                other.leave(time, quickly=falls)
        elif self._caught:
            if other.where is Place.BESIDE:
                other.stand(time)
            elif other.where is Place.GROUND and other.since(time) > p.settle and tilt > 0.5 * p.rest_lean:
                other.pick_up(time, calmly=True)
        if other.on_pedal:
            self._caught = False
        return self._caught

    def _surely(self, falls: bool, time: float) -> bool:
        """Whether it has been falling away for long enough to be believed: a foot that lands shakes the estimate."""
        if not falls:
            self._falls_since = None
            return False
        if self._falls_since is None:
            self._falls_since = time
        return time - self._falls_since >= self._parameters.sure

    def change(self, time: float, e: RideEstimate) -> tuple[float, bool]:
        """Put the foot of `start_side` down, lean over to it, and bring the other one to its pedal.

        Returns:
            Lean, positive to the right [rad], and whether that has just been done.
        """
        p = self._parameters
        old, new = self.leg, self._legs[self.start_side]
        lean = self.toward * p.rest_lean
        if new.where is Place.PEDAL:
            new.leave(time, calmly=True)
        elif new.where is Place.BESIDE:
            new.stand(time)
        elif new.where is Place.GROUND:
            share = ease(new.since(time) / p.change)
            lean *= 1.0 - 2.0 * share
            over = -self.toward * (e.lean - self._poise.roll) > p.over * p.rest_lean
            patient = new.since(time) < p.change + p.patience
            if share >= 1.0 and old.where is Place.GROUND and (over or not patient):
                old.pick_up(time, calmly=True)
            elif old.where is Place.PEDAL:
                self.side, self.came = self.start_side, True
                return lean, True
        return lean, False
