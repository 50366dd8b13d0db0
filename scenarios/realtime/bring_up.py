"""From drives that are off to a controller that commands, one mode after another, each when it may be asked for."""

from __future__ import annotations

import numpy as np

from robot import RobotState
from robot.drive_status import POWERS
from robot.drive_words import Power
from robot.safety.modes import RobotMode
from robot.safety.supervised_bus import SupervisedBus

_ON = tuple(POWERS.index(power) for power in (Power.ON, Power.UNKNOWN))
_AGAIN = 50
"""Ticks after which a drive that is still off is asked again."""

DONE = "the time was over"
"""Why a run ended that went well."""


class BringUp:
    """Asked after every tick: damping, ready once all drives are on, active once they stand as ready; then go on.

    A drive that did not hear, or that its watchdog switched off meanwhile, is asked again. A fault ends it.
    It is for a bench, a simulation, or an operator who has looked at each mode before.
    """

    def __init__(self, bus: SupervisedBus, ticks: int, patience: int = 2500) -> None:
        """Plan to command for a time.

        Args:
            bus: The safety layer.
            ticks: For how many ticks in ACTIVE.
            patience: Ticks after which ACTIVE must be there.
        """
        self._bus, self._left, self._patience = bus, ticks, patience
        self.why = DONE
        """Why it ended."""

    def __call__(self, state: RobotState) -> bool:
        """Whether to go on."""
        bus = self._bus
        match bus.mode:
            case RobotMode.ACTIVE:
                self._left -= 1
                return self._left > 0
            case RobotMode.IDLE:
                bus.request(RobotMode.DAMPING)
            case RobotMode.DAMPING if not _off(state):
                bus.request(RobotMode.READY)
            case RobotMode.DAMPING if self._patience % _AGAIN == 0:
                bus.clear()
            case RobotMode.READY if not bus.staged:
                bus.request(RobotMode.ACTIVE)
            case RobotMode.FAULT | RobotMode.OFF:
                self.why = f"mode {bus.mode.name}: " + "; ".join(map(str, bus.machine.faults))
                return False
            case _:
                pass
        self._patience -= 1
        if self._patience <= 0:
            self.why = f"still in mode {bus.mode.name}"
            if off := _off(state):
                self.why += f", and {len(off)} drives are not on: those of joints {', '.join(map(str, off))}"
        return self._patience > 0


def _off(state: RobotState) -> list[int]:
    """Which joints' drives say that they are not on."""
    return [] if state.drives is None else np.flatnonzero(~np.isin(state.drives.power, _ON)).tolist()
