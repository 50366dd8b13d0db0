"""The report on a released bicycle: figures for machines, a table and a plot for people."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import orjson
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from controllers.riding.whipple import Whipple
from scenarios.physics.check import Finding
from scenarios.physics.modes import in_order_of
from scenarios.physics.report import cells
from scenarios.physics.whipple_study import LEAN_RATE, Array, AtSpeed, ComplexArray, Critical, Response, Study
from sim.wheels import CROWN_RADIUS

matplotlib.use("Agg")

_STATE = ("lean", "steer", "lean_rate", "steer_rate")
_SAMPLE = 0.02
"""Between two samples of a response in the JSON file [s]."""
_SIMULATED, _CROWNED, _PAPER = "#d9541e", "#1f77b4", "#9a9a9a"
_STYLE: dict[Any, Any] = {
    "font.size": 8.5, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#ececec",
    "axes.titlelocation": "left", "axes.titlesize": 9, "legend.frameon": False, "lines.linewidth": 1.2,
}  # fmt: skip
_COLUMNS = 5
_REAL = 1e-6
"""An eigenvalue whose imaginary part is smaller than this is real [1/s]."""
_REAL_MARK: dict[str, Any] = {
    "marker": "o", "linestyle": "", "color": _SIMULATED, "markersize": 4.5, "markerfacecolor": "none",
}  # fmt: skip
_IMAGINARY_MARK: dict[str, Any] = {**_REAL_MARK, "marker": "^"}


def write_whipple(
    folder: Path,
    name: str,
    study: Study,
    found: Sequence[AtSpeed],
    critical: dict[str, Critical],
    findings: Sequence[Finding],
    origin: dict[str, object],
) -> None:
    """Write ``whipple.json``, ``whipple.md`` and ``whipple.png`` into a folder that exists.

    Args:
        folder: Where to.
        name: Of the bicycle.
        study: Theory and settings.
        found: What it does at each speed.
        critical: Weave and capsize speed.
        findings: What was held against a band.
        origin: Versions and commit, for the record.

    Raises:
        OSError: A file cannot be written.
    """
    document = {
        "bicycle": name,
        "passed": all(finding.passed for finding in findings),
        "parameters": study.bicycle.model_dump(),
        "crown_radius": CROWN_RADIUS,
        "settings": asdict(study.settings),
        "matrices": {
            key: {
                "M": model.mass.tolist(), "C1": model.damping.tolist(), "K0": model.gravity.tolist(),
                "K2": model.speed.tolist(),
            }
            for key, model in (("theory", study.theory), ("theory_with_crown", study.crowned))
        },
        "critical_speeds": {
            mode: {"theory": c.theory, "theory_with_crown": c.crowned, "simulated": c.simulated}
            for mode, c in critical.items()
        },
        "speeds": [_at_speed(at) for at in found],
        "bands": [{**asdict(finding), "error": finding.error, "passed": finding.passed} for finding in findings],
        "provenance": origin,
    }  # fmt: skip
    (folder / "whipple.json").write_bytes(
        orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    (folder / "whipple.md").write_text(markdown(name, found, critical, findings), encoding="utf-8")
    draw(folder / "whipple.png", name, study, found, critical)


def markdown(name: str, found: Sequence[AtSpeed], critical: dict[str, Critical], findings: Sequence[Finding]) -> str:
    """Critical speeds, eigenvalues and errors as tables in Markdown."""
    rows = [f"# {name}", "", "| speed [m/s] | Whipple | with crown | simulated |", "|---|---|---|---|"]
    for mode, c in critical.items():
        rows.append(f"| {mode} | {_metres(c.theory)} | {_metres(c.crowned)} | {_metres(c.simulated)} |")
    rows += [
        "", "| v [m/s] | eigenvalues: Whipple [1/s] | with crown | simulated | roll rate, RMS error [%] | with crown |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for at in found:
        push = at.responses[0]
        shown = " | ".join(_modes(values) for values in (at.theory, at.crowned, at.simulated))
        rows.append(f"| {at.speed:g} | {shown} | {100 * push.error:.1f} | {100 * push.crowned_error:.1f} |")
    rows += ["", "| band | simulated | with crown | error [%] | allowed [%] | |", "|---|---|---|---|---|---|"]
    rows += [f"| {' | '.join(cells(finding))} |" for finding in findings]
    return "\n".join(rows) + "\n"


def draw(file: Path, name: str, study: Study, found: Sequence[AtSpeed], critical: dict[str, Critical]) -> None:
    """Draw eigenvalues over speed, and the answer of the roll rate to a push at each speed, into a PNG file.

    Raises:
        OSError: The file cannot be written.
    """
    rows = -(-len(found) // _COLUMNS)
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(9.6, 3.4 + 1.9 * rows), layout="constrained")
        grid = figure.add_gridspec(1 + rows, _COLUMNS, height_ratios=(3.0, *([1.7] * rows)))
        _eigenvalues(figure.add_subplot(grid[0, :]), study, found, critical)
        for number, at in enumerate(found):
            _roll_rate(figure.add_subplot(grid[1 + number // _COLUMNS, number % _COLUMNS]), at, first=number == 0)
        figure.suptitle(f"{name}: released without a hand on it", fontsize=11, fontweight="bold", x=0.01, ha="left")
        figure.savefig(file, dpi=110)


def _eigenvalues(axes: Axes, study: Study, found: Sequence[AtSpeed], critical: dict[str, Critical]) -> None:
    speeds = np.linspace(0.05, 1.15 * max(at.speed for at in found), 300)
    for model, colour, label, width in (
        (study.theory, _PAPER, "Whipple", 2.6), (study.crowned, _CROWNED, "Whipple, crown of 1 mm", 1.0),
    ):  # fmt: skip
        lines = _lines(model, speeds)
        axes.plot(speeds, lines.real, color=colour, linewidth=width, label=[label, None, None, None])
        axes.plot(
            speeds, np.where(lines.imag > _REAL, lines.imag, np.nan), color=colour, linewidth=width, linestyle=":"
        )
    for at in found:
        swinging = at.simulated.imag > _REAL
        axes.plot(np.full(4, at.speed), at.simulated.real, **_REAL_MARK)
        axes.plot(np.full(4, at.speed)[swinging], at.simulated.imag[swinging], **_IMAGINARY_MARK)
    axes.plot([], [], **_REAL_MARK, label="simulated, real part")
    axes.plot([], [], **_IMAGINARY_MARK, label="imaginary part (dotted)")
    for mode, c in critical.items():
        if c.simulated is not None and c.simulated < speeds[-1]:
            axes.axvline(c.simulated, color=_SIMULATED, linewidth=0.7, linestyle=":")
            axes.annotate(
                f"{mode} {c.simulated:.3f}", (c.simulated, 1.0), xycoords=("data", "axes fraction"),
                textcoords="offset points", xytext=(3, -9), fontsize=7.5, color=_SIMULATED,
            )  # fmt: skip
    axes.axhline(0.0, color="#555555", linewidth=0.7)
    reach = 1.3 * max(float(np.sort(np.abs(at.crowned))[-2]) for at in found)
    axes.set_ylim(-reach, reach)
    axes.set(title="eigenvalues [1/s]", xlabel="speed [m/s]")
    axes.set_xlim(0.0, float(speeds[-1]))
    axes.legend(ncols=4, loc="lower right", fontsize=7.5, bbox_to_anchor=(1.0, 1.0), borderaxespad=0.1)


def _lines(model: Whipple, speeds: Array) -> ComplexArray:
    """Eigenvalues over speed, each in a column of its own, shape (T, 4)."""
    lines = [model.eigenvalues(float(speeds[0]))]
    for speed in speeds[1:]:
        lines.append(in_order_of(lines[-1], model.eigenvalues(float(speed))))
    return np.array(lines)


def _roll_rate(axes: Axes, at: AtSpeed, first: bool) -> None:
    push = at.responses[0]
    time = push.step * np.arange(len(push.simulated))
    for states, colour, width, style in (
        (push.theory, _PAPER, 2.6, "-"), (push.crowned, _CROWNED, 1.2, "-"), (push.simulated, _SIMULATED, 1.0, "--"),
    ):  # fmt: skip
        axes.plot(time, 1e3 * states[:, LEAN_RATE], style, color=colour, linewidth=width)
    axes.set_title(f"{at.speed:g} m/s: {100 * push.error:.1f} % ({100 * push.crowned_error:.1f} %)")
    axes.set_xlabel("time [s]")
    if first:
        axes.set_ylabel("roll rate [mrad/s]")


def _at_speed(at: AtSpeed) -> dict[str, object]:
    return {
        "speed": at.speed,
        "eigenvalues": {
            key: [[value.real, value.imag] for value in values.tolist()]
            for key, values in (("theory", at.theory), ("theory_with_crown", at.crowned), ("simulated", at.simulated))
        },
        "responses": [_response(response) for response in at.responses],
    }


def _response(response: Response) -> dict[str, object]:
    every = max(1, round(_SAMPLE / response.step))
    count = len(response.simulated)
    return {
        "roll_rate_rms_error": response.error,
        "roll_rate_rms_error_with_crown": response.crowned_error,
        "time": (response.step * np.arange(count)[::every]).round(6).tolist(),
        **{name: response.simulated[::every, column].tolist() for column, name in enumerate(_STATE)},
        "lean_rate_theory": response.theory[::every, LEAN_RATE].tolist(),
        "lean_rate_theory_with_crown": response.crowned[::every, LEAN_RATE].tolist(),
    }


def _modes(values: ComplexArray) -> str:
    """Real eigenvalues and one of each pair, the slowest to decay first."""
    shown = [
        f"{value.real:.3f}" if abs(value.imag) <= _REAL else f"{value.real:.3f} ± {value.imag:.3f}i"
        for value in sorted(values.tolist(), key=lambda value: -value.real)
        if value.imag >= -_REAL
    ]
    return ", ".join(shown)


def _metres(speed: float | None) -> str:
    return "none" if speed is None else f"{speed:.4f}"
