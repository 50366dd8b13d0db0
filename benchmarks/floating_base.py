"""How well and how quickly the floating base is estimated in made-up motions: `python -m benchmarks.floating_base`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np

from controllers.estimation import FloatingBaseEstimator
from robot.sensor_parts import IDEAL_IMU
from scenarios.assembly import load_robot, load_sensors
from tests.unit.synthetic_stance import (
    air,
    delays,
    follow,
    heels,
    make,
    rms,
    rock,
    sense,
    squat,
    standing,
    sway,
    tread,
    walk,
)  # fmt: skip

SEEDS = range(5)
MOTIONS = (
    ("standing", standing, 6.0),
    ("sway, 0.2 m/s", sway, 5.0),
    ("squat, 0.19 m/s", squat, 4.0),
    ("walk, 0.11 m/s", walk, 6.0),
    ("the same upstairs, 20 mm a step", partial(walk, rise=0.02), 4.0),
    ("heels rise and sink", heels, 3.0),
    ("pelvis rocks, 12 rad/s²", rock, 3.0),
    ("load steps from foot to foot", tread, 4.0),
)


def main() -> None:
    """Print the table of `docs/estimation.md`."""
    model, part = load_robot(), load_sensors().imus["mti_300"]
    exact = replace(IDEAL_IMU, delay=part.delay)
    estimator = FloatingBaseEstimator(model)
    print(
        "| motion | exact sensors: velocity [mm/s] | velocity [mm/s] | at most | goes astray [mm] | load [N] | aloft |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    on: list[float] = []
    off: list[float] = []
    states = []
    for name, motion, seconds in MOTIONS:
        truth = make(model, motion, seconds)
        clean = follow(estimator, sense(model, truth, exact, noise=0.0))
        runs = []
        for seed in SEEDS:
            states = sense(model, truth, part, seed)
            runs.append(follow(estimator, states))
        velocity = np.concatenate([run.velocity_error(truth) for run in runs])
        gone = [np.ptp(run.position_error(truth), axis=0).max() for run in runs]
        load = np.concatenate([run.load - truth.load for run in runs])
        free = air(truth)
        aloft = f"{max(run.load[free].max() for run in runs):.0f}" if free.any() else "-"
        print(
            f"| {name} | {1e3 * rms(clean.velocity_error(truth)).max():.1f} | {1e3 * rms(velocity).max():.1f} "
            f"| {1e3 * np.abs(velocity).max():.0f} | {1e3 * np.mean(gone):.1f} | {rms(load.ravel()):.0f} | {aloft} |"
        )
        if motion is tread:
            for run in runs:
                up, down = delays(truth, run.contact)
                on += up
                off += down
    print(f"\ncontact {1e3 * min(on):.0f} to {1e3 * max(on):.0f} ms after 60 N, gone {1e3 * min(off):.0f} to "
          f"{1e3 * max(off):.0f} ms after 20 N")  # fmt: skip
    times = []
    for state in 4 * states:
        start = perf_counter()
        estimator.update(state)
        times.append(perf_counter() - start)
    print("update: {:.0f} µs, p99 {:.0f} µs".format(*(1e6 * np.percentile(times, (50, 99)))))


if __name__ == "__main__":
    main()
