"""The scenario's own disturbances: declared pushes on a link of the robot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, inf, sin, tau
from typing import Protocol

import pybullet

from sim.physics import Physics, Source
from sim.pose import Triple


class Pushable(Protocol):
    """A body with named links in the physics."""

    @property
    def physics(self) -> Physics:
        """The world that it is in."""
        ...

    @property
    def id(self) -> int:
        """PyBullet's id of it."""
        ...

    @property
    def links(self) -> dict[str, int]:
        """PyBullet's index of each link by its name."""
        ...


@dataclass(frozen=True, slots=True)
class Push:
    """A constant force on a link of the robot for a while.

    Attributes:
        start: When it begins, or from when on it waits for the crank [s].
        duration: [s].
        force: Along the heading that it turns with: x forward, y left, z up [N].
        link: Link of a body; it is pushed at its centre of mass.
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

    def __init__(self, pushed: Sequence[Pushable], pushes: Sequence[Push]) -> None:
        """Take the pushes; of bodies that have links of one name the last counts.

        Raises:
            ValueError: A push names a link that no body has.
        """
        self._physics = pushed[0].physics
        self._bodies = {name: (body.id, link) for body in pushed for name, link in body.links.items()}
        self._pushes: list[tuple[Push, int, int]] = []
        self._begin: list[float] = []
        self._waiting: list[tuple[int, Push, int | None]] = []
        for push in pushes:
            self.add(push)
        self.force: Triple = (0.0, 0.0, 0.0)
        """Sum of the pushes that act, in world [N]."""
        self.work = 0.0
        """Their work since time zero [J]."""

    def add(self, push: Push, now: float = -inf) -> None:
        """Take one more push, and forget those that are over at a time [s].

        Raises:
            ValueError: It names a link that no body has.
        """
        if push.link not in self._bodies:
            raise ValueError(f"a push names the link {push.link!r}; there are {', '.join(self._bodies)}")
        if not self._waiting:
            self._forget(now)
        if push.crank is not None:
            self._waiting.append((len(self._pushes), push, None))
        self._pushes.append((push, *self._bodies[push.link]))
        self._begin.append(push.start if push.crank is None else inf)

    def _forget(self, now: float) -> None:
        """Drop the pushes that are over at a time [s]."""
        kept = [k for k, (push, _, _) in enumerate(self._pushes) if self._begin[k] + push.duration > now]
        self._pushes, self._begin = [self._pushes[k] for k in kept], [self._begin[k] for k in kept]

    def apply(self, now: float, heading: float, crank: float, dt: float) -> None:
        """Apply what acts at a time, for the step that follows.

        Args:
            now: [s].
            heading: That the pushes turn with [rad].
            crank: Angle of the crank, turns counted [rad].
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
