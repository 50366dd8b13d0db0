"""Where soles, hands and centre of mass are and how they move, by Pinocchio from the state of the body."""

from __future__ import annotations

from math import atan2

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import BodyFrames, RobotModel
from sim.foot_truth import FootTruth
from sim.pose import inverse, rotate

Array = NDArray[np.float64]

_LOADED = 20.0
"""From this force on a foot counts as one that bears load [N]."""


class FootKinematics:
    """Writes into the truth what follows from base and joints; reading more links of Bullet would move its state."""

    def __init__(self, model: RobotModel, frames: BodyFrames, period: float) -> None:
        """Prepare for a body with parts of these names; period is the time from one reading to the next [s]."""
        self._model, self._period = model.pinocchio_floating, period
        self._data = self._model.createData()
        self._soles = [self._model.getFrameId(name) for name in frames.soles]
        self._hands = [self._model.getFrameId(name) for name in frames.hands]
        self._q, self._v = np.zeros(self._model.nq), np.zeros(self._model.nv)

    def read(self, truth: FootTruth) -> None:
        """Refresh places and velocities of the truth from base, joints and contact forces in it."""
        model, data, q, v = self._model, self._data, self._q, self._v
        q[:3], q[3:7], q[7:] = truth.robot_position, truth.robot_orientation, truth.robot_joint_position
        back, velocity = inverse(truth.robot_orientation.tolist()), truth.robot_velocity.tolist()
        v[:3], v[3:6], v[6:] = rotate(back, velocity[:3]), rotate(back, velocity[3:]), truth.robot_joint_velocity
        truth.com[:] = pin.centerOfMass(model, data, q, v)
        truth.com_velocity[:] = data.vcom[0]
        for side, (sole, hand) in enumerate(zip(self._soles, self._hands, strict=True)):
            part = slice(3 * side, 3 * side + 3)
            placed = pin.updateFramePlacement(model, data, sole)
            truth.foot_position[part] = placed.translation
            forward = placed.rotation[:, 0]
            truth.foot_yaw[side] = atan2(forward[1], forward[0])
            held = pin.updateFramePlacement(model, data, hand)
            truth.hand_position[part] = held.translation
            truth.hand_orientation[4 * side : 4 * side + 4] = pin.Quaternion(held.rotation).coeffs()
            if truth.foot_force[3 * side + 2] > _LOADED:
                truth.foot_slip[side] += self._slide(sole, truth.foot_cop[part] - placed.translation)

    def _slide(self, sole: int, arm: Array) -> float:
        """How far the point of a sole in which it is pressed slides level in a period [m]; rolling over it is none."""
        motion = pin.getFrameVelocity(self._model, self._data, sole, pin.LOCAL_WORLD_ALIGNED)
        (vx, vy, _), (wx, wy, wz), (x, y, z) = motion.linear.tolist(), motion.angular.tolist(), arm.tolist()
        return float(self._period * np.hypot(vx + wy * z - wz * y, vy + wz * x - wx * z))
