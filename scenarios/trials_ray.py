"""Does trials as tasks of a Ray cluster, which does those of a lost node or a dead process again."""

import logging
import os
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed, parallel_config

from scenarios.errors import BadInput
from scenarios.trial import Trial, TrialResult, broken
from scenarios.trials_local import DEATHS, died

# Read by Ray when it is imported or started: no report of its use to anybody, no endless attempts when memory runs out.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_task_oom_retries", str(DEATHS - 1))
try:
    import ray
    from ray.util.joblib.ray_backend import RayBackend
except ImportError:
    raise BadInput("the package 'ray' is missing; run: pip install 'draisine[cluster]'") from None

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_LOST = (
    ray.exceptions.WorkerCrashedError,
    ray.exceptions.NodeDiedError,
    ray.exceptions.OutOfMemoryError,
    ray.exceptions.ObjectLostError,
)
"""What Ray says of a task whose process died at every attempt."""


def attempt_on_ray(
    trials: Sequence[Trial], jobs: int | None, address: str | None, do: Callable[[Trial], TrialResult]
) -> Generator[TrialResult, None, None]:
    """Do trials on a cluster.

    Args:
        trials: What to do, at least one.
        jobs: How many at the same time at most; None for what the cluster has room for.
        address: Of a running cluster; see :func:`scenarios.trials.attempt_all`.
        do: Does one trial.

    Raises:
        BadInput: There is no such cluster, or it is lost.
    """
    waiting = dict(enumerate(trials))
    with _cluster(address, jobs):
        # Without a limit, as many again are ready for a process that has come to its end.
        under_way = jobs or 2 * max(int(ray.cluster_resources().get("CPU", 1)), 1)  # type: ignore[no-untyped-call]
        with parallel_config(RayTasks()):
            parallel = Parallel(
                n_jobs=max(under_way, 2), batch_size=1, pre_dispatch=under_way, return_as="generator_unordered"
            )
            results = parallel(delayed(_numbered)(index, trial, do) for index, trial in enumerate(trials))
        try:
            for result in results:
                if result is not None:
                    index, found = result
                    del waiting[index]
                    yield found
        except ray.exceptions.RayError as error:
            raise BadInput(f"the Ray cluster is lost: {str(error).splitlines()[0]}") from None
        finally:
            with warnings.catch_warnings():  # joblib warns of results that nobody waits for any more
                warnings.simplefilter("ignore")
                results.close()
    yield from (broken(trial, died(DEATHS)) for trial in waiting.values())


class RayTasks(RayBackend):
    """Joblib's Ray backend with a task for each call in place of Ray's pool of actors.

    The pool deals calls out in turn, to actors that are busy too, and ends with the first actor that dies. Ray gives a
    task to a process that is free, and gives it to another when that one, or its node, is lost. A task whose process
    died at all of its attempts gives None.
    """

    supports_return_generator = True
    supports_retrieve_callback = True
    _waiting: ThreadPoolExecutor
    _tasks: dict[Any, None]

    def effective_n_jobs(self, n_jobs: int) -> int:
        """As many as are asked; how many the cluster does at the same time is its own matter."""
        return n_jobs

    def configure(self, n_jobs: int = 1, parallel: Any | None = None, *_: Any, **__: Any) -> int:
        """Get ready for calls, of which so many are under way at the same time."""
        self.parallel = parallel
        self._waiting = ThreadPoolExecutor(n_jobs, thread_name_prefix="trial")
        self._tasks = {}
        return n_jobs

    def submit(self, func: Callable[[], object], callback: Callable[[Future[object]], None]) -> Future[object]:
        """Make a task of a call, and a future that a thread of its own fulfils."""
        task = _call.remote(func)
        self._tasks[task] = None
        future = self._waiting.submit(self._wait_for, task)
        future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, future: "Future[object]") -> object:
        """What the call gave."""
        return future.result()

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """End what is under way."""
        for task in list(self._tasks):
            ray.cancel(task, force=True)

    def terminate(self) -> None:
        """Let the threads end; their tasks have."""
        self._waiting.shutdown(wait=False, cancel_futures=True)

    def _wait_for(self, task: Any) -> object:
        try:
            return ray.get(task)
        except _LOST:
            return [None]
        finally:
            self._tasks.pop(task, None)


@ray.remote(num_cpus=1, max_retries=DEATHS - 1)
def _call(func: Callable[[], object]) -> object:
    return func()


def _numbered(index: int, trial: Trial, do: Callable[[Trial], TrialResult]) -> tuple[int, TrialResult]:
    return index, do(trial)


@contextmanager
def _cluster(address: str | None, jobs: int | None) -> Iterator[None]:
    """Be connected to a cluster, unless this process is already; one without an address is started and ended.

    Raises:
        BadInput: There is no such cluster.
    """
    if ray.is_initialized():
        yield
        return
    asked = address or os.environ.get("RAY_ADDRESS") or "local"
    local: dict[str, Any] = {"num_cpus": jobs, "include_dashboard": False} if asked == "local" else {}
    variables = dict.fromkeys(_THREADS, "1")
    if "PYTHONPATH" in os.environ:  # where the project is, when it is not installed
        variables["PYTHONPATH"] = os.environ["PYTHONPATH"]
    try:
        ray.init(asked, runtime_env={"env_vars": variables}, log_to_driver=False, logging_level=logging.ERROR, **local)
    except (ConnectionError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        raise BadInput(f"there is no Ray cluster at {asked!r}: {str(error).splitlines()[0]}") from None
    try:
        yield
    finally:
        ray.shutdown()
