"""What the freewheel tells: the speed by the rate of a crank that drives, and how far the crank can be by the speed."""

from __future__ import annotations

from collections import deque
from math import inf

_PRESSED = 1.5
"""Torque asked of the feet on the crank from which on the freewheel has surely taken hold [Nm]; with less, friction and
the inertia of the legs may use it all up."""
_SETTLED = 0.4
"""For how long it must have been asked [s]; until then the crank may still be catching up with the wheel."""
_MEAN = 0.1
"""Time over which its rate is averaged [s]: as long as from one time that it is heard to the next, so that nothing is
left out. A foot that slides by a centimetre at a dead centre makes it 0.4 rad/s too great there for 0.1 s, and a little
too small on the way back."""
_SPARE = 1.2
"""How much faster than the wheel as it is believed to be the crank may turn [1]."""
_SLACK = 0.15
"""How far it may run ahead of that [rad]; without a lost pedal it is 0.04 at most, 0.11 after a foot has come back."""


class Cadence:
    """Tells the wheel's speed by the rate of a crank that drives it.

    A freewheel takes hold once its crank would overtake the wheel, and from then on both turn together. Nothing feels
    that it has; so the crank must have been pressed forward for a while.
    """

    age = 0.5 * _MEAN
    """How much older than its readings what it tells is [s]."""

    def __init__(self, metres_per_turn: float, period: float) -> None:
        """Prepare.

        Args:
            metres_per_turn: Way of the bicycle for a radian of the crank [m/rad].
            period: Time between two steps [s].
        """
        self._metres_per_turn = metres_per_turn
        self._settled, self._mean = round(_SETTLED / period), round(_MEAN / period)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._pressed = 0
        self._rates: deque[float] = deque()
        self._sum = 0.0

    def press(self, torque: float, crank_rate: float) -> None:
        """Take in a tick.

        Args:
            torque: What both feet together are asked to give on the crank, positive forward [Nm].
            crank_rate: As it was [rad/s].
        """
        if torque <= _PRESSED:
            self.reset()
            return
        self._pressed += 1
        self._rates.append(crank_rate)
        self._sum += crank_rate
        if len(self._rates) > self._mean:
            self._sum -= self._rates.popleft()

    def speed(self, gained: float) -> float | None:
        """Speed of the bicycle [m/s]; None where the wheel may run ahead of the crank.

        Args:
            gained: What the speed has grown by since the readings, on the average [m/s].
        """
        if self._pressed < self._settled:
            return None
        return self._metres_per_turn * self._sum / self._mean + gained


class Freewheel:
    """Tells how far the crank can be at most: none outruns the wheel that it drives.

    Feet that slide along their pedals feel like a crank that runs ahead. Legs that are led by that slide farther.
    """

    def __init__(self, metres_per_turn: float, period: float) -> None:
        """Prepare.

        Args:
            metres_per_turn: Way of the bicycle for a radian of the crank [m/rad].
            period: Time between two steps [s].
        """
        self._turn = _SPARE * period / metres_per_turn
        self._most = inf

    def release(self) -> float:
        """Forget the past, and let the crank be anywhere."""
        self._most = inf
        return inf

    def step(self, crank: float, speed: float, periods: float = 1.0) -> float:
        """The greatest crank angle that can be [rad].

        Args:
            crank: As it was [rad].
            speed: Of the bicycle [m/s].
            periods: How many steps ago that was.
        """
        self._most = min(self._most, crank + _SLACK) + self._turn * max(0.0, speed) * periods
        return self._most
