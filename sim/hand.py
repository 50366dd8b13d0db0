"""A hand that closes on a grip: a breakable point constraint, and fingers that pull the brake lever."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import pybullet

from sim.bicycle_body import BicycleBody
from sim.pose import Triple, inverse, rotate
from sim.robot_body import RobotBody

_WITHIN = 0.9999
"""Share of the force limit that the constraint is given, so that its rounding stays within."""


@dataclass(frozen=True, slots=True)
class HandParameters:
    """What a hand can hold.

    Attributes:
        force_limit: Greatest force between hand and bar, norm [N].
        slip_limit: A hand that is pulled this far off its place has lost the bar [m].
        reach: The bar is caught when it is this near to the middle of the hand [m].
        closed_angle: Grip angle at which the fingers touch the brake lever [rad]; the hand lets go below half of it.
        finger_length: From the knuckles to where the fingers pull [m].
        pad_stiffness: Of the finger pads on the lever [N/m].
        pad_damping: [N·s/m].
        draw: How fast fingers that close draw the bar into the middle of the hand [m/s].
    """

    force_limit: float = 150.0
    slip_limit: float = 0.03
    reach: float = 0.02
    closed_angle: float = 1.4
    finger_length: float = 0.06
    pad_stiffness: float = 8000.0
    pad_damping: float = 15.0
    draw: float = 0.1


class Hand:
    """One hand and the grip on its side of the handlebar.

    The bar can turn in the hand; only the place is held. A hand that closes again takes the bar where it is, and its
    fingers draw it in. Bullet limits a point constraint axis by axis, so each axis
    gets the limit over the square root of three and the norm can never pass it.
    """

    def __init__(
        self, robot: RobotBody, bicycle: BicycleBody, frame: str, grip_joint: str, grip: Triple, lever: int,
        parameters: HandParameters,
    ) -> None:  # fmt: skip
        """Set a hand up, open.

        Args:
            robot: The body of the hand.
            bicycle: The bicycle with the grip.
            frame: Frame of the robot model in the middle of the closed hand.
            grip_joint: Joint that closes the fingers.
            grip: Centre of the grip in the frame of the fork's link [m].
            lever: Which brake lever it can pull: 0 rear, 1 front.
            parameters: What it can hold.
        """
        self._robot, self._bicycle, self._parameters = robot, bicycle, parameters
        self._client = robot.physics.id
        self._link, origin, _ = robot.link_of(frame)
        self._origin: Triple = tuple(origin.tolist())
        self._joint = robot.model.index(grip_joint)
        self._lever = lever
        self._lever_joint = (8, 6)[lever]
        self._fork = bicycle.links["fork"]
        self._grip = grip
        self._constraint: int | None = None
        self._off: Triple | None = None
        self._period = robot.physics.settings.step
        self.force = 0.0
        """Force between hand and bar at the last step, norm [N]."""
        self.caught = 0.0
        """From the middle of the hand to that of the grip when it last took hold again [m]."""

    @property
    def closed(self) -> bool:
        """Whether the hand holds the bar."""
        return self._constraint is not None

    def update(self) -> float:
        """Close, hold or let go by the state after a step; returns the lever's torque on the fingers [Nm]."""
        p = self._parameters
        angle = float(self._robot.position[self._joint])
        if self._constraint is None:
            self.force = 0.0
            self._bicycle.lever_pull[self._lever] = 0.0
            if angle < 0.8 * p.closed_angle or self._gap() > p.reach:
                return 0.0
            if self._off is not None:
                self._off = rotate(inverse(self._fork_pose()[1]), self._apart())
                self.caught = sqrt(sum(value * value for value in self._off))
            self._hold()
        elif self._off is not None:
            self._draw_in()
        state = pybullet.getConstraintState(self._constraint, physicsClientId=self._client)
        self.force = sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2) if state else 0.0
        slipping = self.force > 0.98 * self._axis_limit and self._gap() > p.slip_limit
        if angle < 0.5 * p.closed_angle or slipping:
            self._let_go()
            return 0.0
        return self._pull(angle)

    def _pull(self, angle: float) -> float:
        """The pads press on the lever; both ends of that force."""
        p, lever = self._parameters, self._lever_joint
        length = self._bicycle.parameters.brakes.lever_length
        press = (angle - p.closed_angle) * p.finger_length - self._bicycle.position[lever] * length
        force = 0.0
        if press > 0.0:
            rate = float(self._robot.velocity[self._joint]) * p.finger_length - self._bicycle.velocity[lever] * length
            force = max(0.0, p.pad_stiffness * press + p.pad_damping * rate)
        self._bicycle.lever_pull[self._lever] = force * length
        return -force * p.finger_length

    def _hold(self) -> None:
        client = self._client
        robot_info = pybullet.getDynamicsInfo(self._robot.id, self._link, physicsClientId=client)
        fork_info = pybullet.getDynamicsInfo(self._bicycle.id, self._fork, physicsClientId=client)
        constraint = pybullet.createConstraint(
            self._robot.id, self._link, self._bicycle.id, self._fork, pybullet.JOINT_POINT2POINT, (0.0, 0.0, 0.0),
            _in_inertial_frame(self._origin, robot_info), _in_inertial_frame(self._held, fork_info),
            physicsClientId=client,
        )  # fmt: skip
        pybullet.changeConstraint(constraint, maxForce=self._axis_limit, physicsClientId=client)
        self._constraint = constraint

    def _let_go(self) -> None:
        pybullet.removeConstraint(self._constraint, physicsClientId=self._client)
        self._constraint = None
        self._off = (0.0, 0.0, 0.0)
        self.force = 0.0
        self._bicycle.lever_pull[self._lever] = 0.0

    @property
    def _axis_limit(self) -> float:
        """Greatest force of the constraint on each axis [N]."""
        return _WITHIN * self._parameters.force_limit / sqrt(3.0)

    @property
    def _held(self) -> Triple:
        """Where on the fork's link the hand has the bar: the grip, but for what the fingers have not drawn in yet."""
        if self._off is None:
            return self._grip
        x, y, z = (g + o for g, o in zip(self._grip, self._off, strict=True))
        return x, y, z

    def _draw_in(self) -> None:
        """Fingers that have caught the bar beside the middle of the hand draw it in."""
        assert self._off is not None
        away = sqrt(sum(value * value for value in self._off))
        left = away - self._parameters.draw * self._period
        self._off = None if left <= 0.0 else _scaled(self._off, left / away)
        info = pybullet.getDynamicsInfo(self._bicycle.id, self._fork, physicsClientId=self._client)
        pybullet.changeConstraint(
            self._constraint, jointChildPivot=_in_inertial_frame(self._held, info), physicsClientId=self._client,
            maxForce=self._axis_limit,
        )  # fmt: skip

    def _gap(self) -> float:
        """Distance from the middle of the hand to the middle of the grip [m]."""
        return sqrt(sum(value * value for value in self._apart()))

    def _apart(self) -> Triple:
        """From the middle of the grip to the middle of the hand, in the world [m]."""
        hand = self._robot.frame_position(self._link, self._origin)
        place, turn = self._fork_pose()
        offset = rotate(turn, self._grip)
        x, y, z = (h - f - o for h, f, o in zip(hand, place, offset, strict=True))
        return x, y, z

    def _fork_pose(self) -> tuple[Triple, tuple[float, float, float, float]]:
        fork = pybullet.getLinkState(
            self._bicycle.id, self._fork, computeForwardKinematics=1, physicsClientId=self._client
        )
        return fork[4], fork[5]


def _scaled(vector: Triple, factor: float) -> Triple:
    x, y, z = vector
    return factor * x, factor * y, factor * z


def _in_inertial_frame(point: Triple, info: tuple[Any, ...]) -> Triple:
    """A point of a link's own frame, in its inertial frame, which PyBullet's constraints use."""
    com, orientation = info[3], info[4]
    return rotate(inverse(orientation), [a - b for a, b in zip(point, com, strict=True)])
