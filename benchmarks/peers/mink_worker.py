"""Worker: mink (Pink's tasks on MuJoCo), QP by daqp."""

from __future__ import annotations

from importlib.metadata import version

import mink
import mujoco
import numpy as np

from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array, Problem
from benchmarks.peers.protocol import serve

_COMPILER = '<mujoco><compiler fusestatic="false" discardvisual="false" balanceinertia="false"/></mujoco>'


class Mink:
    """mink on the seven tasks."""

    version = f"mink {version('mink')}, MuJoCo {mujoco.__version__}, daqp {version('daqp')}"

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        spec = mujoco.MjSpec.from_string(problem.urdf.replace("</robot>", f"{_COMPILER}</robot>"))
        spec.body("pelvis").add_freejoint()
        for name, lower, upper in zip(problem.joints, problem.lower, problem.upper, strict=True):
            spec.joint(name).range = (lower, upper)
        model = self._model = spec.compile()
        self._joints = np.array([model.joint(name).qposadr[0] for name in problem.joints])
        self._start = np.zeros(model.nq)
        x, y, z, w = problem.base[3:]
        self._start[:7] = (*problem.base[:3], w, x, y, z)
        self._start[self._joints] = problem.posture
        self._frames = [mink.FrameTask(name, "body", *COSTS[name]) for name in FRAMES]
        self._com, self._posture = mink.ComTask(COM_COST), mink.PostureTask(model, POSTURE_COST)
        self._posture.set_target(self._start)
        self._tasks = [*self._frames, self._com, self._posture]
        speeds = {name: float(speed) for name, speed in zip(problem.joints, problem.velocity, strict=True)}
        self._limits = [mink.ConfigurationLimit(model, gain=1.0), mink.VelocityLimit(model, speeds)]
        self._rotations = [mink.SO3.from_matrix(rotation) for rotation in problem.rotations]
        self._configuration = mink.Configuration(model)
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self._configuration.update(self._start)

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick."""
        places = self._problem.positions[tick]
        for task, position, rotation in zip(self._frames, places, self._rotations, strict=True):
            task.set_target(mink.SE3.from_rotation_and_translation(rotation, position))
        self._com.set_target(self._problem.com[tick])

    def solve(self) -> None:
        """One step; moving brings the kinematics up to date."""
        velocity = mink.solve_ik(self._configuration, self._tasks, PERIOD, solver="daqp", limits=self._limits)
        self._configuration.integrate_inplace(velocity, PERIOD)

    def configuration(self) -> tuple[Array, Array]:
        """Where pelvis and joints are."""
        q = self._configuration.q
        return q[[0, 1, 2, 4, 5, 6, 3]], q[self._joints]


if __name__ == "__main__":
    serve(Mink)
