"""Whether the crank drives the rear wheel through the freewheel, so that its rate tells the speed."""

from __future__ import annotations

_PRESSED = 1.5
"""Torque asked of the feet on the crank from which on the freewheel has surely taken hold [Nm]; with less, friction and
the inertia of the legs may use it all up."""
_SETTLED = 0.4
"""For how long it must have been asked [s]; until then the crank may still be catching up with the wheel."""


class Cadence:
    """Tells the wheel's speed by the rate of a crank that drives it.

    A freewheel takes hold once its crank would overtake the wheel, and from then on both turn together. Nothing feels
    that it has; so the crank must have been pressed forward for a while.
    """

    def __init__(self, metres_per_turn: float, period: float) -> None:
        """Prepare.

        Args:
            metres_per_turn: Way of the bicycle for a radian of the crank [m/rad].
            period: Time between two steps [s].
        """
        self._metres_per_turn = metres_per_turn
        self._settled = round(_SETTLED / period)
        self._pressed = 0

    def reset(self) -> None:
        """Forget the past."""
        self._pressed = 0

    def press(self, torque: float) -> None:
        """Take in what both feet together are asked to give on the crank at a tick, positive forward [Nm]."""
        self._pressed = self._pressed + 1 if torque > _PRESSED else 0

    def speed(self, crank_rate: float, gained: float) -> float | None:
        """Speed of the bicycle [m/s]; None where the wheel may run ahead of the crank.

        Args:
            crank_rate: As it was [rad/s].
            gained: What the speed has grown by since [m/s].
        """
        return self._metres_per_turn * crank_rate + gained if self._pressed >= self._settled else None
