"""What the body feels besides its joints, and where a bus of drives gets it from."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

from robot.state import ImuReading, LocalizationFix

_LAST_BIT = 2.0**-52
"""Of a number between 1 and 2."""


class BodySenses(NamedTuple):
    """Both IMUs, and the latest localisation; None before the first and when there is none."""

    pelvis_imu: ImuReading
    torso_imu: ImuReading
    localization: LocalizationFix | None


class SenseSource(Protocol):
    """Whoever reads the IMUs and the localisation: they are on no bus of the drives."""

    def read(self, time: float) -> BodySenses:
        """What they say now, at a time of the bus's clock [s]; asked once in each exchange."""
        ...


class StillSenses:
    """Senses of a body that stands still, where there is no physics; a :class:`SenseSource`.

    The last bit of the accelerometers comes and goes as a real unit's noise does: one that says the same for ever is
    taken for broken (`robot.safety.imu_watch`).
    """

    def __init__(self, senses: BodySenses) -> None:
        """Say this, first of all as it is."""
        other = senses._replace(pelvis_imu=_stirred(senses.pelvis_imu), torso_imu=_stirred(senses.torso_imu))
        self._next, self._after = senses, other

    def read(self, time: float) -> BodySenses:
        """What they say."""
        self._next, self._after = self._after, self._next
        return self._after


def _stirred(imu: ImuReading) -> ImuReading:
    return replace(imu, specific_force_imu_in_imu=imu.specific_force_imu_in_imu * (1.0 + _LAST_BIT))
