"""Measure something of one's own in a ride, and let a criterion hold it."""

import numpy as np

from scenarios.assembly import assemble
from scenarios.context import RunContext
from scenarios.loader import load
from scenarios.metric import Metric
from scenarios.run_log import RunLog
from scenarios.runner import ride


def jerk(log: RunLog, context: RunContext) -> float:
    """Root mean square of how fast the bicycle's forward acceleration changes, over 50 ms [m/s³]."""
    apart = 25
    speed = log["truth_speed"]
    acceleration = (speed[apart:] - speed[:-apart]) / (apart * 0.002)
    change = (acceleration[apart:] - acceleration[:-apart]) / (apart * 0.002)
    return float(np.sqrt(np.mean(change**2)))


MINE = Metric("jerk", "m/s³", "lower", "change of the forward acceleration", jerk)
"""In a table of `scenarios/metrics_*.py` it is in every run's metrics.json, and criteria and baselines can name it."""


def main(seconds: float = 6.0) -> float:
    """Measure it in a ride; gives the value [m/s³]."""
    ridden = ride(load("ride_straight", [f"duration={seconds}"]), 0, lambda *_: None, assemble=assemble)
    value = MINE.compute(ridden.log, ridden.context)
    print(f"{MINE.name}: {value:.2f} {MINE.unit}, {MINE.better} is better")
    return value


if __name__ == "__main__":
    main()
