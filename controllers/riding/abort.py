"""A ride that is lost: how the body is put in order before it meets the ground, and how it then lies limp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.foot_motion import ease
from robot import JointCommand, RobotModel

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AbortParameters:
    """What the body does in a fall to its left; a fall to the right is its mirror image.

    Attributes:
        reach: Joint angles of the arm on the ground's side: out and ahead, elbow bent [rad].
        trunk: Of waist and head: bent and turned away from the ground, chin to the chest [rad].
        arrange: Time in which they are taken on [s].
        arm: Stiffness and damping of the arm on the ground's side [Nm/rad, Nm·s/rad].
        hold: The same of the other arm, which holds on to the bar.
        waist: The same of the waist.
        head: The same of the head.
        leg: The same of the legs, which stay where they are.
        brake: Torque of the fingers that still hold a brake lever [Nm].
        grip: Torque that closes a hand [Nm].
        give_up: Time after which the whole body is limp [s].
        limp: Time over which it becomes so [s].
        rest: Damping of every joint then, as a share of its usual one [1].
    """

    reach: tuple[tuple[str, float], ...] = (
        ("shoulder_pitch", -0.9), ("shoulder_roll", 1.1), ("shoulder_yaw", 0.0), ("elbow", -0.9), ("wrist_yaw", 0.0),
        ("wrist_pitch", 0.0), ("wrist_roll", 0.0),
    )  # fmt: skip
    trunk: tuple[tuple[str, float], ...] = (
        ("waist_roll", 0.45), ("waist_yaw", 0.0), ("waist_pitch", -0.1), ("head_yaw", -0.45), ("head_pitch", 0.45),
    )  # fmt: skip
    arrange: float = 0.25
    arm: tuple[float, float] = (60.0, 6.0)
    hold: tuple[float, float] = (15.0, 2.0)
    waist: tuple[float, float] = (150.0, 8.0)
    head: tuple[float, float] = (20.0, 1.0)
    leg: tuple[float, float] = (20.0, 3.0)
    brake: float = 2.5
    grip: float = 0.15
    give_up: float = 1.2
    limp: float = 0.3
    rest: float = 0.5


_MIRRORED = ("roll", "yaw")
"""Joints about axes of which a mirror image turns the other way."""


class Abort:
    """Commands the body from the moment at which a ride is lost.

    The hand on the side of the ground lets go and that arm is put out, soft and strongly damped, so that it takes speed
    off the trunk without being a strut (Ha and Liu 2015; Samy and Kheddar 2015: joints that give way at impact).
    Trunk and head go away from the ground. Nothing is steered or balanced any more, so it asks for no estimate, only
    for the time.
    """

    def __init__(self, model: RobotModel, parameters: AbortParameters | None = None) -> None:
        """Take the body."""
        self._model, self._parameters = model, parameters or AbortParameters()
        self._names = [name.removesuffix("_joint") for name in model.joint_names]
        self._rest_damping = self._parameters.rest * model.drives.damping
        self._begin: float | None = None

    def reset(self) -> None:
        """Nothing is lost."""
        self._begin = None

    def command(self, time: float, side: int, seated: Array) -> JointCommand:
        """The command at a time.

        Args:
            time: [s].
            side: Where it falls to, 0 left, 1 right.
            seated: Joint angles that were asked before, shape (n,) [rad].
        """
        p = self._parameters
        if self._begin is None:
            self._begin = time
            self._from, self._goal = seated.copy(), seated.copy()
            self._stiffness, self._damping, self._torque = (np.zeros(seated.size) for _ in range(3))
            for index, name in enumerate(self._names):
                self._arrange(index, name, side)
        since = time - self._begin
        share = ease(since / p.arrange)
        position = self._from + share * (self._goal - self._from)
        limp = ease((since - p.give_up) / p.limp)
        stiffness, torque = (1.0 - limp) * self._stiffness, (1.0 - limp) * self._torque
        damping = self._damping + limp * (self._rest_damping - self._damping)
        return JointCommand(time, position, np.zeros(position.size), torque, stiffness, damping)

    def _arrange(self, index: int, name: str, side: int) -> None:
        """Where a joint goes, and how softly."""
        p = self._parameters
        own, _, part = name.partition("_")
        limb = part if own in ("left", "right") else name
        below = own == ("left", "right")[side]
        mirror = -1.0 if side and limb.endswith(_MIRRORED) else 1.0
        reach, trunk = dict(p.reach), dict(p.trunk)
        if limb in trunk:
            self._goal[index] = mirror * trunk[limb]
            gains = p.head if limb.startswith("head") else p.waist
        elif limb.startswith(("hip", "knee", "ankle")):
            gains = p.leg
        elif limb == "grip":
            gains = (6.0, 0.15)
            if below:
                self._goal[index] = self._from[index] = 0.0
            else:
                self._torque[index] = p.grip + p.brake
        elif below:
            self._goal[index] = mirror * reach[limb]
            gains = p.arm
        else:
            gains = p.hold
        lower, upper = self._model.limits.lower[index], self._model.limits.upper[index]
        self._goal[index] = min(upper, max(lower, self._goal[index]))
        self._stiffness[index], self._damping[index] = gains
