"""How truly wheels roll on each shape that Bullet has for ground: the table of docs/physics.md.

python benchmarks/ground_shapes.py
"""

from __future__ import annotations

import numpy as np

from scenarios.assembly import BICYCLE_URDF
from sim.experiments.rolling import boxes, field, freely_rolling, hulls, laid, mesh, plain, roll
from sim.terrain import Strip, Terrain
from urdf.bicycle_parameters import BicycleParameters

SPEED, SECONDS = 5.0, 3.0
LEVEL = 1e-9 * np.sin(np.pi * np.linspace(0.0, 1.0, 2001)) ** 2
GROUNDS = {
    "plane": plain,
    "planes laid under the wheels": laid(
        Terrain((Strip("level", (3.0, 0.0), 0.0, 20.0, 20.0, np.linspace(0.0, 20.0, 2001), LEVEL),))
    ),
    "one box": boxes(60.0),
    "boxes of 1 m": boxes(1.0),
    "one convex hull": hulls(60.0),
    "convex hulls of 1 m": hulls(1.0),
    "triangle mesh, 4 m": mesh(4.0),
    "triangle mesh, 0.25 m": mesh(0.25),
    "height field, 1 m": field(1.0),
    "height field, 0.25 m": field(0.25),
    "height field, 0.1 m": field(0.1),
}


def main() -> None:
    """Print the table."""
    bicycle = freely_rolling(BicycleParameters.load())
    reference = roll(BICYCLE_URDF, bicycle, plain, SPEED, SECONDS)
    print(
        "| ground | speed lost [mm/s] | bounce [mm] | roll off [mrad] | path off [mm] | normal off [mrad] | step [µs] |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, ground in GROUNDS.items():
        seen = roll(BICYCLE_URDF, bicycle, ground, SPEED, SECONDS)
        figures = (
            reference.speed[-1] - seen.speed[-1],
            np.abs(seen.hub_height - reference.hub_height).max(),
            np.abs(seen.roll - reference.roll).max(),
            np.abs(seen.position[:, 1] - reference.position[:, 1]).max(),
            seen.normal_error,
        )
        cells = " | ".join(f"{1000 * figure + 0.0:.3g}" for figure in figures)
        print(f"| {name} | {cells} | {1e6 * seen.step_time:.0f} |", flush=True)


if __name__ == "__main__":
    main()
