"""Prints a Markdown table of the worst figures over the seeds of each scenario, from the results of a bench.

Use: ``draisine bench run full --seeds 0-9``, then ``python benchmarks/seeds.py runs/bench-full/results.json``.
"""

import json
import sys
from collections import defaultdict
from math import isfinite
from pathlib import Path

Columns = dict[str, tuple[str, float, str]]
RIDES: Columns = {
    "path_error_rms": ("path error RMS [m]", 1.0, "{:.3f}"),
    "path_error_max": ("max [m]", 1.0, "{:.2f}"),
    "roll_max": ("roll [rad]", 1.0, "{:.2f}"),
    "grip_force_max": ("grip [N]", 1.0, "{:.0f}"),
    "hand_off_grip_max": ("hand off [ms]", 1000.0, "{:.0f}"),
    "foot_off_pedal_max": ("foot off [ms]", 1000.0, "{:.0f}"),
    "energy_balance_error": ("energy [%]", 100.0, "{:.1f}"),
    "momentum_residual_max": ("momentum [N]", 1.0, "{:.2f}"),
    "undeclared_wrench_max": ("undeclared [N]", 1.0, "{:g}"),
    "torque_saturation_fraction": ("saturated [%]", 100.0, "{:.2f}"),
}
"""Metric: heading, factor on its SI value, format."""
ON_FOOT: Columns = {
    "com_offset_max": ("CoM off [mm]", 1000.0, "{:.0f}"),
    "hand_error_max": ("hand off [mm]", 1000.0, "{:.0f}"),
    "hand_angle_max": ("turned [mrad]", 1000.0, "{:.0f}"),
    "velocity_error_forward_rms": ("forward [m/s]", 1.0, "{:.3f}"),
    "velocity_error_left_rms": ("left [m/s]", 1.0, "{:.3f}"),
    "velocity_error_turn_rms": ("turn [rad/s]", 1.0, "{:.3f}"),
    "foot_slip_per_step": ("slip a step [mm]", 1000.0, "{:.1f}"),
    "heading_drift": ("heading [rad]", 1.0, "{:.3f}"),
    "cost_of_transport": ("cost of transport", 1.0, "{:.2f}"),
    "foot_force_max": ("foot [N]", 1.0, "{:.0f}"),
    "estimate_com_velocity_rms": ("velocity estimate [mm/s]", 1000.0, "{:.0f}"),
    "estimate_drift": ("drift [%]", 100.0, "{:.1f}"),
    "winding_temperature_max": ("winding [°C]", 1.0, "{:.0f}"),
    "torque_saturation_fraction": ("saturated [%]", 100.0, "{:.2f}"),
    "joint_limit_margin_min": ("joint margin [rad]", 1.0, "{:.3f}"),
    "self_contact_max": ("self contact [N]", 1.0, "{:.0f}"),
    "solver_failures": ("unsolved", 1.0, "{:.0f}"),
}
"""The same for runs on foot; the least joint margin is the worst."""


def main(file: Path) -> None:
    """Print a table of rides and one of runs on foot."""
    runs = defaultdict(list)
    for trial in json.loads(file.read_text(encoding="utf-8"))["trials"]:
        runs[trial["scenario"]].append(trial)
    for columns in (RIDES, ON_FOOT):
        chosen = {name: trials for name, trials in sorted(runs.items()) if set(columns) <= set(trials[0]["metrics"])}
        if chosen:
            print_table(columns, chosen)


def print_table(columns: Columns, runs: dict[str, list]) -> None:
    """Print the worst of the seeds of each scenario."""
    print("| scenario | passed |", " | ".join(heading for heading, _, _ in columns.values()), "|")
    print("|---" * (len(columns) + 2) + "|")
    for scenario, trials in runs.items():
        passed = sum(not trial["failures"] for trial in trials)
        cells = [worst(name, trials, factor, text) for name, (_, factor, text) in columns.items()]
        print(f"| `{scenario}` | {passed} of {len(trials)} |", " | ".join(cells), "|")


def worst(name: str, trials: list, factor: float, text: str) -> str:
    """The worst figure of some trials; nothing where they have none."""
    values = [trial["metrics"][name] for trial in trials]
    values = [float(value) for value in values if value is not None and isfinite(float(value))]
    if not values:
        return ""
    return text.format(factor * (min(values) if name.endswith("_min") else max(map(abs, values))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
