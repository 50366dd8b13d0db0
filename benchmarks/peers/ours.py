"""Worker: the whole-body inverse kinematics of this project (`controllers/whole_body`).

In the project it works with the pelvis as root and has no task for the centre of mass. Here its kinematics are
replaced by some on a floating base, in which the centre of mass is one more frame; the solver itself is as it is.
"""

from __future__ import annotations

from importlib.metadata import version
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pinocchio as pin

from benchmarks.peers.problem import COM_COST, COSTS, FRAMES, PERIOD, POSTURE_COST, Array, Problem
from benchmarks.peers.protocol import serve
from controllers.whole_body.inverse_kinematics import FrameTask, InverseKinematics
from controllers.whole_body.kinematics import Kinematics

_FREE = 1e3
"""Velocity limit of the pelvis, which is none [m/s, rad/s]."""


class FloatingKinematics(Kinematics):
    """Frames and centre of mass of a body on a floating base; x = (step of the pelvis, joint angles)."""

    def __init__(self, model: pin.Model) -> None:
        self._model, self._data = model, model.createData()
        self._ids = [model.getFrameId(name) for name in FRAMES]
        self._jacobians = [np.zeros((6, model.nv), order="F") for _ in range(len(FRAMES) + 1)]
        self._upright = np.eye(3)
        self.base = pin.neutral(model)[:7]

    def update(self, joint_position: Array) -> None:
        """Compute every frame, the centre of mass and all Jacobians; the pelvis' step is taken as zero."""
        model, data = self._model, self._data
        pin.computeJointJacobians(model, data, np.concatenate((self.base, joint_position[6:])))
        for frame, jacobian in zip(self._ids, self._jacobians, strict=False):
            pin.updateFramePlacement(model, data, frame)
            jacobian[:] = pin.getFrameJacobian(model, data, frame, pin.LOCAL_WORLD_ALIGNED)
        self._jacobians[-1][:3] = pin.jacobianCenterOfMass(model, data, False)

    def position(self, index: int) -> Array:
        """Origin of a frame in world; the last one is the centre of mass."""
        return self._data.com[0] if index == len(FRAMES) else self._data.oMf[self._ids[index]].translation

    def rotation(self, index: int) -> Array:
        """Axes of a frame in world; the centre of mass has those of the world."""
        return self._upright if index == len(FRAMES) else self._data.oMf[self._ids[index]].rotation


class Ours:
    """Draisine's solver on the seven tasks."""

    version = f"Pinocchio {pin.__version__}, daqp {version('daqp')}"

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._model = pin.buildModelFromXML(problem.urdf, pin.JointModelFreeFlyer())
        self._kinematics = FloatingKinematics(self._model)
        tasks = [FrameTask(index, *COSTS[name]) for index, name in enumerate(FRAMES)]
        tasks.append(FrameTask(len(FRAMES), COM_COST, 0.0))
        free = np.full(6, np.inf)
        limits = SimpleNamespace(
            lower=np.concatenate((-free, problem.lower)),
            upper=np.concatenate((free, problem.upper)),
            velocity=np.concatenate((np.full(6, _FREE), problem.velocity)),
        )
        weight = np.full(6 + len(problem.joints), POSTURE_COST)
        weight[:6] = 1e-6
        self._inverse_kinematics = InverseKinematics(
            self._kinematics, tuple(tasks), cast(Any, limits), weight, PERIOD, margin=0.0
        )
        self._posture = np.concatenate((np.zeros(6), problem.posture))
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self._kinematics.base = self._problem.base.copy()
        self._x = self._posture.copy()

    def aim(self, tick: int) -> None:
        """Take in the targets of a tick."""
        p = self._problem
        self._targets = [*zip(p.positions[tick], p.rotations, strict=True), (p.com[tick], np.eye(3))]

    def solve(self) -> None:
        """One step of the solver, and the pelvis moved along."""
        x = self._inverse_kinematics.step(self._x, self._targets, self._posture)
        base = self._kinematics.base
        moved = pin.SE3ToXYZQUAT(pin.XYZQUATToSE3(base) * pin.exp6(x[:6]))
        self._kinematics.base = moved
        x[:6] = 0.0
        self._x = x

    def configuration(self) -> tuple[Array, Array]:
        """Where pelvis and joints are."""
        return self._kinematics.base, self._x[6:]


if __name__ == "__main__":
    serve(Ours)
