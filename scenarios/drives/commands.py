"""``draisine drives``: the command line of the tools; what they need is loaded when one is called."""

from pathlib import Path
from typing import Annotated

import typer

from scenarios.bounds import HIGHEST_SEED
from scenarios.drives.asked import Asked
from sim.silence import silence

app = typer.Typer(help="Drives on a CAN bus: look, set, switch on, move one.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before anything moves or is written.")]
Name = Annotated[str, typer.Argument(help="Name of the joint or motor, or id of the drive.")]
NameOrAll = Annotated[str, typer.Argument(help="Name or id of the drive, or 'all' of the bus.")]


@app.callback()
def which_bus(
    context: typer.Context,
    wiring: Annotated[Path | None, typer.Option(help="Wiring file; the robot's own if left out.")] = None,
    bus: Annotated[str | None, typer.Option(help="Name of the bus in the wiring file.")] = None,
    interface: Annotated[str | None, typer.Option(help="Interface of python-can.")] = None,
    channel: Annotated[str | None, typer.Option(help="Channel of that interface.")] = None,
    bitrate: Annotated[int | None, typer.Option(help="Of the bus, in bit a second.")] = None,
    data_bitrate: Annotated[int | None, typer.Option(help="Of the data of CAN-FD frames, in bit a second.")] = None,
    fd: Annotated[bool | None, typer.Option("--fd/--no-fd", help="Whether the bus is CAN-FD.")] = None,
) -> None:
    """Say which bus; what is left out is as in the wiring file."""
    context.obj = Asked(wiring, bus, interface, channel, bitrate, data_bitrate, fd)


@app.command()
def scan(
    context: typer.Context,
    listen: Annotated[float, typer.Option(min=0.0, help="How long to listen first [s].")] = 1.0,
    as_json: Json = False,
) -> int:
    """Show who is on the bus, held against the wiring file; sends only questions that change nothing."""
    from scenarios.drives import tools

    return tools.scan(context.obj, listen, as_json)


@app.command()
def monitor(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
    as_json: Json = False,
    period: Annotated[float, typer.Option(min=0.02, help="Of the table [s].")] = 0.2,
) -> None:
    """Show what the drives say until Ctrl-C; those that reply to commands alone are only listened to."""
    from scenarios.drives import tools

    tools.monitor(context.obj, once, as_json, period)


@app.command()
def load(
    context: typer.Context,
    period: Annotated[float, typer.Option(min=0.0005, max=1.0, help="From one command to the next [s].")] = 0.002,
) -> int:
    """Show how full the buses of the wiring file are, and how late frames get; opens no bus."""
    from scenarios.drives.load import loads, table

    rows = loads(context.obj, period)
    print(table(rows))
    return 0 if all(row.worst <= 1.0 for row in rows) else 1


@app.command()
def simulate(
    context: typer.Context,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="For how long [s]; until Ctrl-C if left out.")] = None,
    hanging: Annotated[
        bool, typer.Option("--hanging/--held", help="The robot hangs by its pelvis; or its joints do not move.")
    ] = False,
) -> int:
    """Put virtual drives on the buses for other processes, by the clock."""
    from scenarios.drives.simulate import simulate as run

    return run(context.obj, seconds, hanging=hanging)


@app.command()
def abandon(
    context: typer.Context,
    period: Annotated[float, typer.Option(min=0.002, max=0.02, help="Of the controller [s].")] = 0.01,
) -> int:
    """Kill a controller that commands virtual drives, and show what each of them does by itself."""
    from rich.console import Console

    from scenarios.drives.abandon import abandon as run
    from scenarios.drives.abandon import table_of

    seen = run(context.obj, period)
    console = Console()
    console = console if console.is_terminal else Console(width=160)
    console.print(table_of(seen))
    print(f"The controller ended by signal {seen.signal}; the drives' process was not let run for {seen.lost:.3f} s.")
    print("Every drive did what its dialect says." if seen.fine else "NOT every drive did what its dialect says.")
    return 0 if seen.fine else 1


