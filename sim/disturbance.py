"""The scenario's own disturbances: declared pushes on a link of the robot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, inf, sin, tau

import pybullet

from sim.bicycle_body import BicycleBody
from sim.physics import Source
from sim.pose import Triple
from sim.robot_body import RobotBody


@dataclass(frozen=True, slots=True)
class Push:
    """A constant force on a link of the robot for a while.

    Attributes:
        start: When it begins, or from when on it waits for the crank [s].
        duration: [s].
        force: Along the bicycle's heading: x forward, y left, z up [N].
        link: Link of the robot or the bicycle; it is pushed at its centre of mass.
        crank: Angle of the crank at whose first passage after `start` it begins, whole turns aside [rad]; None for
            `start` itself.
    """

    start: float
    duration: float
    force: tuple[float, float, float]
    link: str
    crank: float | None = None


class Disturbances:
    """Applies pushes when their time has come and counts their work."""

    def __init__(self, robot: RobotBody, bicycle: BicycleBody, pushes: Sequence[Push]) -> None:
        """Take the pushes.

        Raises:
            ValueError: A push names a link that neither body has.
        """
        self._physics = robot.physics
        bodies = {name: (bicycle.id, link) for name, link in bicycle.links.items()}
        bodies |= {name: (robot.id, link) for name, link in robot.links.items()}
        unknown = [push.link for push in pushes if push.link not in bodies]
        if unknown:
            raise ValueError(f"a push names the link {unknown[0]!r}; there are {', '.join(bodies)}")
        self._pushes = [(push, *bodies[push.link]) for push in pushes]
        self._begin = [push.start if push.crank is None else inf for push in pushes]
        self._waiting: list[tuple[int, Push, int | None]] = [
            (index, push, None) for index, push in enumerate(pushes) if push.crank is not None
        ]
        self.force: Triple = (0.0, 0.0, 0.0)
        """Sum of the pushes that act, in world [N]."""
        self.work = 0.0
        """Their work since time zero [J]."""

    def apply(self, now: float, heading: float, crank: float, dt: float) -> None:
        """Apply what acts at a time, for the step that follows.

        Args:
            now: [s].
            heading: Of the bicycle [rad].
            crank: Angle of its crank, turns counted [rad].
            dt: Length of the step [s].
        """
        self.force = (0.0, 0.0, 0.0)
        if self._waiting:
            self._watch(now, crank)
        for (push, body, link), begin in zip(self._pushes, self._begin, strict=True):
            if begin <= now < begin + push.duration:
                self._apply(push, body, link, heading, dt)

    def _watch(self, now: float, crank: float) -> None:
        """Let those pushes begin whose angle the crank has passed since the last step, whichever way it turns."""
        still: list[tuple[int, Push, int | None]] = []
        for index, push, before in self._waiting:
            if now < push.start:
                still.append((index, push, None))
                continue
            turns = floor((crank - (push.crank or 0.0)) / tau)
            if before is not None and turns != before:
                self._begin[index] = now
            else:
                still.append((index, push, turns))
        self._waiting = still

    def _apply(self, push: Push, body: int, link: int, heading: float, dt: float) -> None:
        client = self._physics.id
        c, s = cos(heading), sin(heading)
        x, y, z = push.force
        force = (c * x - s * y, s * x + c * y, z)
        if link < 0:
            at = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)[0]
            velocity = pybullet.getBaseVelocity(body, physicsClientId=client)[0]
        else:
            state = pybullet.getLinkState(body, link, computeLinkVelocity=1, physicsClientId=client)
            at, velocity = state[0], state[6]
        self._physics.push(body, link, force, at, Source.DISTURBANCE)
        self.force = (self.force[0] + force[0], self.force[1] + force[1], self.force[2] + force[2])
        self.work += sum(f * v for f, v in zip(force, velocity, strict=True)) * dt
