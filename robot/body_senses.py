"""What the body feels besides its joints, and where a bus of drives gets it from."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from robot.state import ImuReading, LocalizationFix


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
