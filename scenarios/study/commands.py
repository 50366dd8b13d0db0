"""The commands of ``draisine bench`` that study how far the motion goes; heavy imports wait until one is called."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from scenarios.bounds import HIGHEST_SEED, MOST_RUNS
from sim.silence import silence

_Set = Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a key; repeatable.")]
_Out = Annotated[Path, typer.Option(help="Folder for results.")]
_Jobs = Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores where none is given.")]


def survival(
    scenario: Annotated[
        str, typer.Argument(help="A straight ride, or a run on foot; its own pushes are taken out.")
    ] = "ride_straight",
    body: Annotated[
        Literal["torso", "pelvis", "frame"] | None,
        typer.Option(help="What is pushed; else a ride's torso, or the pelvis on foot, where there is no frame."),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0.0, max=10.0, help="Forward, in m/s; else 2 on a ride, and 0 on foot: standing."),
    ] = None,
    magnitudes: Annotated[str, typer.Option(metavar="10:60:10", help="Impulses [N·s].")] = "10:60:10",
    directions: Annotated[int, typer.Option(min=1, max=36, help="How many, evenly all round.")] = 8,
    phases: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=36,
            help="Moments at which the push begins: crank angles, or shares of two steps; else 4, or 1 standing.",
        ),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, max=MOST_RUNS, help="Seeds with which each push is tried.")] = 2,
    seed: Annotated[int, typer.Option(min=0, max=HIGHEST_SEED, help="The first of them.")] = 0,
    window: Annotated[float, typer.Option(min=0.5, help="Who falls later after a push has survived it, in s.")] = 5.0,
    duration: Annotated[
        float | None, typer.Option(min=0.002, max=5.0, help="Of the push, in s; else 0.2 on a ride, and 0.1 on foot.")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="On foot, standing: without a step.")] = False,
    overrides: _Set = [],  # noqa: B006
    out: _Out = Path("runs"),
    jobs: _Jobs = None,
) -> int:
    """Push by magnitude, direction and phase of pedal stroke or step: survival.json, .md, .png, and on foot a grid."""
    from scenarios.study.levels import parse_levels

    impulses = parse_levels(magnitudes, "--magnitudes")
    with silence():
        from scenarios.study.survival_plan import Asked, plan_survival
        from scenarios.study.survival_study import study_survival

    asked = Asked(
        scenario, tuple(overrides), body, speed, impulses, directions, phases, tuple(range(seed, seed + samples)),
        window, duration, in_place,
    )  # fmt: skip
    return study_survival(plan_survival(asked), out, jobs)


def slowest(
    scenario: Annotated[str, typer.Argument(help="A straight ride.")] = "ride_straight",
    low: Annotated[float, typer.Option(min=0.05, help="Lowest speed to try [m/s].")] = 0.2,
    high: Annotated[float, typer.Option(max=10.0, help="Highest speed to try [m/s].")] = 1.0,
    resolution: Annotated[float, typer.Option(min=0.001, help="Of the answer [m/s].")] = 0.05,
    seconds: Annotated[float, typer.Option(min=1.0, help="For how long one must keep riding [s].")] = 15.0,
    seeds: Annotated[str, typer.Option(metavar="0-7", help="Seeds with which each speed is tried.")] = "0-7",
    share: Annotated[float, typer.Option(min=0.01, max=0.99, help="Of the seeds that must keep riding.")] = 0.75,
    confidence: Annotated[float, typer.Option(min=0.51, max=0.999, help="Of speeds that are called sure.")] = 0.9,
    corridor: Annotated[float, typer.Option(min=0.01, help="Greatest path error of a ride that counts [m].")] = 0.5,
    overrides: _Set = [],  # noqa: B006
    out: _Out = Path("runs"),
    jobs: _Jobs = None,
) -> int:
    """Find the lowest speed at which the rider keeps riding, by bisection: slowest.json, .md and .png."""
    from scenarios.errors import BadInput
    from scenarios.plan import parse_seeds

    if not low < high:
        raise BadInput(f"--low {low:g} must be below --high {high:g}")
    numbers = tuple(parse_seeds(seeds))
    with silence():
        from scenarios.study.slowest import SlowestPlan
        from scenarios.study.slowest_study import study_slowest

    plan = SlowestPlan(scenario, tuple(overrides), low, high, resolution, seconds, numbers, share, confidence, corridor)
    return study_slowest(plan, out, jobs)


def sensitivity(
    scenario: Annotated[str, typer.Argument(help="Name from the library, or TOML file.")] = "ride_lane_change",
    parameters: Annotated[
        list[str],
        typer.Option(
            "--parameter",
            metavar="KEY=V1,V2,...",
            help="A key and its levels; repeatable; mass, friction, delay, noise and trail where none is given.",
        ),
    ] = [],  # noqa: B006
    metrics: Annotated[list[str], typer.Option("--metric", help="A metric to look at; repeatable.")] = [],  # noqa: B006
    seeds: Annotated[str, typer.Option(metavar="0-2", help="Seeds with which each level is ridden.")] = "0-2",
    overrides: _Set = [],  # noqa: B006
    out: _Out = Path("runs"),
    jobs: _Jobs = None,
) -> int:
    """Vary one parameter at a time and see what metrics do: sensitivity.json, .md and .png."""
    from scenarios.plan import parse_seeds

    numbers = parse_seeds(seeds)
    with silence():
        from scenarios.study.sensitivity import plan_sensitivity
        from scenarios.study.sensitivity_study import study_sensitivity

    return study_sensitivity(plan_sensitivity(scenario, overrides, parameters, metrics, numbers), out, jobs)


def add_studies(app: typer.Typer) -> None:
    """Put the studies among the commands of an app."""
    app.command()(survival)
    app.command()(slowest)
    app.command()(sensitivity)
