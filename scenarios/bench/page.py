"""The verdict as one page of HTML that needs nothing else: no network, no script, no other file."""

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scenarios.bench.drawing import Bar, Strip, bar, strip
from scenarios.bench.evidence import Evidence
from scenarios.bench.results import BenchResults
from scenarios.bench.rides import rides_of, worst_metric
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import (
    Reading,
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
from scenarios.metrics import ALL_METRICS

LARGEST_VIDEO = 3_000_000
"""A clip up to this size stands in the page itself [byte]; a larger one is linked."""
_MOST_STRIPS = 6


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric as the page shows it."""

    verdict: MetricVerdict
    about: str
    numbers: Reading
    shift: str
    sentence: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Clip:
    """A video: where it comes from, and whether it stands in the page."""

    source: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A ride that was looked at again: what is known of it, its drawing and its clip."""

    evidence: Evidence
    drawing: Markup
    clip: Clip | None


@dataclass(frozen=True, slots=True)
class ScenarioPart:
    """A scenario as the page shows it."""

    verdict: ScenarioVerdict
    anchor: str
    title: str
    worst: MetricRow | None
    out: Sequence[MetricRow]
    within: Sequence[MetricRow]
    strips: Sequence[tuple[MetricRow, Strip]]
    rides: Sequence[Any]
    shown: Shown | None


def page(
    results: BenchResults,
    verdict: Verdict,
    evidence: Sequence[Evidence] = (),
    clips: Path | None = None,
    remarks: Sequence[str] = (),
    written: str = "",
) -> str:
    """Write the page.

    Args:
        results: What was measured.
        verdict: What the gate says of it.
        evidence: Rides that were looked at again.
        clips: Folder of their videos; it is linked as ``failures/``.
        remarks: What else is to be told, a line each.
        written: When the page was written, for people.
    """
    environment = Environment(
        loader=PackageLoader("scenarios.bench", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    found = {title(item.verdict): item for item in evidence}
    parts = [
        _part(number, results, scenario, found.get(title(scenario)), clips)
        for number, scenario in enumerate(worst_scenarios_first(verdict.scenarios))
    ]
    anchors = {part.title: part.anchor for part in parts}
    return environment.get_template("report.html.jinja").render(
        verdict=verdict,
        results=results,
        headline=headline(verdict),
        scope=scope(verdict),
        parts=parts,
        failed=[part for part in parts if not part.verdict.passed],
        improved=[(anchors[title(scenario)], scenario, sentence(metric)) for scenario, metric in improvements(verdict)],
        remarks=remarks,
        written=written,
        simulated=sum(trial.seconds for trial in results.trials),
        seeds=seed_ranges(trial.seed for trial in results.trials),
        provenance=list(_flat(results.provenance)),
        commit=str(results.provenance.get("git_commit") or "unknown"),
        plural=plural,
    )


def _part(
    number: int, results: BenchResults, scenario: ScenarioVerdict, evidence: Evidence | None, clips: Path | None
) -> ScenarioPart:
    rows = [_row(metric) for metric in worst_first(scenario.metrics)]
    out = [row for row in rows if row.verdict.judgement != "within"]
    strips = ((row, strip(row.verdict, results, scenario)) for row in (out or rows[:1])[:_MOST_STRIPS])
    worst = worst_metric(scenario)
    return ScenarioPart(
        verdict=scenario,
        anchor=f"scenario-{number}",
        title=title(scenario),
        worst=None if worst is None else rows[0],
        out=out,
        within=[row for row in rows if row.verdict.judgement == "within"],
        strips=[(row, drawn) for row, drawn in strips if drawn is not None],
        rides=rides_of(results, scenario),
        shown=None if evidence is None else Shown(evidence, Markup(evidence.drawing), _clip(evidence, clips)),
    )


def _row(metric: MetricVerdict) -> MetricRow:
    name = metric.metric.partition(".")[0]
    about = ALL_METRICS[name].about if name in ALL_METRICS else ""
    shift = "–" if math.isnan(metric.shift) else f"{'+' if metric.shift > 0 else '−' if metric.shift < 0 else ''}"
    shift += "" if math.isnan(metric.shift) else in_bands(metric)
    return MetricRow(metric, about, reading(metric), shift, sentence(metric), bar(metric))


def _clip(evidence: Evidence, clips: Path | None) -> Clip | None:
    if not evidence.video or clips is None:
        return None
    file = clips / evidence.video
    if file.stat().st_size > LARGEST_VIDEO:
        return Clip(f"failures/{evidence.video}", embedded=False)
    return Clip(f"data:video/mp4;base64,{base64.b64encode(file.read_bytes()).decode()}", embedded=True)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every entry of nested tables as a dotted name and a text."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{prefix}{name}", ", ".join(map(str, value)) or "–"
        else:
            yield f"{prefix}{name}", "–" if value is None else str(value)
