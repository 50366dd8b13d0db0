"""One drive on a test stand: a flywheel on a post that does not move, in weightlessness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import JointCommand, JointLimits
from robot.drives import DriveTable
from sim.drives import DriveBank
from sim.experiments.flight import pull
from sim.experiments.flight import step as step_on
from sim.physics import Physics, PhysicsSettings

Array = NDArray[np.float64]

_RIG = """<robot name="rig">
<link name="post"><inertial><mass value="0"/>
<inertia ixx="0" iyy="0" izz="0" ixy="0" ixz="0" iyz="0"/></inertial></link>
<link name="wheel"><inertial><mass value="1"/>
<inertia ixx="{0}" iyy="{0}" izz="{0}" ixy="0" ixz="0" iyz="0"/></inertial></link>
<joint name="joint" type="continuous"><parent link="post"/><child link="wheel"/><axis xyz="0 0 1"/></joint>
</robot>"""


@dataclass(frozen=True, slots=True)
class RigRecord:
    """What happened, one entry a step at its end, each of shape (T,).

    Attributes:
        time: [s].
        position: True angle of the wheel [rad].
        velocity: True speed of the wheel [rad/s].
        motor_torque: Of the motor at the end of the step [Nm].
        measured_position: As the drive measures it [rad].
        measured_velocity: The same [rad/s].
    """

    time: Array
    position: Array
    velocity: Array
    motor_torque: Array
    measured_position: Array
    measured_velocity: Array


def order(position: float = 0.0, velocity: float = 0.0, torque: float = 0.0, stiffness: float = 0.0,
          damping: float = 0.0) -> JointCommand:  # fmt: skip
    """A command to the rig's one drive."""
    return JointCommand(0.0, *(np.array([value]) for value in (position, velocity, torque, stiffness, damping)))


class DriveRig:
    """A drive that turns a flywheel in the physics; a context manager."""

    def __init__(
        self, limits: JointLimits, drive: DriveTable, inertia: float, step: float, *, noise_scale: float = 0.0,
        seed: int = 0,
    ) -> None:  # fmt: skip
        """Set up the rig.

        Args:
            limits: Torque and speed limit, for one joint.
            drive: Of that joint.
            inertia: Of the wheel, the rotor included [kg·m²].
            step: Of the physics; each one is a control period, too [s].
            noise_scale: Factor on what is random in the drive.
            seed: For that.
        """
        self._step = step
        self.physics = Physics(PhysicsSettings(step=step))
        pull(self.physics, np.zeros(3))
        self._wheel = self.physics.load_text(_RIG.format(inertia))  # a post without mass is what the guard refuses
        self.drives = DriveBank(limits, drive, step, step, noise_scale, np.random.default_rng(seed))
        """The drive under test."""

    def run(self, seconds: float, command: Callable[[float], JointCommand]) -> RigRecord:
        """Let the drive follow, from rest, what is commanded at each step's time [s]."""
        client, wheel, drives, step = self.physics.id, self._wheel, self.drives, self._step
        drives.start(np.zeros((2, 1)))
        velocity = np.zeros(1)
        rows = []
        for tick in range(round(seconds / step)):
            drives.follow(command(tick * step))
            torque = drives.torque(velocity).tolist()
            pybullet.setJointMotorControlArray(
                wheel, [0], pybullet.TORQUE_CONTROL, forces=torque, physicsClientId=client
            )  # fmt: skip
            step_on(self.physics)
            angle, rate, _, _ = pybullet.getJointState(wheel, 0, physicsClientId=client)
            velocity[0] = rate
            measured = drives.measure(np.array([angle]))
            drives.warm()
            rows.append(((tick + 1) * step, angle, rate, float(drives.motor_torque[0]), *measured[:, 0].tolist()))
        return RigRecord(*np.array(rows).T)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.physics.close()
