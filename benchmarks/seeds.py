"""Prints a Markdown table of the worst figures over the seeds of each scenario, from a folder of results.

Use: ``draisine run ride_straight ride_circle --seeds 0-9 --out runs/``, then ``python benchmarks/seeds.py runs/``.
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


def main(folder: Path) -> None:
    """Print the table."""
    runs = defaultdict(list)
    for file in sorted(folder.glob("*/metrics.json")):
        run = json.loads(file.read_text(encoding="utf-8"))
        runs[run["scenario"]].append(run)
    print("| scenario | passed |", " | ".join(heading for heading, _, _ in COLUMNS.values()), "|")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for scenario, seeds in runs.items():
        passed = sum(run["passed"] for run in seeds)
        worst = [
            text.format(factor * max(abs(run["metrics"][name]["value"]) for run in seeds))
            for name, (_, factor, text) in COLUMNS.items()
        ]
        print(f"| `{scenario}` | {passed} of {len(seeds)} |", " | ".join(worst), "|")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
