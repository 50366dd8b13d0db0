"""How the rider sits: where pelvis, hands and feet belong on the bicycle, and the joint angles that put them there."""

from __future__ import annotations

from math import cos, inf, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.rotation import rotation_about
from controllers.whole_body.inverse_kinematics import InverseKinematics
from controllers.whole_body.kinematics import Kinematics
from controllers.whole_body.tasks import FrameTask
from robot import RobotModel
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

LEFT_FOOT, RIGHT_FOOT, LEFT_HAND, RIGHT_HAND = range(4)
FRAMES = ("left_sole", "right_sole", "left_grip_frame", "right_grip_frame")

_BALL_OF_FOOT = 0.03
"""How far the pedal axle is ahead of the middle of the sole [m]."""

_TOES_DOWN, _ANKLING, _ANKLING_PHASE = 0.20, 0.12, 5.2
"""Mean pitch of a sole, its swing over a crank turn, and the crank angle of its greatest value [rad]."""

_SITTING = {
    "hip_pitch": -1.1,
    "hip_roll": 0.0,
    "hip_yaw": 0.0,
    "knee": 1.4,
    "ankle_pitch": -0.3,
    "ankle_roll": 0.0,
    "shoulder_pitch": -0.35,
    "shoulder_roll": 0.4,
    "shoulder_yaw": 0.0,
    "elbow": -1.0,
    "wrist_yaw": -1.4,
    "wrist_pitch": 0.0,
    "wrist_roll": 0.0,
    "grip": 1.4,
}
"""Joint angles that the inverse kinematics prefers; left side, mirrored for the right [rad]."""
_MIRRORED = ("hip_roll", "hip_yaw", "ankle_roll", "shoulder_roll", "shoulder_yaw", "wrist_yaw", "wrist_roll")
_TRUNK = {"waist_yaw": 0.0, "waist_pitch": 0.08, "waist_roll": 0.0, "head_yaw": 0.0, "head_pitch": -0.05}

_POSTURE_WEIGHT = {"waist": 3.0, "head": 1.0, "grip": 1.0, "shoulder": 0.1, "elbow": 0.1, "wrist": 0.1}
_LEG_POSTURE_WEIGHT = 0.002


