"""The verdict on one ride as a page of Markdown."""

from scenarios.criterion import Criterion
from scenarios.kinds import KINDS
from scenarios.outcome import Outcome


def summary_page(outcome: Outcome, files: list[str]) -> str:
    """Write the page.

    Args:
        outcome: The ride.
        files: Names of the files beside the page.
    """
    known = KINDS[outcome.kind].metrics
    verdict = "passed" if outcome.passed else "failed"
    lines = [
        f"# {outcome.scenario}, seed {outcome.seed}: {verdict}",
        "",
        f"{outcome.summary[0].upper()}{outcome.summary[1:]}.",
        "",
        f"It ended after {outcome.ridden:.1f} s: {outcome.end}. "
        f"It was computed at {outcome.timing.real_time_factor:.1f} times real time.",
        "",
        "| criterion | asked | got | |",
        "|---|---|---|---|",
        *(_criterion_row(criterion, outcome) for criterion in outcome.criteria),
        "",
        "| metric | value | unit | what it is |",
        "|---|---|---|---|",
        *(
            f"| {name} | {_number(value)} | {known[name].unit} | {known[name].about} |"
            for name, value in outcome.metrics.items()
        ),
        "",
    ]
    if outcome.events:
        lines += ["The safety layer:", "", *(f"- {event}" for event in outcome.events), ""]
    if "plots.png" in files:
        lines += ["![the ride](plots.png)", ""]
    commit, state_hash = outcome.provenance["git_commit"], outcome.provenance["state_hash"]
    lines += [f"Commit `{commit or 'unknown'}`, state hash `{state_hash}`.", ""]
    return "\n".join(lines)


def asked(criterion: Criterion) -> str:
    """Say what a criterion demands: ``≤ 0.5``."""
    if criterion.min is None:
        return f"≤ {criterion.max:g}"
    if criterion.max is None:
        return f"≥ {criterion.min:g}"
    return f"{criterion.min:g} … {criterion.max:g}"


def _criterion_row(criterion: Criterion, outcome: Outcome) -> str:
    value = outcome.metrics.get(criterion.metric)
    unit = criterion.known[criterion.metric].unit
    mark = "✓" if criterion.violation(value) is None else "✗"
    shown = "missing" if value is None else _number(value)
    return f"| {criterion.metric} | {asked(criterion)}{'' if unit == '1' else f' {unit}'} | {shown} | {mark} |"


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.4g}"
