"""The commands of ``draisine physics``; heavy imports wait until a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from scenarios.bounds import HIGHEST_SEED
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
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="Seed of jitter and noise.")] = 0,
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


@app.command()
def whipple(
    bicycle: Annotated[
        str, typer.Argument(metavar="FILE", help="Parameters of the Whipple model; or 'benchmark', or 'own'.")
    ],
    speeds: Annotated[str, typer.Option(metavar="3.5,4,5", help="Where to release it [m/s].")] = "3.5,4,5,6,7",
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    step: Annotated[float, typer.Option(min=1e-5, max=0.01, help="Of the physics [s].")] = 0.001,
    residual: Annotated[float, typer.Option(min=0.0, help="At which the contact solver stops.")] = 1e-3,
) -> int:
    """Release a bicycle that nobody holds, and compare its modes with theory: whipple.json, .md and .png."""
    from scenarios.physics.bicycles import load_bicycle, parse_speeds

    (name, parameters), asked = load_bicycle(bicycle), parse_speeds(speeds)
    with silence():
        from scenarios.physics.whipple_batch import measure_whipple
        from sim.physics import PhysicsSettings

    return measure_whipple(name, parameters, asked, out, PhysicsSettings(step=step, solver_residual=residual))
