"""Keeps a ride to its speed downhill: the brakes take what the weight drives with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from controllers.riding.programme import Mode, Phase


@dataclass(frozen=True, slots=True)
class DescentParameters:
    """When to brake downhill.

    Attributes:
        steep: Slopes downhill from which on it brakes, and up to which it goes on to [rad]; rolling resistance holds
            the bicycle on a slope of 0.01.
        slow: How far below the wish it may be when it begins, and when it goes back to pedalling [m/s].
    """

    steep: tuple[float, float] = (0.024, 0.016)
    slow: tuple[float, float] = (0.05, 0.25)


class Descent:
    """Turns pedalling into braking where the road falls."""

    def __init__(self, parameters: DescentParameters | None = None) -> None:
        """Prepare, pedalling."""
        self._parameters = parameters or DescentParameters()
        self.reset()

    def reset(self) -> None:
        """Start over, pedalling."""
        self._braking = False

    def step(self, phase: Phase, speed: float, slope: float) -> Phase:
        """What to do in a phase at a speed [m/s] on a slope, uphill positive [rad]; only pedalling is changed."""
        p, last = self._parameters, self._braking
        self._braking = -slope > p.steep[last] and speed > phase.speed - p.slow[last]
        if phase.mode is not Mode.PEDAL or not self._braking:
            return phase
        return replace(phase, mode=Mode.BRAKE)
