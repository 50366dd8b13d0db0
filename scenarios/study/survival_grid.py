"""Survival as a grid of impulse and direction: what is survived need not be less than what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.study.report import INK
from scenarios.study.survival import Curve, SurvivalPlan, direction_name

_COLOURS = "RdYlBu"
_COLUMNS = 3
_PALE = 0.35
"""By how much the colours go on beyond 0 and 1, so that numbers and bars stand out from those in between."""
_BAR = ((-0.48, -0.22), (0.22, 0.48))
"""The parts of a bar across a column, beside the numbers."""


def draw_grid(plan: SurvivalPlan, found: Sequence[Curve], limits: Mapping[float, float]) -> Figure:
    """A panel of all phases, and one of each where there are several; colour and number are the share that survives.

    Args:
        plan: What was done.
        found: The curves of its directions and phases.
        limits: What theory gives for a direction [N·s], by direction [rad]; drawn as a bar across its column.
    """
    phases: list[float | None] = [None, *(plan.phases if len(plan.phases) > 1 else ())]
    columns = min(_COLUMNS, len(phases))
    rows = ceil(len(phases) / columns)
    width, height = 0.72 * len(plan.directions) + 1.2, 0.42 * len(plan.impulses) + 1.5
    figure = Figure(figsize=(max(width * columns, 5.5), height * rows + 0.5), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False)
    for place, panel in enumerate(panels.flat):
        if place >= len(phases):
            panel.set_visible(False)
            continue
        phase = phases[place]
        _panel(panel, plan, [curve for curve in found if curve.phase == phase], limits)
        if len(phases) > 1:
            panel.set_title("all phases" if phase is None else plan.phase_label(phase))
    figure.supxlabel("pushed to", fontsize=9)
    figure.supylabel("impulse [N·s]", fontsize=9)
    note = "; bar: capture limit" if limits else ""
    figure.suptitle(f"share that survives{note}\n{plan.title}", fontsize=9.5, fontweight="bold")
    return figure


def shares(plan: SurvivalPlan, found: Sequence[Curve]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Share that survives by impulse (rows, upwards) and direction (columns); NaN where no push came."""
    grid = np.full((len(plan.impulses), len(plan.directions)), np.nan)
    for curve in found:
        if curve.direction is not None:
            column = plan.directions.index(curve.direction)
            for point in curve.points:
                grid[plan.impulses.index(point.impulse), column] = point.survived / point.trials
    return grid


def _panel(panel: Axes, plan: SurvivalPlan, found: Sequence[Curve], limits: Mapping[float, float]) -> None:
    grid = shares(plan, found)
    panel.imshow(grid, cmap=_COLOURS, vmin=-_PALE, vmax=1.0 + _PALE, origin="lower", aspect="auto")
    for row, column in np.ndindex(*grid.shape):
        share = grid[row, column]
        if np.isfinite(share):
            panel.text(column, row, f"{share:.2g}", ha="center", va="center", color=INK)
    steps = range(len(plan.impulses))
    for column, direction in enumerate(plan.directions):
        limit = limits.get(direction)
        if limit is not None and len(plan.impulses) > 1 and plan.impulses[0] <= limit <= plan.impulses[-1]:
            at = float(np.interp(limit, plan.impulses, steps))
            for left, right in _BAR:
                panel.plot([column + left, column + right], [at, at], color=INK, linewidth=2.0, solid_capstyle="butt")
    panel.set_xticks(range(len(plan.directions)), [_tick(direction) for direction in plan.directions])
    panel.set_yticks(steps, [f"{impulse:g}" for impulse in plan.impulses])
    panel.grid(visible=False)


def _tick(direction: float) -> str:
    return direction_name(direction).replace(" ", "\n")
