"""What goes wrong with virtual drives themselves: their supply, their encoder, their temperature, their plug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sim.firmware import Firmware
from sim.winding import Windings

Array = NDArray[np.float64]


class DriveTrouble(Enum):
    """What goes wrong with a drive."""

    NO_SUPPLY = "no supply"
    """It does nothing at all; when it is over it boots, and is off."""
    OFF_THE_BUS = "off the bus"
    """It neither hears nor says anything, and goes on by itself."""
    STUCK_ENCODER = "stuck encoder"
    """It measures the same position for ever, and no velocity; its own law goes by that too."""
    HOT = "hot"
    """Its winding has a temperature, whatever its torque is."""


@dataclass(frozen=True, slots=True)
class DriveFault:
    """One fault of drives.

    Attributes:
        trouble: What goes wrong.
        places: With which drives, places in the wiring.
        begin: From when [s].
        end: Until when [s].
        temperature: Of a hot winding [°C].
    """

    trouble: DriveTrouble
    places: tuple[int, ...]
    begin: float
    end: float
    temperature: float = 120.0


class DriveFaults:
    """Lets faults begin and end."""

    def __init__(self, faults: Sequence[DriveFault], drives: Sequence[Firmware], windings: Windings) -> None:
        """Let these things go wrong with drives, in the order of the wiring."""
        self._faults, self._drives, self._windings = tuple(faults), drives, windings
        self._under_way = [False] * len(self._faults)
        self._stuck: dict[int, float] = {}

    def pass_to(self, now: float, measured: Array) -> None:
        """Begin and end what is due at a time [s]; measurements are positions and velocities, shape (2, n)."""
        for number, fault in enumerate(self._faults):
            active = fault.begin <= now < fault.end
            if active and fault.trouble is DriveTrouble.HOT:
                self._heat(fault)
            if active == self._under_way[number]:
                continue
            self._under_way[number] = active
            for place in fault.places:
                self._change(fault.trouble, place, measured, active=active)

    def spoil(self, measured: Array) -> None:
        """Put what stuck encoders say in place of what was measured, shape (2, n)."""
        for place, position in self._stuck.items():
            measured[0, place], measured[1, place] = position, 0.0

    def _change(self, trouble: DriveTrouble, place: int, measured: Array, *, active: bool) -> None:
        drive = self._drives[place]
        match trouble:
            case DriveTrouble.NO_SUPPLY:
                (drive.lose_supply if active else drive.boot)()
            case DriveTrouble.OFF_THE_BUS:
                drive.listening = not active
            case DriveTrouble.STUCK_ENCODER if active:
                self._stuck[place] = float(measured[0, place])
            case DriveTrouble.STUCK_ENCODER:
                del self._stuck[place]
            case DriveTrouble.HOT:
                pass

    def _heat(self, fault: DriveFault) -> None:
        winding, places = self._windings.winding, list(fault.places)
        winding[places] = np.maximum(winding[places], fault.temperature)
        self._windings.preheat(winding, self._windings.housing)
