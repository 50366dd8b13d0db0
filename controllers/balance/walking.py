"""Where a walk leads: ramps of the commanded velocity, what makes up for its lack, poses to walk to, and its end."""

from __future__ import annotations

from math import atan2, cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from controllers.balance.area import SoleArea
from controllers.balance.feet import Feet, Pose, Walk, between, middle
from controllers.balance.parameters import BalanceParameters
from controllers.rotation import wrap

Array = NDArray[np.float64]

STILL: Walk = (0.0, 0.0, 0.0)
_OVER = 0.5
"""Time over which the velocity of the walk is taken [s]."""
_UNDER_WAY = 2.0
"""Time from which on a walk is expected to have its velocity [s]."""


class Walking:
    """The command of a walk.

    Attributes:
        velocity: Commanded, forward and left [m/s], turning [rad/s], shape (3,).
        pose: That is stepped onto; None to keep the velocity.
        arrived: Whether the pose that is asked is reached.
        course: Heading that is kept [rad].
    """

    def __init__(self, parameters: BalanceParameters, area: SoleArea, period: float) -> None:
        """Take parameters, the area of the soles, and the time between two ticks [s]."""
        self._parameters, self._area, self._period = parameters, area, period
        self.velocity, self._trim, self._drift = np.zeros(3), np.zeros(2), np.zeros(2)
        self.reset()

    def reset(self) -> None:
        """At rest, with the heading 0."""
        self.velocity[:] = 0.0
        self._trim[:] = self._drift[:] = 0.0
        self.course, self.arrived = 0.0, False
        self.pose: Pose | None = None

    def begin(self, feet: Feet) -> float:
        """Begin from rest; returns the heading [rad]: the one that was kept, unless the body was turned far from it."""
        heading = between(feet)
        if abs(wrap(self.course - heading)) > self._parameters.turn_back:
            self.course = heading
        self.velocity[:] = 0.0
        self._trim[:] = 0.0
        return self.course

    def towards(self, pose: Pose, place: Array, heading: float, standing: bool) -> Walk | None:
        """Velocity towards a pose: far from it, facing where it goes; near it the gait steps onto it; None when there.

        Args:
            pose: Where to.
            place: The middle between the soles, shape (3,) [m].
            heading: Of the stance [rad].
            standing: Whether it stands.
        """
        p = self._parameters
        dx, dy = pose[0] - float(place[0]), pose[1] - float(place[1])
        distance = hypot(dx, dy)
        near, straight = p.arrived
        if standing and distance < near and abs(wrap(pose[2] - heading)) < straight:
            self.arrived = True
            return None
        if distance < p.near:
            self.pose = pose
            return STILL
        c, s = cos(heading), sin(heading)
        forward, left, turning, rate = p.reach
        turn = wrap(atan2(dy, dx) - heading)
        slow = max(0.0, cos(turn)) ** 2
        ahead, aside = slow * (c * dx + s * dy), slow * (-s * dx + c * dy)
        return (
            min(forward, max(0.0, rate * ahead)), min(left, max(-left, rate * aside)),
            min(turning, max(-turning, 1.2 * turn)),
        )  # fmt: skip

    def step(self, asked: Walk | None, body_velocity: Array, feet: Feet, since: float | None, doubts: bool) -> Walk:
        """One tick on; returns the velocity for the gait.

        Args:
            asked: What is wanted; None to come to rest.
            body_velocity: Of the centre of mass, shape (3,) [m/s].
            feet: Where the soles are.
            since: How long it has walked; None while a step catches it [s].
            doubts: Whether the ground is doubted.
        """
        for axis, goal in enumerate(self._within(asked or STILL)):
            most = self._parameters.acceleration[axis] * self._period
            self.velocity[axis] += min(most, max(-most, goal - self.velocity[axis]))
        if self.pose is not None:
            self.velocity[:] = 0.0
            self._trim[:] = 0.0
        else:
            self._make_up(body_velocity, feet, since is not None and since > _UNDER_WAY, doubts)
        ahead, aside, turn = self.velocity.tolist()
        return ahead + float(self._trim[0]), aside + float(self._trim[1]), turn

    def _within(self, asked: Walk) -> Walk:
        """What is asked, scaled down to what the walk can do: each component against its limit, as on an ellipsoid."""
        forward, back, aside, turn = self._parameters.fastest
        x, y, z = asked
        far = hypot(x / (forward if x >= 0.0 else back), y / aside, z / turn)
        return asked if far <= 1.0 else (x / far, y / far, z / far)

    def _make_up(self, body_velocity: Array, feet: Feet, under_way: bool, doubts: bool) -> None:
        """Trim the commanded velocity by what the walk has lacked."""
        p, dt = self._parameters, self._period
        heading = between(feet)
        c, s = cos(heading), sin(heading)
        x, y, _ = body_velocity.tolist()
        self._drift += dt / _OVER * (np.array((c * x + s * y, -s * x + c * y)) - self._drift)
        if under_way:
            self._trim += dt * p.trim * (self.velocity[:2] - self._drift)
            most = p.trim_max[int(doubts)]
            np.clip(self._trim, -most, most, out=self._trim)

    def may_stand(self, asked: Walk | None, xi: Array, feet: Feet) -> bool:
        """Whether it has come to where it leads, or to rest, with feet between which the weight can stay."""
        p = self._parameters
        if self.pose is not None:
            x, y = middle(feet)[:2].tolist()
            near, straight = p.arrived
            off = hypot(self.pose[0] - x, self.pose[1] - y)
            there = off < 0.5 * near and abs(wrap(self.pose[2] - between(feet))) < 0.5 * straight
        else:
            there = asked is None and float(np.abs(self.velocity).max()) < 1e-9
        return there and self._side_by_side(feet) and self._area.margin(xi, feet, 0.05) > p.rest_margin

    def _side_by_side(self, feet: Feet) -> bool:
        heading = between(feet)
        c, s = cos(heading), sin(heading)
        x, y, _ = (feet[0].position - feet[1].position).tolist()
        p = self._parameters
        narrow, wide = p.gait.step_width_min - 0.02, p.gait.step_width_min + p.rest_width
        beside = narrow < -s * x + c * y < wide
        return beside and abs(c * x + s * y) < 0.05 and abs(wrap(feet[0].heading - feet[1].heading)) < 0.1
