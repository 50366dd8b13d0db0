"""What a policy sees: fields of the robot's own state, and of what the controller below believes, as one vector.

Every field is a row of a table with its unit and meaning; nothing in it comes from the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from controllers.learned.policy import Vector
from controllers.rotation import matrix_from_quaternion
from robot import RobotState

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to be seen at a tick.

    Attributes:
        state: Of the robot.
        belief: The telemetry of the controller below.
        rest: Joint positions that it asked for at the first tick, shape (n,) [rad].
        action: What the policy did last, shape (m,).
    """

    state: RobotState
    belief: Any
    rest: Array
    action: Vector


@dataclass(frozen=True, slots=True)
class Field:
    """A part of an observation.

    Attributes:
        name: How it is asked for.
        width: Numbers in it; 0 stands for one for each joint, -1 for one for each number of the action.
        unit: SI.
        about: What it is.
        value: Takes it from what there is to be seen.
    """

    name: str
    width: int
    unit: str
    about: str
    value: Callable[[Seen], Array | Vector | float | tuple[float, ...]]


def _up(orientation: Array) -> Array:
    """The world's vertical in a unit's own frame, shape (3,)."""
    up: Array = matrix_from_quaternion(orientation)[2]
    return up


def _level(belief: Any, vector: Array) -> tuple[float, float]:
    """A vector of the estimate's world, forward and to the left of the pelvis."""
    x, y, z, w = belief.estimate_orientation
    yaw = np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    c, s = cos(yaw), sin(yaw)
    return c * vector[0] + s * vector[1], c * vector[1] - s * vector[0]


_BODY = (
    Field("joint_position", 0, "rad", "joints, from where they were asked to be at the first tick",
          lambda seen: seen.state.joint_position - seen.rest),
    Field("joint_velocity", 0, "rad/s", "joints", lambda seen: seen.state.joint_velocity),
    Field("joint_torque", 0, "Nm", "joints, as their drives report it", lambda seen: seen.state.joint_torque),
    Field("pelvis_up", 3, "1", "the vertical in the frame of the pelvis IMU",
          lambda seen: _up(seen.state.pelvis_imu.orientation_imu_in_world)),
    Field("pelvis_rate", 3, "rad/s", "angular velocity, pelvis IMU",
          lambda seen: seen.state.pelvis_imu.angular_velocity_imu_in_imu),
    Field("pelvis_force", 3, "m/s²", "specific force, pelvis IMU",
          lambda seen: seen.state.pelvis_imu.specific_force_imu_in_imu),
    Field("torso_up", 3, "1", "the vertical in the frame of the torso IMU",
          lambda seen: _up(seen.state.torso_imu.orientation_imu_in_world)),
    Field("torso_rate", 3, "rad/s", "angular velocity, torso IMU",
          lambda seen: seen.state.torso_imu.angular_velocity_imu_in_imu),
    Field("torso_force", 3, "m/s²", "specific force, torso IMU",
          lambda seen: seen.state.torso_imu.specific_force_imu_in_imu),
    Field("action", -1, "1", "the action before", lambda seen: seen.action),
)  # fmt: skip

_RIDE = (
    Field("lean", 1, "rad", "roll of the bicycle from where it balances, right positive",
          lambda seen: seen.belief.estimate_lean),
    Field("roll_rate", 1, "rad/s", "of the bicycle", lambda seen: seen.belief.estimate_roll_rate),
    Field("steer", 1, "rad", "handlebar, left positive", lambda seen: seen.belief.estimate_steer),
    Field("steer_rate", 1, "rad/s", "handlebar", lambda seen: seen.belief.estimate_steer_rate),
    Field("steer_asked", 1, "rad", "what the steering layer asks", lambda seen: seen.belief.reference_steer),
    Field("speed", 1, "m/s", "of the bicycle", lambda seen: seen.belief.estimate_speed),
    Field("speed_asked", 1, "m/s", "what the planner asks", lambda seen: seen.belief.reference_speed),
    Field("off_course", 1, "m", "rear wheel from the course, left positive",
          lambda seen: seen.belief.estimate_lateral_error),
    Field("crank", 2, "1", "cosine and sine of the crank's angle",
          lambda seen: (cos(seen.belief.estimate_crank_angle), sin(seen.belief.estimate_crank_angle))),
    Field("crank_rate", 1, "rad/s", "of the crank", lambda seen: seen.belief.estimate_crank_rate),
)  # fmt: skip

_FOOT = (
    Field("com_velocity", 2, "m/s", "of the centre of mass, forward and left",
          lambda seen: _level(seen.belief, seen.belief.estimate_com_velocity)),
    Field("com_from_reference", 2, "m", "centre of mass from where the weight should act, forward and left",
          lambda seen: _level(seen.belief, seen.belief.estimate_com - seen.belief.reference_com)),
    Field("contact", 2, "1", "how surely the left and the right foot stand", lambda seen: seen.belief.estimate_contact),
    Field("foot_load", 2, "N", "that the left and the right foot bear", lambda seen: seen.belief.estimate_foot_load),
    Field("velocity_asked", 3, "m/s, rad/s", "of the walk: forward, to the left, turn",
          lambda seen: seen.belief.reference_velocity),
)  # fmt: skip

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "ride": {field.name: field for field in (*_BODY, *_RIDE)},
    "foot": {field.name: field for field in (*_BODY, *_FOOT)},
}
"""What can be seen, by the kind of run and by name."""


class ObservationMap:
    """Puts chosen fields into one vector."""

    def __init__(self, kind: str, names: Sequence[str], joints: int, actions: int) -> None:
        """Choose.

        Args:
            kind: Of the run: a key of `FIELDS`.
            names: Fields, in the order in which they are to stand.
            joints: How many the robot has.
            actions: How many numbers an action has.

        Raises:
            ValueError: There is no such kind or field, or one is there twice, or none.
        """
        if kind not in FIELDS:
            raise ValueError(f"policy: there is no kind of run {kind!r}; there are {', '.join(FIELDS)}")
        table = FIELDS[kind]
        for place, name in enumerate(names):
            if name not in table:
                raise ValueError(f"policy: a {kind} shows no field {name!r}; there are {', '.join(table)}")
            if name in names[:place]:
                raise ValueError(f"policy: field {name!r} is in the observation twice")
        if not names:
            raise ValueError("policy: it sees nothing; name at least one field")
        widths = {0: joints, -1: actions}
        self.slices: dict[str, slice] = {}
        """Where each field stands in the vector."""
        self._fields: list[tuple[slice, Callable[[Seen], Any]]] = []
        self.size = 0
        """Numbers in the vector."""
        for name in names:
            field = table[name]
            end = self.size + widths.get(field.width, field.width)
            self.slices[name] = slice(self.size, end)
            self._fields.append((self.slices[name], field.value))
            self.size = end

    def see(self, seen: Seen) -> Vector:
        """The vector, shape (size,), dtype float32."""
        vector = np.empty(self.size, dtype=np.float32)
        for place, value in self._fields:
            vector[place] = value(seen)
        return vector
