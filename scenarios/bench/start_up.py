"""How long a ride takes to get going, and how much memory it has: measured in a process of its own.

``python -m scenarios.bench.start_up SCENARIO SEED SPAWNED [KEY=VALUE...]`` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from time import monotonic, perf_counter_ns

from scenarios.provenance import ROOT
from scenarios.schema import CONTROL_PERIOD

STAGES = {
    "interpreter": "Python itself, and the scenario's schema",
    "imports": "PyBullet, Pinocchio, SciPy and all of the project",
    "posture chart": "the seated postures, by inverse kinematics",
    "steering gains": "gains of the steering law over the speeds",
    "other assembly": "bodies, course, rider",
    "proof of the bodies": "whether Bullet has the bodies as their files say",
    "world": "the world, but for that",
    "first tick": "one tick of the loop",
}
"""What a start consists of, in this order."""
_TICKS_FOR_MEMORY = round(1.0 / CONTROL_PERIOD)


def start_up(reference: str, overrides: tuple[str, ...], seed: int) -> dict[str, dict[str, float]]:
    """Start a ride in a fresh process, and ride it for a second.

    Returns:
        `seconds` by stage [s], and `megabytes` of peak resident memory after the imports, at the start and after a
        second of riding [MB].

    Raises:
        subprocess.CalledProcessError: The process broke down.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    said = subprocess.run(
        [sys.executable, "-m", "scenarios.bench.start_up", reference, str(seed), str(monotonic()), *overrides],
        env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, check=True, text=True,
    ).stdout  # fmt: skip
    measured: dict[str, dict[str, float]] = json.loads(said)
    return measured


def _measure(reference: str, seed: int, spawned: float, overrides: list[str]) -> dict[str, dict[str, float]]:
    from sim.silence import silence

    began = monotonic()
    with silence():
        import controllers.riding.posture_chart
        import controllers.riding.steering
        import sim.physics
        from scenarios.assembly import assemble
        from scenarios.bench.layers import REST, LayerTimer
        from scenarios.bench.speed_loop import SpeedLoop
        from scenarios.loader import load
    imported = monotonic()
    memory = {"after the imports": _peak_memory()}
    scenario = load(reference, overrides)
    parts = ("posture chart", "steering gains", "other assembly", "proof of the bodies")
    timer = LayerTimer((*parts, REST), perf_counter_ns)
    timer.install(controllers.riding.posture_chart.PostureChart, "__init__", "posture chart")
    timer.install(controllers.riding.steering.Steering, "__init__", "steering gains")
    timer.install(sim.physics, "_prove", "proof of the bodies")
    timer.clear()
    loop = SpeedLoop(scenario, seed, _TICKS_FOR_MEMORY, timer.timed(assemble, "other assembly"))
    timer.stop()
    spent = {part: 1e-9 * nanoseconds for part, nanoseconds in zip(timer.layers, timer.spent, strict=True)}
    memory["at the start"] = _peak_memory()
    ready = monotonic()
    loop.tick()
    ticked = monotonic()
    for _ in range(_TICKS_FOR_MEMORY - 1):
        if not loop.tick():
            break
    memory["after a second"] = _peak_memory()
    loop.close()
    seconds = {
        "interpreter": began - spawned, "imports": imported - began, **{part: spent[part] for part in parts},
        "world": spent[REST], "first tick": ticked - ready,
    }  # fmt: skip
    return {"seconds": seconds, "megabytes": memory}


def _peak_memory() -> float:
    """Greatest resident memory of this process so far [MB].

    `getrusage` would tell that of the process that started this one, where it was greater.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    kilobytes = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes * 1024e-6


if __name__ == "__main__":
    name, given_seed, spawn_time, *changes = sys.argv[1:]
    print(json.dumps(_measure(name, int(given_seed), float(spawn_time), changes)))
