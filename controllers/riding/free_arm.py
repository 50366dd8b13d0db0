"""An arm that lets go of its grip, is elsewhere for a while, and takes hold again."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from controllers.riding.arm_motion import Stroke, lift
from controllers.riding.foot_motion import ease
from controllers.riding.intent import ArmPose
from controllers.riding.posture_chart import SeatedPosture
from robot import RobotModel

Array = NDArray[np.float64]

JOINTS = ("shoulder_pitch", "shoulder_roll", "shoulder_yaw", "elbow", "wrist_yaw", "wrist_pitch", "wrist_roll")
_MIRRORED = np.array((1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0))
"""Signs with which a left arm's joints are those of a right one."""
_DAMPING = 1e-3
"""Of the least squares that turn a way of the hand into joint angles [m²]."""


@dataclass(frozen=True, slots=True)
class FreeArmParameters:
    """Places, times and tolerances.

    Attributes:
        side: Joint angles of a left arm that hangs beside the body, in the order of :data:`JOINTS`, shape (7,) [rad].
        signal: The same stretched out sideways [rad].
        lift: What is added to them on the first part of the way, so that the hand leaves the bar upward and comes
            down on it from above [rad].
        ease: Time in which the load goes from the hand, before it opens, and comes back after it has closed [s].
        away: Time from the grip to the posture [s].
        back: Time back [s].
        open: Angle of an open hand's fingers [rad].
        fingers: How fast they open and close [rad/s].
        opened: Angle below which they count as open [rad].
        closed: Angle from which they count as closed [rad].
        near: Distance from hand to grip at which the hand closes [m].
        held: Distance up to which a closed hand has the bar [m].
        sure: How long it must be so [s].
        aim: Bandwidth with which the way's end follows the grip, as bars and pelvis move [rad/s].
        fade: How fast a hand that holds again gives up what it has followed [1/s].
        reach: How fast what the hand still lacks of the grip is made up for [1/s].
        reach_limit: Greatest such angle of a joint [rad].
        stiffness: Of its joints while it is free, as a multiple of their usual one [1].
        damping: The same of their damping [1].
        retry: Time beyond what closing takes after which a hand has missed the bar and opens again [s].
    """

    side: tuple[float, ...] = (0.1, 0.2, 0.1, -0.35, 0.0, 0.0, 0.0)
    signal: tuple[float, ...] = (-0.1, 1.45, 0.0, -0.12, 0.0, 0.0, 0.0)
    lift: tuple[float, ...] = (0.0, 0.1, 0.0, -0.3, 0.0, 0.0, 0.0)
    ease: float = 0.3
    away: float = 1.2
    back: float = 1.2
    open: float = 0.25
    fingers: float = 5.0
    opened: float = 0.5
    closed: float = 1.25
    near: float = 0.008
    held: float = 0.012
    sure: float = 0.1
    aim: float = 60.0
    fade: float = 12.0
    reach: float = 2.5
    reach_limit: float = 0.2
    stiffness: float = 2.0
    damping: float = 2.0
    retry: float = 0.3

    def joints(self, pose: ArmPose, side: int) -> Array:
        """Joint angles of the left (side 0) or the right arm (1) in a posture, shape (7,) [rad]."""
        left = np.array(self.side if pose is ArmPose.SIDE else self.signal)
        return left if side == 0 else left * _MIRRORED


class Hold(Enum):
    """What a hand is doing."""

    GRIP = auto()
    """It holds the bar."""
    UNLOAD = auto()
    """It still does, and puts less and less on it."""
    OPEN = auto()
    """Its fingers open."""
    AWAY = auto()
    """It is on its way to a posture, or there."""
    BACK = auto()
    """It comes back."""
    NEAR = auto()
    """It is over its grip, and makes up for what it lacks."""
    CLOSE = auto()
    """Its fingers close."""
    LOAD = auto()
    """It holds the bar again, and puts more and more on it."""


_HOLDING = (Hold.GRIP, Hold.UNLOAD, Hold.LOAD)


@dataclass(slots=True)
class Feel:
    """What a hand feels.

    Attributes:
        fingers: Measured angle of the grip joint [rad].
        apart: From the hand to its grip, in the pelvis frame, as the other limbs tell, shape (3,) [m].
    """

    fingers: float
    apart: Array = field(default_factory=lambda: np.zeros(3))


