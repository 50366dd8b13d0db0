"""Does trials in processes of this machine; one that takes its process down with it does not take the others."""

import signal
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import Parallel, delayed, parallel_config

from scenarios.errors import BadInput
from scenarios.trial import Trial, TrialResult, broken

DEATHS = 3
"""So many times a trial may be under way when a process dies; then it has broken down."""
_STILLBORN = 3
"""So many rounds in a row may break before any trial has begun."""

Do = Callable[[Trial], TrialResult]


def attempt_in_processes(trials: Sequence[Trial], jobs: int, do: Do) -> Generator[TrialResult, None, None]:
    """Do trials in rounds: one death ends a round with all of its processes, and what is not done gets another round.

    The pool does not tell whose process died, so each trial leaves a mark in a folder while it is under way. All whose
    marks are left behind are suspects; a suspect has its last attempt alone, where nobody else's death is held
    against it.

    Args:
        trials: What to do, at least one.
        jobs: How many processes work at the same time.
        do: Does one trial.

    Raises:
        BadInput: The processes die before they begin a trial.
    """
    waiting = dict(enumerate(trials))
    deaths: Counter[int] = Counter()
    stillborn = 0
    with TemporaryDirectory(prefix="draisine-trials-") as folder:
        marks = Path(folder)
        while waiting:
            suspected = {index: trial for index, trial in waiting.items() if deaths[index] == DEATHS - 1}
            batch, workers = (suspected, 1) if len(suspected) == len(waiting) else (_without(waiting, suspected), jobs)
            try:
                with closing(_round(batch, workers, marks, do)) as results:
                    for index, result in results:
                        del waiting[index]
                        stillborn = 0
                        yield result
            except BrokenProcessPool as error:
                under_way = [int(mark.name) for mark in marks.iterdir()]
                stillborn = 0 if under_way else stillborn + 1
                if stillborn == _STILLBORN:
                    reason = str(error).splitlines()[0]
                    raise BadInput(f"the processes die before they begin a trial: {reason}; try fewer jobs") from None
                for index in sorted(under_way):
                    (marks / str(index)).unlink()
                    deaths[index] += 1
                    if index in waiting and deaths[index] == DEATHS:
                        yield broken(waiting.pop(index), died(DEATHS))


def died(times: int) -> str:
    """What a trial's result says when it took its process down."""
    return f"its process died, {times} times"


def _without(trials: Mapping[int, Trial], others: Mapping[int, Trial]) -> dict[int, Trial]:
    return {index: trial for index, trial in trials.items() if index not in others}


def _round(
    batch: Mapping[int, Trial], workers: int, marks: Path, do: Do
) -> Generator[tuple[int, TrialResult], None, None]:
    """Do a batch until all is done or a process dies.

    With one job joblib would work in this process, which must not die; so there are two, and one waits for the other.

    Raises:
        BrokenProcessPool: A process died.
    """
    with parallel_config("loky", inner_max_num_threads=1, initializer=_leave_interrupts_to_the_parent):
        parallel = Parallel(n_jobs=max(workers, 2), batch_size=1, pre_dispatch=workers, return_as="generator_unordered")
        results = parallel(delayed(_marked)(index, trial, marks, do) for index, trial in batch.items())
    try:
        for result in results:  # noqa: UP028 - "yield from" would close it outside of the context below
            yield result
    finally:
        with warnings.catch_warnings():  # joblib warns of results that nobody waits for any more
            warnings.simplefilter("ignore")
            results.close()


def _marked(index: int, trial: Trial, marks: Path, do: Do) -> tuple[int, TrialResult]:
    """Do a trial, and leave a mark for as long as it takes."""
    mark = marks / str(index)
    mark.touch()
    result = do(trial)
    mark.unlink()
    return index, result


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C on a terminal reaches every process; the one that hands out the work ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
