"""Judges results that were measured before."""

from pathlib import Path

from scenarios.bench.baseline import read_baselines
from scenarios.bench.gate import judge
from scenarios.bench.origins import changed_origin
from scenarios.bench.results import BenchResults, read_results
from scenarios.bench.tables import show_origin, show_verdict
from scenarios.bench.tiers import load_tiers
from scenarios.errors import BadInput
from scenarios.terminal import terminal


def compare(reference: str | None, out: Path, baselines: Path) -> int:
    """Judge results by the baselines, print the verdict, and return the exit status: 0 or 1.

    Args:
        reference: As in :func:`find_results`.
        out: Folder in which runs leave their results.
        baselines: Folder of the baselines.

    Raises:
        BadInput: There are no such results, or results or baselines are not usable.
    """
    file = find_results(reference, out)
    results = read_results(file)
    expected = read_baselines(baselines)
    verdict = judge(results, expected)
    console = terminal()
    console.print(f"{file}: {_made_from(results)}", highlight=False, soft_wrap=True)
    show_verdict(console, verdict)
    show_origin(console, changed_origin(results, expected))
    return 0 if verdict.passed else 1


def find_results(reference: str | None, out: Path) -> Path:
    """The file of results that is meant.

    Args:
        reference: A tier, whose latest run in the folder is meant; a results.json or its folder; None for the latest
            run of any tier.
        out: Folder in which runs leave their results.

    Raises:
        BadInput: There are none.
    """
    if reference is None:
        found = sorted(out.glob("bench-*/results.json"), key=lambda file: file.stat().st_mtime)
        if not found:
            raise BadInput(f"there are no results in {out}/; make some: draisine bench run smoke")
        return found[-1]
    path = Path(reference)
    if path.is_file():
        return path
    if path.is_dir():
        return path / "results.json"
    tiers = load_tiers()
    if reference not in tiers:
        raise BadInput(f"{reference!r} is no tier, nor the results of one; tiers: {', '.join(tiers)}")
    file = out / f"bench-{reference}" / "results.json"
    if not file.is_file():
        raise BadInput(f"there are no results in {file.parent}/; make some: draisine bench run {reference}")
    return file


def _made_from(results: BenchResults) -> str:
    commit = results.provenance.get("git_commit") or "no commit"
    return f"{results.tier}, {len(results.trials)} rides, of {commit}"
