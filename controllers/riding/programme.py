"""What the ride should be, phase by phase: pedal, coast, brake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Mode(IntEnum):
    """What feet and fingers do."""

    PEDAL = 0
    COAST = 1
    BRAKE = 2


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a ride.

    Attributes:
        mode: What to do.
        speed: Speed to pedal or to brake to [m/s].
        lasts: Ends after this time [s], when given.
        below: Ends when the speed is below this [m/s], when given.
    """

    mode: Mode
    speed: float = 0.0
    lasts: float | None = None
    below: float | None = None


class Programme:
    """Steps through phases; the last one lasts."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        """Take the phases.

        Raises:
            ValueError: There is no phase.
        """
        if not phases:
            raise ValueError("a riding programme needs at least one phase")
        self._phases = tuple(phases)
        self._index = 0
        self._since = 0.0

    def reset(self, time: float) -> None:
        """Start over at a time [s]."""
        self._index, self._since = 0, time

    def step(self, time: float, speed: float) -> Phase:
        """The phase at a time [s] and a speed [m/s]."""
        phase = self._phases[self._index]
        over = (phase.lasts is not None and time - self._since >= phase.lasts) or (
            phase.below is not None and speed < phase.below
        )
        if over and self._index + 1 < len(self._phases):
            self._index += 1
            self._since = time
        return self._phases[self._index]
