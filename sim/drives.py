"""The drives of the simulation's own bus: the law, behind frames that are counted and late but not sent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from robot import JointCommand, JointLimits
from robot.drive_status import DriveStatus
from robot.drives import DriveTable
from sim.drive_frame import DAMPING, POSITION, STIFFNESS, TORQUE, VELOCITY, DriveFrame
from sim.drive_law import DriveLaw

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DriveReport:
    """What the drives say: position [rad], velocity [rad/s], motor torque [Nm] of their joints, each (n,); status."""

    position: Array
    velocity: Array
    torque: Array
    status: DriveStatus


@dataclass(slots=True)
class _Line:
    """Commands on their way to drives with one delay: that many steps, those joints, and (due step, command) pairs."""

    steps: int
    joints: slice | NDArray[np.intp]
    waiting: deque[tuple[int, Array]]


class DriveBank(DriveLaw):
    """All drives of the body as if each had a CAN bus of its own: commands in the bits of a frame, and late.

    A command arrives in the bits of its frame, and is in force after the drive's delay: the nearest whole number of
    steps, half a step counting as one. The rest is the law.

    Call `start`, then at each step `torque`, and `measure` after it; `follow` and `warm` once a control period, before
    and after its steps.
    """

    def __init__(
        self, limits: JointLimits, drives: DriveTable, step: float, period: float, noise_scale: float,
        rng: np.random.Generator, strength: float = 1.0,
    ) -> None:  # fmt: skip
        """Make the drives of a body.

        Args:
            limits: Torque and speed limits.
            drives: Everything else.
            step: Time from one call of `torque` to the next [s].
            period: Time from one call of `warm` to the next [s].
            noise_scale: Factor on what is random; at 0 a report is the plain truth besides.
            rng: Where that comes from.
            strength: Mean of the true torque constants over the nominal ones [1].
        """
        super().__init__(limits, drives, step, period, noise_scale, rng, strength)
        self._frame = DriveFrame(drives)
        self._lines = _lines(drives.command_delay, step)
        self._step, self._followed = 0, False
        self._healthy = DriveStatus.healthy(len(limits))

    def follow(self, command: JointCommand) -> None:
        """Take a command; it holds until the next one. The first is in force at once: the drives had it before."""
        numbers = np.empty_like(self.command)
        numbers[POSITION], numbers[VELOCITY], numbers[TORQUE] = command.position, command.velocity, command.torque
        numbers[STIFFNESS], numbers[DAMPING] = command.stiffness, command.damping
        arrived = self._frame.through(numbers)
        if not self._followed:
            self.command[:], self._followed = arrived, True
            return
        for line in self._lines:
            line.waiting.append((self._step + line.steps, arrived))

    def torque(self, velocity: Array) -> Array:
        """Mean torque on the joints over the step that begins, shape (n,) [Nm]; the next call writes it anew.

        Args:
            velocity: True joint velocities, of which torque-speed line and friction depend, shape (n,) [rad/s].
        """
        self._arrive()
        self._step += 1
        return super().torque(velocity)

    def report(self, motion: Array) -> DriveReport:
        """What the drives say now, in the bits of a frame; with a noise scale of 0 the truth.

        Args:
            motion: True joint positions [rad] and velocities [rad/s], shape (2, n).
        """
        status = replace(self._healthy, motor_temperature=self.windings.winding)
        if self._exact:
            return DriveReport(motion[0].copy(), motion[1].copy(), self.motor_torque.copy(), status)
        numbers = np.empty((3, motion.shape[1]))
        numbers[: VELOCITY + 1] = self._encoders.measured
        numbers[TORQUE] = self.current_torque()
        position, velocity, torque = self._frame.through(numbers)
        return DriveReport(position, velocity, torque, status)

    def _arrive(self) -> None:
        """Bring into force what is due."""
        for line in self._lines:
            waiting = line.waiting
            while waiting and waiting[0][0] <= self._step:
                self.command[:, line.joints] = waiting.popleft()[1][:, line.joints]


def _lines(delay: Array, step: float) -> list[_Line]:
    """One line for each number of steps that drives' delays [s] come to."""
    steps = np.floor(delay / step + 0.5 + 1e-9).astype(np.intp)
    different = np.unique(steps)
    if different.size == 1:
        return [_Line(int(different[0]), slice(None), deque())]
    return [_Line(int(count), np.flatnonzero(steps == count), deque()) for count in different]
