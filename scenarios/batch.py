"""From the arguments of ``draisine run`` to runs, and from their outcomes to the exit status."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import cpu_count
from rich.console import Console

from scenarios.display import progress_display, verdict_table
from scenarios.errors import BadInput
from scenarios.jobs import Job, run_jobs
from scenarios.loader import load
from scenarios.outcome import Outcome
from scenarios.progress_board import ProgressBoard

_PIPE_WIDTH = 160


def plan(
    references: Sequence[str], seed: int | None, seeds: str | None, overrides: Sequence[str], out: Path, video: bool
) -> list[Job]:
    """Make one job of each scenario and seed.

    Raises:
        BadInput: A scenario or a seed is wrong, or two runs would write the same folder.
    """
    if seed is not None and seeds is not None:
        raise BadInput("give --seed or --seeds, not both")
    numbers = [seed or 0] if seeds is None else parse_seeds(seeds)
    loaded = [load(reference, overrides) for reference in references]
    jobs = [Job(scenario, number, out, tuple(overrides), video) for scenario in loaded for number in numbers]
    labels = [job.label for job in jobs]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise BadInput(f"{twice} is asked twice, and both runs would write the same folder")
    return jobs


def parse_seeds(text: str) -> list[int]:
    """Read seeds such as ``0-9`` or ``0,3,7-9``, each once and in order.

    Raises:
        BadInput: It does not read like that.
    """
    seeds: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", part)
        if match is None or (match[2] is not None and int(match[2]) < int(match[1])):
            raise BadInput(f"--seeds {text!r}: write seeds such as 0-9 or 0,3,7")
        seeds.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return sorted(seeds)


def run_batch(jobs: Sequence[Job], processes: int | None) -> int:
    """Do the jobs, show how far they are and what came of them, and return the exit status: 0 or 1.

    Args:
        jobs: What to do, at least one.
        processes: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: A job could not be done; the others were.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    outcomes: dict[int, Outcome] = {}
    errors: list[BadInput] = []
    with TemporaryDirectory(prefix="draisine-") as folder:
        board = ProgressBoard(Path(folder) / "progress", len(jobs))
        board.clear()
        with progress_display(console, jobs, board) as announce:
            for done in run_jobs(jobs, min(len(jobs), processes or cpu_count()), board):
                if isinstance(done.result, BadInput):
                    errors.append(done.result)
                else:
                    outcomes[done.index] = done.result
                    announce(done.result)
    finished = [outcomes[index] for index in sorted(outcomes)]
    if finished:
        console.print(verdict_table(finished), highlight=False)
    if errors:
        more = f" (and {len(errors) - 1} more runs could not be done)" if len(errors) > 1 else ""
        raise BadInput(f"{errors[0]}{more}")
    return 0 if all(outcome.passed for outcome in finished) else 1
