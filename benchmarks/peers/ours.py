"""Worker: the whole-body inverse kinematics of this project (`controllers/whole_body`).

Its damping and its stride are switched off, since the others have none here: all solve one problem.
"""

from __future__ import annotations

from importlib.metadata import version
from math import inf
from pathlib import Path

import numpy as np
import pinocchio as pin

import robot
from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array, Problem
from benchmarks.peers.protocol import serve
from controllers.whole_body.inverse_kinematics import InverseKinematics
from controllers.whole_body.kinematics import Kinematics
from controllers.whole_body.tasks import ComTask, FrameTask
from robot import RobotModel

_DRIVES = Path(robot.__file__).with_name("drives.toml")


class Ours:
    """Draisine's solver on the seven tasks."""

    version = f"Pinocchio {pin.__version__}, daqp {version('daqp')}"

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        model = RobotModel.from_urdf(problem.urdf, _DRIVES.read_text(encoding="utf-8"))
        tasks = [FrameTask(index, *COSTS[name]) for index, name in enumerate(FRAMES)]
        weight = np.full(len(problem.joints), POSTURE_COST)
        solver = self._solver = InverseKinematics(
            Kinematics(model, FRAMES, free=True), [*tasks, ComTask(COM_COST)], model.limits, weight, PERIOD,
            margin=0.0, damping=0.0, stride=(inf, inf),
        )  # fmt: skip
        solver.rotation[:], solver.posture[:] = problem.rotations, problem.posture
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self._configuration = np.concatenate((self._problem.base, self._problem.posture))

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick."""
        self._solver.position[:], self._solver.com[:] = self._problem.positions[tick], self._problem.com[tick]

    def solve(self) -> None:
        """One step; it begins with the kinematics."""
        self._configuration = self._solver.step(self._configuration)

    def configuration(self) -> tuple[Array, Array]:
        """Where pelvis and joints are."""
        return self._configuration[:7], self._configuration[7:]


if __name__ == "__main__":
    serve(Ours)
