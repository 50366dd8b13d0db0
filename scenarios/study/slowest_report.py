"""The report on the lowest speed: slowest.json, slowest.md and slowest.png."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from statistics import fmean

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from scipy.special import expit

from scenarios.study.report import COLOURS, FAINT, INK, STYLE, share_text, write_json, write_markdown
from scenarios.study.slowest import Slowest, SlowestPlan

HEADINGS = ("speed [m/s]", "rode at [m/s]", "kept riding", "sure of it [%]", "decision", "why not")


def write_slowest(folder: Path, plan: SlowestPlan, found: Slowest) -> None:
    """Write the report into a folder that exists.

    Raises:
        OSError: A file cannot be written.
    """
    document = {
        "study": "slowest",
        "definition": definition(plan),
        "answer": answer(plan, found),
        "plan": asdict(plan),
        "bracket": asdict(found.bracket),
        "half": asdict(found.half),
        "faults": found.faults,
    }
    write_json(folder / "slowest.json", document, found.results)
    notes = [definition(plan), answer(plan, found)]
    write_markdown(folder / "slowest.md", "The lowest speed", notes, HEADINGS, slowest_rows(plan, found))
    with matplotlib.rc_context(STYLE):
        _draw(plan, found).savefig(folder / "slowest.png", dpi=130)


def definition(plan: SlowestPlan) -> str:
    """What counts as riding, in a few sentences."""
    return (
        f"{plan.scenario}, started at the speed and pedalled at it for {plan.seconds:g} s, with {len(plan.seeds)} "
        f"seeds at each speed. Kept riding: nobody fell or dabbed, the rear wheel stayed within {plan.corridor:g} m "
        f"of the course, and the mean speed within {100 * plan.speed_error:g} % of what was asked. A speed holds "
        f"when it is more likely than not that at least {100 * plan.share:g} % of rides keep going (posterior under "
        f"Jeffreys' prior)."
    )


def answer(plan: SlowestPlan, found: Slowest) -> str:
    """What came out, in a few sentences."""
    bracket, half = found.bracket, found.half
    if bracket.holds is None:
        said = f"Even {plan.high:g} m/s does not hold."
    elif bracket.fails is None:
        said = f"Even {plan.low:g} m/s holds; the lowest speed is below it."
    else:
        said = f"The lowest speed lies between {bracket.fails:.3g} and {bracket.holds:.3g} m/s."
    sure = []
    if bracket.surely_fails is not None:
        sure.append(f"{bracket.surely_fails:.3g} m/s fails")
    if bracket.surely_holds is not None:
        sure.append(f"{bracket.surely_holds:.3g} m/s holds")
    if sure:
        said += f" With a confidence of {100 * plan.confidence:g} %: {', '.join(sure)}."
    else:
        said += f" No speed is decided with a confidence of {100 * plan.confidence:g} %."
    if half.value is not None:
        ends = ("open" if end is None else f"{end:.2f}" for end in (half.low, half.high))
        said += f" Half keep riding at {half.value:.2f} m/s (95 %: {' to '.join(ends)})."
    return said


def slowest_rows(plan: SlowestPlan, found: Slowest) -> list[tuple[str, ...]]:
    """A row for each speed."""
    rows: list[tuple[str, ...]] = []
    for level in found.bracket.levels:
        names = [trial.name for trial in plan.trials(level.value)]
        rode = [result.metrics["speed_mean"] for result in found.results if result.name in names and result.survived]
        faults = [found.faults[name] for name in names if name in found.faults]
        why = "; ".join(faults[:3]) + ("; ..." if len(faults) > 3 else "")
        sure = 100.0 * (level.belief if level.holds else 1.0 - level.belief)
        rows.append(
            (
                f"{level.value:.4g}",
                f"{fmean(rode):.2f}" if rode else "-",
                share_text(level.successes, level.trials),
                f"{sure:.0f}",
                "holds" if level.holds else "fails",
                why or "-",
            )
        )
    return rows


def _draw(plan: SlowestPlan, found: Slowest) -> Figure:
    """Success over the speed, and below it how far each ride had to steer."""
    figure = Figure(figsize=(7.2, 5.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.4, 1))
    bracket = found.bracket
    for level in bracket.levels:
        share = level.successes / level.trials
        above.errorbar(
            level.value, share, ([max(share - level.low, 0.0)], [max(level.high - share, 0.0)]), marker="o", capsize=3,
            color=COLOURS[2] if level.holds else COLOURS[1],
        )  # fmt: skip
    if found.half.value is not None and found.half.width is not None:
        fine = np.linspace(plan.low, plan.high, 200)
        curve = expit((fine - found.half.value) / found.half.width)
        above.plot(fine, curve, color=INK, linestyle="--", linewidth=1.0, label="logistic curve through all rides")
    if bracket.fails is not None and bracket.holds is not None:
        above.axvspan(bracket.fails, bracket.holds, color="#e9f2fb", label="bracket")
    above.axhline(plan.share, color=FAINT, linewidth=0.8, label=f"share asked: {plan.share:g}")
    above.set_ylim(-0.05, 1.05)
    above.set_ylabel("share that keeps riding")
    above.set_title(answer(plan, found).split(" With ")[0].split(" No speed ")[0])
    above.legend(loc="lower right")
    asked = {trial.name: level.value for level in bracket.levels for trial in plan.trials(level.value)}
    for result in found.results:
        if result.problem:
            continue
        fault = result.name in found.faults
        below.plot(
            asked[result.name], result.metrics["steer_max"], marker="x" if fault else "o", markersize=4,
            color=COLOURS[1] if fault else COLOURS[2], linestyle="",
        )  # fmt: skip
    below.set_ylabel("greatest steer angle [rad]")
    below.set_xlabel("speed [m/s]; crosses do not count as riding")
    return figure
