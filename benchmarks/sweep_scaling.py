"""Prints a Markdown table: the same sweep on one and two processes and on Ray, with the time that each took.

Use: ``python benchmarks/sweep_scaling.py`` for 200 samples, or ``--samples 6`` for a look. It ends with status 1 when
the tables differ in a single byte, or when two processes are less than 0.85 efficient. The machine must be idle.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SCENARIO = "ride_lane_change"
BRIEF = ("--set", "duration=2")
"""A ride of two seconds: 200 of them are what a core does in some seven minutes."""
SHAPES = {
    "one process": ("--engine", "local", "--jobs", "1"),
    "two processes": ("--engine", "local", "--jobs", "2"),
    "Ray, two at a time": ("--engine", "ray", "--jobs", "2"),
}
ASKED = 0.85
"""Efficiency that two processes must have."""


def main(samples: int, shapes: list[str]) -> int:
    """Ride, compare, print; returns the exit status."""
    seconds, tables = {}, {}
    with TemporaryDirectory(prefix="draisine-scaling-") as folder:
        for name in shapes:
            out = Path(folder) / name.replace(" ", "-").replace(",", "")
            command = [
                *(sys.executable, "-m", "scenarios", "sweep", SCENARIO, *BRIEF),
                *("--samples", str(samples), "--out", str(out), *SHAPES[name]),
            ]
            subprocess.run(command, check=True, stdout=sys.stderr)
            found = out / f"{SCENARIO}-sweep0"
            seconds[name] = json.loads((found / "timing.json").read_text(encoding="utf-8"))["wall_seconds"]
            tables[name] = (found / "sweep.parquet").read_bytes()
    alone = seconds.get("one process")
    print(f"| {samples} samples | wall time [s] | samples/s | efficiency | same table |")
    print("|---|---|---|---|---|")
    for name, wall in seconds.items():
        workers = 1 if name == "one process" else 2
        efficiency = f"{alone / (workers * wall):.2f}" if alone else "-"
        same = "yes" if tables[name] == tables[shapes[0]] else "NO"
        print(f"| {name} | {wall:.1f} | {samples / wall:.2f} | {efficiency} | {same} |")
    alike = len(set(tables.values())) == 1
    both = seconds.get("two processes")
    return 0 if alike and (not alone or not both or alone / (2 * both) >= ASKED) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    arguments = parser.parse_args()
    sys.exit(main(arguments.samples, arguments.shapes))
