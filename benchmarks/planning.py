"""How often and how fast a way is found through random goals: ahead, where a loop is needed, and over a long course.

python benchmarks/planning.py [TASKS]
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from math import cos, pi, sin
from time import perf_counter

import numpy as np

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Disc, Gate, Goal, PlanningError, Pose, Waypoint
from controllers.riding.planning.planner import plan_path

Draw = Callable[[np.random.Generator], CourseMap]


def gate(x: float, y: float, heading: float, width: float = 2.0) -> Gate:
    """A gate that is passed in a direction [rad]."""
    aside = -0.5 * width * sin(heading), 0.5 * width * cos(heading)
    return Gate((x + aside[0], y + aside[1]), (x - aside[0], y - aside[1]))


def goals_after(rng: np.random.Generator, count: int, turn: float, spacing: tuple[float, float]) -> list[Goal]:
    """Goals one after the other, each in about the direction of the one before it, give or take a turn [rad]."""
    x = y = heading = 0.0
    goals: list[Goal] = []
    for _ in range(count):
        bearing = heading + rng.uniform(-0.5, 0.5) * turn
        way = rng.uniform(*spacing)
        x, y, heading = x + way * cos(bearing), y + way * sin(bearing), bearing + rng.uniform(-0.5, 0.5) * turn
        goals.append(gate(x, y, heading) if rng.random() < 0.6 else Waypoint((x, y), heading if turn > 1.0 else None))
    return goals


def among(rng: np.random.Generator, goals: list[Goal], most: int) -> CourseMap:
    """The goals with a few discs that leave each of them and the start open."""
    discs = []
    bare = CourseMap(tuple(goals))
    centres = np.array([(0.0, 0.0), *(g.at if isinstance(g, Waypoint) else g.left for g in goals)])
    for _ in range(rng.integers(0, most + 1)):
        place = centres[rng.integers(len(centres) - 1) + 1] + rng.uniform(-4, 4, 2)
        apart = np.hypot(*(centres - place).T).min()
        if apart > 2.5 and Clearance(bare).distance(place[None])[0] > 2.0:
            discs.append(Disc((float(place[0]), float(place[1])), float(rng.uniform(0.1, 0.4))))
    return CourseMap(tuple(goals), tuple(discs))


def ahead(rng: np.random.Generator) -> CourseMap:
    """One to four goals ahead."""
    return among(rng, goals_after(rng, int(rng.integers(1, 5)), 0.8, (7.0, 12.0)), 3)


def loops(rng: np.random.Generator) -> CourseMap:
    """One to four goals in any direction, of which some cannot be passed without a loop."""
    return among(rng, goals_after(rng, int(rng.integers(1, 5)), 2.0 * pi, (4.0, 12.0)), 3)


def long(rng: np.random.Generator) -> CourseMap:
    """Ten to fifteen goals over some 300 m."""
    return among(rng, goals_after(rng, int(rng.integers(10, 16)), 1.2, (18.0, 28.0)), 12)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print("| tasks | found | length, median [m] | time, median [s] | 90 % [s] | most [s] | memory, most [MB] |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for name, draw, tasks in (("ahead", ahead, count), ("loops", loops, count), ("long", long, max(1, count // 6))):
        times, lengths, given_up = [], [], []
        for seed in range(tasks):
            task = draw(np.random.default_rng(seed))
            begin = perf_counter()
            try:
                lengths.append(plan_path(task, Pose()).path.length)
            except PlanningError as error:
                given_up.append(f"{name} {seed}: {error}")
            times.append(perf_counter() - begin)
        tracemalloc.start()
        with suppress(PlanningError):
            plan_path(task, Pose())
        memory = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        median, most_of, most = np.percentile(times, (50, 90, 100))
        print(
            f"| {name} | {len(lengths)} of {tasks} | {np.median(lengths):.0f} | {median:.2f} | {most_of:.2f} |"
            f" {most:.2f} | {memory:.0f} |",
            flush=True,
        )
        print("\n".join(given_up), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
