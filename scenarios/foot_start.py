"""How a body on its feet starts: both soles flat on the ground, the centre of mass above the middle between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import BodyFrames, RobotModel
from sim.foot_world import FootStart
from sim.ground import Ground

Array = NDArray[np.float64]

_NAMES = BodyFrames()
_LEG = 6
"""Joints of a leg: as many as a sole has coordinates."""
_ROUNDS, _CLOSE = 30, 1e-10
_STEP = 0.2
"""Greatest change of a joint in a round [rad]."""


def stand(model: RobotModel, posture: Array, heading: float, ground: Ground, frames: BodyFrames = _NAMES) -> FootStart:
    """Stand on the ground around the origin in a posture, the pelvis level, the legs fitted to the ground.

    The soles keep their places in the plan and their yaw to the pelvis, the pelvis its mean height above them. What is
    left is solved by Newton's method: the place of the pelvis and the joints of both legs, twelve and three, for six
    coordinates of each sole, two of the centre of mass, and the height.

    Args:
        model: The body as it really is.
        posture: Joint positions, shape (n,) [rad].
        heading: Of the pelvis, from x to the left [rad].
        ground: What it stands on; its plane counts alone.
        frames: The names of its parts.

    Raises:
        ValueError: The legs cannot reach the ground so, or have not six joints each.
    """
    return _Stand(model, posture, heading, ground, frames.soles).solve()


class _Stand:
    def __init__(
        self, model: RobotModel, posture: Array, heading: float, ground: Ground, soles: tuple[str, str]
    ) -> None:
        self._model, self._ground = model.pinocchio_floating, ground
        self._data = self._model.createData()
        self._soles = [self._model.getFrameId(name) for name in soles]
        legs = [joint for sole in soles for joint in _leg(model, sole)]
        self._free = [0, 1, 2, *legs]
        self._lower, self._upper = model.limits.lower, model.limits.upper
        self._q = pin.neutral(self._model)
        self._q[3:7] = 0.0, 0.0, np.sin(0.5 * heading), np.cos(0.5 * heading)
        self._q[7:] = np.clip(posture, self._lower, self._upper)
        middle, placed = self._place()
        self._q[:2] -= middle[:2]
        self._height = -float(middle[2])
        self._targets = [self._on_ground(sole.translation - middle, sole.rotation) for sole in placed]

    def solve(self) -> FootStart:
        for _ in range(_ROUNDS):
            error, jacobian = self._error()
            if np.abs(error).max() < _CLOSE:
                break
            change = np.zeros(self._model.nv)
            change[self._free] = np.linalg.solve(jacobian, error)
            change *= min(1.0, _STEP / max(_STEP, float(np.abs(change[6:]).max())))
            self._q = pin.integrate(self._model, self._q, change)
        else:
            raise ValueError("the legs do not reach the ground with the pelvis level; take a smaller slope")
        joints = self._q[7:]
        if (joints < self._lower).any() or (joints > self._upper).any():
            raise ValueError("standing level on this slope takes a joint beyond its limit; take a smaller slope")
        return FootStart(self._q[:3].copy(), self._q[3:7].copy(), joints.copy())

    def _place(self) -> tuple[Array, Sequence[pin.SE3]]:
        """The middle between the soles, and the soles."""
        pin.computeJointJacobians(self._model, self._data, self._q)
        soles = [pin.updateFramePlacement(self._model, self._data, sole).copy() for sole in self._soles]
        return 0.5 * (soles[0].translation + soles[1].translation), soles

    def _on_ground(self, place: Array, rotation: Array) -> pin.SE3:
        """Where a sole lies flat: in its place in the plan, turned as it is."""
        up = np.array(self._ground.normal)
        plane = Ground(self._ground.angle, self._ground.toward)
        left = np.cross(up, rotation[:, 0])
        left /= np.linalg.norm(left)
        at = np.array((place[0], place[1], plane.height(place[0], place[1])))
        return pin.SE3(np.column_stack((np.cross(left, up), left, up)), at)

    def _error(self) -> tuple[Array, Array]:
        """What is missing, shape (15,), and how the free coordinates change it, shape (15, 15)."""
        middle, soles = self._place()
        com = pin.centerOfMass(self._model, self._data, self._q)
        com_jacobian = pin.jacobianCenterOfMass(self._model, self._data, self._q)
        pin.computeJointJacobians(self._model, self._data, self._q)
        errors, rows, mean = [], [], np.zeros((3, self._model.nv))
        for frame, sole, target in zip(self._soles, soles, self._targets, strict=True):
            jacobian = pin.getFrameJacobian(self._model, self._data, frame, pin.LOCAL_WORLD_ALIGNED)
            errors += [target.translation - sole.translation, pin.log3(target.rotation @ sole.rotation.T)]
            rows.append(jacobian)
            mean += 0.5 * jacobian[:3]
        errors += [middle[:2] - com[:2], [self._height - (self._q[2] - middle[2])]]
        height = -mean[2:]
        height[0, :] += _base_height(self._q, self._model.nv)
        rows += [com_jacobian[:2] - mean[:2], height]
        return np.concatenate(errors), np.vstack(rows)[:, self._free]


def _leg(model: RobotModel, sole: str) -> list[int]:
    """The velocities of the joints between the root link and a sole, as the floating model counts them."""
    pinocchio = model.pinocchio_floating
    joints = pinocchio.supports[pinocchio.frames[pinocchio.getFrameId(sole)].parentJoint].tolist()[2:]
    if len(joints) != _LEG:
        names = ", ".join(pinocchio.names[joint] for joint in joints) or "none"
        raise ValueError(f"a leg needs {_LEG} joints to set its foot anywhere; {sole!r} has {names}")
    return [pinocchio.joints[joint].idx_v for joint in joints]


def _base_height(q: Array, size: int) -> Array:
    """How the velocity of the free base, in its own frame, raises it, shape (nv,)."""
    row = np.zeros(size)
    row[:3] = pin.Quaternion(*q[[6, 3, 4, 5]]).toRotationMatrix()[2]
    return row
