"""Where hands and head of a rider are over a ride, by forward kinematics of the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from robot import RobotModel
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

Array = NDArray[np.float64]
EVERY = 20
"""Rows from one look to the next; 25 looks a second."""


@dataclass(frozen=True, slots=True)
class BodyView:
    """Some frames of the body at every so many rows of a log.

    Attributes:
        rows: Of the log, shape (k,).
        hands: Left and right hand from its shoulder, in the torso frame, shape (k, 2, 3) [m].
        head: Place of the head in the world, shape (k, 3) [m].
        forward: Where it looks, a unit vector in the world, shape (k, 3).
    """

    rows: NDArray[np.intp]
    hands: Array
    head: Array
    forward: Array


def body_view(log: RunLog, context: RideContext) -> BodyView | None:
    """The frames of a ride; None for a body that is not the project's own."""
    return context.share("body_view", lambda: _look(log, context))


def _look(log: RunLog, context: RideContext) -> BodyView | None:
    import pinocchio as pin  # which who lists scenarios does not need

    body = _own_body()
    if context.joint_names != body.joint_names:
        return None
    model = body.pinocchio
    data = model.createData()
    rows = np.arange(0, len(log), EVERY)
    hands, head, forward = np.empty((rows.size, 2, 3)), np.empty((rows.size, 3)), np.empty((rows.size, 3))
    grips = [model.getFrameId(f"{side}_grip_frame") for side in ("left", "right")]
    shoulders = [model.getJointId(f"{side}_shoulder_roll_joint") for side in ("left", "right")]
    neck, torso = model.getJointId("head_pitch_joint"), model.getJointId("waist_roll_joint")
    turned = _matrices(log["truth_robot_orientation"][rows])
    for index, (joints, place, turn) in enumerate(
        zip(log["truth_robot_joint_position"][rows], log["truth_robot_position"][rows], turned, strict=True)
    ):
        pin.framesForwardKinematics(model, data, joints)
        for side in (0, 1):
            arm = data.oMf[grips[side]].translation - data.oMi[shoulders[side]].translation
            hands[index, side] = data.oMi[torso].rotation.T @ arm
        head[index] = place + turn @ data.oMi[neck].translation
        forward[index] = turn @ data.oMi[neck].rotation[:, 0]
    return BodyView(rows, hands, head, forward)


def _matrices(quaternions: Array) -> Array:
    """Rotation matrices of quaternions x, y, z, w, shape (k, 4) -> (k, 3, 3); of zeros that of no turn."""
    from scipy.spatial.transform import Rotation

    still = np.where(np.linalg.norm(quaternions, axis=1, keepdims=True) > 0.0, quaternions, (0.0, 0.0, 0.0, 1.0))
    matrices: Array = Rotation.from_quat(still).as_matrix()
    return matrices


@lru_cache(maxsize=1)
def _own_body() -> RobotModel:
    import robot
    import urdf

    bodies, drives = Path(urdf.__file__).with_name("humanoid.urdf"), Path(robot.__file__).with_name("drives.toml")
    return robot.RobotModel.from_urdf(
        bodies.read_text(encoding="utf-8"), drives.read_text(encoding="utf-8"), str(bodies)
    )
