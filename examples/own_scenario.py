"""Write a scenario, ride it in two worlds, and read what came of it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.runner import run

SCENARIO = """
summary = "a bend, in whatever wind there is"
duration = "{seconds} s"
course = {{ kind = "circle", radius = "6 m", laps = 1, lead_in = "4 m" }}
wind = {{ speed = "3 m/s", direction = "90 deg" }}
criteria = [{{ metric = "falls", max = 0 }}, {{ metric = "path_error_max", max = 0.3 }}]
"""


def main(seconds: float = 8.0) -> list[bool]:
    """Ride it; says and gives whether the criteria hold."""
    passed = []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bend.toml"
        file.write_text(SCENARIO.format(seconds=seconds), encoding="utf-8")
        for changes in ([], ["wind.speed=6 m/s"]):
            outcome = run(
                load(str(file), changes), 0, Path(folder) / "-".join(changes), lambda *_: None, assemble=assemble
            )
            metrics = json.loads((outcome.folder / "metrics.json").read_bytes())["metrics"]
            print(changes, outcome.passed, metrics["path_error_max"])
            passed.append(outcome.passed)
    return passed


if __name__ == "__main__":
    main()
