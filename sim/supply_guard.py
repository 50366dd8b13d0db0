"""A node of its own on a CAN bus that opens the supply of the bus's drives when the host falls silent."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from sim.firmware import Firmware


class SupplyGuard:
    """What protects drives that have no watchdog: a relay, held closed by the host's commands.

    It is armed by the first command that it hears, and what it has opened stays open until somebody closes it by hand.
    Without supply a joint is free but for its friction.
    """

    def __init__(self, after: float, drives: Sequence[Firmware]) -> None:
        """Guard the supply of drives; `after` is how long nothing may be heard [s]."""
        self._after, self._drives = after, tuple(drives)
        self._heard = inf
        self.opened = False
        """Whether it has opened the supply."""

    def hear(self, time: float) -> None:
        """Take note of a command of the host at a time [s]."""
        self._heard = time

    def watch(self, now: float) -> None:
        """Open the supply if nothing was heard for too long at a time [s]."""
        self.opened = self.opened or now - self._heard > self._after
        if self.opened:
            for drive in self._drives:
                if drive.supplied:  # as one that would boot just now
                    drive.lose_supply()
