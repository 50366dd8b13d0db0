"""``draisine bench speed``: measures, shows and writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.progress import Progress, TimeRemainingColumn

from scenarios.bench.speed import measure_speed
from scenarios.bench.speed_report import conditions, table, write_report
from scenarios.bench.speed_summary import summarise
from scenarios.bench.start_up import start_up
from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.loader import load_ride
from scenarios.provenance import origin
from scenarios.terminal import terminal

_PIPE_WIDTH = 120


def bench_speed(
    reference: str, overrides: Sequence[str], seed: int, seconds: float, rounds: int, starts: int, out: Path
) -> int:
    """Measure a scenario's speed and write the report into ``out/speed_<scenario>``; returns 0: times are no gate.

    Raises:
        BadInput: The scenario is wrong, ends too early, or has other layers than are timed, or the folder cannot be
            written.
    """
    scenario = load_ride(reference, overrides)
    other = "a policy" if scenario.policy is not None else f"bus = '{scenario.bus}'" if scenario.bus != "sim" else ""
    if other:
        raise BadInput(f"{reference} has {other}; only rides without a policy and with bus = 'sim' are timed by layers")
    console = terminal(width=_PIPE_WIDTH)
    destination = out / f"speed_{scenario.name}"
    with atomic_folder(destination) as folder:
        with Progress(*Progress.get_default_columns()[:-1], TimeRemainingColumn(), console=console) as shown:
            riding = shown.add_task("riding", total=None)
            times = measure_speed(
                scenario, seed, seconds, rounds, lambda done, of: shown.update(riding, completed=done, total=of)
            )
            starting = shown.add_task("starting", total=starts)
            started = []
            for _ in range(starts):
                started.append(start_up(reference, tuple(overrides), seed))
                shown.advance(starting)
        summary = summarise(scenario.name, seed, times, started[1:] or started)
        write_report(folder, summary, origin())
    console.print(table(summary), highlight=False)
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in summary.start_up.items())
    console.print(f"\n{conditions(summary)}", highlight=False)
    console.print(f"Start: {sum(summary.start_up.values()):.2f} s ({stages}).", highlight=False)
    memory = ", ".join(f"{megabytes:.0f} MB {when}" for when, megabytes in summary.memory.items())
    console.print(f"Peak memory: {memory}.\nReport in {destination}/", highlight=False)
    return 0
