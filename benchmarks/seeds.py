"""Prints a Markdown table of the worst figures over the seeds of each scenario, from the results of a bench.

Use: ``draisine bench run full --seeds 0-9``, then ``python benchmarks/seeds.py runs/bench-full/results.json``.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

COLUMNS = {
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


def main(file: Path) -> None:
    """Print the table."""
    rides = defaultdict(list)
    for trial in json.loads(file.read_text(encoding="utf-8"))["trials"]:
        rides[trial["scenario"]].append(trial)
    print("| scenario | passed |", " | ".join(heading for heading, _, _ in COLUMNS.values()), "|")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for scenario, trials in sorted(rides.items()):
        passed = sum(not trial["failures"] for trial in trials)
        worst = [
            text.format(factor * max(abs(trial["metrics"][name]) for trial in trials))
            for name, (_, factor, text) in COLUMNS.items()
        ]
        print(f"| `{scenario}` | {passed} of {len(trials)} |", " | ".join(worst), "|")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
