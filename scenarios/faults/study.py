"""Tries faults of the matrix, one after the other, and prints the table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scenarios.faults.matrix import Case, Matrix, Stage
from scenarios.faults.observe import observe
from scenarios.faults.report import as_markdown
from scenarios.terminal import terminal


def study_faults(matrix: Matrix, cases: Sequence[Case], stages: Sequence[Stage], seed: int) -> int:
    """Try faults and print what came of them as Markdown; gives the exit status: 1 if one was not as expected.

    Args:
        matrix: Has what must never happen.
        cases: The faults.
        stages: What the robot does meanwhile.
        seed: Of the runs.

    Raises:
        BadInput: A run cannot be built.
    """
    plan = [(case, stage) for case in cases for stage in stages]
    console = terminal()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    observations = []
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("faults", total=len(plan))
        for case, stage in plan:
            progress.update(task, description=f"{case.name}, {stage.name}")
            observations.append(observe(case, stage, seed))
            progress.advance(task)
    print(as_markdown(matrix, observations))
    return 1 if any(one.differences(matrix) for one in observations) else 0
