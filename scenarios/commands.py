"""The commands of ``draisine``; heavy imports wait until a command needs them."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from scenarios.bench.commands import app as bench
from scenarios.errors import BadInput
from scenarios.physics.commands import app as physics

app = typer.Typer(
    name="draisine",
    help="Rides of a humanoid on a bicycle: list them, run them, judge them, and check the physics under them.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(physics, name="physics")
app.add_typer(bench, name="bench")


def run_command_line() -> int:
    """Run the command that the arguments of the process name, and return its exit status.

    Raises:
        BadInput: Something was asked that cannot be done.
    """
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="draisine", standalone_mode=False)
    except typer.TyperException as error:
        raise BadInput(f"{error.format_message()} (try 'draisine --help')") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return int(status or 0)


@app.command("list")
def list_scenarios() -> None:
    """Show the scenarios of the library, one line each."""
    from scenarios.loader import library_names, load

    names = library_names()
    width = max(len(name) for name in names)
    for name in names:
        print(f"{name:<{width}}  {load(name).summary}")


@app.command()
def schema() -> None:
    """Print the JSON schema of a scenario file."""
    from scenarios.schema import ScenarioFile

    print(json.dumps(ScenarioFile.model_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def doctor(
    out: Annotated[Path, typer.Option(help="Folder in which results would be written.")] = Path("runs"),
) -> int:
    """Check what this machine has, and say how to mend what is missing."""
    from scenarios.doctor import examine

    findings = examine(out)
    for finding in findings:
        print(f"{'ok     ' if finding.fine else 'MISSING'}  {finding.what}: {finding.found}")
        if not finding.fine:
            print(f"         mend it with: {finding.remedy}")
    return 0 if all(finding.fine for finding in findings) else 2


@app.command()
def run(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Names from the library, or TOML files.")
    ],
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of jitter and noise; 0 where none is given.")] = None,
    seeds: Annotated[str | None, typer.Option(metavar="0-9", help="Several seeds, as 0-9 or 0,3,7.")] = None,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    video: Annotated[bool, typer.Option("--video", help="Film each run.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")] = None,
) -> int:
    """Run scenarios, write their results, and judge them."""
    from scenarios.plan import plan

    planned = plan(scenarios, seed, seeds, overrides, out, video)
    from scenarios.batch import run_batch

    return run_batch(planned, jobs)
