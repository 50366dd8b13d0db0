"""How hard feet on the ground press, so that the bicycle leans as it should: one or two props beside the wheels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from controllers.riding.whipple import Whipple


@dataclass(frozen=True, slots=True)
class PropParameters:
    """How the lean is held.

    Attributes:
        band: Bandwidth of the roll rate that is answered [rad/s]. The load rocks the pelvis on the saddle at 17 Hz, and
            a gyroscope that is 10 ms late makes a roll of the bicycle out of that.
        frequency: Bandwidth [rad/s].
        hurry: The same where a greatest load is asked for [rad/s].
        damping: Damping ratio [1].
        least: Load of a foot that need not bear [N].
        most: Greatest load; more would lift the pelvis off the saddle [N].
    """

    band: float = 30.0
    frequency: float = 5.0
    hurry: float = 7.0
    damping: float = 0.9
    least: float = 4.0
    most: float = 240.0


class Prop:
    """Loads of the standing feet that make the lean an oscillator about its reference.

    At rest, bicycle and rider are an inverted pendulum about the line of the wheels: I a = W r + M with roll r, its
    acceleration a, and the moment M of the feet. Feet press and never pull, so a left foot can turn it to the right
    alone.
    """

    def __init__(self, bicycle: Whipple, period: float, parameters: PropParameters | None = None) -> None:
        """Take bicycle and rider as one; `period` is the time between two calls of `loads` [s]."""
        self._parameters = p = parameters or PropParameters()
        self._taken = 1.0 - exp(-p.band * period)
        self._roll_rate = 0.0
        self.weight = -bicycle.g * float(bicycle.gravity[0, 0])
        """Moment of the weight for a roll of 1 rad [Nm]."""
        self.inertia = float(bicycle.mass[0, 0])
        """About the line of the wheels [kg·m²]."""
        self.rate = sqrt(self.weight / self.inertia)
        """At which it falls by itself [1/s]."""

    def loads(
        self, roll: float, roll_rate: float, wanted: float, aside: Sequence[float], most: float | None = None
    ) -> list[float]:
        """Load of each standing foot [N].

        Args:
            roll: From where the bicycle would balance, positive to the right [rad].
            roll_rate: [rad/s].
            wanted: Roll to be held [rad].
            aside: Where the feet stand, left of the wheels positive [m].
            most: Greatest load; None is the usual one [N].
        """
        p = self._parameters
        w, limit = (p.frequency, p.most) if most is None else (p.hurry, most)
        self._roll_rate += self._taken * (roll_rate - self._roll_rate)
        back = self.inertia * (w * w * (roll - wanted) + 2.0 * p.damping * w * self._roll_rate)
        moment = -self.weight * roll - back
        return [min(limit, max(p.least, moment / y)) if abs(y) > 0.1 else p.least for y in aside]
