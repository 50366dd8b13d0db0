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
        learning: How fast the weight is learned at rest from what the foot bears [1/s]; at 4/s lean and load swing.
        heavy: Least and greatest weight that is believed, as a multiple of the model's [1].
        leaning: Least roll at which it is learned [rad].
    """

    band: float = 30.0
    frequency: float = 5.0
    hurry: float = 7.0
    damping: float = 0.9
    least: float = 4.0
    most: float = 240.0
    learning: float = 1.5
    heavy: tuple[float, float] = (0.7, 2.0)
    leaning: float = 0.02


class Prop:
    """Loads of the standing feet that make the lean an oscillator about its reference.

    At rest, bicycle and rider are an inverted pendulum about the line of the wheels: I a = W r + M with roll r, its
    acceleration a, and the moment M of the feet. Feet press and never pull, so a left foot can turn it to the right
    alone.

    W and I are the model's times `scale`, which is learned at rest. A body that is heavier than its model, or higher
    up, leans by less than is wanted, so that the foot bears what it would under the model: at the lean that is wanted
    it would take the foot near its greatest load, and the waist's roll to its limit, before it has begun to push.
    """

    def __init__(self, bicycle: Whipple, period: float, parameters: PropParameters | None = None) -> None:
        """Take bicycle and rider as one; `period` is the time between two calls of `loads` [s]."""
        self._parameters = p = parameters or PropParameters()
        self._period, self._taken = period, 1.0 - exp(-p.band * period)
        self.reset()
        self.weight = -bicycle.g * float(bicycle.gravity[0, 0])
        """Moment of the weight for a roll of 1 rad [Nm]."""
        self.inertia = float(bicycle.mass[0, 0])
        """About the line of the wheels [kg·m²]."""
        self.rate = sqrt(self.weight / self.inertia)
        """At which it falls by itself [1/s]."""

    def reset(self) -> None:
        """Forget the past."""
        self._roll_rate = 0.0
        self.scale = 1.0
        """How heavy bicycle and rider are, as a multiple of their model [1]."""

    def loads(
        self, roll: float, roll_rate: float, wanted: float, aside: Sequence[float], most: float | None = None,
        *, stands: bool = False,
    ) -> list[float]:  # fmt: skip
        """Load of each standing foot [N].

        Args:
            roll: From where the bicycle would balance, positive to the right [rad].
            roll_rate: [rad/s].
            wanted: Roll to be held [rad].
            aside: Where the feet stand, left of the wheels positive [m].
            most: Greatest load; None is the usual one [N].
            stands: Whether the bicycle is at rest on one foot, whose load tells the weight.
        """
        p = self._parameters
        w, limit = (p.frequency, p.most) if most is None else (p.hurry, most)
        self._roll_rate += self._taken * (roll_rate - self._roll_rate)
        leaning = roll - wanted / max(1.0, self.scale)
        back = self.inertia * (w * w * leaning + 2.0 * p.damping * w * self._roll_rate)
        moment = -self.scale * (self.weight * roll + back)
        loads = [min(limit, max(p.least, moment / y)) if abs(y) > 0.1 else p.least for y in aside]
        if stands and abs(roll) > p.leaning:
            borne = -sum(load * y for load, y in zip(loads, aside, strict=True)) / (self.weight * roll)
            lesson = min(1.0, max(-1.0, borne - self.scale))
            self.scale = min(p.heavy[1], max(p.heavy[0], self.scale + p.learning * self._period * lesson))
        return loads
