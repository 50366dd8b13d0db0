"""What whole-body inverse dynamics costs: its parts, and the same programs solved by other solvers.

    python -m benchmarks.whole_body [--ticks 1500]

A body at ease sways, bends and moves its hands under the tasks of standing; every tick is one program. The programs of
the product are recorded and solved again by each other solver that is installed (quadprog, proxsuite), in turns, so
that the times are comparable within one run. A whole tick of the controller, from state to command, is timed in a run
on foot: `timing.json`, key `control`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import numpy as np

from controllers.balance.body_control import BodyControl
from controllers.balance.wanted import Wanted
from robot import Body
from scenarios.assembly import BODY, load_robot


def prepare() -> tuple[BodyControl, np.ndarray]:
    """The product's whole-body control and the body's posture at ease."""
    model = load_robot()
    body = Body.parse(BODY.read_text(encoding="utf-8"), model)
    return BodyControl(model, body, 0.002), body.posture


def states(posture: np.ndarray, ticks: int) -> Any:
    """Configurations and velocities of a body that moves every joint a little."""
    phase = 1.3 * np.arange(posture.size)
    for tick in range(ticks):
        time = 0.002 * tick
        q = np.concatenate((np.zeros(6), (1.0,), posture + 0.05 * np.sin(3.0 * time + phase)))
        v = np.concatenate((np.zeros(6), 0.15 * np.cos(3.0 * time + phase)))
        yield time, q, v


def timed(work: Callable[[], object], into: list[float]) -> None:
    """Time one call [µs]."""
    start = perf_counter_ns()
    work()
    into.append((perf_counter_ns() - start) / 1e3)


def others() -> dict[str, Callable[..., object]]:
    """Solvers that are installed: each takes H, f, A, lower and upper, simple bounds first."""
    found: dict[str, Callable[..., object]] = {}
    try:
        import quadprog
    except ImportError:
        pass
    else:

        def by_quadprog(H: Any, f: Any, A: Any, lower: Any, upper: Any) -> object:
            rows = np.vstack((np.eye(len(f)), A))
            equal = np.flatnonzero(upper - lower < 1e-12)
            above, below = np.flatnonzero(upper < 1e29), np.flatnonzero(lower > -1e29)
            above, below = np.setdiff1d(above, equal), np.setdiff1d(below, equal)
            C = np.vstack((rows[equal], -rows[above], rows[below])).T
            return quadprog.solve_qp(H, -f, C, np.concatenate((upper[equal], -upper[above], lower[below])), len(equal))

        found["quadprog"] = by_quadprog
    try:
        import proxsuite
    except ImportError:
        pass
    else:

        def by_proxqp(H: Any, f: Any, A: Any, lower: Any, upper: Any) -> object:
            rows = np.vstack((np.eye(len(f)), A))
            return proxsuite.proxqp.dense.solve(
                H, f, None, None, rows, np.maximum(lower, -1e20), np.minimum(upper, 1e20), eps_abs=1e-6
            )

        found["proxqp"] = by_proxqp
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ticks", type=int, default=1500)
    ticks = parser.parse_args().ticks
    control, posture = prepare()
    dynamics, wanted = control.dynamics, Wanted()
    times: dict[str, list[float]] = {}
    solvers = others()
    unsolved = 0
    for time, q, v in states(posture, ticks):
        timed(lambda q=q, v=v: control.see(q, v), times.setdefault("kinematics and dynamics (Pinocchio)", []))
        wanted.pelvis_height = float(control.body.position(2)[2])
        wanted.com_acceleration[:] = 1.5 * np.sin(2.0 * time), np.cos(1.7 * time)
        timed(lambda time=time: control.command(time, wanted), times.setdefault("tasks, program, command", []))
        unsolved += not dynamics.solved
        timed(dynamics._weigh, times.setdefault("  of which costs", []))
        timed(dynamics._run, times.setdefault("  of which daqp", []))
        n = dynamics._hessian.shape[0]
        program = (
            dynamics._hessian, dynamics._gradient, dynamics._matrix, dynamics._below.copy(), dynamics._above.copy()
        )  # fmt: skip
        for name, solve in solvers.items():
            into = times.setdefault(f"the same program by {name}", [])
            timed(lambda solve=solve, program=program: solve(*program), into)
    print(f"{ticks} ticks, {n} variables, {dynamics._matrix.shape[0]} rows, {unsolved} unsolved")
    print("| part | p50 [µs] | p99 [µs] |\n|---|---:|---:|")
    for name, spent in times.items():
        print(f"| {name} | {np.percentile(spent, 50):.0f} | {np.percentile(spent, 99):.0f} |")


if __name__ == "__main__":
    main()