@app.command()
def ranges(
    context: typer.Context,
    name: NameOrAll = "all",
    write: Annotated[bool, typer.Option("--write", help="Write what the dialect file says.")] = False,
    yes: Yes = False,
) -> int:
    """Read settings back and compare them with the dialect file."""
    from scenarios.drives import tools

    return tools.ranges(context.obj, name, write, yes)


@app.command()
def enable(context: typer.Context, name: NameOrAll, yes: Yes = False) -> None:
    """Switch on without stiffness, damping and torque, at the measured place."""
    from scenarios.drives import tools

    tools.enable(context.obj, name, yes)


@app.command()
def disable(
    context: typer.Context,
    name: NameOrAll,
    damp: Annotated[float, typer.Option(min=0.0, max=60.0, help="Damp before, until at rest, for so long [s].")] = 0.0,
    yes: Yes = False,
) -> int:
    """Switch off: the motors are free, and what they hold falls, unless it is let down before (--damp)."""
    from scenarios.drives import tools

    return tools.disable(context.obj, name, damp, yes)


@app.command()
def clear(context: typer.Context, name: NameOrAll, yes: Yes = False) -> int:
    """Clear faults, and show whether they are gone."""
    from scenarios.drives import tools

    return tools.clear(context.obj, name, yes)


@app.command()
def zero(
    context: typer.Context,
    name: Name,
    at: Annotated[float | None, typer.Option(help="The joint's known angle [rad]: print its zero entry.")] = None,
    yes: Yes = False,
) -> int:
    """Set the drive's zero where it is; or, with --at, print the wiring file's entry and write nothing."""
    from scenarios.drives import tools

    return tools.zero(context.obj, name, at, yes)


@app.command()
def exercise(
    context: typer.Context,
    name: Name,
    amplitude: Annotated[float, typer.Option(help="[rad]")] = 0.05,
    period: Annotated[float, typer.Option(help="Of the sine [s].")] = 4.0,
    cycles: Annotated[int, typer.Option(help="How many.")] = 3,
    stiffness: Annotated[float, typer.Option(help="[Nm/rad]")] = 10.0,
    damping: Annotated[float, typer.Option(help="[Nm·s/rad]")] = 0.5,
    torque: Annotated[float, typer.Option(help="The most [Nm].")] = 2.0,
    error: Annotated[float, typer.Option(help="Tracking error that ends it [rad].")] = 0.15,
    temperature: Annotated[float, typer.Option(help="That ends it [°C].")] = 60.0,
    rate: Annotated[float, typer.Option(help="[Hz]")] = 200.0,
    yes: Yes = False,
) -> int:
    """Move one joint by a small sine around where it stands, let it down, and switch it off."""
    from scenarios.drives import tools
    from scenarios.drives.exercise import Motion

    motion = Motion(amplitude, period, cycles, stiffness, damping, torque, error, temperature, rate)
    return tools.exercise(context.obj, name, motion, yes)


@app.command()
def faults(
    names: Annotated[
        list[str], typer.Argument(metavar="FAULT...", help="Of the matrix; all where none is named.")
    ] = [],  # noqa: B006
    stages: Annotated[list[str], typer.Option("--stage", help="standing or riding; both where none is named.")] = [],  # noqa: B006
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="Of the runs.")] = 0,
    listed: Annotated[bool, typer.Option("--list", help="Show what there is, and try nothing.")] = False,
) -> int:
    """Try the matrix of faults on virtual drives, and print fault, expected, observed and time to safe."""
    from scenarios.faults.matrix import load_matrix

    matrix = load_matrix()
    cases, during = matrix.cases(tuple(names)), matrix.stages(tuple(stages))
    if listed:
        width = max(len(case.name) for case in cases)
        print("\n".join(f"{case.name:<{width}}  {case.about}" for case in cases))
        return 0
    with silence():
        from scenarios.faults.study import study_faults

    return study_faults(matrix, cases, during, seed)
