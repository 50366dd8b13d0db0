"""What every page of plots shares: colours, style, its headline, and the marks of pushes."""

from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.metric import Array, runs_of
from scenarios.outcome import Outcome
from scenarios.run_log import RunLog

matplotlib.use("Agg")

LEFT, RIGHT, THIRD, ASKED, INK = "#1f77b4", "#d9541e", "#2a9d5c", "#9a9a9a", "#222222"
STYLE: dict[Any, Any] = {
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.grid": True,
    "grid.color": "#ececec",
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.1,
}
LEGEND: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.1}


def headline(figure: Figure, outcome: Outcome) -> None:
    """Write name, seed and verdict above a page."""
    missed = [
        criterion.metric for criterion in outcome.criteria if criterion.violation(outcome.metrics.get(criterion.metric))
    ]
    verdict = "passed" if outcome.passed else f"failed by {', '.join(missed[:3])}{' …' if len(missed) > 3 else ''}"
    colour = THIRD if outcome.passed else RIGHT
    figure.suptitle(
        f"{outcome.scenario} · seed {outcome.seed} · {verdict}", color=colour, fontsize=12, fontweight="bold"
    )


def mark_pushes(axes: Axes, log: RunLog) -> None:
    """Draw a line where a push begins, and give the axis the time of the run."""
    time = log["time"]
    for first, _ in runs_of(norm(log["truth_push"]) > 0):
        axes.axvline(float(time[first]), color=INK, linewidth=0.8, linestyle=":")
    axes.set_xlim(float(time[0]), float(time[-1]) if len(time) > 1 else float(time[0]) + 1.0)


def norm(vectors: Array) -> Array:
    """Length of each row."""
    return np.asarray(np.linalg.norm(vectors, axis=1))
