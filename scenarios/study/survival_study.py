"""Pushes as planned, and reports who survives."""

from pathlib import Path

from scenarios.folder import atomic_folder
from scenarios.study.conduct import conduct, tell_broken
from scenarios.study.report import table
from scenarios.study.survival import SurvivalPlan, curves, judge
from scenarios.study.survival_report import survival_headings, survival_rows, write_survival
from scenarios.terminal import terminal


def study_survival(plan: SurvivalPlan, out: Path, jobs: int | None) -> int:
    """Do the runs and write their report into ``out/survival``; gives the exit status: 0, or 1 if one broke down.

    Raises:
        BadInput: The scenario is wrong, no run could be done, or the folder cannot be written.
    """
    planned, limits = plan.trials(), plan.limits()
    console = terminal()
    with atomic_folder(out / "survival") as folder:
        results = conduct([trial for _, trial in planned.values()], jobs, console, "pushes")
        in_order = [results[name] for name in planned]
        pushed = judge(plan, {name: condition for name, (condition, _) in planned.items()}, in_order)
        found = curves(plan, pushed)
        write_survival(folder, plan, pushed, found, limits, in_order)
    headings, rows = survival_headings(plan, limits), survival_rows(plan, found, limits)
    console.print(table(f"survival of pushes on the {plan.body}", headings, rows), highlight=False)
    never = sum(push.survived is None for push in pushed)
    if never:
        console.print(f"{never} of {len(pushed)} pushes never came and do not count", style="red", highlight=False)
    console.print(f"report in {out / 'survival'}/", highlight=False)
    return tell_broken(console, in_order)
