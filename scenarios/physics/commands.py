"""The commands of ``draisine physics``; heavy imports wait until a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from sim.silence import silence

app = typer.Typer(help="Hold the physics against theory.", no_args_is_help=False)


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
