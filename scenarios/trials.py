"""Does many trials, in several processes, and gives each result as soon as it is there."""

from collections.abc import Iterator, Sequence

from joblib import Parallel, cpu_count, delayed

from scenarios.trial import Trial, TrialResult, attempt


def attempt_all(trials: Sequence[Trial], jobs: int | None = None) -> Iterator[TrialResult]:
    """Do trials and give their results in the order in which they come to their ends.

    Args:
        trials: What to do; no two with the same name.
        jobs: How many processes at most; None for as many as there are cores.
    """
    workers = min(max(len(trials), 1), jobs or cpu_count())
    if workers == 1:
        yield from map(attempt, trials)
        return
    parallel = Parallel(
        n_jobs=workers, backend="loky", batch_size=1, pre_dispatch="all", return_as="generator_unordered"
    )
    yield from parallel(delayed(attempt)(trial) for trial in trials)
