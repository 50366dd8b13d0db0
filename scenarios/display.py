"""What the command line shows of runs: how far they are, and the verdict at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from scenarios.outcome import Outcome
from scenarios.plan import Job
from scenarios.progress_board import ProgressBoard, Stage

_ACTIVE = (Stage.riding, Stage.writing, Stage.filming)
Announce = Callable[[Outcome], None]


@contextmanager
def progress_display(console: Console, jobs: Sequence[Job], board: ProgressBoard) -> Iterator[Announce]:
    """Show live lines on a terminal, and nothing live elsewhere.

    Yields:
        A function that prints one line about a finished run.
    """

    def announce(outcome: Outcome) -> None:
        console.print(_verdict_line(outcome), highlight=False, soft_wrap=True)

    if not console.is_terminal:
        yield announce
        return
    with Live(get_renderable=lambda: _live_lines(jobs, board), console=console, refresh_per_second=5, transient=True):
        yield announce


_FIGURES = (
    ("path_error_rms", "path error RMS", "{:.3f} m"),
    ("roll_max", "roll max", "{:.2f} rad"),
    ("com_offset_max", "CoM off max", "{:.3f} m"),
    ("tilt_max", "tilt max", "{:.2f} rad"),
)
"""Metrics that the table shows when a run has them: name, title, form."""


def verdict_table(outcomes: Sequence[Outcome]) -> RenderableType:
    """Sum up finished runs: one row each, and below it how each failed one broke its criteria."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, justify in (("scenario", "left"), ("seed", "right"), ("verdict", "left")):
        table.add_column(title, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    shown = [figure for figure in _FIGURES if any(figure[0] in outcome.metrics for outcome in outcomes)]
    for title in (*(title for _, title, _ in shown), "simulated", "real time"):
        table.add_column(title, justify="right", no_wrap=True)
    for outcome in outcomes:
        table.add_row(
            outcome.scenario,
            str(outcome.seed),
            _verdict(outcome),
            *(_figure(outcome.metrics.get(name), form) for name, _, form in shown),
            f"{outcome.ridden:.1f} s",
            f"{outcome.timing.real_time_factor:.1f}×",
        )
    broken = [
        Text(f"{outcome.scenario}, seed {outcome.seed}: {failure}", style="red")
        for outcome in outcomes
        for failure in outcome.failures
    ]
    folders = [
        Text(f"results in {folder}/", style="dim") for folder in {outcome.folder.parent: None for outcome in outcomes}
    ]
    return Group(table, *broken, *folders)


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None or value != value else form.format(value)


def _verdict(outcome: Outcome) -> Text:
    return Text("passed", style="green") if outcome.passed else Text("failed", style="bold red")


def _verdict_line(outcome: Outcome) -> Text:
    ride = f"{outcome.end} after {outcome.ridden:.1f} s, {outcome.timing.real_time_factor:.1f}× real time"
    return Text.assemble(f"{outcome.scenario}, seed {outcome.seed}: ", _verdict(outcome), f" ({ride})")


def _live_lines(jobs: Sequence[Job], board: ProgressBoard) -> RenderableType:
    marks = board.marks()
    table = Table.grid(padding=(0, 2))
    for job, mark in zip(jobs, marks, strict=True):
        if mark.stage in _ACTIVE:
            limit = job.scenario.duration
            doing = f"{mark.factor:.1f}× real time" if mark.stage is Stage.riding else mark.stage.name
            bar = ProgressBar(total=limit, completed=mark.simulated, width=16)
            table.add_row(job.label, bar, f"{mark.simulated:.1f} / {limit:.0f} s", doing)
    done = sum(mark.stage is Stage.done for mark in marks)
    if len(jobs) == 1:
        return table
    return Group(table, Text(f"{done} of {len(jobs)} runs done", style="dim"))
