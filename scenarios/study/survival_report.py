"""The report on pushes: survival.json, survival.md and survival.png, and on foot survival_grid.png."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import ceil, radians
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.projections.polar import PolarAxes

from scenarios.study.half_point import HalfPoint
from scenarios.study.report import COLOURS, FAINT, INK, STYLE, share_text, write_json, write_markdown
from scenarios.study.survival import Curve, Pushed, SurvivalPlan, direction_name
from scenarios.study.survival_grid import draw_grid
from scenarios.trial import TrialResult

Limits = Mapping[float, float]
"""What theory gives for a direction [N·s], by direction [rad]."""
_STATISTICS = (
    "Intervals of shares are Wilson's, the half point is of a logistic curve by Firth's penalised likelihood with a "
    "profile interval, all at 95 %."
)
_COLUMNS = 4
_APART = 0.015
"""By which the lines of the phases are drawn below each other, since many are alike [1]."""


def write_survival(
    folder: Path,
    plan: SurvivalPlan,
    pushed: Sequence[Pushed],
    found: Sequence[Curve],
    limits: Limits,
    results: Sequence[TrialResult],
) -> None:
    """Write the report into a folder that exists.

    Raises:
        OSError: A file cannot be written.
    """
    document = {
        "study": "survival",
        "definition": f"{plan.definition} {_STATISTICS}",
        "plan": asdict(plan),
        "curves": [_curve_document(curve, limits) for curve in found],
        "pushes": [
            {"condition": asdict(p.condition), "survived": p.survived, "recovered": p.recovered, **p.measured}
            for p in pushed
        ],
    }
    write_json(folder / "survival.json", document, results)
    rows = survival_rows(plan, found, limits)
    notes = [f"{plan.definition} {_STATISTICS}"]
    write_markdown(folder / "survival.md", "Survival of pushes", notes, survival_headings(plan, limits), rows)
    with matplotlib.rc_context(STYLE):
        _draw(plan, found).savefig(folder / "survival.png", dpi=130)
        if plan.GRID:
            draw_grid(plan, found, limits).savefig(folder / "survival_grid.png", dpi=130)


def survival_headings(plan: SurvivalPlan, limits: Limits) -> tuple[str, ...]:
    """What stands above the columns of the table."""
    return (
        "direction", *((plan.phase_heading,) if plan.phase_heading else ()), "survived", "recovered", "all up to",
        *(("limit [N·s]", "all up to / limit") if limits else ()), "half survive [N·s]", "95 % interval", "none from",
        "falls with the impulse",
    )  # fmt: skip


def survival_rows(plan: SurvivalPlan, found: Sequence[Curve], limits: Limits) -> list[tuple[str, ...]]:
    """A row for each curve."""
    return [
        (
            direction_name(curve.direction),
            *((_phase_text(plan, curve.phase),) if plan.phase_heading else ()),
            share_text(sum(p.survived for p in curve.points), sum(p.trials for p in curve.points)),
            f"{sum(p.recovered for p in curve.points)}",
            _number(curve.half.all_up_to),
            *(_limit_texts(curve, limits) if limits else ()),
            *_half_texts(curve),
            _number(curve.half.none_from),
            _falls(curve),
        )
        for curve in found
    ]


def _curve_document(curve: Curve, limits: Limits) -> dict[str, Any]:
    document = {**asdict(curve), "contradicted": curve.monotony.contradicted}
    limit = _limit(curve, limits)
    if limit is None:
        return document
    up_to = curve.half.all_up_to
    return {**document, "capture_limit": limit, "all_up_to_of_limit": None if up_to is None else up_to / limit}


def _limit(curve: Curve, limits: Limits) -> float | None:
    return None if curve.direction is None else limits.get(curve.direction)


def _limit_texts(curve: Curve, limits: Limits) -> tuple[str, str]:
    limit, up_to = _limit(curve, limits), curve.half.all_up_to
    if limit is None:
        return "-", "-"
    return f"{limit:.1f}", "-" if up_to is None else f"{up_to / limit:.2f}"


def _phase_text(plan: SurvivalPlan, phase: float | None) -> str:
    return "all" if phase is None else plan.phase_text(phase)


def _half_texts(curve: Curve) -> tuple[str, str]:
    half, first, last = curve.half, curve.points[0].impulse, curve.points[-1].impulse
    if half.kind == "above":
        return f"above {last:g}", "all survived"
    if half.kind == "below":
        return f"below {first:g}", "all fell"
    if half.value is None:
        return "unclear", "does not fall"
    beyond = not first <= half.value <= last
    low = "open" if half.low is None else f"{max(half.low, 0.0):.1f}"
    high = "open" if half.high is None else f"{half.high:.1f}"
    return f"{half.value:.1f}" + (" (extrapolated)" if beyond else ""), f"{low} to {high}"


def _falls(curve: Curve) -> str:
    if not curve.monotony.rises:
        return "yes"
    where = ", ".join(f"{low:g}→{high:g}" for low, high in curve.monotony.rises)
    verdict = "NO" if curve.monotony.contradicted else "not shown otherwise"
    return f"{verdict}: rises {where} (p = {curve.monotony.p_value:.2g})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _draw(plan: SurvivalPlan, found: Sequence[Curve]) -> Figure:
    """Small curves of each direction, and beside them the half point all round."""
    directions = plan.directions
    columns = min(_COLUMNS, len(directions))
    rows = max(ceil(len(directions) / columns), 1)
    figure = Figure(figsize=(2.3 * columns + 5.2, max(2.1 * rows + 0.8, 5.0)), layout="constrained")
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(2.3 * columns, 5.2))[0]
    axes = left.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for place, panel in enumerate(axes.flat):
        if place >= len(directions):
            panel.set_visible(False)
            continue
        _panel(panel, plan, [curve for curve in found if curve.direction == directions[place]])
        panel.set_title(direction_name(directions[place]))
    left.supxlabel("impulse [N·s]", fontsize=9)
    left.supylabel("share that survives", fontsize=9)
    _polar(right.add_subplot(projection="polar"), plan, found)
    figure.suptitle(plan.title, fontsize=10.5, fontweight="bold")
    return figure


def _panel(panel: Axes, plan: SurvivalPlan, found: Sequence[Curve]) -> None:
    for curve in found:
        if curve.phase is not None:
            panel.plot(
                [p.impulse for p in curve.points],
                [p.survived / p.trials - _APART * (1 + plan.phases.index(curve.phase)) for p in curve.points],
                color=_colour(plan, curve.phase), linewidth=0.9,
            )  # fmt: skip
            continue
        impulses = np.array([p.impulse for p in curve.points])
        shares = np.array([p.survived / p.trials for p in curve.points])
        ends = np.array([(p.low, p.high) for p in curve.points]).T
        panel.errorbar(
            impulses, shares, (np.maximum(shares - ends[0], 0.0), np.maximum(ends[1] - shares, 0.0)),
            color=INK, marker="o", markersize=3.5, linestyle="", capsize=2, linewidth=0.9, zorder=3,
        )  # fmt: skip
        fine = np.linspace(impulses[0], impulses[-1], 200)
        probability = curve.half.probability(fine)
        if probability is not None:
            panel.plot(fine, probability, color=INK, linestyle="--", linewidth=1.0)
        if curve.monotony.contradicted:
            panel.text(0.97, 0.93, "rises!", transform=panel.transAxes, ha="right", va="top", color=COLOURS[1])
    panel.axhline(0.5, color=FAINT, linewidth=0.6)
    panel.set_ylim(-0.12, 1.06)


def _polar(panel: Any, plan: SurvivalPlan, found: Sequence[Curve]) -> None:
    """Half points all round; a triangle where all survived, a cross where none did.

    Broad and grey: from the impulse up to which all survived to the one from which on none did.
    """
    assert isinstance(panel, PolarAxes)
    panel.set_theta_zero_location("N")
    panel.set_thetagrids(range(0, 360, 45))
    top = plan.impulses[-1]
    for phase in (*(plan.phases if len(plan.phases) > 1 else ()), None):
        chosen = [curve for curve in found if curve.direction is not None and curve.phase == phase]
        colour = INK if phase is None else _colour(plan, phase)
        label = "all phases" if phase is None else plan.phase_label(phase)
        place = 0.0 if phase is None else radians(4.0) * (plan.phases.index(phase) - 0.5 * (len(plan.phases) - 1))
        angles = np.array([(curve.direction or 0.0) + place for curve in chosen])
        radii = np.array([_radius(curve.half, plan) for curve in chosen])
        if phase is None and len(chosen) > 2:
            panel.plot(np.append(angles, angles[0]), np.append(radii, radii[0]), color=colour, linewidth=1.3)
        panel.plot([], [], color=colour, marker="o", linestyle="", label=label)
        for curve, angle, radius in zip(chosen, angles, radii, strict=True):
            marker = {"above": "^", "below": "x"}.get(curve.half.kind, "o")
            panel.plot(angle, radius, color=colour, marker=marker, markersize=4 if phase is not None else 5)
            if phase is None and curve.half.value is not None:
                ends = [curve.half.low, curve.half.high]
                low, high = (1.2 * top * side if end is None else end for side, end in enumerate(ends))
                panel.plot([angle, angle], [max(low, 0.0), min(high, 1.2 * top)], color=colour, linewidth=0.8)
                surely = [curve.half.all_up_to or 0.0, curve.half.none_from or 1.2 * top]
                panel.plot([angle, angle], surely, color=FAINT, linewidth=5, alpha=0.5, solid_capstyle="butt", zorder=0)
    panel.set_ylim(0.0, 1.2 * top)
    panel.set_title("impulse that half survive [N·s], forward is up", loc="center", pad=14)
    if plan.phase_heading:
        panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=3)


def _radius(half: HalfPoint, plan: SurvivalPlan) -> float:
    if half.value is not None:
        return min(max(half.value, 0.0), 1.2 * plan.impulses[-1])
    return {"above": plan.impulses[-1], "below": plan.impulses[0]}.get(half.kind, float("nan"))


def _colour(plan: SurvivalPlan, phase: float) -> str:
    return COLOURS[plan.phases.index(phase) % len(COLOURS)]
