"""Writes the report on results that were measured before."""

from pathlib import Path

from scenarios.bench.baseline import read_baselines
from scenarios.bench.compare import find_results
from scenarios.bench.gate import judge
from scenarios.bench.report import write_report
from scenarios.bench.results import read_results
from scenarios.bench.wording import headline, scope
from scenarios.terminal import terminal


def report(reference: str | None, out: Path, baselines: Path, videos: bool, jobs: int | None) -> int:
    """Judge results by the baselines, write the report beside them, and return the exit status: 0 or 1.

    Args:
        reference: As in :func:`scenarios.bench.compare.find_results`.
        out: Folder in which runs leave their results.
        baselines: Folder of the baselines.
        videos: Whether failures are filmed.
        jobs: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: There are no such results, or results or baselines are not usable.
        OSError: The report cannot be written.
    """
    file = find_results(reference, out)
    results = read_results(file)
    verdict = judge(results, read_baselines(baselines))
    remarks = write_report(file.parent, results, verdict, videos=videos, jobs=jobs)
    console = terminal()
    lines = (headline(verdict), scope(verdict), *remarks, f"report in {file.parent / 'report.html'}")
    for line in filter(None, lines):
        console.print(line, highlight=False, soft_wrap=True)
    return 0 if verdict.passed else 1
