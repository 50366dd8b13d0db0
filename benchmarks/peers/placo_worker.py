"""Worker: PlaCo (tasks and QP in C++ on Pinocchio 3), its own QP solver."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import placo

from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array, Problem
from benchmarks.peers.protocol import serve


class Placo:
    """PlaCo on the seven tasks. Its weights are those of squared errors, so they are the squares of the costs."""

    version = f"PlaCo {version('placo')}, Pinocchio {version('pin')}"

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        with TemporaryDirectory() as folder:
            file = Path(folder) / "robot.urdf"
            file.write_text(problem.urdf, encoding="utf-8")
            self._robot = placo.RobotWrapper(str(file), placo.Flags.ignore_collisions)
        for name, lower, upper, speed in zip(
            problem.joints, problem.lower, problem.upper, problem.velocity, strict=True
        ):
            self._robot.set_joint_limits(name, lower, upper)
            self._robot.set_velocity_limit(name, speed)
        self._at = [self._robot.get_joint_offset(name) for name in problem.joints]
        self.reset()
        solver = self._solver = placo.KinematicsSolver(self._robot)
        solver.dt = PERIOD
        solver.enable_joint_limits(True)
        solver.enable_velocity_limits(True)
        self._frames = []
        for name, rotation in zip(FRAMES, problem.rotations, strict=True):
            place, turn = COSTS[name]
            position = solver.add_position_task(name, np.zeros(3)) if place else None
            if position is not None:
                position.configure(f"{name} position", "soft", place**2)
            solver.add_orientation_task(name, rotation).configure(f"{name} orientation", "soft", turn**2)
            self._frames.append(position)
        self._com = solver.add_com_task(np.zeros(3))
        self._com.configure("com", "soft", COM_COST**2)
        posture = solver.add_joints_task()
        posture.set_joints(dict(zip(problem.joints, problem.posture.tolist(), strict=True)))
        posture.configure("posture", "soft", POSTURE_COST**2)

    def reset(self) -> None:
        """Go back to the start."""
        q = self._robot.state.q.copy()
        q[:7], q[self._at] = self._problem.base, self._problem.posture
        self._robot.state.q = q
        self._robot.update_kinematics()

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick."""
        for task, position in zip(self._frames, self._problem.positions[tick], strict=True):
            if task is not None:
                task.target_world = position
        self._com.target_world = self._problem.com[tick]

    def solve(self) -> None:
        """One step, and the kinematics brought up to date."""
        self._solver.solve(True)
        self._robot.update_kinematics()

    def configuration(self) -> tuple[Array, Array]:
        """Where pelvis and joints are."""
        q = self._robot.state.q
        return q[:7], q[self._at]


if __name__ == "__main__":
    serve(Placo)
