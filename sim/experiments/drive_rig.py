"""One drive on a test stand: a flywheel on a post that does not move, in weightlessness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import JointCommand, JointLimits
from robot.drives import DriveTable
from sim.drives import DriveBank
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
        pybullet.setGravity(0.0, 0.0, 0.0, physicsClientId=self.physics.id)
        with TemporaryDirectory() as folder:
            urdf = Path(folder) / "rig.urdf"
            urdf.write_text(_RIG.format(inertia), encoding="utf-8")
            self._wheel = self.physics.load(urdf)
        self.drives = DriveBank(limits, drive, step, step, noise_scale, np.random.default_rng(seed))
        """The drive under test."""

    def run(self, seconds: float, command: Callable[[float], JointCommand], speed: float = 0.0) -> RigRecord:
        """Let the drive follow what is commanded at each step's time [s], from a speed of the wheel [rad/s]."""
        client, wheel, drives, step = self.physics.id, self._wheel, self.drives, self._step
        pybullet.resetJointState(wheel, 0, 0.0, speed, physicsClientId=client)
        drives.start(np.array([[0.0], [speed]]))
        velocity = np.array([speed])
        rows = []
        for tick in range(round(seconds / step)):
            drives.follow(command(tick * step))
            torque = float(drives.torque(velocity)[0])
            pybullet.setJointMotorControl2(wheel, 0, pybullet.TORQUE_CONTROL, force=torque, physicsClientId=client)
            pybullet.stepSimulation(physicsClientId=client)
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
