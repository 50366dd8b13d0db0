"""How far a sweep is: a bar with the time left on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scenarios.trial import TrialResult

Advance = Callable[[TrialResult], None]
_SECONDS_BETWEEN_LINES = 20.0


@contextmanager
def sweep_progress(console: Console, samples: int, done: int) -> Iterator[Advance]:
    """Show how far a sweep is.

    Args:
        console: Where.
        samples: How many there are.
        done: How many of them are there from before.

    Yields:
        A function to tell of each sample that is done.
    """
    if not console.is_terminal:
        yield _lines(console, samples, done)
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("samples, {task.fields[lost]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, speed_estimate_period=300.0) as bars:
        task = bars.add_task("sweep", total=samples, completed=done, lost="0 fell")
        lost = 0

        def advance(result: TrialResult) -> None:
            nonlocal lost
            lost += not result.survived
            bars.update(task, advance=1, lost=f"{lost} fell")

        yield advance


def _lines(console: Console, samples: int, done: int) -> Advance:
    started = last = monotonic()
    now_done, lost = 0, 0

    def advance(result: TrialResult) -> None:
        nonlocal last, now_done, lost
        now_done += 1
        lost += not result.survived
        now = monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            left = (samples - done - now_done) * (now - started) / now_done
            console.print(
                f"{done + now_done} of {samples} samples, {lost} fell, {duration(left)} left", highlight=False
            )

    return advance


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
