"""Runs a tier, shows how far it is, writes its results, and judges them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from joblib import cpu_count
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scenarios.bench.baseline import Baselines, read_baselines
from scenarios.bench.confirmation import confirming_trials
from scenarios.bench.gate import judge
from scenarios.bench.origins import changed_origin
from scenarios.bench.report import write_report
from scenarios.bench.results import BenchResults, write_results
from scenarios.bench.tables import show_origin, show_verdict
from scenarios.bench.tiers import Tier, load_tier, trials_of
from scenarios.folder import atomic_folder
from scenarios.plan import parse_seeds
from scenarios.provenance import origin
from scenarios.terminal import terminal
from scenarios.trial import Trial, TrialResult
from scenarios.trials import attempt_all

_LINES_ON_A_PIPE = 20
Told = Callable[[TrialResult], None]
"""Is told of each trial that has come to its end."""


def run_bench(
    name: str,
    only: Sequence[str],
    seeds: str | None,
    out: Path,
    jobs: int | None,
    baselines: Path,
    videos: bool = True,
) -> int:
    """Run a tier or a part of it into ``out/bench-<tier>``, judge it, report, and return the exit status: 0 or 1.

    Args:
        name: Of the tier.
        only: Scenarios that are ridden; every one of the tier where none is named.
        seeds: Such as ``0-19``; the tier's own where none are given.
        out: Folder for results.
        jobs: How many processes at most; None for as many as there are cores.
        baselines: Folder of the baselines.
        videos: Whether failures are filmed for the report.

    Raises:
        BadInput: There is no such tier or no such ride in it, the seeds do not fill repetitions, a baseline is not
            usable, or the output cannot be written.
    """
    tier = load_tier(name, only)
    trials = trials_of(tier, None if seeds is None else parse_seeds(seeds))
    expected = read_baselines(baselines)
    console = terminal()
    folder = out / f"bench-{name}"
    with atomic_folder(folder) as partial:
        with _progress(console, len(trials)) as tell:
            results = replace(ride_tier(name, trials, jobs, tell), only=tuple(tier.rides) if only else ())
        results = confirm(results, tier, expected, jobs, console)
        write_results(partial / "results.json", results)
    verdict = judge(results, expected)
    show_verdict(console, verdict)
    show_origin(console, changed_origin(results, expected))
    for remark in write_report(folder, results, verdict, videos=videos, jobs=jobs):
        console.print(remark, highlight=False, soft_wrap=True)
    console.print(f"{len(trials)} rides in {results.wall_seconds:.0f} s; results in {folder}/", highlight=False)
    return 0 if verdict.passed else 1


def ride_tier(name: str, trials: Sequence[Trial], jobs: int | None, tell: Told) -> BenchResults:
    """Do the trials of a tier and collect their results in the order of the trials.

    Args:
        name: Of the tier.
        trials: What to ride.
        jobs: How many processes at most; None for as many as there are cores.
        tell: Told of each result.
    """
    start, provenance = perf_counter(), origin()  # the sources as they are when the rides begin
    results: dict[str, TrialResult] = {}
    for result in attempt_all(trials, jobs):
        results[result.name] = result
        tell(result)
    ordered = tuple(results[trial.name] for trial in trials)
    return BenchResults(name, ordered, provenance, jobs or cpu_count(), perf_counter() - start)


def confirm(results: BenchResults, tier: Tier, expected: Baselines, jobs: int | None, console: Console) -> BenchResults:
    """Results with a second look, with other seeds, at what lies outside of its band."""
    trials = confirming_trials(tier, judge(results, expected))
    if not trials:
        return results
    console.print(f"{len(trials)} rides with other seeds, to confirm what is outside of its band", highlight=False)
    with _progress(console, len(trials)) as tell:
        again = ride_tier(results.tier, trials, jobs, tell)
    wall = results.wall_seconds + again.wall_seconds
    return replace(results, confirmation=again.trials, wall_seconds=wall)


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Told]:
    """Show a bar with the time that is left on a terminal, and a few lines elsewhere."""
    if not console.is_terminal:
        done = 0
        every = max(1, total // _LINES_ON_A_PIPE)

        def print_line(result: TrialResult) -> None:
            nonlocal done
            done += 1
            if done % every == 0 or done == total or not result.survived:
                line = f"{done} of {total}: {result.name} {result.end} after {result.seconds:.1f} s"
                console.print(line, highlight=False, soft_wrap=True)

        yield print_line
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("riding", total=total)

        def advance(result: TrialResult) -> None:
            progress.update(task, advance=1, description=result.scenario)
            if not result.survived:
                progress.console.print(f"{result.name}: {result.end} after {result.seconds:.1f} s", style="red")

        yield advance
