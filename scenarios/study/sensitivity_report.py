"""The report on sensitivity: sensitivity.json, sensitivity.md and sensitivity.png."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.metrics import METRICS
from scenarios.study.binomial import wilson
from scenarios.study.report import COLOURS, FAINT, INK, STYLE, write_json, write_markdown
from scenarios.study.sensitivity import Effect, Parameter, SensitivityPlan, survivors, values
from scenarios.trial import TrialResult

HEADINGS = ("parameter", "metric", "over the levels", "slope per unit", "95 % interval", "% per %", "swing [%]")

_LEAST = (0.9, 1.1)
"""Range of a metric that is shown at least, over its nominal value [1]."""


def write_sensitivity(
    folder: Path, plan: SensitivityPlan, found: Sequence[Effect], results: Mapping[str, TrialResult]
) -> None:
    """Write the report into a folder that exists.

    Raises:
        OSError: A file cannot be written.
    """
    document = {
        "study": "sensitivity",
        "definition": definition(plan),
        "scenario": plan.scenario,
        "overrides": plan.overrides,
        "seeds": plan.seeds,
        "parameters": [
            {**asdict(parameter), "survival": [survivors(level, results) for level in parameter.levels]}
            for parameter in plan.parameters
        ],
        "effects": [{**asdict(effect), "unit": METRICS[effect.metric].unit} for effect in found],
    }
    write_json(folder / "sensitivity.json", document, [results[name] for name in plan.trials])
    rows = sensitivity_rows(plan, found, results)
    write_markdown(folder / "sensitivity.md", "Sensitivity to parameters", [definition(plan)], HEADINGS, rows)
    with matplotlib.rc_context(STYLE):
        _draw(plan, found, results).savefig(folder / "sensitivity.png", dpi=130)


def definition(plan: SensitivityPlan) -> str:
    """What was varied and what the figures are, in a few sentences."""
    return (
        f"{plan.scenario} with one parameter varied at a time and the same {len(plan.seeds)} seed(s) at each level. "
        f"Metrics are of rides in which nobody fell. Slope: mean over the seeds of a straight line through each seed's "
        f"rides, with Student's interval. % per %: relative to the nominal ride. Swing: range of the levels' means "
        f"over the nominal one."
    )


def sensitivity_rows(
    plan: SensitivityPlan, found: Sequence[Effect], results: Mapping[str, TrialResult]
) -> list[tuple[str, ...]]:
    """A row for the survival and one for each metric of each parameter."""
    rows: list[tuple[str, ...]] = []
    for parameter in plan.parameters:
        counts = [survivors(level, results) for level in parameter.levels]
        over = [f"{level.text}: {up}/{of}" for level, (up, of) in zip(parameter.levels, counts, strict=True)]
        rows.append((parameter.key, "nobody fell", ", ".join(over), "", "", "", ""))
        for effect in (effect for effect in found if effect.key == parameter.key):
            unit = METRICS[effect.metric].unit
            over = [f"{level.text}: {mean:.3g}" for level, mean in zip(parameter.levels, effect.means, strict=True)]
            interval = "-" if effect.low is None or effect.high is None else f"{effect.low:.3g} to {effect.high:.3g}"
            rows.append(
                (
                    "", effect.metric + ("" if unit == "1" else f" [{unit}]"), ", ".join(over), f"{effect.slope:.3g}",
                    interval, "-" if effect.elasticity is None else f"{effect.elasticity:.2f}",
                    f"{100 * effect.swing:.0f}" if isfinite(effect.swing) else "-",
                )
            )  # fmt: skip
    return rows


def _draw(plan: SensitivityPlan, found: Sequence[Effect], results: Mapping[str, TrialResult]) -> Figure:
    """A column for each parameter, a row for the survival and for each metric."""
    columns, rows = len(plan.parameters), 1 + len(plan.metrics)
    figure = Figure(figsize=(max(2.3 * columns, 3.6) + 0.6, 1.35 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, columns, sharex="col", sharey="row", squeeze=False)
    for column, parameter in enumerate(plan.parameters):
        _survival(axes[0, column], parameter, results)
        for row, metric in enumerate(plan.metrics, start=1):
            (effect,) = (effect for effect in found if (effect.key, effect.metric) == (parameter.key, metric))
            _metric(axes[row, column], parameter, effect, results)
        for panel in axes[:, column]:
            panel.axvline(parameter.nominal, color=FAINT, linewidth=0.7, linestyle=":")
        axes[-1, column].set_xlabel(parameter.key)
    for row, metric in enumerate(("nobody\nfell", *plan.metrics)):
        unit = METRICS[metric].unit if row else "1"
        axes[row, 0].set_ylabel(metric.replace("_", "\n", 1) + ("" if unit == "1" else f" [{unit}]"), fontsize=7.5)
    figure.suptitle(
        f"{plan.scenario}, {len(plan.seeds)} seed(s)\ndots are rides, lines their means, dotted: nominal",
        fontsize=9.5, fontweight="bold", x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _survival(panel: Axes, parameter: Parameter, results: Mapping[str, TrialResult]) -> None:
    for level in parameter.levels:
        survived, count = survivors(level, results)
        if not count:
            continue
        (low, high), share = wilson(survived, count), survived / count
        panel.errorbar(
            level.value, share, ([max(share - low, 0.0)], [max(high - share, 0.0)]), marker="o", markersize=3.5,
            color=COLOURS[2] if survived == count else COLOURS[1], capsize=2, linewidth=0.9,
        )  # fmt: skip
    panel.set_ylim(-0.08, 1.08)


def _metric(panel: Axes, parameter: Parameter, effect: Effect, results: Mapping[str, TrialResult]) -> None:
    for level in parameter.levels:
        found = values(level, effect.metric, results)
        panel.plot([level.value] * len(found), found, marker=".", linestyle="", color=COLOURS[0], alpha=0.6)
    x, means = np.array([level.value for level in parameter.levels]), np.array(effect.means)
    there = np.isfinite(means)
    panel.plot(x[there], means[there], color=INK, linewidth=1.1)
    usual = float(means[int(np.flatnonzero(x == parameter.nominal)[0])])
    if isfinite(usual):  # a row shows no less than this, for what is small to look small
        for share in _LEAST:
            panel.plot(parameter.nominal, share * usual, alpha=0.0)
