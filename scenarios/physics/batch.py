"""Does the checks that were asked for, shows what came of them, and writes the report."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from scenarios.folder import atomic_folder
from scenarios.physics.conduct import Verdict, conduct
from scenarios.physics.registry import find
from scenarios.physics.report import cells, write_report
from scenarios.provenance import origin
from scenarios.terminal import terminal


def check_physics(names: Sequence[str], out: Path, processes: int | None) -> int:
    """Do checks and write their report into ``out/physics``; returns the exit status: 0 or 1.

    Args:
        names: Names of checks; all of them when none is named.
        out: Folder for results.
        processes: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: A name is wrong, or the folder cannot be written.
    """
    checks = find(names)
    console = terminal()
    verdicts = []
    with atomic_folder(out / "physics") as folder:
        for verdict in conduct(checks, processes):
            verdicts.append(verdict)
            console.print(_table(verdict), highlight=False)
            console.print()
        write_report(folder, verdicts, origin())
    failed = [verdict.name for verdict in verdicts if not verdict.passed]
    console.print(
        f"{len(verdicts) - len(failed)} of {len(verdicts)} checks pass"
        + (f"; these do not: {', '.join(failed)}" if failed else "")
        + f"; report in {out / 'physics'}/",
        highlight=False,
    )
    return 1 if failed else 0


def _table(verdict: Verdict) -> Table:
    title = f"{verdict.name}: {verdict.law} ({verdict.seconds:.0f} s)"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", header_style="bold")
    table.add_column("")
    for heading in ("measured", "expected", "error [%]", "allowed [%]", "of"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for finding in verdict.findings:
        table.add_row(*cells(finding), style="" if finding.passed else "bold red")
    if verdict.problem:
        table.add_row(f"broke down: {verdict.problem}", style="bold red")
    return table
