"""The report on a ride's speed: as JSON for machines, as Markdown and a plot for people, as a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import matplotlib
import orjson
from matplotlib.figure import Figure
from rich.table import Table

from scenarios.bench.layers import MEANING, STEP
from scenarios.bench.speed_ratio import Interval
from scenarios.bench.speed_summary import Share, SpeedSummary
from scenarios.bench.start_up import STAGES

matplotlib.use("Agg")

_HEADINGS = ("", "p50 [µs]", "p99 [µs]", "of two bare steps", "95 %")
_STEP_COLOUR, _OTHERS = "#9a9a9a", matplotlib.colormaps["tab20"].colors  # type: ignore[attr-defined]


def write_report(folder: Path, summary: SpeedSummary, origin: Mapping[str, object]) -> None:
    """Write ``speed.json``, ``speed.md`` and ``speed.png`` into a folder that exists.

    Raises:
        OSError: A file cannot be written.
    """
    document = {**asdict(summary), "provenance": origin}
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (folder / "speed.json").write_bytes(orjson.dumps(document, option=option))
    (folder / "speed.md").write_text(markdown(summary), encoding="utf-8")
    draw(folder / "speed.png", summary)


def markdown(summary: SpeedSummary) -> str:
    """The findings in Markdown."""
    lines = [
        f"# How fast {summary.scenario} is",
        "",
        conditions(summary),
        "",
        "| part of a tick |" + " | ".join(_HEADINGS[1:]) + " | |",
        "|---|" + "---:|" * 4 + "---|",
        *(f"| {' | '.join(cells(part))} | |" for part in summary.totals),
        *(f"| {' | '.join(cells(layer))} | {MEANING[layer.name]} |" for layer in summary.layers),
        "",
        "| start, in a fresh process | s | |",
        "|---|---:|---|",
        *(f"| {stage} | {seconds:.3f} | {STAGES[stage]} |" for stage, seconds in summary.start_up.items()),
        f"| together | {sum(summary.start_up.values()):.3f} | |",
        "",
        "| peak memory | MB |",
        "|---|---:|",
        *(f"| {when} | {megabytes:.0f} |" for when, megabytes in summary.memory.items()),
    ]
    return "\n".join(lines) + "\n"


def conditions(summary: SpeedSummary) -> str:
    """What was measured, and how far it can be believed, in a few sentences."""
    factor = summary.real_time_factor
    bits = "All rides have the same bits, with probes and without" if summary.same_bits else "THE RIDES HAVE OTHER BITS"
    off = (
        f"; THE BARE STEPS CAME OFF BY {summary.deviation:.2g} m." if summary.deviation else ", and the bare steps too."
    )
    return (
        f"{summary.seconds:g} s of {summary.scenario} with seed {summary.seed}, {summary.rounds} rounds: "
        f"{factor.median:.2f} times real time ({_range(factor)}). Two bare steps take {summary.bare:.0f} µs. "
        f"The layers add up to the tick without probes within {100.0 * summary.closure:+.1f} %; "
        f"the probes cost {summary.probes:.0f} µs a tick, which is taken off. "
        f"The time of each tick is the least over the rounds, but for the line that is called disturbed. {bits}{off}"
    )


def table(summary: SpeedSummary) -> Table:
    """The findings for the terminal."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(_HEADINGS):
        shown.add_column(heading, justify="right" if number else "left", no_wrap=True)
    for part in summary.totals:
        shown.add_row(*cells(part), style="bold")
    for layer in summary.by_cost:
        shown.add_row(*cells(layer))
    return shown


def cells(part: Share) -> tuple[str, ...]:
    """A part as a row: name, p50, p99, ratio and its interval."""
    return part.name, f"{part.p50:.1f}", f"{part.p99:.1f}", f"{part.ratio.median:.3f}", _range(part.ratio)


def draw(file: Path, summary: SpeedSummary) -> None:
    """Draw a tick beside its bare steps, and each layer by itself.

    Raises:
        OSError: The file cannot be written.
    """
    figure = Figure(figsize=(9.6, 7.0), layout="constrained")
    stack, bars = figure.subplots(2, 1, height_ratios=(1, 3.2))
    others = [layer for layer in summary.by_cost if layer.name != STEP]
    colours = {layer.name: _OTHERS[number % len(_OTHERS)] for number, layer in enumerate(others)}
    colours[STEP] = _STEP_COLOUR
    stack.barh("bare steps", 1.0, color=_STEP_COLOUR, height=0.6)
    left = 0.0
    for layer in sorted(summary.layers, key=lambda layer: (layer.name != STEP, -layer.ratio.median)):
        width = layer.ratio.median
        stack.barh("tick", width, left=left, color=colours[layer.name], height=0.6, edgecolor="white", linewidth=0.5)
        if width > 0.1:
            stack.text(left + width / 2, "tick", layer.name.replace(" ", "\n"), ha="center", va="center", fontsize=7)
        left += width
    stack.invert_yaxis()
    stack.set_title(
        f"{summary.scenario}: a tick is {summary.whole.ratio.median:.2f} times its bare steps, "
        f"{summary.real_time_factor.median:.2f} times real time", loc="left", fontsize=10, fontweight="bold",
    )  # fmt: skip
    stack.set_xlabel("time over that of two bare steps [1]")
    names = [layer.name for layer in others]
    bars.barh(names, [layer.p50 for layer in others], color=[colours[name] for name in names], height=0.7)
    bars.plot([layer.p99 for layer in others], names, "k|", markersize=9, label="p99")
    bars.invert_yaxis()
    bars.set_xlabel("time in a tick [µs]: bar p50, line p99; stepSimulation left out")
    for axes in (stack, bars):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=110)


def _range(interval: Interval) -> str:
    return f"{interval.low:.3f} to {interval.high:.3f}"
