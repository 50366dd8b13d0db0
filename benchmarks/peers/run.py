"""Whole-body inverse kinematics side by side: this project's, Pink's, mink's and PlaCo's, on the same seven tasks.

``python -m benchmarks.peers.run [--passes 5] [--out runs/peers] [--environments build/peers]``, from the root of the
project. Each library has an environment of its own with pinned versions, made at first (some do not install
together), and a process of its own; they solve the same ticks in turns, 50 at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import numpy as np

from benchmarks.peers.judge import Errors, judge, make_problem
from benchmarks.peers.problem import TICKS, Array, Problem
from scenarios.bench.speed_ratio import Interval, ratio, steady
from scenarios.provenance import ROOT, origin

HERE = Path(__file__).resolve().parent
BLOCK = 50
OURS = "ours"
MODULES = {OURS: "ours", "Pink": "pink_worker", "mink": "mink_worker", "PlaCo": "placo_worker"}
_REQUIREMENTS = {"Pink": "pink", "mink": "mink", "PlaCo": "placo"}


class Worker:
    """A library in a process of its own."""

    def __init__(self, module: str, python: Path, problem: Path) -> None:
        """Start it.

        Raises:
            RuntimeError: It does not start.
        """
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.process = subprocess.Popen(
            [str(python), "-m", f"benchmarks.peers.{module}", str(problem)],
            cwd=ROOT, env={**os.environ, **threads, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.version: str = self._answer()["version"]

    def do(self, first: int, count: int) -> tuple[list[int], list[list[float]]]:
        """Let it solve some ticks; gives times [ns] and configurations."""
        print(json.dumps((first, count)), file=self._pipe(self.process.stdin), flush=True)
        answer = self._answer()
        return answer["times"], answer["places"]

    def close(self) -> None:
        """Let it come to its end."""
        self._pipe(self.process.stdin).close()
        self.process.wait(timeout=30)

    def _answer(self) -> dict[str, Any]:
        line = self._pipe(self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"{' '.join(map(str, self.process.args))} has ended: see its error above")  # type: ignore[arg-type]
        answer: dict[str, Any] = json.loads(line)
        return answer

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


@dataclass(frozen=True, slots=True)
class Finding:
    """One library.

    Attributes:
        version: Of it and what it computes with.
        p50: Of a tick [µs].
        p99: [µs].
        ratio: Its time over ours, block by block.
        errors: How well it serves the tasks.
        apart: How far a joint is from where ours has it, at most [rad].
    """

    version: str
    p50: float
    p99: float
    ratio: Interval
    errors: Errors
    apart: float


def main() -> None:
    """Measure, print, and write peers.json and peers.md."""
    parser = argparse.ArgumentParser(description="Whole-body inverse kinematics side by side.")
    parser.add_argument("--passes", type=int, default=5, help="how often all ticks are solved")
    parser.add_argument("--out", type=Path, default=Path("runs/peers"))
    parser.add_argument("--environments", type=Path, default=ROOT / "build" / "peers")
    asked = parser.parse_args()
    problem = make_problem()
    pythons = {OURS: Path(sys.executable)} | {
        name: environment(asked.environments / short, HERE / f"requirements-{short}.txt")
        for name, short in _REQUIREMENTS.items()
    }
    with running(problem, pythons) as workers:
        times, places = measure(workers, asked.passes)
        findings = {name: _finding(problem, name, workers[name].version, times, places) for name in workers}
    asked.out.mkdir(parents=True, exist_ok=True)
    text = markdown(findings, asked.passes)
    (asked.out / "peers.md").write_text(text, encoding="utf-8")
    document = {
        "passes": asked.passes, "ticks": TICKS, "libraries": {name: asdict(found) for name, found in findings.items()},
        "provenance": origin(),
    }  # fmt: skip
    (asked.out / "peers.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(text)


def environment(folder: Path, requirements: Path) -> Path:
    """The interpreter of an environment with exactly these versions; it is made where it is missing or outdated."""
    python, seal = folder / "bin" / "python", folder / "requirements.txt"
    wanted = requirements.read_text(encoding="utf-8")
    if not seal.exists() or seal.read_text(encoding="utf-8") != wanted:
        print(f"making {folder} from {requirements.name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(requirements)], check=True)
        seal.write_text(wanted, encoding="utf-8")
    return python


@contextmanager
def running(problem: Problem, pythons: dict[str, Path]) -> Iterator[dict[str, Worker]]:
    """Start a worker for each library; each comes to its end afterwards."""
    workers: dict[str, Worker] = {}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "problem.npz"
        problem.save(file)
        try:
            for name, python in pythons.items():
                workers[name] = Worker(MODULES[name], python, file)
            yield workers
        finally:
            for worker in workers.values():
                worker.close()


def measure(workers: dict[str, Worker], passes: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Let all solve the same ticks in turns, in another order each time.

    Returns:
        Times of each, shape (passes, T) [ns], and its configurations of the last pass, shape (T, 7 + n).
    """
    times = {name: np.zeros((passes, TICKS)) for name in workers}
    places: dict[str, list[list[float]]] = {}
    names = list(workers)
    for number in range(passes):
        places = {name: [] for name in workers}
        for first in range(0, TICKS, BLOCK):
            shift = (first // BLOCK + number) % len(names)
            for name in names[shift:] + names[:shift]:
                spent, there = workers[name].do(first, BLOCK)
                times[name][number, first : first + BLOCK] = spent
                places[name] += there
    return times, {name: np.array(there) for name, there in places.items()}


def _finding(problem: Problem, name: str, version: str, times: dict[str, Array], places: dict[str, Array]) -> Finding:
    time, unit = (steady(array) for array in (times[name], times[OURS]))
    p50, p99 = np.percentile(time, (50, 99)) * 1e-3
    blocks = ratio(*(array.reshape(-1, BLOCK).sum(axis=1) for array in (time, unit)))
    apart = float(np.abs(places[name] - places[OURS])[:, 7:].max())
    return Finding(version, float(p50), float(p99), blocks, judge(problem, places[name]), apart)


def markdown(findings: dict[str, Finding], passes: int) -> str:
    """The findings as tables."""
    lines = [
        f"{TICKS} ticks of 2 ms, {passes} passes in turns of {BLOCK} ticks; the time of a tick is the least over the "
        "passes.",
        "",
        "| library | p50 [µs] | p99 [µs] | of ours | 95 % | versions |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, found in findings.items():
        r = found.ratio
        lines.append(
            f"| {name} | {found.p50:.1f} | {found.p99:.1f} | {r.median:.2f} | {r.low:.2f} to {r.high:.2f} "
            f"| {found.version} |"
        )
    lines += [
        "",
        "| greatest error | foot [mm] | foot [mrad] | torso [mrad] | hand [mm] | hand [mrad] | CoM [mm] "
        "| posture RMS [rad] | limits passed [rad], [rad/s] | joints from ours [rad] |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|---:|",
    ]
    for name, found in findings.items():
        e = found.errors
        cells = (e.foot, e.foot_turn, e.torso_turn, e.hand, e.hand_turn, e.com)
        figures = " | ".join(f"{1000.0 * cell:.3f}" for cell in cells)
        limits = f"{e.position_limits:.2g}, {e.velocity_limits:.2g}"
        lines.append(f"| {name} | {figures} | {e.posture:.4f} | {limits} | {found.apart:.1g} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
