"""One page that shows a run on foot: centre of mass against the feet from above, heights, forces, tilt, effort."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from scenarios.context import Array, FootContext
from scenarios.falls import fall_row
from scenarios.metric import runs_of
from scenarios.metrics_energy import GRAVITY
from scenarios.outcome import Outcome
from scenarios.plots_page import ASKED, INK, LEFT, LEGEND, RIGHT, STYLE, THIRD, headline, mark_pushes
from scenarios.run_log import RunLog
from scenarios.stance import LOADED, loads, soles, support, tilt, walking

_FALL = "#fbe9e6"


def draw_on_foot(file: Path, outcome: Outcome, log: RunLog, context: FootContext) -> None:
    """Draw the page into a PNG file.

    Raises:
        OSError: The file cannot be written.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 1.85 * 8), layout="constrained")
        grid = figure.add_gridspec(6, 1, height_ratios=(3, 1, 1, 1, 1, 1))
        fall = fall_row(log)
        _from_above(figure.add_subplot(grid[0]), log if fall is None else log.until(fall + 1), context)
        first = figure.add_subplot(grid[1])
        panels = [first, *(figure.add_subplot(grid[row], sharex=first) for row in range(2, 6))]
        for panel, fill in zip(panels, (_velocity, _height, _forces, _tilt, _effort), strict=True):
            fill(panel, log)
            _mark_fall(panel, log)
            mark_pushes(panel, log)
            if panel is not panels[-1]:
                panel.tick_params(labelbottom=False)
        panels[-1].set_xlabel("time [s]")
        headline(figure, outcome)
        figure.savefig(file, dpi=130)


def _from_above(axes: Axes, log: RunLog, context: FootContext) -> None:
    for corners, colour in _footprints(log, context):
        outline = {"facecolor": colour, "edgecolor": colour, "alpha": 0.16, "linewidth": 0.9}
        axes.add_patch(Polygon(corners, closed=True, **outline))
    cop = log["truth_foot_cop"].reshape(-1, 2, 3)
    force = np.maximum(loads(log), 0.0)[:, :, None]
    borne = force.sum(axis=1)[:, 0] > LOADED
    pressure = (cop * force).sum(axis=1)[borne] / force.sum(axis=1)[borne]
    axes.plot(pressure[:, 0], pressure[:, 1], color=ASKED, linewidth=0.6, alpha=0.8, label="centre of pressure")
    capture = _capture_point(log)
    axes.plot(capture[:, 0], capture[:, 1], color=THIRD, linewidth=0.8, label="divergent component of motion")
    com = log["truth_com"]
    axes.plot(com[:, 0], com[:, 1], color=INK, linewidth=1.2, label="centre of mass")
    axes.plot(com[0, 0], com[0, 1], marker="o", color=INK, markersize=4)
    _mark_pose(axes, context)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(title="from above", xlabel="x [m]", ylabel="y [m]")
    axes.legend(**LEGEND, ncols=3)


def _mark_pose(axes: Axes, context: FootContext) -> None:
    """An arrow where the last goal leads to."""
    pose = context.goals[-1].walk_to
    if pose is not None:
        x, y, heading = pose
        axes.quiver(x, y, np.cos(heading), np.sin(heading), color="#f28e2b", scale=25, width=0.004, zorder=3)


def _footprints(log: RunLog, context: FootContext) -> Iterator[tuple[Array, str]]:
    """Outline of each sole at the middle of each time for which it bore, shape (4, 2), and its colour."""
    half = 0.5 * np.array(context.sole)
    box = half * np.array(((1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)))
    for side, colour in enumerate((LEFT, RIGHT)):
        for first, after in runs_of(loads(log)[:, side] > LOADED):
            row = (first + after) // 2
            yaw = log["truth_foot_yaw"][row, side]
            turn = np.array(((np.cos(yaw), -np.sin(yaw)), (np.sin(yaw), np.cos(yaw))))
            yield soles(log)[row, side, :2] + box @ turn.T, colour