class FreeArm:
    """Carries one hand between its grip and a posture, and knows whether it holds.

    On the way its joints are a blend of the seated posture's, which go along with the bars, and of those of the posture
    that is wanted; the share is a minimum-jerk stroke that can be turned round at any time. Back at the bar, what the
    pelvis has moved on the saddle by and what the joints lack is made up for until the hand is at the grip; then the
    fingers close. That it holds it knows by its fingers, and by being where the grip is.
    """

    def __init__(
        self, model: RobotModel, side: int, period: float, parameters: FreeArmParameters | None = None
    ) -> None:
        """Prepare the left (side 0) or the right arm (1); `period` is the time between two steps [s]."""
        self._parameters = parameters or FreeArmParameters()
        self.side, self._period = side, period
        name = ("left", "right")[side]
        self.joints: NDArray[np.intp] = np.array([model.index(f"{name}_{joint}_joint") for joint in JOINTS])
        """Indices of its joints in the robot model."""
        self.fingers = model.index(f"{name}_grip_joint")
        """Index of the joint that closes its hand."""
        decay = float(np.exp(-self._parameters.aim * period))
        self._gains = 1.0 - decay * decay, (1.0 - decay) ** 2 / period
        self._lift = np.array(self._parameters.lift) * (_MIRRORED if side else 1.0)
        self.reset()

    def reset(self) -> None:
        """The hand holds the bar."""
        self.where = Hold.GRIP
        self.load = 1.0
        """Share of what a hand does on the bars that this one does [1]."""
        self._since = 0.0
        self._good = 0.0
        self._pose: ArmPose | None = None
        self._goal: Array = np.zeros(7)
        self._stroke = Stroke()
        self._follow: Array = np.zeros(7)
        self._follow_rate: Array = np.zeros(7)
        self._reach: Array = np.zeros(7)
        self._bent = 0.0

    @property
    def holds(self) -> bool:
        """Whether the hand is on its grip, as far as it knows."""
        return self.where in _HOLDING

    @property
    def gains(self) -> tuple[float, float]:
        """Stiffness and damping of its joints as multiples of their usual ones [1]."""
        p = self._parameters
        share = 1.0 - self.load
        return 1.0 + share * (p.stiffness - 1.0), 1.0 + share * (p.damping - 1.0)

    @property
    def free(self) -> bool:
        """Whether anything of it differs from an arm that holds the bar."""
        return self.where is not Hold.GRIP

    def step(self, time: float, pose: ArmPose | None, feel: Feel, shift: Array, grasp: Array) -> None:
        """Go on.

        Args:
            time: [s].
            pose: Where it is to be; None is on the grip.
            feel: What the hand feels.
            shift: From where the seated posture has the grip to where it is, in the pelvis frame, shape (3,) [m].
            grasp: The hand's linear Jacobian, shape (3, n).
        """
        p = self._parameters
        since = time - self._since
        match self.where:
            case Hold.GRIP:
                if pose is not None:
                    self._goal, self._pose = p.joints(pose, self.side), pose
                    self._bent = feel.fingers
                    self._go(Hold.UNLOAD, time)
            case Hold.UNLOAD:
                self.load = 1.0 - ease(since / p.ease)
                if pose is None:
                    self._go(Hold.LOAD, time - max(0.0, p.ease - since))
                elif since > p.ease:
                    self._go(Hold.OPEN, time)
            case Hold.OPEN:
                if pose is None:
                    self._go(Hold.CLOSE, time)
                elif feel.fingers < p.opened:
                    self._stroke.begin(1.0, p.away)
                    self._go(Hold.AWAY, time)
            case Hold.AWAY:
                if pose is not self._pose:
                    self._stroke.begin(0.0, p.back)
                    self._go(Hold.BACK, time)
            case Hold.BACK:
                if since > p.back:
                    self._go(Hold.NEAR, time)
            case Hold.NEAR:
                there = feel.fingers < p.opened and float(np.linalg.norm(feel.apart)) < p.near
                self._good = self._good + self._period if there else 0.0
                if self._good > 0.5 * p.sure:
                    self._go(Hold.CLOSE, time)
            case Hold.CLOSE:
                there = feel.fingers > p.closed and float(np.linalg.norm(feel.apart)) < p.held
                self._good = self._good + self._period if there else 0.0
                if self._good > p.sure:
                    self._go(Hold.LOAD, time)
                elif since > p.retry + 2.0 * p.sure + (p.closed - p.open) / p.fingers:
                    self._go(Hold.NEAR, time)
            case Hold.LOAD:
                self.load = ease(since / p.ease)
                if since > p.ease:
                    self.load = 1.0
                    self._go(Hold.GRIP, time)
        self._stroke.step(self._period)
        self._aim(feel.apart, shift, grasp[:, self.joints])
        wanted = p.open if self.where in (Hold.OPEN, Hold.AWAY, Hold.BACK, Hold.NEAR) else p.closed + 0.15
        stride = p.fingers * self._period
        self._bent += min(stride, max(-stride, wanted - self._bent))

    def place(self, seated: SeatedPosture) -> None:
        """Put the arm's reference into that of the body, in place."""
        joints, (s, rate, growth) = self.joints, self._stroke.state
        way = self._goal - seated.position[joints]
        bump, slope, bend = lift(s)
        seated.position[joints] += s * way + bump * self._lift + (1.0 - s) * self._follow + self._reach
        along = (1.0 - s) * (seated.velocity[joints] + self._follow_rate)
        seated.velocity[joints] = along + rate * (way + slope * self._lift)
        seated.acceleration[joints] += growth * (way + slope * self._lift) + rate * rate * bend * self._lift
        if self.where is not Hold.UNLOAD and self.where is not Hold.LOAD:
            seated.position[self.fingers] = self._bent

    def _aim(self, apart: Array, shift: Array, jacobian: Array) -> None:
        """Let the end of the way follow the grip."""
        p = self._parameters
        if self.holds:
            kept = 1.0 - p.fade * self._period
            self._follow, self._reach = kept * self._follow, kept * self._reach
            self._follow_rate = np.zeros(7)
            return
        ahead = self._follow + self._follow_rate * self._period
        surprise = _least_squares(jacobian, shift) - ahead
        self._follow = ahead + self._gains[0] * surprise
        self._follow_rate = self._follow_rate + self._gains[1] * surprise
        if self.where in (Hold.NEAR, Hold.CLOSE):
            reach = self._reach + _least_squares(jacobian, p.reach * self._period * apart)
            self._reach = np.minimum(p.reach_limit, np.maximum(-p.reach_limit, reach))

    def _go(self, where: Hold, time: float) -> None:
        self.where, self._since, self._good = where, time, 0.0


def _least_squares(jacobian: Array, way: Array) -> Array:
    """The smallest joint angles that move a hand by a way [m], shape (7,) [rad]."""
    step: Array = jacobian.T @ np.linalg.solve(jacobian @ jacobian.T + _DAMPING * np.eye(3), way)
    return step
