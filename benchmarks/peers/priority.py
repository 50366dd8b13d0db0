"""Three ways to strict priority in one step of the peers' problem: weights, two programs, daqp's hierarchical solver.

``python -m benchmarks.peers.priority``, from the root of the project. Feet and centre of mass go first; torso and hands
want something that conflicts with them, bent and with straight knees. Printed is, for each way, how much more of the
first level's error is left than when it is alone (weighted, as a share of the error before the step), what is left of
the second level's, and the time.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns

import daqp
import numpy as np

from benchmarks.peers.judge import make_problem
from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array
from controllers.whole_body.kinematics import Kinematics
from scenarios.assembly import load_robot

_FIRST = np.r_[0:12, 30:33]
_SECOND = np.r_[15:30]
_WEIGHT = np.concatenate([np.repeat(COSTS[name], 3) for name in FRAMES] + [np.full(3, COM_COST)])
_CASES = {
    "bent, small errors": (0.45, (0.0, 0.0, -0.001), (0.001, 0.0, 0.0)),
    "bent, hand torn away": (0.45, (0.0, 0.0, -0.002), (0.014, 0.0, 0.014)),
    "straight, up": (0.0, (0.0, 0.0, 0.02), (0.014, 0.0, 0.014)),
    "straight, down": (0.0, (0.0, 0.0, -0.02), (0.0, 0.0, 0.02)),
}
"""Hip angle (half the knee's) [rad]; errors of the centre of mass and the left hand [m], no longer than a stride."""


class Step:
    """One step's rows and errors, and the three ways to serve them."""

    def __init__(self, body: Kinematics, configuration: Array, speed: Array, com: Array, hand: Array) -> None:
        body.update(configuration)
        error = np.zeros(33)
        error[18:21], error[30:] = hand, com
        rows = np.concatenate((*body.jacobians, body.com_jacobian()))
        self.rows, self.error = _WEIGHT[:, None] * rows, _WEIGHT * error
        size = body.nv
        self.bound = np.concatenate((np.full(6, 1e30), speed * PERIOD))
        self.cost = np.concatenate((np.full(6, 1e-6), np.full(size - 6, POSTURE_COST**2)))
        self.plain = daqp.Model()
        self.plain.setup(np.eye(size), np.zeros(size), np.zeros((0, size)), self.bound, -self.bound)
        self.second: daqp.Model | None = None

    def least_squares(self, rows: Array, error: Array, share: float = 0.0) -> Array:
        """Weighted least squares within the bounds; damped by a share of the trace."""
        hessian = rows.T @ rows
        diagonal = hessian.reshape(-1)[:: len(hessian) + 1]
        diagonal += self.cost + share * diagonal.sum()
        self.plain.update(H=hessian, f=-(error @ rows), bupper=self.bound, blower=-self.bound)
        found: Array = self.plain.solve()[0]
        return found

    def alone(self) -> Array:
        """The first level without the second."""
        return self.least_squares(self.rows[_FIRST], self.error[_FIRST])

    def by_weight(self) -> Array:
        """As the product does it: the first level's weights 100 times as great."""
        factor = np.ones(33)
        factor[_FIRST] = 100.0
        return self.least_squares(self.rows * factor[:, None], self.error * factor, 1e-10)

    def by_two_programs(self) -> Array:
        """The first level's optimum is an equality of a second program (Kanoun, Lamiraux, Wieber 2011)."""
        first, second = np.ascontiguousarray(self.rows[_FIRST]), self.rows[_SECOND]
        kept = first @ self.alone()
        hessian, gradient = second.T @ second + np.diag(self.cost), -(self.error[_SECOND] @ second)
        upper, lower = np.concatenate((self.bound, kept)), np.concatenate((-self.bound, kept))
        if self.second is None:
            self.second = daqp.Model()
            sense = np.repeat(np.array((0, 5), dtype=np.int32), (self.bound.size, kept.size))
            self.second.setup(hessian, gradient, first, upper, lower, sense)
        else:
            self.second.update(H=hessian, f=gradient, A=first, bupper=upper, blower=lower)
        found: Array = self.second.solve()[0]
        return found

    def by_hierarchy(self) -> Array:
        """Break points of daqp: bounds, first level, second level."""
        rows = np.concatenate((self.rows[_FIRST], self.rows[_SECOND]))
        error = np.concatenate((self.error[_FIRST], self.error[_SECOND]))
        size, first = self.bound.size, len(_FIRST)
        levels = np.array((size, size + first, size + len(error)), dtype=np.int32)
        upper, lower = np.concatenate((self.bound, error)), np.concatenate((-self.bound, error))
        found: Array = daqp.solve(None, None, rows, upper, lower, np.zeros(upper.size, dtype=np.int32), levels)[0]
        return found

    def left(self, level: Array, step: Array) -> float:
        """What is left of a level's error after a step, as a share."""
        left = np.linalg.norm(self.rows[level] @ step - self.error[level])
        return float(left / np.linalg.norm(self.error[level]))


def main() -> None:
    """Measure and print."""
    problem, model = make_problem(), load_robot()
    body = Kinematics(model, FRAMES, free=True)
    print("| step | way | first level grows by | second level left | p50 [µs] |\n|---|---|---:|---:|---:|")
    for name, (hip, com, hand) in _CASES.items():
        joints = problem.posture.copy()
        for side in ("left", "right"):
            for part, angle in (("hip_pitch", -hip), ("knee", 2.0 * hip), ("ankle_pitch", -hip)):
                joints[problem.joints.index(f"{side}_{part}_joint")] = angle
        configuration = np.concatenate((problem.base, joints))
        step = Step(body, configuration, problem.velocity, np.array(com), np.array(hand))
        alone = step.left(_FIRST, step.alone())
        for way in (step.by_weight, step.by_two_programs, step.by_hierarchy):
            found = way()
            more, second = step.left(_FIRST, found) - alone, step.left(_SECOND, found)
            print(f"| {name} | {way.__name__[3:].replace('_', ' ')} | {more:+.1e} | {second:.3f} | {_time(way):.0f} |")


def _time(way: Callable[[], Array], calls: int = 500) -> float:
    """Median time of a call [µs]."""
    times = []
    for _ in range(calls):
        before = perf_counter_ns()
        way()
        times.append(perf_counter_ns() - before)
    return float(np.median(times)) * 1e-3


if __name__ == "__main__":
    main()
