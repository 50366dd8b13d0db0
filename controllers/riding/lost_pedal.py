"""Whether the feet have lost the crank, and which of them is beside its pedal."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi

from controllers.riding.estimator import RideEstimate
from controllers.rotation import wrap


@dataclass(frozen=True, slots=True)
class LostPedalParameters:
    """When a foot is taken for one that is not on its pedal.

    Attributes:
        slow: Share of the freewheel's rate below which a crank that is to be driven stays behind [1].
        behind: Turn that it has stayed behind when the feet have lost it; up to 1.2 after a stop of the crank or a
            signal with one hand [rad].
        smoothing: How fast loads are taken in [1/s].
        far: How far from its place on its pedal a foot may be [m].
        patience: For how long it may be farther off, for it may slide back [s].
        top: How far from the top its pedal may be when it is set anew for that [rad].
        again: Time within which the crank is lost again because it was the other foot that gave it a wrong angle [s].
    """

    slow: float = 0.5
    behind: float = 2.5
    smoothing: float = 10.0
    far: float = 0.05
    patience: float = 1.5
    top: float = 0.3
    again: float = 5.0


class LostPedal:
    """Watches the crank while both feet are to drive it, and what they press on their pedals.

    Where a foot is comes from joint angles, and one that is beside its pedal gives the crank a wrong angle. Then the
    feet press where they turn nothing, and the crank stands still while the wheel runs on under it. The foot that is
    not borne by its pedal sinks until the springs of its joints hold it up: what it was asked to press, less what they
    take, is next to nothing.
    """

    def __init__(self, crank_per_metre: float, period: float, parameters: LostPedalParameters | None = None) -> None:
        """Prepare.

        Args:
            crank_per_metre: Turn of a crank that drives, on a metre of the way [rad/m].
            period: Time between two steps [s].
            parameters: When.
        """
        self._parameters = parameters or LostPedalParameters()
        self._crank_per_metre, self._period = crank_per_metre, period
        self.reset()

    def reset(self) -> None:
        """Nothing has happened."""
        self._behind = 0.0
        self._loads = [0.0, 0.0]
        self._last, self._since = 0, inf
        self._far = [0.0, 0.0]

    def step(self, e: RideEstimate, loads: tuple[float, float], *, driven: bool) -> int | None:
        """The foot that is to be set anew, 0 left, 1 right; None while the feet have the crank.

        Args:
            e: The ride.
            loads: What the left and the right foot press on their pedals, as felt by their joints [N].
            driven: Whether both feet are on their pedals and are to drive.
        """
        p = self._parameters
        for side, load in enumerate(loads):
            self._loads[side] += p.smoothing * self._period * (load - self._loads[side])
        wheel = e.speed * self._crank_per_metre
        stays = driven and wheel > 0.0 and e.crank_rate < p.slow * wheel
        self._behind = self._behind + (wheel - e.crank_rate) * self._period if stays else 0.0
        self._since += self._period
        for side in (0, 1):
            self._far[side] = self._far[side] + self._period if driven and abs(e.slip[side]) > p.far else 0.0
            if self._far[side] > p.patience and abs(wrap(e.crank_angle - pi * side)) < p.top:
                self._last, self._since, self._far = side, 0.0, [0.0, 0.0]
                return side
        if self._behind < p.behind:
            return None
        left, right = self._loads
        self._last = 1 - self._last if self._since < p.again else int(right < left)
        self._behind = self._since = 0.0
        return self._last
