"""Pushes on a body on its feet, which stands or walks, by the phase of the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from controllers.balance.parameters import BalanceParameters
from scenarios.errors import BadInput
from scenarios.foot_body import load_foot_body
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.study.capture import stance_of
from scenarios.study.survival import BEFORE, SurvivalPlan
from scenarios.trial import TrialResult

_STAND = 1.0
"""Standing before a walk begins [s]."""
_STOP = 4.0
"""For the last steps of a walk, and to stand [s]."""


@dataclass(frozen=True, slots=True)
class FootSurvival(SurvivalPlan):
    """Pushes on foot, standing at a speed of 0; the phases are shares of a cycle of two steps.

    Attributes:
        stepping: Whether it may step when it is pushed.
        still: Who stands at the end with a pelvis no faster than this, has recovered [m/s].
    """

    MEASURED: ClassVar[Mapping[str, str]] = {"begin": "push_begin", "impulse": "push_impulse", "steps": "steps"}
    GRID: ClassVar[bool] = True

    duration: float = 0.1
    stepping: bool = True
    still: float = 0.05

    @property
    def standing(self) -> bool:
        """Whether it stands when it is pushed."""
        return self.speed == 0.0

    def check(self) -> None:
        """See that it is a run on foot whose torso or pelvis is pushed, and which walks only where it may step.

        Raises:
            BadInput: It is not.
        """
        self._load()
        if self.body == "frame":
            raise BadInput(f"--body frame: {self.scenario} is on foot, without a bicycle; write torso or pelvis")
        if not self.stepping and not self.standing:
            raise BadInput(f"--in-place takes no step and --speed {self.speed:g} walks; leave one of them out")

    def _load(self) -> FootScenario:
        scenario = load(self.scenario, self.overrides)
        if not isinstance(scenario, FootScenario):
            raise BadInput(f"{self.scenario}: its kind is {scenario.kind!r}, not 'foot'")
        return scenario

    def begin(self, phase: float) -> float:
        """When the push begins, once the motion is steady [s]."""
        parameters = _parameters(self._load())
        gait, ahead = parameters.gait, parameters.acceleration[0]
        steady = 0.0 if self.standing else _STAND + gait.shift_time + self.speed / ahead
        return round(steady + BEFORE + phase * 2.0 * (gait.swing_time + gait.transfer_time), 3)

    def changes(self, impulse: float, direction: float, phase: float) -> tuple[str, ...]:
        """A push at its time, and goals that give the window after it, and end in standing."""
        begin = self.begin(phase)
        after = begin + self.window + 0.1
        if self.standing:
            goals, end = f"{{for_time={after:.3f}}}", after
        else:
            stop = _STOP + self.speed / _parameters(self._load()).acceleration[0]
            walk = f"{{for_time={after - _STAND:.3f}, walk={{forward={self.speed!r}}}}}"
            goals, end = f"{{for_time={_STAND}}}, {walk}, {{for_time={stop:.3f}}}", after + stop
        push = (
            f"{{body='{self.body}', time={begin!r}, duration={self.duration!r}, impulse={impulse!r}, "
            f"direction={direction!r}}}"
        )
        may = () if self.stepping else ("stepping=false",)
        return (f"duration={end + 1.0:.3f}", f"goals=[{goals}]", f"disturbances=[{push}]", *may)

    def recovered(self, result: TrialResult) -> bool:
        """Whether every goal is done, and it stands."""
        return result.end == "completed" and result.metrics["sway_velocity_rms"] <= self.still

    def limits(self) -> Mapping[float, float]:
        """The impulse that a linear inverted pendulum on these feet takes standing without a step [N·s], by direction.

        Raises:
            BadInput: The scenario is wrong, or the body cannot stand there.
        """
        if not self.standing:
            return {}
        stance = stance_of(self._load())
        return {direction: stance.capture_limit(direction) for direction in self.directions}

    @property
    def title(self) -> str:
        """What was done, above a plot."""
        at = "" if self.standing else f" at each of {len(self.phases)} phase(s) of the step"
        return f"{self.body} pushed {self._motion}, {len(self.seeds)} seed(s){at}"

    @property
    def definition(self) -> str:
        """What was done and what counts as survival and recovery, in a few sentences."""
        parts = [
            f"{self.scenario}, {self._motion}, one push on the {self.body} over {self.duration:g} s; directions from "
            f"forward to the left, of the pelvis."
        ]
        if not self.standing:
            parts.append("Phases are shares of a cycle of two steps, by the clock.")
        parts.append(
            f"Survived: not fallen {self.window:g} s after the push began. Recovered: besides, every goal done, and "
            f"the pelvis no faster than {self.still:g} m/s (RMS) in the last two seconds, standing."
        )
        if self.standing:
            parts.append(
                "Limit: m ω d of a linear inverted pendulum, with ω² = g / h of the centre of mass at the start and d "
                "from below it to the edge of the soles' hull along the push; for a push without duration and no step."
            )
        return " ".join(parts)

    @property
    def _motion(self) -> str:
        if not self.standing:
            return f"walking at {self.speed:g} m/s"
        return "standing, free to step" if self.stepping else "standing, without a step"

    @property
    def phase_heading(self) -> str:
        """What a phase is called above a column of phases; empty for standing."""
        return "" if self.standing else "phase of the step"

    def phase_text(self, phase: float) -> str:
        """A phase in a table."""
        return f"{phase:.3g}"

    def phase_name(self, phase: float) -> str:
        """A phase in the name of a run; empty where there is only one that means nothing."""
        return "" if self.standing and len(self.phases) == 1 else f"phase {phase:.3g}"

    def phase_label(self, phase: float) -> str:
        """A phase in the legend of a plot."""
        return f"phase {phase:.3g}"


def _parameters(scenario: FootScenario) -> BalanceParameters:
    return BalanceParameters.of(load_foot_body(scenario.robot).body)