def _capture_point(log: RunLog) -> Array:
    """The divergent component of motion over level ground, shape (T, 2) [m] (Pratt et al. 2006; Takenaka 2009)."""
    height = np.maximum(log["truth_com"][:, 2] - support(log)[:, 2], 0.1)
    return log["truth_com"][:, :2] + log["truth_com_velocity"][:, :2] * np.sqrt(height / GRAVITY)[:, None]


def _velocity(axes: Axes, log: RunLog) -> None:
    time, velocity = log["time"], log["truth_com_velocity"]
    axes.plot(time, velocity[:, 0], color=LEFT, linewidth=0.8, label="x")
    axes.plot(time, velocity[:, 1], color=RIGHT, linewidth=0.8, label="y")
    axes.plot(time, velocity[:, 2], color=THIRD, linewidth=0.8, label="z")
    if walking(log).any():
        asked = np.hypot(*log["reference_velocity"][:, :2].T)
        axes.plot(time, asked, color=ASKED, linewidth=2.5, alpha=0.6, label="speed asked")
    axes.set(title="velocity of the centre of mass", ylabel="[m/s]")
    axes.legend(**LEGEND, ncols=4)


def _height(axes: Axes, log: RunLog) -> None:
    time, ground = log["time"], support(log)[:, 2]
    axes.plot(time, log["reference_pelvis_height"], color=ASKED, linewidth=2.5, alpha=0.6, label="pelvis asked")
    axes.plot(time, log["truth_robot_position"][:, 2] - ground, color=INK, label="pelvis")
    axes.plot(time, soles(log)[:, 0, 2] - ground, color=LEFT, linewidth=0.8, label="left sole")
    axes.plot(time, soles(log)[:, 1, 2] - ground, color=RIGHT, linewidth=0.8, label="right sole")
    axes.set(title="heights above the soles that bear", ylabel="[m]")
    axes.legend(**LEGEND, ncols=4)


def _forces(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    asked, true = log["reference_foot_force"], log["truth_foot_force"]
    for side, (name, colour) in enumerate((("left", LEFT), ("right", RIGHT))):
        axes.plot(time, asked[:, 3 * side + 2], color=colour, linewidth=2.2, alpha=0.3, label=f"{name} asked")
        axes.plot(time, true[:, 3 * side + 2], color=colour, linewidth=0.7, label=name)
    axes.set(title="vertical force on the feet", ylabel="[N]")
    axes.set_ylim(0.0, 1.1 * float(np.nanpercentile(true[:, (2, 5)], 99.8)) + 1.0)
    axes.legend(**LEGEND, ncols=4)


def _tilt(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    axes.plot(time, tilt(log["truth_robot_orientation"]), color=LEFT, label="pelvis")
    axes.plot(time, tilt(log["truth_torso_orientation"]), color=RIGHT, label="torso")
    axes.set(title="tilt", ylabel="[rad]")
    axes.set_ylim(bottom=0)
    axes.legend(**LEGEND, ncols=2)


def _effort(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    axes.plot(time, log["truth_torque_saturated"], color=RIGHT, linewidth=0.8, label="joints at their torque limit")
    axes.set(title="effort", ylabel="[1]")
    axes.set_ylim(bottom=0)
    power = axes.twinx()
    power.grid(visible=False)
    power.spines["right"].set_visible(True)
    watts = np.abs(log["truth_robot_joint_torque"] * log["truth_robot_joint_velocity"]).sum(axis=1)
    power.plot(time, watts, color=LEFT, linewidth=0.6, alpha=0.7, label="absolute power of the joints [W]")
    power.set_ylabel("[W]")
    handles = [*axes.get_lines(), *power.get_lines()]
    power.legend(handles, [str(line.get_label()) for line in handles], **LEGEND, ncols=2)


def _mark_fall(axes: Axes, log: RunLog) -> None:
    """Shade what comes after a fall."""
    row = fall_row(log)
    if row is not None:
        time = log["time"]
        axes.axvspan(float(time[row]), float(time[-1]), color=_FALL, zorder=0, linewidth=0)
