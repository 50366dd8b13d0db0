"""The commands of ``draisine bench``; heavy imports wait until a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from scenarios.bounds import HIGHEST_SEED
from scenarios.errors import BadInput
from scenarios.study.commands import add_studies
from sim.silence import silence

app = typer.Typer(help="Hold the motion against its baselines, and measure how far it goes.")

_BASELINES = Path(__file__).parents[1] / "baselines"
Out = Annotated[Path, typer.Option(help="Folder for results.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")]
Only = Annotated[list[str], typer.Option("--only", metavar="SCENARIO", help="This ride of the tier alone; repeatable.")]
BaselineFolder = Annotated[Path, typer.Option("--baselines", help="Folder of the baselines.", show_default=False)]


@app.command()
def run(
    tier: Annotated[str, typer.Argument(help="smoke, full or ensemble.")] = "smoke",
    seeds: Annotated[
        str | None,
        typer.Option(metavar="0-19", help="Several repetitions, one after the other; the tier's own if not given."),
    ] = None,
    only: Only = [],  # noqa: B006
    video: Annotated[bool, typer.Option(help="Film what failed, for the report.")] = True,
    jobs: Jobs = None,
    out: Out = Path("runs"),
    baselines: BaselineFolder = _BASELINES,
) -> int:
    """Ride a tier or a part of it, write bench-TIER/results.json, judge it, and write the report."""
    with silence():
        from scenarios.bench.run import run_bench

    return run_bench(tier, only, seeds, out, jobs, baselines, video)


@app.command()
def compare(
    results: Annotated[
        str | None, typer.Argument(metavar="[RESULTS]", help="A tier, a results.json or its folder; else the latest.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder in which runs left their results.")] = Path("runs"),
    baselines: BaselineFolder = _BASELINES,
) -> int:
    """Judge results that were measured before."""
    with silence():
        from scenarios.bench.compare import compare as compare_results

    return compare_results(results, out, baselines)


@app.command()
def accept(
    results: Annotated[str, typer.Argument(metavar="TIER|RESULTS", help="Rides with at least 10 seeds.")],
    only: Only = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder in which runs left their results.")] = Path("runs"),
    baselines: BaselineFolder = _BASELINES,
) -> int:
    """Derive new baselines from results, show what changes, and write them."""
    with silence():
        from scenarios.bench.accept import accept as accept_results

    return accept_results(results, only, out, baselines)


@app.command()
def report(
    results: Annotated[
        str | None, typer.Argument(metavar="[RESULTS]", help="A tier, a results.json or its folder; else the latest.")
    ] = None,
    video: Annotated[bool, typer.Option(help="Film what failed.")] = True,
    jobs: Jobs = None,
    out: Annotated[Path, typer.Option(help="Folder in which runs left their results.")] = Path("runs"),
    baselines: BaselineFolder = _BASELINES,
) -> int:
    """Write report.html, summary.md, junit.xml and a video of each failure beside results."""
    with silence():
        from scenarios.bench.report_command import report as report_results

    return report_results(results, out, baselines, video, jobs)


@app.command()
def speed(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A name from the library, or a TOML file.")
    ] = "ride_straight",
    seconds: Annotated[float, typer.Option(min=0.1, max=60.0, help="How much of it to ride in each round.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="How often to ride it.")] = 5,
    starts: Annotated[int, typer.Option(min=1, max=100, help="How often to start it in a fresh process.")] = 4,
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="Seed of jitter and noise.")] = 0,
    overrides: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
) -> int:
    """Time each layer of a tick against bare steps of the same world, side by side: speed.json, .md and .png."""
    with silence():
        from scenarios.bench.speed_command import bench_speed

    return bench_speed(scenario, overrides, seed, seconds, rounds, starts, out)


@app.command()
def loop(
    seconds: Annotated[float, typer.Option(min=0.1, max=36_000.0, help="How much of it [s].")] = 20.0,
    core: Annotated[int | None, typer.Option(min=0, help="Core to stay on.")] = None,
    priority: Annotated[int | None, typer.Option(min=1, max=99, help="Of SCHED_FIFO.")] = None,
    lock: Annotated[bool, typer.Option("--lock/--no-lock", help="Lock the memory.")] = True,
    paced: Annotated[
        bool, typer.Option("--paced/--unpaced", help="By the clock; or time jumps over each sleep, for hours.")
    ] = True,
    udp: Annotated[
        bool, typer.Option("--udp", help="Drives in a process of their own, over UDP on this machine.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("runs"),
) -> int:
    """Run the loop of a robot with real drives at 500 Hz on virtual buses, and say where its time goes."""
    if udp and not paced:
        raise BadInput("--unpaced lets time jump, which --udp cannot: leave one out")
    with silence():
        from scenarios.bench.loop import bench_loop
        from scenarios.common_schema import CONTROL_PERIOD
        from scenarios.drives.asked import Asked
        from scenarios.realtime.kernel import KernelWishes

    asked = Asked(interface="udp_multicast") if udp else None
    wishes = KernelWishes(core, priority, lock)
    return bench_loop(round(seconds / CONTROL_PERIOD), wishes, out, paced=paced, asked=asked)


add_studies(app)
