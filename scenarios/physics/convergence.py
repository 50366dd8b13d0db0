"""Convergence: a ride must not depend on the size of the physics step nor on the solver's iterations."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.metrics import METRICS, compute
from scenarios.physics.check import Check, Finding
from scenarios.progress_board import Stage
from scenarios.runner import ride
from scenarios.trial import Trial

RIDES = (
    "ride_straight", "ride_circle", "ride_figure_eight", "ride_slalom", "ride_lane_change", "ride_push", "ride_coast",
)  # fmt: skip
_GLANCE = 10.0
"""How much of each ride the checks look at [s]; `draisine physics convergence` rides them to their ends."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How finely a ride is computed: physics step [s], solver iterations, and the residual that ends them early."""

    step: float = 0.001
    iterations: int = 60
    residual: float = 1e-5

    @property
    def label(self) -> str:
        """How it is called in tables."""
        if self.iterations == Resolution().iterations:
            return f"1/{1.0 / self.step:.0f} s"
        return f"{self.iterations} iterations" + (", to the end" if self.residual == 0.0 else "")


@dataclass(frozen=True, slots=True)
class Band:
    """How far a metric may move.

    Attributes:
        metric: Its name.
        tolerance: Greatest difference, as a part of the scale.
        scale: In the metric's unit; where none is given, the metric's value at the reference.
    """

    metric: str
    tolerance: float
    scale: float | None = None


REFERENCE = Resolution()
STEPS = (Resolution(step=0.002), Resolution(step=0.0005))
SOLVER = (Resolution(iterations=20), Resolution(iterations=200, residual=0.0))
BANDS = (
    Band("path_error_rms", 0.03, 1.0),
    Band("path_error_max", 0.05, 1.0),
    Band("roll_max", 0.05, 1.0),
    Band("speed_mean", 0.03),
    Band("pedal_work", 0.05),
    Band("resistance_work", 0.01),
    Band("grip_force_max", 0.25, 150.0),
)
"""Path errors [m] and roll [rad] by about as much as one seed of `ride_push` differs from the next; grip as a part of
what the rides' criteria allow, the others of themselves."""


def trial_of(name: str, resolution: Resolution, seconds: float | None, seed: int = 0) -> Trial:
    """A ride of the library at a resolution.

    Args:
        name: Of the ride.
        resolution: How finely it is computed.
        seconds: How much of it is ridden [s]; all of it where none is given.
        seed: Of jitter and noise.
    """
    changes = [
        f"world.physics_step={resolution.step}",
        f"world.solver_iterations={resolution.iterations}",
        f"world.solver_residual={resolution.residual}",
    ]
    scenario = load(name, changes)
    if seconds is not None:
        scenario = scenario.model_copy(update={"duration": min(seconds, scenario.duration)})
    return Trial(f"{name}, {resolution.label}", scenario, seed, tuple(changes))


def _measure(name: str, resolution: Resolution) -> dict[str, float]:
    """Metrics of a glance at a ride."""
    trial = trial_of(name, resolution, _GLANCE)
    ridden = ride(trial.scenario, trial.seed, _silent, assemble=assemble)
    return compute(ridden.log, ridden.context)


def differences(name: str, found: Mapping[str, float], reference: Mapping[str, float], label: str) -> list[Finding]:
    """Hold the metrics of a ride at one resolution against those at the reference."""
    return [
        Finding(
            f"{name}, {label}: {band.metric}", found[band.metric], reference[band.metric], METRICS[band.metric].unit,
            band.tolerance, band.scale,
        )
        for band in BANDS
        if not reference[band.metric] == 0.0 == found[band.metric]
    ]  # fmt: skip


def _converges(resolutions: Sequence[Resolution]) -> tuple[Finding, ...]:
    """The greatest difference of each metric over all rides, for each resolution."""
    worst: list[Finding] = []
    references = {name: _measure(name, REFERENCE) for name in RIDES}
    for resolution in resolutions:
        found = [differences(name, _measure(name, resolution), references[name], resolution.label) for name in RIDES]
        for band in BANDS:
            of_band = [finding for findings in found for finding in findings if finding.what.endswith(band.metric)]
            worst.append(max(of_band, key=_badness))
    return tuple(worst)


def _badness(finding: Finding) -> float:
    """By which the worst finding is told; nothing is worse than one that is not a number."""
    return math.inf if math.isnan(finding.error) else finding.error / finding.tolerance


def _silent(stage: Stage, simulated: float, factor: float) -> None:
    """Tell nobody how far it is."""


CHECKS = (
    Check("convergence-step", "half and twice the physics step: the same rides", lambda: _converges(STEPS), core=False),
    Check(
        "convergence-solver", "fewer iterations, and many without an early end: the same rides",
        lambda: _converges(SOLVER), core=False,
    ),
)  # fmt: skip
