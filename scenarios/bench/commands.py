"""The commands of ``draisine bench``; heavy imports wait until a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from sim.silence import silence

app = typer.Typer(help="Hold the motion against its baselines, and measure how far it goes.")


@app.command()
def speed(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A name from the library, or a TOML file.")
    ] = "ride_straight",
    seconds: Annotated[float, typer.Option(min=0.1, max=60.0, help="How much of it to ride in each round.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="How often to ride it.")] = 5,
    starts: Annotated[int, typer.Option(min=1, max=100, help="How often to start it in a fresh process.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Seed of jitter and noise.")] = 0,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
) -> int:
    """Time each layer of a tick against bare steps of the same world, side by side: speed.json, .md and .png."""
    with silence():
        from scenarios.bench.speed_command import bench_speed

    return bench_speed(scenario, overrides, seed, seconds, rounds, starts, out)
