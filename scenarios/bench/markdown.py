"""The verdict as Markdown, to be read in a pull request."""

from collections.abc import Sequence

from scenarios.bench.results import BenchResults
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import (
    headline,
    improvements,
    in_bands,
    plural,
    reading,
    scope,
    seed_ranges,
    sentence,
    title,
    worst_first,
    worst_scenarios_first,
)

_MOST_ROWS = 40
_HEADER = (
    "| scenario | metric | value | baseline | band | shift | |",
    "|---|---|---:|---:|---:|---:|---|",
)


def summary_markdown(results: BenchResults, verdict: Verdict, remarks: Sequence[str] = ()) -> str:
    """Write the page: verdict, what got worse, what got better, a line for each scenario.

    Args:
        results: What was measured.
        verdict: What the gate says of it.
        remarks: What else is to be told, a line each.
    """
    scenarios = worst_scenarios_first(verdict.scenarios)
    commit = results.provenance.get("git_commit") or "unknown"
    lines = [
        f"## {'✅' if verdict.passed else '❌'} {_plain(headline(verdict))}",
        "",
        *([f"**{_plain(scope(verdict))}**", ""] if verdict.only else []),
        f"Commit `{_plain(str(commit))}`, {plural(len(results.trials), 'ride')}.",
        "",
    ]
    broken = [f"- **{_plain(title(scenario))}**: {_plain(what)}" for scenario in scenarios for what in scenario.broken]
    if broken:
        lines += ["### Broken", "", *_at_most(broken), ""]
    lines += _table("Failed", [(scenario, metric) for scenario in scenarios for metric in _failed(scenario)])
    lines += _table("Improved: accept a new baseline", improvements(verdict))
    if scenarios:
        lines += ["### Scenarios", "", *(_line(scenario) for scenario in scenarios), ""]
    if remarks:
        lines += [*(f"> - {_plain(remark)}" for remark in remarks), ""]
    return "\n".join(lines)


def _failed(scenario: ScenarioVerdict) -> list[MetricVerdict]:
    return worst_first(scenario.failed_metrics)


def _table(heading: str, rows: Sequence[tuple[ScenarioVerdict, MetricVerdict]]) -> list[str]:
    if not rows:
        return []
    return [f"### {heading}", "", *_HEADER, *_at_most([_row(scenario, metric) for scenario, metric in rows]), ""]


def _at_most(lines: Sequence[str]) -> list[str]:
    """No more lines than one reads; the last says how many there were besides."""
    if len(lines) <= _MOST_ROWS:
        return list(lines)
    return [*lines[:_MOST_ROWS], "", f"… and {len(lines) - _MOST_ROWS} more in report.html"]


def _row(scenario: ScenarioVerdict, metric: MetricVerdict) -> str:
    numbers = reading(metric)
    unit = f" {numbers.unit}" if numbers.unit else ""
    shift = "" if metric.judgement == "missing" else f"{'+' if metric.shift > 0 else '−'}{in_bands(metric)}"
    cells = (
        f"{scenario.scenario} ({seed_ranges(scenario.seeds)})",
        f"**{metric.metric}**",
        f"{numbers.value}{unit}",
        f"{numbers.baseline}{unit}",
        f"± {numbers.tolerance}{unit}",
        shift,
        metric.judgement,
    )
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _line(scenario: ScenarioVerdict) -> str:
    within = sum(metric.judgement == "within" for metric in scenario.metrics)
    told = [f"{within} of {plural(len(scenario.metrics), 'metric')} in band"]
    told += [plural(len(scenario.broken), "broken invariant")] if scenario.broken else []
    worst = worst_first(scenario.metrics)[:1]
    told += [sentence(metric) for metric in worst if metric.judgement != "within"]
    told += scenario.notes
    mark = "✅" if scenario.passed else "❌"
    return f"- {mark} {_plain(title(scenario))}: {_plain('; '.join(told))}"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    line = " ".join(text.split())
    for sign in "\\`*<>[]|":
        line = line.replace(sign, f"\\{sign}")
    return line


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<")
