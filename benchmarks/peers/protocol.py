"""How the driver speaks with a worker: a line of JSON each way, over pipes."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from time import perf_counter_ns
from typing import Protocol

import numpy as np

from benchmarks.peers.problem import Array, Problem


class Solver(Protocol):
    """One library's inverse kinematics, one step a tick."""

    version: str
    """Of the library and what it computes with."""

    def reset(self) -> None:
        """Go back to the start of the problem."""
        ...

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick; this is not timed."""
        ...

    def solve(self) -> None:
        """Bring the kinematics up to date, solve, and take the step; this is timed."""
        ...

    def configuration(self) -> tuple[Array, Array]:
        """Where it is: pelvis position and quaternion x y z w, shape (7,); joints in the problem's order, (n,)."""
        ...


def do_ticks(solver: Solver, first: int, count: int) -> tuple[list[int], list[list[float]]]:
    """Solve some ticks one after another; gives their times [ns] and configurations, (7 + n,) each."""
    times, places = [], []
    gc.disable()
    for tick in range(first, first + count):
        solver.aim(tick)
        before = perf_counter_ns()
        solver.solve()
        times.append(perf_counter_ns() - before)
        places.append(np.concatenate(solver.configuration()).tolist())
    gc.enable()
    return times, places


def serve(build: type) -> None:
    """Be a worker: argument 1 is the problem's file; each line asks for ticks, each answer has times and places.

    What libraries print goes to the standard error.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    solver: Solver = build(Problem.load(Path(sys.argv[1])))
    print(json.dumps({"version": solver.version}), file=out, flush=True)
    for line in sys.stdin:
        first, count = json.loads(line)
        if first == 0:
            solver.reset()
        times, places = do_ticks(solver, first, count)
        print(json.dumps({"times": times, "places": places}), file=out, flush=True)
