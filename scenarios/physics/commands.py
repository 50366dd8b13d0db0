"""The commands of ``draisine physics``; heavy imports wait until a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from sim.silence import silence

app = typer.Typer(help="Hold the physics against theory.")


@app.command("list")
def list_checks() -> None:
    """Show the checks, one line each."""
    with silence():
        from scenarios.physics.registry import CHECKS

    width = max(len(check.name) for check in CHECKS)
    for check in CHECKS:
        print(f"{check.name:<{width}}  {check.law}")


@app.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="CHECK...", help="Names; all where none is given.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")] = None,
) -> int:
    """Measure, compare with theory, and write physics.json and physics.md."""
    with silence():
        from scenarios.physics.batch import check_physics

    return check_physics(names or [], out, jobs)


@app.command()
def convergence(
    seconds: Annotated[float | None, typer.Option(min=1.0, help="How much of each ride; all where not given.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of jitter and noise.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")] = None,
) -> int:
    """Ride at several physics steps and solver iterations, and compare the metrics."""
    with silence():
        from scenarios.physics.convergence_table import convergence

    return convergence(out, seconds, seed, jobs)


@app.command()
def urdf(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="URDF files of bodies that move freely.")],
) -> int:
    """Look whether bodies can be right: a line for each fault and status 2, or each one's size and 0."""
    with silence():
        from scenarios.physics.urdf_file import inspect_files

    return inspect_files(files)
