"""Does a plan of runs, shows how far it is, and says what came of it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import cpu_count

from scenarios.display import progress_display, verdict_table
from scenarios.errors import BadInput
from scenarios.jobs import run_jobs
from scenarios.outcome import Outcome
from scenarios.plan import Job
from scenarios.progress_board import ProgressBoard
from scenarios.terminal import terminal


def run_batch(jobs: Sequence[Job], processes: int | None) -> int:
    """Do the jobs, show how far they are and what came of them, and return the exit status: 0 or 1.

    Args:
        jobs: What to do, at least one.
        processes: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: A job could not be done or filmed; the others were.
    """
    console = terminal()
    outcomes: dict[int, Outcome] = {}
    errors: list[str] = []
    with TemporaryDirectory(prefix="draisine-") as folder:
        board = ProgressBoard(Path(folder) / "progress", len(jobs))
        board.clear()
        with progress_display(console, jobs, board) as announce:
            for done in run_jobs(jobs, min(len(jobs), processes or cpu_count()), board):
                if isinstance(done.result, BadInput):
                    errors.append(str(done.result))
                else:
                    outcomes[done.index] = done.result
                    announce(done.result)
    finished = [outcomes[index] for index in sorted(outcomes)]
    if finished:
        console.print(verdict_table(finished), highlight=False)
    errors += [
        f"{outcome.folder}: the results are there, but it was not filmed ({outcome.not_filmed}); "
        "'draisine doctor' tells which ffmpeg is used"
        for outcome in finished
        if outcome.not_filmed
    ]
    if errors:
        more = f" (and {len(errors) - 1} more runs could not be done or filmed)" if len(errors) > 1 else ""
        raise BadInput(f"{errors[0]}{more}")
    return 0 if all(outcome.passed for outcome in finished) else 1
