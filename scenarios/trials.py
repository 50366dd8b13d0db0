"""Does many trials, in several processes or on a cluster, and gives each result as soon as it is there."""

from collections.abc import Callable, Generator, Sequence
from typing import Literal

from joblib import cpu_count

from scenarios.trial import Trial, TrialResult, attempt

Engine = Literal["local", "ray"]
"""Where trials are done: in processes of this machine, or as tasks of a Ray cluster."""


def attempt_all(
    trials: Sequence[Trial],
    jobs: int | None = None,
    engine: Engine = "local",
    *,
    address: str | None = None,
    do: Callable[[Trial], TrialResult] = attempt,
) -> Generator[TrialResult, None, None]:
    """Do trials and give their results in the order in which they come to their ends, each exactly once.

    A process, or a node of a cluster, may die on the way: its trials are done again. A trial that is under way at
    three deaths breaks down and the others go on. No result depends on the engine, the number of processes or the
    order. Closing the iterator, or Ctrl-C, ends all processes.

    Args:
        trials: What to do; no two with the same name.
        jobs: How many at the same time at most; None for as many as there are cores, here or in the cluster.
        engine: Where to do them.
        address: Of a running Ray cluster, as ``host:port`` or ``auto``; where none is given, the one that RAY_ADDRESS
            names, or else one that is started here for as long as it takes.
        do: Does one trial; a function that can be pickled, since another process calls it.

    Raises:
        BadInput: There is no such cluster, Ray is not installed, or no process lives long enough to begin a trial.
    """
    if not trials:
        return
    if engine == "ray":
        from scenarios.trials_ray import attempt_on_ray

        yield from attempt_on_ray(trials, jobs, address, do)
    else:
        from scenarios.trials_local import attempt_in_processes

        yield from attempt_in_processes(trials, min(len(trials), jobs or cpu_count()), do)
