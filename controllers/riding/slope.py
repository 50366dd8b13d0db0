"""How steep the road is, from how the bicycle stands on it."""

from __future__ import annotations

from dataclasses import dataclass

from controllers.riding.foot_motion import ease


@dataclass(frozen=True, slots=True)
class SlopeParameters:
    """How a slope is told from what else tilts the bicycle.

    Attributes:
        bandwidth: Of the low pass over the bicycle's pitch [rad/s]; bumps are quicker.
        level: Up to the first one a road is taken for level, from the second one on it counts in full [rad]. An IMU's
            pitch errs by 4 mrad, the pelvis' place on the saddle by as much.
    """

    bandwidth: float = 3.0
    level: tuple[float, float] = (0.012, 0.024)


class SlopeObserver:
    """Low pass of the pitch of the frame, which is the slope under both wheels, with a dead band about the level."""

    def __init__(self, period: float, parameters: SlopeParameters | None = None) -> None:
        """Prepare; `period` is the time between two updates [s]."""
        self._parameters = parameters or SlopeParameters()
        self._share = period * self._parameters.bandwidth
        self.reset(0.0)

    def reset(self, pitch: float) -> None:
        """Start from a pitch of the frame, nose up positive [rad]."""
        self._pitch = pitch

    def update(self, pitch: float) -> None:
        """Take in the pitch of the frame, nose up positive [rad]."""
        self._pitch += self._share * (pitch - self._pitch)

    @property
    def angle(self) -> float:
        """Of the road, positive uphill; zero on a road that is nearly level [rad]."""
        return self._pitch * ease(abs(self._pitch), *self._parameters.level)
