"""What ``draisine bench`` shows on the terminal: verdicts, and how baselines would change."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.bench.baseline import Baselines, MetricBaseline, TierBaseline
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import scope

_MOST_SENTENCES = 8


def show_verdict(console: Console, verdict: Verdict) -> None:
    """Print a row for each scenario and repetition, and everything that is broken or outside of its band."""
    if verdict.only:
        console.print(Text(scope(verdict), style="yellow"), soft_wrap=True)
    table = _table("scenario", "seeds", "verdict", ">in band", "notes")
    for scenario in verdict.scenarios:
        within = sum(metric.judgement == "within" for metric in scenario.metrics)
        table.add_row(
            scenario.scenario, _seeds(scenario.seeds), _verdict(scenario), f"{within} of {len(scenario.metrics)}",
            "; ".join(scenario.notes),
        )  # fmt: skip
    console.print(table, highlight=False)
    for scenario in verdict.scenarios:
        _show_broken(console, scenario)
    outside = _table("scenario", "metric", "", ">value", ">baseline", ">tolerance", ">shift", "unit")
    for scenario in verdict.scenarios:
        for metric in scenario.metrics:
            if metric.judgement not in ("within", "missing"):
                outside.add_row(f"{scenario.scenario} ({_seeds(scenario.seeds)})", *_metric_cells(metric))
    if outside.row_count:
        console.print()
        console.print(outside, highlight=False)
        console.print(Text("shift: how far the value is from its baseline, in tolerances", style="dim"))
    improved = list(dict.fromkeys(s.scenario for s in verdict.scenarios if s.improved_metrics))
    if improved:
        accept = f"draisine bench accept {verdict.tier}"
        console.print(
            Text(f"IMPROVED: {', '.join(improved)}; accept a new baseline ({accept})", style="bold yellow"),
            soft_wrap=True,
        )
    failed = list(dict.fromkeys(scenario.scenario for scenario in verdict.failures()))
    count = len({scenario.scenario for scenario in verdict.scenarios})
    runs = sum(not scenario.passed for scenario in verdict.scenarios)
    if not verdict.scenarios:
        console.print(Text("failed: there is nothing to judge", style="bold red"))
    elif failed:
        said = f"{verdict.name} failed: {', '.join(failed)} ({runs} of {len(verdict.scenarios)} verdicts)"
        console.print(Text(said, style="bold red"), soft_wrap=True)
    else:
        more = f" in each of {len(verdict.scenarios) // count} repetitions" if len(verdict.scenarios) > count else ""
        told = "1 scenario is within its baseline" if count == 1 else f"{count} scenarios are within their baselines"
        console.print(Text(f"{verdict.name} passed: {told}{more}", style="green"))


def show_origin(console: Console, changes: Sequence[str]) -> None:
    """Print where the results come from that the baselines do not."""
    for sentence in changes:
        console.print(Text(sentence, style="dim"), soft_wrap=True)


def show_change(console: Console, tier: str, old: Baselines, new: Mapping[str, TierBaseline]) -> None:
    """Print how the baselines of a tier would change, metric by metric, by more than a hundredth of the tolerance."""
    table = _table("scenario", "metric", ">value", ">was", ">tolerance", ">was", "unit")
    for name, baseline in new.items():
        before = old[name].tiers.get(tier) if name in old else None
        if before is None:
            table.add_row(name, f"{len(baseline.metrics)} metrics", "new", "", "", "", "")
            continue
        for metric in dict.fromkeys((*baseline.metrics, *before.metrics)):
            row = _change(baseline.metrics.get(metric), before.metrics.get(metric))
            if row is not None:
                table.add_row(name, metric, *row)
    gone = [name for name, baseline in old.items() if tier in baseline.tiers and name not in new]
    for name in gone:
        table.add_row(name, "", "removed", "", "", "", "")
    if table.row_count:
        console.print(table, highlight=False)
    else:
        console.print("no baseline changes by more than a hundredth of its tolerance", highlight=False)


def _change(new: MetricBaseline | None, old: MetricBaseline | None) -> tuple[str, ...] | None:
    """Cells of a changed metric; None where it stays."""
    if new is None or old is None:
        shown = new or old
        assert shown is not None
        cells = (f"{shown.value:.5g}", f"{shown.tolerance:.3g}")
        return (cells[0], "-", cells[1], "-", shown.unit) if old is None else ("-", cells[0], "-", cells[1], shown.unit)
    shifted = abs(new.value - old.value) > 0.01 * old.tolerance
    widened = abs(new.tolerance - old.tolerance) > 0.01 * old.tolerance
    if not shifted and not widened and (new.unit, new.better) == (old.unit, old.better):
        return None
    return f"{new.value:.5g}", f"{old.value:.5g}", f"{new.tolerance:.3g}", f"{old.tolerance:.3g}", new.unit


def _show_broken(console: Console, scenario: ScenarioVerdict) -> None:
    for sentence in _shortened(scenario.broken):
        console.print(Text(f"{scenario.scenario}: {sentence}", style="red"), soft_wrap=True)


def _shortened(sentences: tuple[str, ...]) -> Iterator[str]:
    yield from sentences[:_MOST_SENTENCES]
    if len(sentences) > _MOST_SENTENCES:
        yield f"... and {len(sentences) - _MOST_SENTENCES} more"


def _metric_cells(metric: MetricVerdict) -> tuple[str | Text, ...]:
    style = "bold red" if not metric.passed else "bold yellow" if metric.judgement == "improved" else "yellow"
    return (
        metric.metric, Text(metric.judgement, style=style), f"{metric.value:.5g}", f"{metric.baseline:.5g}",
        f"{metric.tolerance:.3g}", f"{metric.shift:+.1f}", "" if metric.unit == "1" else metric.unit,
    )  # fmt: skip


def _verdict(scenario: ScenarioVerdict) -> Text:
    if not scenario.passed:
        return Text("failed", style="bold red")
    return Text("improved", style="bold yellow") if scenario.improved_metrics else Text("passed", style="green")


def _seeds(seeds: tuple[int, ...]) -> str:
    if len(seeds) > 2 and seeds == tuple(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]}-{seeds[-1]}"
    return ",".join(str(seed) for seed in seeds) or "none"


def _table(*titles: str) -> Table:
    """A table without lines; a title that begins with > is of numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title.removeprefix(">"), justify="right" if title.startswith(">") else "left")
    return table
