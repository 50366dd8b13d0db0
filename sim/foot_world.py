"""The world of a body on its own feet: the robot alone on the ground, watched by the same audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2

import numpy as np
from numpy.typing import NDArray

from robot import RobotModel
from sim.audit import ImpulseAudit
from sim.disturbance import Disturbances
from sim.foot_contacts import FootContacts
from sim.foot_kinematics import FootKinematics
from sim.foot_truth import FootTruth
from sim.ground import Ground
from sim.ground_layer import lay
from sim.physics import Physics
from sim.pose import rotate
from sim.robot_body import RobotBody
from sim.robot_world import RobotWorld, RobotWorldSettings
from sim.urdf_source import UrdfSource

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FootStart:
    """Where the body is at time zero, at rest: pelvis frame in world (3,) [m], x y z w, and joints (n,) [rad]."""

    pelvis_position: Array
    pelvis_orientation: Array
    joint_position: Array


@dataclass(frozen=True, slots=True)
class Soles:
    """Rubber under the feet: stiffness [N/m] and damping [N·s/m] of each contact point."""

    stiffness: float = 100000.0
    damping: float = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FootWorldSettings(RobotWorldSettings):
    """What surrounds the body: also the ground, and what its soles are made of."""

    ground: Ground = field(default_factory=Ground)
    soles: Soles | None = field(default_factory=Soles)


class FootWorld(RobotWorld):
    """The robot on the ground, its links touching each other, with drives, sensors and the truth."""

    truth: FootTruth

    def __init__(
        self, model: RobotModel, urdf: UrdfSource, start: FootStart, settings: FootWorldSettings,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Build the world; two built alike behave alike to the last bit on one machine.

        Args:
            model: The robot as it really is.
            urdf: File or text of it.
            start: Where it is at time zero.
            settings: What surrounds it.
            rng: Where the drives' errors come from; each sensor has a stream of its own.
        """
        physics = Physics(settings.physics)
        super().__init__(physics, RobotBody(physics, urdf, model, touching_itself=True), settings, rng)
        lay(physics, settings.ground)
        if settings.soles is not None:
            for sole in settings.frames.soles:
                link = self.robot.link_of(sole)[0]
                physics.pad(self.robot.id, link, settings.soles.stiffness, settings.soles.damping)
        self._contacts = FootContacts(self.robot, settings.frames.soles)
        self._kinematics = FootKinematics(model, settings.frames, settings.period)
        self._disturbances = Disturbances((self.robot,), settings.pushes)
        self._audit = ImpulseAudit(lambda: self._contacts.ground, model.mass)
        self.truth = FootTruth(model.size)
        self.robot.base.place(start.pelvis_position, start.pelvis_orientation, np.zeros(3))
        self.robot.reset(start.joint_position, np.zeros(model.size))
        self._begin()

    def _turned(self) -> tuple[float, float]:
        x, y, _ = rotate(self.robot.base.orientation, (1.0, 0.0, 0.0))
        return atan2(y, x), 0.0

    def _look(self) -> None:
        self._contacts.look()

    def _refresh(self) -> None:
        super()._refresh()
        self.truth.torso_orientation[:] = self._torso.orientation
        self._contacts.read(self.truth)
        self._kinematics.read(self.truth)