class RiderPosture:
    """The rider's inverse kinematics on a given bicycle.

    The bicycle frame is that of `BicycleParameters`: it leans with the bicycle. The pelvis is held where it sits;
    the soles are on the pedals, toes a little down, the hands on the grips with the bar along the hand's x axis.
    """

    def __init__(self, model: RobotModel, bicycle: BicycleParameters, period: float) -> None:
        self._bicycle = bicycle
        saddle_x, saddle_z = bicycle.saddle.top
        seat = model.pinocchio.frames[model.frame_id("seat")].placement.translation
        self.pelvis_in_bicycle: Array = np.array((saddle_x, 0.0, saddle_z)) - seat
        """Origin of the pelvis frame, whose axes are the bicycle's [m]."""
        self.nominal: Array = np.array([_preference(name) for name in model.joint_names])
        self.kinematics = Kinematics(model, FRAMES)
        """The body as the inverse kinematics last placed it."""
        self.measured = Kinematics(model, FRAMES)
        """The body as its encoders say; whoever reads them places it."""
        self.ball_in_sole: Array = np.array((_BALL_OF_FOOT, 0.0, -bicycle.drive.pedal_size[2] / 2))
        """Pedal axle in the sole frame, shape (3,) [m]."""
        x_axis = np.array((1.0, 0.0, 0.0))
        tasks = (
            FrameTask(LEFT_FOOT, 30.0, 8.0),
            FrameTask(RIGHT_FOOT, 30.0, 8.0),
            FrameTask(LEFT_HAND, 30.0, 0.2, x_axis),
            FrameTask(RIGHT_HAND, 30.0, 0.2, x_axis),
        )
        weights = np.array([_weight(name) for name in model.joint_names])
        # Feet and hands reach their places from the nominal posture: nothing is to be damped on the way.
        self.inverse_kinematics = InverseKinematics(
            self.kinematics, tasks, model.limits, weights, period, damping=0.0, stride=(inf, inf)
        )
        g = bicycle.geometry
        self.steer_axis = self._axis = np.array(g.steer_axis)
        """Unit vector along the steer axis, upward, in the bicycle frame."""
        self._axis_root = np.array((g.steer_axis_x(0.0), 0.0, 0.0))
        x, y, z = bicycle.handlebar.grip
        self._grip = (np.array((x, y, z)), np.array((x, -y, z)))
        s, c = sin(bicycle.handlebar.sweep), cos(bicycle.handlebar.sweep)
        self._bar = (np.array((s, -c, 0.0)), np.array((s, c, 0.0)))

    def grip(self, side: int, steer: float) -> tuple[Array, Array]:
        """Centre of a grip [m] and the direction of its bar towards the stem, in the bicycle frame.

        Args:
            side: 0 left, 1 right.
            steer: Steer angle, positive to the left [rad].
        """
        turn = rotation_about(self._axis, steer)
        return self._axis_root + turn @ (self._grip[side] - self._axis_root), turn @ self._bar[side]

    def grip_velocity(self, side: int, steer: float) -> Array:
        """How a grip moves when the steer angle grows by 1 rad/s, in the bicycle frame, shape (3,) [m/s]."""
        velocity: Array = np.cross(self._axis, self.grip(side, steer)[0] - self._axis_root)
        return velocity

    def pedal(self, side: int, crank: float) -> Array:
        """Centre of a pedal in the bicycle frame, shape (3,) [m]; the crank angle is zero with the left one on top."""
        drive = self._bicycle.drive
        sign = 1 - 2 * side
        x, z = drive.bottom_bracket
        reach = sign * drive.crank_length
        return np.array((x + reach * sin(crank), sign * drive.pedal_offset, z + reach * cos(crank)))

    def sole_rotation(self, side: int, crank: float) -> Array:
        """Sole axes in the bicycle frame, shape (3, 3): toes a little down, most where the ankle would fold most."""
        pitch = _TOES_DOWN + _ANKLING * cos(crank + side * pi - _ANKLING_PHASE)
        c, s = cos(pitch), sin(pitch)
        return np.array(((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c)))

    def targets(
        self, steer: float, crank: float, pelvis_in_bicycle: Array, rotation: Array
    ) -> list[tuple[Array, Array]]:
        """Targets of the four limbs in the pelvis frame.

        Args:
            steer: Steer angle that the hands should hold [rad].
            crank: Crank angle that the feet should follow [rad].
            pelvis_in_bicycle: Origin of the pelvis in the bicycle frame, shape (3,) [m].
            rotation: Pelvis axes in the bicycle frame, shape (3, 3).
        """
        to_pelvis = rotation.T
        limbs = []
        for side in (0, 1):
            sole = self.sole_rotation(side, crank)
            place = self.pedal(side, crank) - sole @ self.ball_in_sole
            limbs.append((to_pelvis @ (place - pelvis_in_bicycle), to_pelvis @ sole))
        for side in (0, 1):
            point, bar = self.grip(side, steer)
            limbs.append((to_pelvis @ (point - pelvis_in_bicycle), to_pelvis @ bar))
        return limbs

    def solve(self, steer: float, crank: float, iterations: int = 200) -> Array:
        """Joint angles for a steer and a crank angle, from the nominal posture, shape (n,) [rad]."""
        position = self.nominal
        self.inverse_kinematics.aim(self.targets(steer, crank, self.pelvis_in_bicycle, np.eye(3)), self.nominal)
        for _ in range(iterations):
            position = self.inverse_kinematics.step(position)
        return position


def _split(joint: str) -> tuple[str, str]:
    """Side and plain name of a joint: ("left", "knee"), ("", "waist_yaw")."""
    plain = joint.removesuffix("_joint")
    side, _, rest = plain.partition("_")
    return (side, rest) if side in ("left", "right") else ("", plain)


def _preference(joint: str) -> float:
    side, plain = _split(joint)
    if not side:
        return _TRUNK[plain]
    sign = -1.0 if side == "right" and plain in _MIRRORED else 1.0
    return sign * _SITTING[plain]


def _weight(joint: str) -> float:
    _, plain = _split(joint)
    return _POSTURE_WEIGHT.get(plain.split("_")[0], _LEG_POSTURE_WEIGHT)
