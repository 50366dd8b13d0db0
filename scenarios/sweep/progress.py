"""How far a sweep is: a bar with the time left on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scenarios.trial import TrialResult

Advance = Callable[[TrialResult], None]
_SECONDS_BETWEEN_LINES = 20.0


@contextmanager
def sweep_progress(console: Console, samples: int, before: Sequence[TrialResult]) -> Iterator[Advance]:
    """Show how far a sweep is.

    Args:
        console: Where.
        samples: How many there are.
        before: Those that are there from before.

    Yields:
        A function to tell of each sample that is done.
    """
    tally = _Tally(before)
    if not console.is_terminal:
        yield _lines(console, samples, tally)
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("samples, {task.fields[lost]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, speed_estimate_period=300.0) as bars:
        task = bars.add_task("sweep", total=samples, completed=tally.done, lost=tally.lost)

        def advance(result: TrialResult) -> None:
            tally.add(result)
            bars.update(task, completed=tally.done, lost=tally.lost)

        yield advance


class _Tally:
    """How many samples are done, and how many of them did not survive."""

    def __init__(self, before: Sequence[TrialResult]) -> None:
        self.done = self.fell = self.broke_down = 0
        for result in before:
            self.add(result)

    def add(self, result: TrialResult) -> None:
        """Count a sample."""
        self.done += 1
        self.broke_down += bool(result.problem)
        self.fell += not result.problem and not result.survived

    @property
    def lost(self) -> str:
        """What became of those that did not survive."""
        return f"{self.fell} fell" + (f", {self.broke_down} broke down" if self.broke_down else "")


def _lines(console: Console, samples: int, tally: _Tally) -> Advance:
    started = last = monotonic()
    before = tally.done

    def advance(result: TrialResult) -> None:
        nonlocal last
        tally.add(result)
        now = monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            left = (samples - tally.done) * (now - started) / (tally.done - before)
            console.print(f"{tally.done} of {samples} samples, {tally.lost}, {duration(left)} left", highlight=False)

    return advance


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
