"""Looks at the way from a controller to drives: at the safety layer, and at what the drives really follow."""

from __future__ import annotations

from math import nan
from typing import Any

from robot.safety import SupervisedBus
from robot.wiring import Wiring
from scenarios.context import SafetyReport
from sim.can_sim_bus import CanSimBus
from sim.host_faults import FaultyHost


class DriveWatch:
    """A :class:`scenarios.ride.SafetyWatch`: a column of the log asks each property once a tick."""

    def __init__(
        self, sim: CanSimBus[Any], wiring: Wiring, safe: SupervisedBus | None, host: FaultyHost | None, fault: float
    ) -> None:
        """Look at a way.

        Args:
            sim: The simulated buses with their drives.
            wiring: As the host knows it, for names.
            safe: The safety layer; None without.
            host: What goes wrong at the host; None for nothing.
            fault: When the first declared fault begins [s]; NaN without one.
        """
        self._sim, self._wiring, self._safe, self._host, self._fault = sim, wiring, safe, host, fault

    @property
    def safety_mode(self) -> float:
        """Index into `RobotMode`; NaN without the safety layer, or when its process is gone."""
        return nan if self._alive is None else float(self._alive.mode)

    @property
    def safety_lost(self) -> float:
        """Number of joints that are out of service; NaN in the same way."""
        return nan if self._alive is None else float(len(self._alive.lost))

    @property
    def drives_pushing(self) -> float:
        """Number of drives that follow more than damping."""
        return float(len(self._sim.drives.pushing))

    def report(self) -> SafetyReport:
        """What has happened so far; the bus must be open."""
        drives = self._sim.drives
        events = () if self._safe is None else tuple(map(str, self._safe.machine.events))
        pushing = tuple(self._wiring.wires[place].name for place in drives.pushing)
        return SafetyReport(events, drives.switch_on_step, self._fault, pushing)

    @property
    def _alive(self) -> SupervisedBus | None:
        return None if self._host is not None and self._host.dead else self._safe
