"""Tries faults of the matrix, one after the other, and prints the table."""

from __future__ import annotations

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scenarios.faults.matrix import load_matrix
from scenarios.faults.observe import observe
from scenarios.faults.report import as_markdown
from scenarios.study.conduct import study_console


def study_faults(names: tuple[str, ...], stages: tuple[str, ...], seed: int) -> int:
    """Try faults and print what came of them as Markdown; gives the exit status: 1 if one was not as expected.

    Args:
        names: Of the faults; all of them where none is named.
        stages: Of what the robot does meanwhile; all of them where none is named.
        seed: Of the runs.

    Raises:
        BadInput: There is no such fault or stage, or a run cannot be built.
    """
    matrix = load_matrix()
    plan = [(case, stage) for case in matrix.cases(names) for stage in matrix.stages(stages)]
    console = study_console()
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
