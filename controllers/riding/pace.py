"""Keeps a ride to a speed that is planned along the course."""

from __future__ import annotations

from dataclasses import replace

from controllers.riding.programme import Mode, Phase
from controllers.riding.speed_profile import SpeedProfile

_TOO_FAST = 0.08
"""Excess of speed from which the brake is used; the ripple of pedalling stays below it [m/s]."""
_LEAD = 0.3
"""Time that the fingers need to pull the levers [s]."""


class Pace:
    """Turns pedalling to a speed into pedalling or braking to the planned one, where that is lower."""

    def __init__(self, profile: SpeedProfile) -> None:
        """Keep to a profile."""
        self._profile = profile
        self._braking = False

    def follow(self, profile: SpeedProfile) -> None:
        """Keep to another profile from now on."""
        self._profile = profile

    def reset(self) -> None:
        """Start over, pedalling."""
        self._braking = False

    def step(self, phase: Phase, arc_length: float, speed: float) -> Phase:
        """What to do in a phase at an arc length [m] and a speed [m/s]; coasting and braking stay as they are."""
        if phase.mode is not Mode.PEDAL:
            return phase
        ahead = arc_length + _LEAD * max(0.0, speed)
        wanted = min(phase.speed, self._profile.at(arc_length), self._profile.at(ahead))
        self._braking = speed > wanted + (0.0 if self._braking else _TOO_FAST)
        return replace(phase, mode=Mode.BRAKE if self._braking else Mode.PEDAL, speed=wanted)
