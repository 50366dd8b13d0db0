"""Measures a bicycle that a user brings, and writes what came of it."""

import math
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from scenarios.folder import atomic_folder
from scenarios.physics.check import Finding
from scenarios.physics.report import cells
from scenarios.physics.whipple_report import write_whipple
from scenarios.physics.whipple_study import AtSpeed, Critical, Study, of_all
from scenarios.provenance import origin
from scenarios.terminal import terminal
from sim.physics import PhysicsSettings
from urdf.whipple_parameters import WhippleParameters

_WEAVE_BAND, _CAPSIZE_BAND, _ROLL_RATE_BAND = 0.01, 0.02, 0.04


def measure_whipple(
    name: str, bicycle: WhippleParameters, speeds: Sequence[float], out: Path, settings: PhysicsSettings
) -> int:
    """Release a bicycle at several speeds and write its report into a folder of its own in ``out``.

    Args:
        name: Of the bicycle.
        bicycle: What it is.
        speeds: Where to release it [m/s].
        out: Folder for results.
        settings: Of the simulation.

    Returns:
        The exit status: 0, or 1 where simulation and theory are further apart than the bands allow.

    Raises:
        BadInput: The folder cannot be written.
    """
    study = Study(bicycle, settings)
    destination = out / f"whipple_{name}"
    with atomic_folder(destination) as folder:
        found = of_all(study, speeds)
        critical = {"weave": study.weave_speed(), "capsize": study.capsize_speed()}
        findings = bands(found, critical)
        write_whipple(folder, name, study, found, critical, findings, origin())
    _show(name, critical, findings, destination)
    return 0 if all(finding.passed for finding in findings) else 1


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
    console = terminal()
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
