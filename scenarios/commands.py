"""The commands of ``draisine``; heavy imports wait until a command needs them."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from scenarios.bench.commands import app as bench
from scenarios.bounds import HIGHEST_SEED, MOST_RUNS
from scenarios.data.commands import app as data
from scenarios.drives.commands import app as drives
from scenarios.errors import BadInput
from scenarios.physics.commands import app as physics

app = typer.Typer(
    name="draisine",
    help="A humanoid on a bicycle and on its feet: list scenarios, run them, judge them, check the physics under them.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(physics, name="physics")
app.add_typer(bench, name="bench")
app.add_typer(drives, name="drives")
app.add_typer(data, name="data")


def run_command_line() -> int:
    """Run the command that the arguments of the process name, and return its exit status.

    Raises:
        BadInput: Something was asked that cannot be done.
        BrokenPipeError: Nobody reads what is written, to the standard output or elsewhere.
    """
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="draisine", standalone_mode=False)
    except typer.TyperException as error:
        raise BadInput(f"{error.format_message()} (try 'draisine --help')") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # any of which typer takes for a closed standard output
            raise end.__context__ from None
        raise
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
    from scenarios.schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def modes(
    dot: Annotated[
        bool, typer.Option("--dot", help="As a graph for Graphviz: draisine modes --dot | dot -Tsvg.")
    ] = False,
) -> None:
    """Print the modes of a ride, of a body on its feet and of the drives, and what the drives are watched for."""
    from scenarios.mode_table import TABLES, as_dot, as_markdown
    from scenarios.watch_table import as_markdown as watches

    if dot:
        print(as_dot())
    else:
        print("\n\n".join(f"## {name.capitalize()}\n\n{as_markdown(table)}" for name, table in TABLES.items()))
        print(f"\n## Watches of the drives\n\n{watches()}")


@app.command()
def doctor(
    out: Annotated[Path, typer.Option(help="Folder in which results would be written.")] = Path("runs"),
) -> int:
    """Check what this machine has, and say how to mend what is missing."""
    from scenarios.doctor import examine

    findings = examine(out)
    for finding in findings:
        state = "ok     " if finding.fine else "MISSING" if finding.needed else "without"
        print(f"{state}  {finding.what}: {finding.found}")
        if not finding.fine:
            print(f"         mend it with: {finding.remedy}")
    return 0 if all(finding.fine or not finding.needed for finding in findings) else 2


@app.command()
def run(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Names from the library, or TOML files.")
    ],
    seed: Annotated[
        int | None, typer.Option(min=0, max=HIGHEST_SEED, help="Seed of jitter and noise; 0 where none is given.")
    ] = None,
    seeds: Annotated[str | None, typer.Option(metavar="0-9", help="Several seeds, as 0-9 or 0,3,7.")] = None,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    video: Annotated[bool, typer.Option("--video", help="Film each run.")] = False,
    bus: Annotated[
        Literal["sim", "can"] | None,
        typer.Option(help="How commands reach the drives; the scenario's own if not given."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")] = None,
) -> int:
    """Run scenarios, write their results, and judge them."""
    from scenarios.plan import plan

    changes = overrides if bus is None else [*overrides, f"bus={bus}"]
    planned = plan(scenarios, seed, seeds, changes, out, video)
    from scenarios.batch import run_batch

    return run_batch(planned, jobs)


@app.command()
def gui(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A ride: a name from the library, or a TOML file.")
    ] = "ride_figure_eight",
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="Seed of jitter and noise.")] = 0,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    web: Annotated[bool, typer.Option("--web", help="On a page in the browser in place of a window.")] = False,
    host: Annotated[str, typer.Option(help="Address to serve the page on; others than this machine need a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page.")] = 8080,
    token: Annotated[str | None, typer.Option(help="Token of the page; a new one where none is given.")] = None,
) -> None:
    """Open a window on a ride that goes on, and take the bars: arrow keys, space for a halt, h for all keys."""
    if not web and (host != "127.0.0.1" or token is not None):
        raise BadInput("--host and --token are for --web")
    from sim.silence import silence

    with silence():
        from scenarios.live.live_ride import LiveRide

    ride = LiveRide(scenario, overrides, seed)
    try:
        if web:
            from scenarios.live.page import serve

            serve(ride, host, port, token)
        else:
            from scenarios.live.window import show

            show(ride)
    finally:
        ride.close()


@app.command()
def replay(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="Another one, to be shown as a ghost and compared.")
    ] = None,
    controller: Annotated[
        bool, typer.Option("--controller", help="Feed the recorded states to the controller of today, and compare.")
    ] = False,
    compare: Annotated[bool, typer.Option("--compare", help="Only say where two runs begin to differ.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page.")] = 8080,
) -> int:
    """Look at a run again on a page, compare two, or hold the controller of today against one."""
    from scenarios.replay.recording import Recording

    recordings = [Recording.open(folder) for folder in (run, other) if folder is not None]
    if controller and other is not None:
        raise BadInput("--controller takes one run")
    if compare and other is None:
        raise BadInput("--compare takes two runs")
    if controller:
        from sim.silence import silence

        with silence():
            from scenarios.assembly import assemble
        from scenarios.replay.feedback import feed_back

        rows, difference = feed_back(recordings[0], assemble)
        alike = f"the controller of today thinks the same in all {rows} rows"
        print(alike if difference is None else "\n".join(difference.lines()))
        return int(difference is not None)
    if other is not None:
        from scenarios.replay.difference import first_difference

        difference = first_difference(*(recording.messages() for recording in recordings))
        print("the logs are the same" if difference is None else "\n".join(difference.lines()))
        if compare:
            return int(difference is not None)
    from sim.silence import silence

    with silence():
        from scenarios.replay.page import serve
    serve(recordings, "127.0.0.1", port)
    return 0


@app.command()
def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A name from the library, or a TOML file.")],
    samples: Annotated[int, typer.Option(min=1, max=MOST_RUNS, help="Randomised worlds to ride.")],
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="Seed of the sweep.")] = 0,
    first: Annotated[
        int, typer.Option(min=0, max=HIGHEST_SEED, help="Number of the first of them: a part of a sweep.")
    ] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Rides at the same time; as many as there are cores.")] = None,
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="Processes of this machine, or a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Ray cluster that runs already; RAY_ADDRESS says the same.")
    ] = None,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Go on where it stopped, or begin anew.")] = True,
) -> int:
    """Ride randomised worlds of a scenario, as its table 'randomize' says, and gather them in one Parquet table."""
    if address is not None and engine != "ray":
        raise BadInput("--address is for --engine ray")
    from scenarios.sweep.conduct import conduct
    from scenarios.sweep.request import SweepRequest

    request = SweepRequest(scenario, tuple(overrides), samples, seed, first)
    return conduct(request, out, jobs=jobs, engine=engine, address=address, fresh=not resume)
