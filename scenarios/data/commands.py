"""`draisine data`: runs as data for others."""

from pathlib import Path
from typing import Annotated

import typer

from sim.silence import silence

app = typer.Typer(help="Runs as data: Parquet files, and what is wrong with a set of runs.", no_args_is_help=True)

Runs = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, or a folder that they are in.")]


@app.command()
def export(
    runs: Runs,
    out: Annotated[Path, typer.Option(help="The Parquet file.")] = Path("runs.parquet"),
) -> None:
    """Write the logs of runs into one Parquet table, a row for each tick."""
    from scenarios.data.export import export as write
    from scenarios.replay.recording import Recording

    recordings = Recording.open_all(runs)
    print(f"{write(recordings, out)} rows of {len(recordings)} runs in {out}")


@app.command()
def lerobot(
    runs: Runs,
    out: Annotated[Path, typer.Option(help="The data set's folder; it must not be there yet.")] = Path("lerobot"),
    video: Annotated[bool, typer.Option("--video", help="Film each run.")] = False,
) -> None:
    """Write runs as a LeRobotDataset 3.0, each as an episode."""
    with silence():  # PyBullet greets every process that imports it
        from scenarios.data.lerobot import write_lerobot
    from scenarios.replay.recording import Recording

    recordings = Recording.open_all(runs)
    print(f"{write_lerobot(recordings, out, video=video)} frames of {len(recordings)} episodes in {out}/")


@app.command()
def ros(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    out: Annotated[Path | None, typer.Option(help="The MCAP file; RUN/ros.mcap where none is named.")] = None,
    rate: Annotated[float, typer.Option(help="Messages a second.")] = 50.0,
) -> None:
    """Write a run as ROS 2 messages, which Foxglove and Rerun show with its bodies in their places."""
    with silence():
        from scenarios.data.ros import write_ros
    from scenarios.replay.recording import Recording

    file = run / "ros.mcap" if out is None else out
    print(f"{write_ros(Recording.open(run), file, rate)} moments in {file}")


@app.command()
def check(runs: Runs) -> int:
    """Say what is wrong with a set of runs: gaps, holes, limits, standstills, doubles. Status 1 if anything is."""
    from scenarios.committed import load_robot
    from scenarios.data.quality import examine
    from scenarios.replay.recording import Recording

    recordings, model = Recording.open_all(runs), load_robot()
    found = 0
    for finding in examine(recordings, model.limits, model.joint_names):
        found += 1
        print(finding)
    print(f"runs looked at: {len(recordings)}, findings: {found}")
    return int(found > 0)
