"""A run over time as a small drawing for a page: of a ride roll, steer, distance from the course, and speed."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.bench.verdict import MetricVerdict
from scenarios.context import Array, RideContext
from scenarios.metric import runs_of
from scenarios.metrics_course import path_error
from scenarios.metrics_foot_stand import com_off
from scenarios.run_log import RunLog
from scenarios.runner import Ridden
from scenarios.stance import loads, support, tilt

Panel = tuple[str, str, str | None, Array | None, Array]
"""Title, unit, metric of its peak, what is asked, what is true."""

_COLOURS = {
    "ink": "#010101",
    "muted": "#020202",
    "grid": "#030303",
    "line": "#040404",
    "second": "#050505",
    "band": "#060606",
    "limit": "#070707",
}
"""Stand-ins, put in the place of which the page's own colours come, that are light or dark as the reader wants."""
_MOST_ROWS = 1200
_STYLE: dict[str, Any] = {
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _COLOURS["muted"],
    "axes.labelcolor": _COLOURS["ink"],
    "axes.titlecolor": _COLOURS["ink"],
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.grid": True,
    "grid.color": _COLOURS["grid"],
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.labelcolor": _COLOURS["ink"],
    "lines.linewidth": 1.2,
    "text.color": _COLOURS["ink"],
    "xtick.color": _COLOURS["muted"],
    "ytick.color": _COLOURS["muted"],
    "svg.fonttype": "none",
}
_LEGEND: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.1}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def ride_svg(
    ridden: Ridden, metrics: Sequence[MetricVerdict], clip: tuple[float, float] | None = None, salt: str = "ride"
) -> str:
    """Draw a ride as an ``<svg>`` element without size, to stand in a page that defines the colours' CSS variables.

    Args:
        ridden: The ride.
        metrics: Of its scenario; where the baseline expects the peaks is shaded.
        clip: From when to when it is filmed [s]; marked where one is given.
        salt: Makes the identifiers in the drawing differ from those of other drawings on the page.
    """
    log = ridden.log
    keep = slice(None, None, max(1, len(log) // _MOST_ROWS))
    time = log["time"]
    by_name = {metric.metric: metric for metric in metrics}
    panels = _riding(log, ridden.context) if isinstance(ridden.context, RideContext) else _on_foot(log)
    style: dict[Any, Any] = {**_STYLE, "svg.hashsalt": salt}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(6.6, 6.4), layout="constrained")
        figure.patch.set_alpha(0.0)
        axes = figure.subplots(len(panels), 1, sharex=True)
        for panel, (title, unit, peak, asked, true) in zip(axes, panels, strict=True):
            panel.patch.set_alpha(0.0)
            if asked is not None:
                panel.plot(time[keep], asked[keep], color=_COLOURS["muted"], linewidth=2.4, label="asked")
            panel.plot(time[keep], true[keep], color=_COLOURS["line"], label="true")
            _shade_baseline(panel, by_name.get(peak or ""))
            _mark(panel, ridden, clip)
            panel.set_title(title)
            panel.set_ylabel(f"[{unit}]")
            if len(panel.get_legend_handles_labels()[1]) > 1:
                panel.legend(**_LEGEND, ncols=4)
        axes[-1].set_xlabel("time [s]")
        stream = BytesIO()
        figure.savefig(stream, format="svg", metadata=_NO_METADATA)
    return _for_page(stream.getvalue().decode())


def _riding(log: RunLog, context: RideContext) -> tuple[Panel, ...]:
    return (
        ("roll", "rad", "roll_max", None, log["truth_roll"]),
        ("steer", "rad", "steer_max", log["reference_steer"], log["truth_steer"]),
        ("distance from the course", "m", "path_error_max", None, path_error(log, context)),
        ("speed", "m/s", None, log["reference_speed"], log["truth_speed"]),
    )


def _on_foot(log: RunLog) -> tuple[Panel, ...]:
    height = log["truth_robot_position"][:, 2] - support(log)[:, 2]
    return (
        ("tilt of the pelvis", "rad", "tilt_max", None, tilt(log["truth_robot_orientation"])),
        ("centre of mass off the feet", "m", "com_offset_max", None, com_off(log)),
        ("height of the pelvis", "m", None, log["reference_pelvis_height"], height),
        ("force on the left foot", "N", "foot_force_max", log["reference_foot_force"][:, 2], loads(log)[:, 0]),
    )


def _shade_baseline(axes: Axes, metric: MetricVerdict | None) -> None:
    """Shade, to both sides, where the peak lies by the baseline."""
    if metric is None or not np.isfinite(metric.baseline + metric.tolerance):
        return
    low, high = max(metric.baseline - metric.tolerance, 0.0), metric.baseline + metric.tolerance
    label: str | None = "peak by the baseline"
    for side in (1.0, -1.0):
        axes.axhspan(side * low, side * high, color=_COLOURS["band"], alpha=0.35, linewidth=0, label=label, zorder=0)
        axes.axhline(side * metric.baseline, color=_COLOURS["band"], linewidth=0.8, linestyle="--", zorder=1)
        label = None


def _mark(axes: Axes, ridden: Ridden, clip: tuple[float, float] | None) -> None:
    """Mark pushes, a fall, and what is filmed."""
    time = ridden.log["time"]
    for first, after in runs_of(np.linalg.norm(ridden.log["truth_push"], axis=1) > 0.0):
        begin, end = float(time[first]), float(time[after - 1])
        axes.axvspan(begin, end, color=_COLOURS["second"], alpha=0.5, linewidth=0, zorder=0)
    if ridden.end == "fallen":
        axes.axvline(float(time[-1]), color=_COLOURS["limit"], linewidth=1.6)
    if clip is not None:
        axes.axvline(clip[0], color=_COLOURS["muted"], linewidth=0.8, linestyle=":")
        axes.axvline(clip[1], color=_COLOURS["muted"], linewidth=0.8, linestyle=":")
    axes.margins(x=0.01)


def _for_page(svg: str) -> str:
    """Keep the element alone, let the page set its size, and put the page's colours in."""
    element = svg[svg.index("<svg") :]
    element = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", element, count=1)
    element = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", element, count=1)
    for name, colour in _COLOURS.items():
        element = element.replace(colour, f"var(--{name})")
    return element.replace("<svg", '<svg role="img" aria-label="the ride over time"', 1)
