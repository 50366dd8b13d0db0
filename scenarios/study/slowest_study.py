"""Looks for the lowest speed as planned, and reports it."""

from pathlib import Path

from scenarios.folder import atomic_folder
from scenarios.study.conduct import conduct, tell_broken
from scenarios.study.report import table
from scenarios.study.slowest import SlowestPlan, find_slowest
from scenarios.study.slowest_report import HEADINGS, answer, slowest_rows, write_slowest
from scenarios.terminal import terminal
from scenarios.trial import Trial, TrialResult


def study_slowest(plan: SlowestPlan, out: Path, jobs: int | None) -> int:
    """Do the rides and write their report into ``out/slowest``; gives the exit status: 0, or 1 if one broke down.

    Raises:
        BadInput: The scenario is wrong, no ride at a speed could be done, or the folder cannot be written.
    """
    console = terminal()

    def attempt(trials: list[Trial]) -> list[TrialResult]:
        results = conduct(trials, jobs, console, trials[0].name.partition(",")[0])
        return [results[trial.name] for trial in trials]

    with atomic_folder(out / "slowest") as folder:
        found = find_slowest(plan, attempt)
        write_slowest(folder, plan, found)
    console.print(table("the lowest speed", HEADINGS, slowest_rows(plan, found)), highlight=False)
    console.print(answer(plan, found), highlight=False)
    console.print(f"report in {out / 'slowest'}/", highlight=False)
    return tell_broken(console, found.results)
