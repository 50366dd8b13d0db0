"""How a foot that is beside its pedal is set anew, where nobody knows how the crank stands."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import FreeLeg, Place
from controllers.rotation import wrap


@dataclass(frozen=True, slots=True)
class ReseatParameters:
    """Times and bounds.

    Attributes:
        swing: Time that the crank is given to come to rest under a limp leg, at least and at most [s].
        still: Rate below which it is at rest [rad/s].
        near: How far from its lowest place its pedal may seem to be then [rad].
        look: Time in which it is then learnt where the foot is on its pedal [s].
        far: How far from its place that may be; else it is set anew as well [m].
    """

    swing: tuple[float, float] = (0.3, 1.0)
    still: float = 0.5
    near: float = 0.9
    look: float = 0.3
    far: float = 0.05


class Reseat:
    """Takes one foot aside, has the other one hang on its pedal, and brings the first one back.

    The crank angle that two feet give is wrong when one of them is beside its pedal, and so is that which one foot
    gives that stands ahead of its place. But a pedal that only bears a weight is at its lowest. So one leg goes limp
    and weighs its pedal down; where its foot is tells how far it is from its place, and the other pedal is on top.
    """

    def __init__(self, legs: tuple[FreeLeg, FreeLeg], parameters: ReseatParameters | None = None) -> None:
        """Take what carries the left and the right foot."""
        self._legs, self._parameters = legs, parameters or ReseatParameters()
        self.reset()

    def reset(self) -> None:
        """Both feet are on their pedals."""
        self.lowest: int | None = None
        """The foot whose pedal is at its lowest, 0 left, 1 right; None where that is not known."""
        self._side, self._since, self._both = 0, 0.0, False

    def begin(self, time: float, side: int) -> None:
        """Set a foot anew, 0 left, 1 right, from a time on [s]."""
        self._both = False
        self._lift(time, side)

    def step(self, time: float, e: RideEstimate) -> bool:
        """Lead both feet on at a time [s]; whether they are back on their pedals."""
        p = self._parameters
        lifted, resting = self._legs[self._side], self._legs[1 - self._side]
        if lifted.on_pedal:
            self.lowest = None
            if abs(e.slip[1 - self._side]) > p.far and not self._both:
                self._both = True
                self._lift(time, 1 - self._side)
                return False
            resting.tread(time)
            return True
        above = wrap(e.crank_angle - pi * self._side)
        aside = lifted.where is Place.BESIDE
        if resting.on_pedal:
            if aside or abs(above) < 0.5 * pi:
                resting.rest(time)
        elif aside and self.lowest is None:
            least, most = p.swing
            swung = resting.since(time)
            if swung > least and abs(e.crank_rate) < p.still and abs(above) < p.near:
                self.lowest, self._since = 1 - self._side, time
            elif swung > most:
                lifted.pick_up(time)
        elif aside and time - self._since > p.look:
            lifted.pick_up(time)
        return False

    def _lift(self, time: float, side: int) -> None:
        self._side, self.lowest = side, None
        self._legs[side].slip_off(time)
