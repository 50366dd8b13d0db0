"""Does checks of the physics, several at once, and keeps what was found."""

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from time import perf_counter

from joblib import Parallel, cpu_count, delayed

from scenarios.physics.check import Check, Finding
from sim.silence import silence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check.

    Attributes:
        name: Of the check.
        law: What must hold.
        findings: Its figures; none if it broke down.
        problem: Why it broke down, or nothing.
        seconds: Wall time that it took [s].
    """

    name: str
    law: str
    findings: tuple[Finding, ...]
    problem: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether there are findings and all of them pass."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)


def conduct(checks: Sequence[Check], processes: int | None = None) -> Iterator[Verdict]:
    """Do checks, each in a process of its own, and give their verdicts in their order.

    When a process dies, what is not done by then has broken down.

    Args:
        checks: What to do, from the registry.
        processes: How many processes at most; None for as many as there are cores.
    """
    workers = min(len(checks), processes or cpu_count())
    parallel = Parallel(
        n_jobs=workers, backend="loky", batch_size=1, pre_dispatch="all", return_as="generator_unordered"
    )
    done: dict[str, Verdict] = {}
    waiting = list(checks)
    try:
        for verdict in parallel(delayed(_do)(check.name) for check in checks):
            done[verdict.name] = verdict
            while waiting and waiting[0].name in done:
                yield done[waiting.pop(0).name]
    except BrokenProcessPool:
        died = "not done, since a process died; was it killed for its memory?"
        for check in waiting:
            yield done.get(check.name) or Verdict(check.name, check.law, (), died, 0.0)


def _do(name: str) -> Verdict:
    with silence():
        from scenarios.physics.registry import find
    (check,) = find([name])
    start = perf_counter()
    findings: tuple[Finding, ...] = ()
    problem = ""
    try:
        findings = check.run()
    except Exception as error:  # a check that breaks down is a failed check, and the others go on
        problem = f"{type(error).__name__}: {error}"
    return Verdict(check.name, check.law, findings, problem, perf_counter() - start)
