"""How far a walk trusts the ground: odd touch-downs make the next steps wider, quicker and lower-reaching."""

from __future__ import annotations

import numpy as np

from controllers.balance.gait_parameters import GaitParameters


class Caution:
    """Grows with touch-downs that are not as usual, and passes.

    Attributes:
        wary: How much it doubts the ground or its balance, 0 to 1.
        rough: How much it doubts the height of the ground, 0 to 1.
    """

    def __init__(self, parameters: GaitParameters, period: float) -> None:
        """Take parameters and the time between two ticks [s]."""
        self._parameters, self._period = parameters, period
        self.wary, self.rough = 0.0, 0.0
        self._usual = np.zeros(2)

    def begin(self) -> None:
        """Forget what was usual, for another walk."""
        self._usual[:] = 0.0

    def judge(self, foot: int, aside: float, rise: float) -> None:
        """Judge a touch-down.

        Args:
            foot: 0 left, 1 right.
            aside: How far the divergent component is to the left of where it was expected [m].
            rise: How much higher this foot stands than the other one [m].
        """
        p = self._parameters
        unusual = aside - self._usual[foot]
        self._usual[foot] += min(p.custom, max(-p.custom, unusual))
        self.rough = max(self.rough, self._doubt(3.0 * abs(rise)))
        self.wary = max(self.wary, self.rough, self._doubt(abs(unusual)))

    def _doubt(self, off: float) -> float:
        least, more = self._parameters.wary
        return min(1.0, max(0.0, (off - least) / more))

    def fade(self) -> None:
        """Let a tick pass."""
        passes = self._period / self._parameters.calming
        self.wary -= passes * self.wary
        self.rough -= passes * self.rough

    @property
    def doubts(self) -> bool:
        """Whether the ground is doubted at all."""
        return self.wary > self._parameters.calm

    @property
    def swing_time(self) -> float:
        """A foot in the air [s]."""
        return self._parameters.swing_time - self.wary * self._parameters.wary_swing

    @property
    def width(self) -> float:
        """Distance of the soles' middles from side to side [m]."""
        return self._parameters.width + self.wary * self._parameters.wary_width

    @property
    def cop_width(self) -> float:
        """How far to the side the weight may act from the middle of the sole [m]."""
        return self._parameters.cop_width + self.wary * self._parameters.wary_cop

    @property
    def dip(self) -> float:
        """How far below the other foot the ground is expected [m]."""
        return self.rough * self._parameters.wary_dip

    @property
    def late_speed(self) -> float:
        """With which a foot comes down that is late [m/s]."""
        return self._parameters.landing[1] + self.rough * self._parameters.wary_speed

    @property
    def freeze(self) -> float:
        """Time before touch-down from which on the foothold stays [s]."""
        return self._parameters.freeze[int(self.doubts)]
