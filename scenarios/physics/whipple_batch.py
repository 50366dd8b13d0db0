"""Measures a bicycle that a user brings, and writes what came of it."""

import math
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.physics.bicycles import load_bicycle
from scenarios.physics.check import Finding
from scenarios.physics.report import cells
from scenarios.physics.whipple_report import write_whipple
from scenarios.physics.whipple_study import AtSpeed, Critical, Study, of_all
from scenarios.provenance import origin
from sim.physics import PhysicsSettings

_FASTEST = 30.0
"""[m/s]"""
_WEAVE_BAND, _CAPSIZE_BAND, _ROLL_RATE_BAND = 0.01, 0.02, 0.04
_PIPE_WIDTH = 160


def measure_whipple(reference: str, speeds: str, out: Path, settings: PhysicsSettings) -> int:
    """Release a bicycle at several speeds and write its report into a folder of its own in ``out``.

    Args:
        reference: Name or file of the bicycle.
        speeds: Such as ``3.5,4,5`` [m/s].
        out: Folder for results.
        settings: Of the simulation.

    Returns:
        The exit status: 0, or 1 where simulation and theory are further apart than the bands allow.

    Raises:
        BadInput: The file or the speeds are wrong, or the folder cannot be written.
    """
    name, bicycle = load_bicycle(reference)
    asked = parse_speeds(speeds)
    study = Study(bicycle, settings)
    destination = out / f"whipple_{name}"
    with atomic_folder(destination) as folder:
        found = of_all(study, asked)
        critical = {"weave": study.weave_speed(), "capsize": study.capsize_speed()}
        findings = bands(found, critical)
        write_whipple(folder, name, study, found, critical, findings, origin())
    _show(name, critical, findings, destination)
    return 0 if all(finding.passed for finding in findings) else 1


def parse_speeds(text: str) -> tuple[float, ...]:
    """Speeds from ``3.5,4,5``, in ascending order, each once [m/s].

    Raises:
        BadInput: The text is no list of speeds that a bicycle rolls at.
    """
    try:
        speeds = sorted({float(part) for part in text.split(",")})
    except ValueError:
        speeds = [math.nan]
    if not all(0.0 < speed <= _FASTEST for speed in speeds):
        raise BadInput(f"--speeds {text}: write speeds above 0 and up to {_FASTEST:g} m/s, such as 3.5,4,5")
    return tuple(speeds)


def bands(found: tuple[AtSpeed, ...], critical: dict[str, Critical]) -> tuple[Finding, ...]:
    """What is held against theory with crown: critical speeds that there are, and the roll rate after a push."""
    findings = [
        Finding(f"{mode} speed", math.nan if c.simulated is None else c.simulated, c.crowned, "m/s", band)
        for (mode, c), band in zip(critical.items(), (_WEAVE_BAND, _CAPSIZE_BAND), strict=True)
        if c.crowned is not None
    ]
    findings += [
        Finding(
            f"roll rate at {at.speed:g} m/s, RMS error", at.responses[0].crowned_error, 0.0, "1", _ROLL_RATE_BAND, 1.0
        )
        for at in found
    ]
    return tuple(findings)


def _show(name: str, critical: dict[str, Critical], findings: tuple[Finding, ...], destination: Path) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    table = Table(box=None, pad_edge=False, title=f"{name}: simulated against Whipple with the wheels' crown",
                  title_justify="left", header_style="bold")  # fmt: skip
    table.add_column("")
    for heading in ("measured", "expected", "error [%]", "allowed [%]"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for finding in findings:
        table.add_row(*cells(finding), style="" if finding.passed else "bold red")
    console.print(table, highlight=False)
    for mode, c in critical.items():
        if c.crowned is None:
            console.print(f"it has no {mode} speed up to 20 m/s", highlight=False)
    console.print(f"report in {destination}/", highlight=False)
