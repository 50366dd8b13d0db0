"""Pushes on a ride, by the phase of the pedal stroke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import degrees, tau
from typing import ClassVar

from scenarios.errors import BadInput
from scenarios.loader import load_ride
from scenarios.study.survival import BEFORE, SurvivalPlan
from scenarios.trial import TrialResult
from urdf.bicycle_parameters import BicycleParameters

_SLOWEST = 0.1
"""At which the crank still comes round [m/s]."""


@dataclass(frozen=True, slots=True)
class RideSurvival(SurvivalPlan):
    """Pushes on a straight ride; the phases are crank angles [rad].

    Attributes:
        corridor: Who is back so near to the course at the end, has recovered [m].
    """

    MEASURED: ClassVar[Mapping[str, str]] = {"crank": "push_crank", "impulse": "push_impulse"}

    corridor: float = 0.3

    def check(self) -> None:
        """See that it is a straight ride that moves on.

        Raises:
            BadInput: It is not.
        """
        if load_ride(self.scenario, self.overrides).course.kind != "straight":
            raise BadInput(f"{self.scenario} is no straight ride, and only on one a direction means the same all along")
        if self.speed < _SLOWEST:
            raise BadInput(
                f"--speed {self.speed:g}: a ride needs {_SLOWEST:g} m/s at least, for the crank to come round"
            )

    def changes(self, impulse: float, direction: float, phase: float) -> tuple[str, ...]:
        """A push that waits for the crank, and a course on which it comes round."""
        bicycle = BicycleParameters.load()
        turn = tau * bicycle.geometry.rear_wheel_radius * bicycle.drive.gear_ratio / self.speed
        seconds = BEFORE + 1.25 * turn + self.window + 0.1
        push = (
            f"{{body='{self.body}', time={BEFORE}, crank={phase!r}, duration={self.duration!r}, impulse={impulse!r}, "
            f"direction={direction!r}}}"
        )
        return (
            f"duration={seconds:.3f}", f"start.speed={self.speed!r}", f"rider.speed={self.speed!r}",
            f"course.length={1.5 * self.speed * seconds + 5.0:.1f}", f"disturbances=[{push}]",
        )  # fmt: skip

    def recovered(self, result: TrialResult) -> bool:
        """Whether the ride is back near the course."""
        return result.metrics["path_error_end"] <= self.corridor

    @property
    def title(self) -> str:
        """What was done, above a plot."""
        return (
            f"{self.body} pushed at {self.speed:g} m/s, {len(self.seeds)} seed(s) at each of "
            f"{len(self.phases)} phase(s) of the stroke"
        )

    @property
    def definition(self) -> str:
        """What was done and what counts as survival and recovery, in a few sentences."""
        return (
            f"{self.scenario} at {self.speed:g} m/s, one push on the {self.body} over {self.duration:g} s, which "
            f"begins when the crank passes its angle (at 0° the left foot is at the top); directions from forward to "
            f"the left. Survived: nobody has fallen {self.window:g} s after the push began. Recovered: besides, within "
            f"{self.corridor:g} m of the course in the last second."
        )

    @property
    def phase_heading(self) -> str:
        """What a phase is called above a column of phases."""
        return "crank"

    def phase_text(self, phase: float) -> str:
        """A phase in a table."""
        return f"{degrees(phase):.4g}°"

    def phase_name(self, phase: float) -> str:
        """A phase in the name of a ride."""
        return f"crank at {degrees(phase):.4g} deg"

    def phase_label(self, phase: float) -> str:
        """A phase in the legend of a plot."""
        return f"crank at {degrees(phase):.4g}°"
