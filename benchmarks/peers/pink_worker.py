"""Worker: Pink (tasks in Python on Pinocchio), QP by daqp."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import pinocchio as pin
from pink import Configuration, solve_ik
from pink.limits import ConfigurationLimit, VelocityLimit
from pink.tasks import ComTask, FrameTask, PostureTask

from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array, Problem
from benchmarks.peers.protocol import serve


class Pink:
    """Pink on the seven tasks."""

    version = f"Pink {version('pin-pink')}, Pinocchio {pin.__version__}, daqp {version('daqp')}"

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        model = pin.buildModelFromXML(problem.urdf, pin.JointModelFreeFlyer())
        at = [model.idx_qs[model.getJointId(name)] for name in problem.joints]
        self._joints = np.array(at)
        lower, upper, velocity = model.lowerPositionLimit, model.upperPositionLimit, model.velocityLimit
        lower[self._joints], upper[self._joints] = problem.lower, problem.upper
        velocity[[model.idx_vs[model.getJointId(name)] for name in problem.joints]] = problem.velocity
        model.lowerPositionLimit, model.upperPositionLimit, model.velocityLimit = lower, upper, velocity
        self._start = pin.neutral(model)
        self._start[:7], self._start[self._joints] = problem.base, problem.posture
        self._model, self._data = model, model.createData()
        self._frames = [FrameTask(name, *COSTS[name]) for name in FRAMES]
        for task, rotation in zip(self._frames, problem.rotations, strict=True):
            task.set_target(pin.SE3(rotation, np.zeros(3)))
        self._com, self._posture = ComTask(COM_COST), PostureTask(POSTURE_COST)
        self._posture.set_target(self._start)
        self._tasks = [*self._frames, self._com, self._posture]
        self._limits = [ConfigurationLimit(model, config_limit_gain=1.0), VelocityLimit(model)]
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self._configuration = Configuration(self._model, self._data, self._start)

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick."""
        p = self._problem
        for task, position, rotation in zip(self._frames, p.positions[tick], p.rotations, strict=True):
            task.set_target(pin.SE3(rotation, position))
        self._com.set_target(p.com[tick])

    def solve(self) -> None:
        """One step; moving brings the kinematics up to date."""
        velocity = solve_ik(
            self._configuration, self._tasks, PERIOD, solver="daqp", limits=self._limits, safety_break=False
        )
        self._configuration.integrate_inplace(velocity, PERIOD)

    def configuration(self) -> tuple[Array, Array]:
        """Where pelvis and joints are."""
        return self._configuration.q[:7], self._configuration.q[self._joints]


if __name__ == "__main__":
    serve(Pink)
