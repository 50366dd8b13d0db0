"""What every world with the robot in it has: drives, rotors and senses, pushes, the audit, and the loop of steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import BodyFrames, JointCommand, RobotModel, RobotState
from robot.body_senses import BodySenses
from sim.audit import ImpulseAudit
from sim.disturbance import Disturbances, Push
from sim.drives import DriveBank
from sim.joint_drives import JointDrives
from sim.physics import Physics, PhysicsSettings
from sim.pose import LinkFrame, Triple
from sim.robot_body import RobotBody
from sim.robot_truth import RobotTruth
from sim.rotors import Rotors
from sim.senses import Senses
from sim.sensors import SensorParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RobotWorldSettings:
    """What surrounds the robot in every world.

    Physics, sensors, factor on the random errors of the drives [1], pushes, control period [s], true torque of all
    motors over what their currents should give [1], what mounts the drives if not those of the simulation's own bus,
    and the names of the body's parts.
    """

    physics: PhysicsSettings
    sensors: SensorParameters
    drive_noise: float
    pushes: tuple[Push, ...]
    period: float
    motor_strength: float = field(default=1.0, kw_only=True)
    mount: Mount | None = field(default=None, kw_only=True)
    frames: BodyFrames = field(default=BodyFrames(), kw_only=True)


Mount = Callable[[RobotModel, RobotWorldSettings, np.random.Generator], JointDrives]
"""Mounts drives on a body as it really is."""


class RobotWorld(ABC):
    """The robot in a world; what else is in it, and where it touches that, is for those that derive from it.

    Who derives loads its own bodies, makes `truth`, `_audit` and `_disturbances`, and then calls `_begin`.
    """

    truth: RobotTruth
    _audit: ImpulseAudit
    _disturbances: Disturbances

    def __init__(self, physics: Physics, robot: RobotBody, settings: RobotWorldSettings, rng: np.random.Generator):
        """Mount drives and senses on a robot that is loaded.

        Args:
            physics: The world.
            robot: The robot in it.
            settings: What surrounds it.
            rng: Where the drives' errors come from; each sensor has a stream of its own.
        """
        self.physics, self.robot = physics, robot
        self._dt = settings.physics.step
        self._steps_per_tick = round(settings.period / self._dt)
        model = robot.model
        self._drives: JointDrives = (settings.mount or _bank)(model, settings, rng)
        self.rotors = Rotors(robot)
        self._torso_link = robot.link_of(settings.frames.torso)[0]
        self._torso = LinkFrame(robot.id, self._torso_link, physics.id)
        self._senses = Senses(robot, self._torso, settings.frames, settings.sensors, settings.period)
        self._drag: Triple = (0.0, 0.0, 0.0)
        self.physics_seconds = 0.0
        """Wall time spent in stepSimulation so far [s]."""
        self._steps = 0

    @property
    def model(self) -> RobotModel:
        """The robot as it really is."""
        return self.robot.model

    @property
    def time(self) -> float:
        """Simulated time [s]."""
        return self._steps * self._dt

    def advance(self, command: JointCommand) -> None:
        """Let the drives follow a command for one control period.

        Raises:
            RuntimeError: The drives of this world hear frames alone.
        """
        self._bank.follow(command)
        self.pass_period()

    def pass_period(self) -> None:
        """Let a control period pass under whatever the drives follow."""
        truth, robot, dt = self.truth, self.robot, self._dt
        self._begin_tick()
        saturated = 0
        drives = self._drives
        for _ in range(self._steps_per_tick):
            torque = drives.torque(robot.velocity)
            self._load_joints(torque)
            saturated += drives.saturated
            robot.apply(self.rotors.load(torque))
            self._act()
            heading, crank = self._turned()
            self._disturbances.apply(self.time, heading, crank, dt)
            before = perf_counter()
            pybullet.stepSimulation(physicsClientId=self.physics.id)
            self.physics_seconds += perf_counter() - before
            truth.joint_work += float(torque.dot(robot.velocity)) * dt
            robot.read()
            drives.measure(robot.position)
            self._look()
            self._audit.add(self._drag, self._disturbances.force, dt)
            self._steps += 1
        drives.warm()
        truth.robot_joint_torque[:] = torque
        truth.torque_saturated = saturated / (self._steps_per_tick * torque.size)
        truth.torque_derated = drives.derated / torque.size
        self._end_tick()
        self._refresh()

    def disturb(self, push: Push) -> None:
        """Let something push besides what was declared at the beginning; it is counted like that.

        Raises:
            ValueError: It names a link that no body has.
        """
        self._disturbances.add(push, self.time)

    def sense(self) -> RobotState:
        """What the robot's sensors read now, and its drives say.

        Raises:
            RuntimeError: The drives of this world tell it in frames alone.
        """
        return self._senses.read(self.time, self._bank.report(self.robot.motion))

    def feel(self) -> BodySenses:
        """What the robot's sensors read now that are on no bus of the drives."""
        return self._senses.feel(self.time)

    @property
    def _bank(self) -> DriveBank:
        """The drives, where they are those of the simulation's own bus."""
        if not isinstance(self._drives, DriveBank):
            raise RuntimeError("the drives of this world hear frames of their buses alone; exchange commands there")
        return self._drives

    def close(self) -> None:
        """Leave PyBullet."""
        self.physics.close()

    def _begin(self) -> None:
        """Start drives and rotors from where the robot has been put, and bring the truth up to date."""
        self._drives.start(self.robot.motion)
        self.rotors.start()
        self._refresh()

    def _begin_tick(self) -> None:  # noqa: B027 - nothing in a world without air
        """What is found once for all steps of a tick, as the drag of the air."""

    def _load_joints(self, torque: Array) -> None:  # noqa: B027 - nothing with empty hands
        """Add what the joints have to bear besides their drives' torques, shape (n,) [Nm], in place."""

    def _act(self) -> None:  # noqa: B027 - nothing without a bicycle
        """Apply what acts on the bodies in the step that follows."""

    @abstractmethod
    def _turned(self) -> tuple[float, float]:
        """Heading that the pushes turn with, and the angle of the crank that they wait for [rad]."""

    @abstractmethod
    def _look(self) -> None:
        """Read bodies and contacts after a step; the contacts of the ground are for the audit."""

    def _end_tick(self) -> None:  # noqa: B027 - nothing without a bicycle
        """What is booked once a tick."""

    def _refresh(self) -> None:
        """Bring the truth up to date with the physics."""
        truth, robot = self.truth, self.robot
        self._torso.read()
        base = robot.base
        base.read()
        truth.robot_position[:] = base.position
        truth.robot_orientation[:] = base.orientation
        truth.robot_velocity[:] = base.linear + base.angular
        truth.robot_joint_position[:] = robot.position
        truth.robot_joint_velocity[:] = robot.velocity
        truth.winding_temperature[:] = self._drives.windings.winding
        truth.push[:] = self._disturbances.force
        truth.push_work = self._disturbances.work
        truth.external_impulse[:] = self._audit.impulse
        truth.undeclared_wrench = self.physics.undeclared_wrench


def _bank(model: RobotModel, settings: RobotWorldSettings, rng: np.random.Generator) -> DriveBank:
    """The drives of the simulation's own bus."""
    step, noise = settings.physics.step, settings.drive_noise
    return DriveBank(model.limits, model.drives, step, settings.period, noise, rng, settings.motor_strength)
