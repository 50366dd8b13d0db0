"""Rides the worst trials again, which their results do not hold the log of, and draws and films what went wrong."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from joblib import Parallel, cpu_count, delayed

from scenarios.bench.results import BenchResults
from scenarios.bench.rides import rides_of, worst_metric, worst_ride
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import sentence, worst_scenarios_first
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.trial import TrialResult
from sim.silence import silence

if TYPE_CHECKING:
    from scenarios.runner import Ridden

MOST_RIDES = 6
"""How many trials are ridden again at most."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trial that was looked at again.

    Attributes:
        verdict: Of its scenario.
        trial: What the results say of it.
        same_bits: Whether the new ride is the very one that was judged; None when it could not be ridden.
        drawing: An ``<svg>`` element; empty when it could not be ridden or drawn.
        video: Name of its clip; empty when there is none.
        problem: Why something of it is missing, or nothing.
    """

    verdict: ScenarioVerdict
    trial: TrialResult
    same_bits: bool | None = None
    drawing: str = ""
    video: str = ""
    problem: str = ""


def gather(
    results: BenchResults, verdict: Verdict, folder: Path | None = None, jobs: int | None = None
) -> tuple[Evidence, ...]:
    """Ride the worst trial of each scenario that failed again, the worst scenarios first; of a passing run, one.

    Args:
        results: What was measured.
        verdict: What the gate says of it.
        folder: Where clips of failures are written; nothing is filmed where none is given.
        jobs: How many processes at most; None for as many as there are cores.
    """
    shown = worth_a_look(results, verdict)[:MOST_RIDES]
    if verdict.passed:
        shown = worst_scenarios_first(verdict.scenarios)[:1]
    found = [(scenario, worst_ride(results, scenario)) for scenario in shown]
    tasks = [(scenario, trial, None if scenario.passed else folder) for scenario, trial in found if trial is not None]
    if not tasks:
        return ()
    parallel = Parallel(n_jobs=min(len(tasks), jobs or cpu_count()), batch_size=1, return_as="generator_unordered")
    died = "it was not ridden again, since a process died"
    seen = [Evidence(scenario, trial, problem=died) for scenario, trial, _ in tasks]
    with suppress(BrokenProcessPool):
        for place, evidence in parallel(delayed(_numbered)(place, *task) for place, task in enumerate(tasks)):
            seen[place] = evidence
    return tuple(seen)


def worth_a_look(results: BenchResults, verdict: Verdict) -> list[ScenarioVerdict]:
    """Scenarios whose motion failed, the worst first; one that only lacks a baseline has nothing to show."""
    failed = (scenario for scenario in worst_scenarios_first(verdict.scenarios) if not scenario.passed)
    return [
        scenario
        for scenario in failed
        if scenario.metrics or any(not ride.passed for ride in rides_of(results, scenario))
    ]


def _numbered(place: int, scenario: ScenarioVerdict, trial: TrialResult, folder: Path | None) -> tuple[int, Evidence]:
    return place, look_again(scenario, trial, folder)


def look_again(scenario: ScenarioVerdict, trial: TrialResult, folder: Path | None) -> Evidence:
    """Ride a trial again, draw it and film it; what cannot be done is said in the result.

    Args:
        scenario: Verdict on its scenario.
        trial: What the results say of it.
        folder: Where its clip is written, if one is wanted.
    """
    with silence():  # PyBullet greets every process that imports it
        from scenarios.assembly import assemble
        from scenarios.bench.ride_plot import ride_svg
        from scenarios.runner import ride
    try:
        ridden = ride(load(trial.scenario, trial.changes), trial.seed, lambda *_: None, assemble=assemble)
    except BadInput as error:
        return Evidence(scenario, trial, problem=f"it cannot be ridden again by its name: {error}")
    except Exception as error:  # a ride that breaks down must not take the report with it
        return Evidence(scenario, trial, problem=f"ridden again, it breaks down: {type(error).__name__}: {error}")
    same_bits = ridden.log.state_hash() == trial.state_hash
    span, video, problem = None, "", ""
    if folder is not None:
        video = f"{trial.scenario}-seed{trial.seed}.mp4"
        try:
            span = _film(folder / video, ridden, scenario, trial, same_bits)
        except Exception as error:  # no encoder, or poses that cannot be drawn: the page is worth more than its clip
            video, problem = "", f"it was not filmed: {type(error).__name__}: {error}"
    try:
        drawing = ride_svg(ridden, scenario.metrics, span, salt=f"{trial.name}-{trial.seed}")
    except Exception as error:  # the same holds for a drawing
        drawing, problem = "", problem or f"it was not drawn: {type(error).__name__}: {error}"
    return Evidence(scenario, trial, same_bits, drawing, video, problem)


def _film(
    file: Path, ridden: Ridden, scenario: ScenarioVerdict, trial: TrialResult, same_bits: bool
) -> tuple[float, float]:
    """Film what a ride is about, and tell from when to when that is [s]."""
    from scenarios.bench.clip import film_clip, span_of

    metric = worst_metric(scenario)
    span = span_of(ridden, metric.metric if metric else None)
    film_clip(file, ridden, span, _caption(scenario, trial, metric, same_bits))
    return span


def _caption(
    scenario: ScenarioVerdict, trial: TrialResult, metric: MetricVerdict | None, same_bits: bool
) -> tuple[str, ...]:
    told = scenario.broken[:1] if metric is None or metric.passed else (sentence(metric),)
    again = () if same_bits else ("ridden again: not the same bits as the ride that was judged",)
    end = f"{trial.end} after {trial.seconds:.1f} s"
    return (f"{trial.scenario}, seed {trial.seed}: {end}", *(_short(line) for line in (*told, *again)))


def _short(line: str, most: int = 92) -> str:
    return line if len(line) <= most else f"{line[: most - 1]}…"
