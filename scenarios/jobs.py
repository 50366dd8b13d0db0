"""Several runs at once: each in a process of its own, or in this one when there is a single run."""

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from traceback import print_exception

from joblib import Parallel, cpu_count, delayed

from scenarios.errors import BadInput
from scenarios.outcome import Outcome
from scenarios.plan import Job
from scenarios.progress_board import Mark, ProgressBoard, Stage
from scenarios.runner import Assemble, Film, run
from sim.silence import silence


@dataclass(frozen=True, slots=True)
class Done:
    """A job that has come to its end: with an outcome, or with the reason why it could not be done."""

    index: int
    result: Outcome | BadInput


def run_jobs(jobs: Sequence[Job], processes: int, board: ProgressBoard) -> Iterator[Done]:
    """Do the jobs and give each as soon as it is done.

    Args:
        jobs: What to do.
        processes: How many processes to use; a single one is this one. When one of several dies, the jobs that are not
            done come back with that as the reason.
        board: Where the runs write how far they are, a row for each job.
    """
    if processes == 1:
        yield from (_do(index, job, board, cpu_count() if len(jobs) == 1 else 1) for index, job in enumerate(jobs))
        return
    parallel = Parallel(
        n_jobs=processes, backend="loky", batch_size=1, pre_dispatch="all", return_as="generator_unordered"
    )
    waiting = dict(enumerate(jobs))
    try:
        for done in parallel(delayed(_do)(index, job, board, 1) for index, job in enumerate(jobs)):
            del waiting[done.index]
            yield done
    except BrokenProcessPool:
        for index, job in waiting.items():
            yield Done(index, BadInput(f"{job.label}: not done, since a process died; was it killed for its memory?"))


def _do(index: int, job: Job, board: ProgressBoard, drawers: int) -> Done:
    """Do one job; whatever goes wrong comes back as a value, for the other jobs to go on.

    Args:
        index: Place of the job.
        job: What to do.
        board: Where to write how far it is.
        drawers: How many processes may draw its video.
    """

    def progress(stage: Stage, simulated: float, factor: float) -> None:
        board.put(index, Mark(stage, simulated, factor))

    try:
        assemble, film = _load(job.video, drawers)
        outcome = run(job.scenario, job.seed, job.out, progress, assemble=assemble, overrides=job.overrides, film=film)
    except BadInput as error:
        return Done(index, error)
    except Exception as error:  # one run that breaks down must not take the others with it
        print_exception(error)  # where it did is for whoever mends it
        return Done(index, BadInput(f"{job.label} broke down: {type(error).__name__}: {error}"))
    progress(Stage.done, outcome.ridden, outcome.timing.real_time_factor)
    return Done(index, outcome)


def _load(video: bool, drawers: int) -> tuple[Assemble, Film | None]:
    """Import the heavy parts: the simulator, and the camera if it is wanted.

    Raises:
        BadInput: A package is not installed.
    """
    try:
        with silence():
            from scenarios.assembly import assemble

            if not video:
                return assemble, None
            from scenarios.film import film_run

            return assemble, partial(film_run, processes=drawers)
    except ModuleNotFoundError as error:
        raise BadInput(f"the package {error.name!r} is missing; run: pip install 'draisine[sim,video]'") from None
