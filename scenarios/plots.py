"""One page that shows a ride: its path from above, speed, lean and steering, drive, and the forces on the body."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from controllers.riding.planning.course_map import CourseMap, Gate, Waypoint
from scenarios.context import RideContext
from scenarios.metric import runs_of
from scenarios.metrics_body import foot_forces
from scenarios.outcome import Outcome
from scenarios.plots_page import ASKED, INK, LEFT, LEGEND, RIGHT, STYLE, THIRD, headline, mark_pushes, norm
from scenarios.run_log import RunLog

_MODE_SHADE = {"coast": "#e9f2fb", "brake": "#fbe9e6"}


def draw(file: Path, outcome: Outcome, log: RunLog, context: RideContext) -> None:
    """Draw the page into a PNG file.

    Raises:
        OSError: The file cannot be written.
    """
    with matplotlib.rc_context(STYLE):
        height = _height_of_map(log, context)
        figure = Figure(figsize=(9.6, 1.85 * (5 + height)), layout="constrained")
        grid = figure.add_gridspec(6, 1, height_ratios=(height, 1, 1, 1, 1, 1))
        _path_from_above(figure.add_subplot(grid[0]), log, context)
        first = figure.add_subplot(grid[1])
        panels = [first, *(figure.add_subplot(grid[row], sharex=first) for row in range(2, 6))]
        for panel, fill in zip(panels, (_speed, _lean, _drive, _contact_forces, _grips), strict=True):
            fill(panel, log)
            _mark_events(panel, log, context)
            if panel is not panels[-1]:
                panel.tick_params(labelbottom=False)
        panels[-1].set_xlabel("time [s]")
        headline(figure, outcome)
        figure.savefig(file, dpi=130)


def _height_of_map(log: RunLog, context: RideContext) -> float:
    """Height of the map in heights of a panel, as the extent of the ride needs it."""
    ground = np.concatenate((context.course_points, log["truth_rear_contact"][:, :2]))
    along, across = np.ptp(ground, axis=0)
    return float(np.clip(6.5 * across / max(along, 1e-3), 1.3, 3.4))


def _path_from_above(axes: Axes, log: RunLog, context: RideContext) -> None:
    rear, front = log["truth_rear_contact"], log["truth_front_contact"]
    axes.plot(*context.course_points.T, color=ASKED, linewidth=4, alpha=0.45, label="asked", solid_capstyle="round")
    axes.plot(front[:, 0], front[:, 1], color=LEFT, linewidth=0.7, alpha=0.8, label="front wheel")
    axes.plot(rear[:, 0], rear[:, 1], color=RIGHT, label="rear wheel")
    for cone in context.cones:
        axes.add_patch(Circle((float(cone[0]), float(cone[1])), context.cone_radius, color="#f28e2b", zorder=3))
    if context.course_map is not None:
        _draw_map(axes, context.course_map)
    axes.plot(rear[0, 0], rear[0, 1], marker="o", color=INK, markersize=4)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(title="path from above", xlabel="x [m]", ylabel="y [m]")
    axes.legend(**LEGEND, ncols=3)


def _draw_map(axes: Axes, course_map: CourseMap) -> None:
    """Gates, lines, waypoints and what stands in the way."""
    for goal in course_map.goals:
        if isinstance(goal, Waypoint):
            axes.add_patch(Circle(goal.at, goal.radius, fill=False, color=THIRD))
        else:
            marker = "o" if isinstance(goal, Gate) else None
            axes.plot(*zip(goal.left, goal.right, strict=True), color=THIRD, marker=marker, markersize=3)
    for disc in course_map.discs:
        axes.add_patch(Circle(disc.at, disc.radius, color="#f28e2b", zorder=3))
    for wall in course_map.walls:
        axes.plot(*zip(wall.start, wall.end, strict=True), color=INK, linewidth=2)
    if course_map.fence:
        axes.add_patch(Polygon(course_map.fence, fill=False, color=INK, linestyle=":"))


def _speed(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    axes.plot(time, log["reference_speed"], color=ASKED, linewidth=2.5, alpha=0.6, label="asked")
    axes.plot(time, log["truth_speed"], color=LEFT, label="true")
    axes.plot(time, log["estimate_speed"], color=RIGHT, linewidth=0.7, label="estimated")
    axes.set(title="speed", ylabel="[m/s]")
    axes.legend(**LEGEND, ncols=3)


def _lean(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    axes.plot(time, log["reference_steer"], color=ASKED, linewidth=2.5, alpha=0.6, label="steer asked")
    axes.plot(time, log["truth_steer"], color=RIGHT, label="steer")
    axes.plot(time, log["truth_roll"], color=LEFT, label="roll")
    axes.set(title="roll and steer", ylabel="[rad]")
    axes.legend(**LEGEND, ncols=3)


def _drive(axes: Axes, log: RunLog) -> None:
    time = log["time"]
    axes.plot(time, log["truth_drive_torque"], color="#b0c4de", linewidth=0.7, label="torque at the crank [Nm]")
    axes.set(title="drive", ylabel="[Nm]")
    work = axes.twinx()
    work.grid(visible=False)
    work.spines["right"].set_visible(True)
    for name, colour in (("pedal", LEFT), ("resistance", RIGHT), ("brake", THIRD)):
        work.plot(time, log[f"truth_{name}_work"], color=colour, label=f"{name} work [J]")
    work.set_ylabel("[J]")
    handles = [*axes.get_lines(), *work.get_lines()]
    work.legend(handles, [str(line.get_label()) for line in handles], **LEGEND, ncols=4)


def _contact_forces(axes: Axes, log: RunLog) -> None:
    time, feet = log["time"], foot_forces(log)
    axes.plot(time, norm(log["truth_saddle_force"]), color=THIRD, label="saddle")
    axes.plot(time, feet[:, 0], color=LEFT, linewidth=0.8, label="left foot")
    axes.plot(time, feet[:, 1], color=RIGHT, linewidth=0.8, label="right foot")
    axes.set(title="saddle and feet", ylabel="[N]")
    axes.set_ylim(bottom=0)
    axes.legend(**LEGEND, ncols=3)


def _grips(axes: Axes, log: RunLog) -> None:
    time, grips = log["time"], log["truth_grip_force"]
    axes.plot(time, grips[:, 0], color=LEFT, linewidth=0.8, label="left hand")
    axes.plot(time, grips[:, 1], color=RIGHT, linewidth=0.8, label="right hand")
    axes.set(title="grips (a hand lets go at 150 N)", ylabel="[N]")
    axes.set_ylim(bottom=0)
    axes.legend(**LEGEND, ncols=2)


def _mark_events(axes: Axes, log: RunLog, context: RideContext) -> None:
    """Shade coasting and braking, and mark pushes."""
    time = log["time"]
    for mode, colour in _MODE_SHADE.items():
        if mode in context.modes:
            for first, after in runs_of(log["mode"] == context.modes.index(mode)):
                axes.axvspan(float(time[first]), float(time[after - 1]), color=colour, zorder=0, linewidth=0)
    mark_pushes(axes, log)
