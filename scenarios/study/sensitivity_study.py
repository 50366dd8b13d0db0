"""Varies parameters as planned, and reports what depends on them."""

from pathlib import Path

from scenarios.folder import atomic_folder
from scenarios.study.conduct import conduct, tell_broken
from scenarios.study.report import table
from scenarios.study.sensitivity import SensitivityPlan, effects
from scenarios.study.sensitivity_report import HEADINGS, sensitivity_rows, write_sensitivity
from scenarios.terminal import terminal


def study_sensitivity(plan: SensitivityPlan, out: Path, jobs: int | None) -> int:
    """Do the rides and write their report into ``out/sensitivity``; gives the exit status: 0, or 1 if one broke down.

    Raises:
        BadInput: No ride could be done, or the folder cannot be written.
    """
    console = terminal()
    with atomic_folder(out / "sensitivity") as folder:
        results = conduct(list(plan.trials.values()), jobs, console, "levels")
        found = effects(plan, results)
        write_sensitivity(folder, plan, found, results)
    rows = sensitivity_rows(plan, found, results)
    console.print(table(f"sensitivity of {plan.scenario}", HEADINGS, rows), highlight=False)
    console.print(f"report in {out / 'sensitivity'}/", highlight=False)
    return tell_broken(console, [results[name] for name in plan.trials])
