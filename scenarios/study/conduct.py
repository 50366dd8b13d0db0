"""Does the rides of a study, and shows how far it is and how long it will still take."""

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scenarios.errors import BadInput
from scenarios.trial import Trial, TrialResult
from scenarios.trials import attempt_all


def conduct(trials: Sequence[Trial], jobs: int | None, console: Console, about: str) -> dict[str, TrialResult]:
    """Do trials under a line that shows the time left; gives their results by name.

    Args:
        trials: What to do.
        jobs: How many processes at most; None for as many as there are cores.
        console: Where the line is shown, if it is a terminal.
        about: What is being done.

    Raises:
        BadInput: Not a single one could be done; the message is of the first.
    """
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("left:"), TimeRemainingColumn(),
    )  # fmt: skip
    results: dict[str, TrialResult] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(about, total=len(trials))
        for result in attempt_all(trials, jobs):
            results[result.name] = result
            progress.advance(task)
    problems = [result.problem for result in results.values() if result.problem]
    if problems and len(problems) == len(results):
        raise BadInput(f"{about}: no ride could be done: {problems[0]}")
    return results


def tell_broken(console: Console, results: Sequence[TrialResult]) -> int:
    """Say which rides broke down and are left out; gives the exit status: 1 if there are any."""
    broken = [result for result in results if result.problem]
    for result in broken:
        console.print(f"broke down and is left out: {result.name}: {result.problem}", style="red", highlight=False)
    return 1 if broken else 0
