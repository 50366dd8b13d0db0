"""One PyBullet world with nothing hidden in it, and a ledger of every external wrench that is applied to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pybullet

from sim.lean_urdf import lean
from sim.load_guard import require_faithful
from sim.silence import silence
from sim.urdf_source import UrdfSource, UrdfText
from urdf.description import read
from urdf.guard import require_sound

_LOAD_FLAGS = pybullet.URDF_USE_INERTIA_FROM_FILE | pybullet.URDF_USE_IMPLICIT_CYLINDER
_SELF_COLLISION = pybullet.URDF_USE_SELF_COLLISION
_FIRST_FREE_GROUP = 64
"""The first bit of a collision group to which Bullet gives no meaning."""
GRAVITY = 9.81
"""[m/s²]"""


class Source(StrEnum):
    """What may push on robot or bicycle from outside besides gravity and contact.

    `ROTORS` alone is not from outside: it is what links that carry rotors have too much, see `sim/rotors.py`.
    """

    ROLLING_RESISTANCE = "rolling resistance"
    AIR_DRAG = "air drag"
    DISTURBANCE = "disturbance"
    ROTORS = "rotors"


@dataclass(frozen=True, slots=True)
class PhysicsSettings:
    """How the world is integrated: step [s], solver iterations; the ground's friction coefficient; gravity [m/s²].

    An iteration whose residual (Bullet's own measure) is below `solver_residual` is the last one of its step.
    """

    step: float = 0.001
    solver_iterations: int = 60
    ground_friction: float = 0.8
    solver_residual: float = 1e-3
    gravity: float = GRAVITY


class Physics:
    """A PyBullet client in DIRECT mode: gravity and a plane, every hidden force off.

    External wrenches go through :meth:`push` and :meth:`twist` alone, each under a declared source;
    what comes without one is applied as well, but counted in `undeclared_wrench`.
    """

    def __init__(self, settings: PhysicsSettings) -> None:
        self.settings = settings
        with silence():
            self.id = pybullet.connect(pybullet.DIRECT)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=settings.step,
            numSolverIterations=settings.solver_iterations,
            numSubSteps=0,
            solverResidualThreshold=settings.solver_residual,
            deterministicOverlappingPairs=1,
            physicsClientId=self.id,
        )
        pybullet.setGravity(0.0, 0.0, -settings.gravity, physicsClientId=self.id)
        plane = pybullet.createCollisionShape(pybullet.GEOM_PLANE, physicsClientId=self.id)
        self.plain: int = pybullet.createMultiBody(0.0, plane, physicsClientId=self.id)
        """PyBullet's id of the level ground at height 0, without end."""
        self.ground: set[int] = {self.plain}
        """Ids of everything that is ground."""
        self.set_friction(self.plain, -1, settings.ground_friction)
        self.undeclared_wrench = 0.0
        """Greatest force [N] or torque [Nm] that was applied without a declared source."""

    def load(self, source: UrdfSource, joints: Sequence[str] = (), *, touching_itself: bool = False) -> int:
        """Load a sound URDF with its own inertias, round wheels, no damping and no joint motors.

        Visuals and links that only name a frame are left out. A body does not collide with itself: it gets a collision
        group of its own, so that Bullet does not look at its pairs of links at every step. What Bullet makes of a text
        is proved once in each process, in a world of its own (`sim/load_guard.py`).

        Args:
            source: A file, or a text.
            joints: Names of joints that it must have, in any order.
            touching_itself: Whether its links may collide with each other; which of them, `sim/self_collision.py` says.

        Returns:
            The body's id.

        Raises:
            ValueError: The body cannot be right, lacks a joint, or PyBullet has made something else of it.
        """
        urdf = UrdfText.of(source)
        require_sound(urdf.text, urdf.name, urdf.folder)
        slim = lean(urdf.text, urdf.folder)
        try:
            _prove(slim)
            body = self.load_text(slim, _SELF_COLLISION if touching_itself else 0)
        except ValueError as error:
            raise ValueError(f"{urdf.name}: {error}") from error
        there = self.joints(body)
        missing = [name for name in joints if name not in there]
        if missing:
            raise ValueError(f"{urdf.name} lacks the joints {', '.join(missing)}; it has {', '.join(there)}")
        return body

    def load_text(self, urdf: str, flags: int = 0) -> int:
        """Load a text that was looked at already, and turn off whatever Bullet would add to the body.

        Only `load` asks the guard; this is for it, and for experiments with what the guard would refuse. `flags` are
        PyBullet's own, besides those that every body is loaded with.

        Raises:
            ValueError: PyBullet cannot load it.
        """
        try:
            with silence(), TemporaryDirectory() as folder:
                file = Path(folder) / "body.urdf"
                file.write_text(urdf, encoding="utf-8")
                body: int = pybullet.loadURDF(str(file), flags=_LOAD_FLAGS | flags, physicsClientId=self.id)
        except pybullet.error as error:
            raise ValueError("PyBullet cannot load it, though it looks sound") from error
        group = self.group(body)
        for link in range(-1, self.joint_count(body)):
            pybullet.setCollisionFilterGroupMask(body, link, group, ~group, physicsClientId=self.id)
            pybullet.changeDynamics(
                body, link, linearDamping=0.0, angularDamping=0.0, maxJointVelocity=500.0,
                rollingFriction=0.0, spinningFriction=0.0, restitution=0.0, physicsClientId=self.id,
            )  # fmt: skip
            # By itself: PyBullet 3.2.7 ignores it in a call that sets maxJointVelocity, too.
            pybullet.changeDynamics(body, link, jointDamping=0.0, physicsClientId=self.id)
            if link >= 0:
                pybullet.setJointMotorControl2(
                    body, link, pybullet.VELOCITY_CONTROL, force=0.0, physicsClientId=self.id
                )
        pybullet.changeDynamics(
            body, -1, activationState=pybullet.ACTIVATION_STATE_DISABLE_SLEEPING, physicsClientId=self.id
        )
        return body

    def group(self, body: int) -> int:
        """The collision group of a body, one bit of its own."""
        return _FIRST_FREE_GROUP << body

    def joint_count(self, body: int) -> int:
        """Number of joints of a body, fixed ones included."""
        count: int = pybullet.getNumJoints(body, physicsClientId=self.id)
        return count

    def joints(self, body: int) -> dict[str, int]:
        """Joint name to PyBullet's joint index (which is also the index of the child link)."""
        infos = (pybullet.getJointInfo(body, i, physicsClientId=self.id) for i in range(self.joint_count(body)))
        return {info[1].decode(): info[0] for info in infos}

    def links(self, body: int) -> dict[str, int]:
        """Link name to PyBullet's link index; the base is -1."""
        base = pybullet.getBodyInfo(body, physicsClientId=self.id)[0].decode()
        infos = (pybullet.getJointInfo(body, i, physicsClientId=self.id) for i in range(self.joint_count(body)))
        return {base: -1} | {info[12].decode(): info[0] for info in infos}

    def set_friction(self, body: int, link: int, coefficient: float) -> None:
        """Set a link's Coulomb friction; Bullet multiplies the two coefficients of a contact."""
        pybullet.changeDynamics(body, link, lateralFriction=coefficient, physicsClientId=self.id)

    def ground_contacts(self, body: int) -> Sequence[tuple[Any, ...]]:
        """PyBullet's contact points of a body with the ground at the last step, the body as body A."""
        ground = self.ground
        if len(ground) == 1:
            contacts: Sequence[tuple[Any, ...]] = pybullet.getContactPoints(body, self.plain, physicsClientId=self.id)
            return contacts
        return [contact for contact in pybullet.getContactPoints(body, physicsClientId=self.id) if contact[2] in ground]

    def pad(self, body: int, link: int, stiffness: float, damping: float) -> None:
        """Make a link's surface yield: contact stiffness [N/m] and damping [N·s/m] of each contact point."""
        pybullet.changeDynamics(body, link, contactStiffness=stiffness, contactDamping=damping, physicsClientId=self.id)

    def push(self, body: int, link: int, force: Sequence[float], point: Sequence[float], source: Source | None) -> None:
        """Apply a force [N] at a point [m], both in the world frame, for the next step."""
        pybullet.applyExternalForce(body, link, force, point, pybullet.WORLD_FRAME, physicsClientId=self.id)
        if source is None:
            self.undeclared_wrench = max(self.undeclared_wrench, sum(f * f for f in force) ** 0.5)

    def twist(self, body: int, link: int, torque: Sequence[float], source: Source | None) -> None:
        """Apply a torque [Nm], in the link's frame, for the next step."""
        pybullet.applyExternalTorque(body, link, torque, pybullet.LINK_FRAME, physicsClientId=self.id)
        if source is None:
            self.undeclared_wrench = max(self.undeclared_wrench, sum(t * t for t in torque) ** 0.5)

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        if self.id >= 0:
            pybullet.disconnect(physicsClientId=self.id)
            self.id = -1


@lru_cache(maxsize=64)
def _prove(urdf: str) -> None:
    """Load a text into a world of its own and look at what Bullet has made of it.

    Raises:
        ValueError: Something else than the text says, or a body that is braked.
    """
    described, _ = read(urdf)
    assert described is not None
    with closing(Physics(PhysicsSettings())) as scratch:
        require_faithful(scratch.id, scratch.load_text(urdf), described)
