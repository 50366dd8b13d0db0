"""A whole command of joints as setpoints of drives, and what drives reply as the motion of joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.command import Array, JointCommand, Reason
from robot.drivers.setpoint import DriveSetpoint
from robot.shape import require_joint_count
from robot.wiring.jacobian import Jacobian, Pair
from robot.wiring.wiring import MountedLinkage, Wiring

Column = tuple[float, float, float, float, float]
Motion = tuple[float, float, float]

_REASONS = np.array(
    [
        Reason.POSITION_CLAMPED,
        Reason.VELOCITY_CLAMPED,
        Reason.TORQUE_CLAMPED,
        Reason.GAIN_CLAMPED,
        Reason.GAIN_CLAMPED,
    ],
    dtype=np.uint16,
)[:, None]
"""Of the rows of a setpoint."""


@dataclass(frozen=True, slots=True)
class DriveSetpoints:
    """What every drive is to follow, in units of its shaft.

    Attributes:
        values: Position [rad], velocity [rad/s], torque [Nm], stiffness [Nm/rad], damping [Nm·s/rad]; shape (5, n).
        reasons: Bits of :class:`robot.Reason` for what was limited, by joint, shape (n,), dtype uint16.
    """

    values: Array
    reasons: NDArray[np.uint16]

    def each(self) -> list[DriveSetpoint]:
        """One setpoint a drive, in the order of the wires."""
        return [DriveSetpoint(*column) for column in self.values.T.tolist()]


class DriveReadings(NamedTuple):
    """What the drives reply, in the order of the wires: position [rad], velocity [rad/s], torque [Nm], shape (n,)."""

    position: Array
    velocity: Array
    torque: Array


class JointReadings(NamedTuple):
    """The motion of the joints in the model's order: position [rad], velocity [rad/s], torque [Nm], shape (n,)."""

    position: Array
    velocity: Array
    torque: Array


class _Present(NamedTuple):
    """A linkage as it was last read: its joints and motors, their velocities, and how they move together."""

    joints: Pair
    joint_velocity: Pair
    motors: Pair
    motor_velocity: Pair
    jacobian: Jacobian


class WiredBody:
    """The mapping between the joints of a body and the shafts of its drives.

    Gears: the shaft is at ratio·joint + zero; velocities go by the ratio, torques by its inverse, gains by the inverse
    of its square. So a drive makes the torque that the joint's tuple asks for.

    Linkages: position and velocity set-points go through the exact inverse geometry. A diagonal of gains at the joints
    is a full matrix J^-T K J^-1 at the motors, of which drives have the diagonal. The rest is sent as torque, so
    that at the motion last read the torque at the joints is that of the tuple; it is as old as that reading. Before
    the first reading there is no such torque.

    It keeps the last reading of each linkage: from it Newton's method goes on, and by it that torque is made.
    """

    def __init__(self, wiring: Wiring) -> None:
        """Set the mapping up."""
        self.wiring = wiring
        wires = wiring.wires
        ratio = np.array([wire.ratio for wire in wires])
        zero = np.array([wire.zero for wire in wires])
        self._ratio, self._zero, self._count = ratio, zero, len(wires)
        self._factors = np.array([ratio, ratio, 1.0 / ratio, ratio**-2.0, ratio**-2.0])
        self._low, self._high = (
            np.array(
                [
                    [wire.position[end] for wire in wires],
                    [sign * wire.velocity for wire in wires],
                    [sign * wire.torque for wire in wires],
                    [wire.model.command.stiffness[end] for wire in wires],
                    [wire.model.command.damping[end] for wire in wires],
                ]
            )
            for end, sign in ((0, -1.0), (1, 1.0))
        )
        gains_low, gains_high = (bound[3:] / self._factors[3:] for bound in (self._low, self._high))
        limits = wiring.limits
        self._linkages = [
            _Mapping(
                mounted,
                [(float(limits.lower[i]), float(limits.upper[i])) for i in (mounted.pitch, mounted.roll)],
                [
                    [(float(gains_low[r, i]), float(gains_high[r, i])) for i in (mounted.pitch, mounted.roll)]
                    for r in (0, 1)
                ],
            )
            for mounted in wiring.linkages
        ]
        self._places = [place for mapping in self._linkages for place in mapping.places]
        self.unclosed: list[int] = []
        """Places of the drives whose linkage could not be where they said, in the last reading."""

    def reset(self) -> None:
        """Forget the last readings, as when the drives were off in between."""
        for mapping in self._linkages:
            mapping.reset()

    def setpoints(self, command: JointCommand) -> DriveSetpoints:
        """What the drives are to follow for a command of the joints, within the limits of the drives.

        Raises:
            ValueError: An array has not one entry for each joint.
        """
        require_joint_count(command, self._count)
        values = np.array(
            (command.position, command.velocity, command.torque, command.stiffness, command.damping), dtype=np.float64
        )
        reasons = np.zeros(self._count, dtype=np.uint16)
        if self._linkages:
            columns = values[:, self._places].T.tolist()
            for first, mapping in enumerate(self._linkages):
                pair, reason = mapping.setpoint(*columns[2 * first : 2 * first + 2])
                columns[2 * first : 2 * first + 2] = pair
                if reason:
                    reasons[mapping.places] = reason
            values[:, self._places] = np.array(columns).T
        values *= self._factors
        values[0] += self._zero
        within = np.minimum(np.maximum(values, self._low), self._high)
        beyond = within != values
        if beyond.any():
            reasons |= self._spread(np.bitwise_or.reduce(np.where(beyond, _REASONS, np.uint16(0)), axis=0))
        return DriveSetpoints(within, reasons)

    def joints(self, drives: DriveReadings, before: JointReadings | None = None) -> JointReadings:
        """The motion of the joints for what the drives reply; torques are those of the motors, seen at the joints.

        Args:
            drives: What they reply.
            before: What the joints of a linkage are taken to do that cannot be where its drives say; None raises.

        Raises:
            ValueError: An array has not one entry for each drive, or a linkage cannot be where its drives say.
        """
        if any(array.shape != (self._count,) for array in drives):
            raise ValueError(f"readings of {self._count} drives must have shape ({self._count},) each")
        readings = np.array(drives, dtype=np.float64)
        readings[0] -= self._zero
        readings[:2] /= self._ratio
        readings[2] *= self._ratio
        if self._linkages:
            columns = readings[:, self._places].T.tolist()
            self.unclosed = []
            for first, mapping in enumerate(self._linkages):
                try:
                    columns[2 * first : 2 * first + 2] = mapping.reading(*columns[2 * first : 2 * first + 2])
                except ValueError:
                    if before is None:
                        raise
                    columns[2 * first : 2 * first + 2] = np.array(before)[:, mapping.places].T.tolist()
                    self.unclosed += mapping.places
            readings[:, self._places] = np.array(columns).T
        return JointReadings(readings[0], readings[1], readings[2])

    def drives(self, joints: JointReadings) -> DriveReadings:
        """What drives read while the joints move so: the inverse of :meth:`joints`, for whoever simulates drives.

        Raises:
            ValueError: A linkage cannot be where its joints are.
        """
        readings = np.array(joints, dtype=np.float64)
        for mapping in self._linkages:
            (pitch, roll), velocity, torque = readings[:, mapping.places].tolist()
            motors, jacobian = mapping.mounted.linkage.motors(pitch, roll)
            readings[:, mapping.places] = motors, jacobian.motor_velocity(*velocity), jacobian.motor_torque(*torque)
        readings[:2] *= self._ratio
        readings[2] /= self._ratio
        readings[0] += self._zero
        return DriveReadings(readings[0], readings[1], readings[2])

    def _spread(self, reasons: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """Reasons by drive as reasons by joint: what limits one motor of a linkage limits both its joints."""
        for mapping in self._linkages:
            reasons[mapping.places] = np.bitwise_or.reduce(reasons[mapping.places])
        return reasons


class _Mapping:
    """One linkage in the loop: plain numbers, because two joints are too few for arrays to pay."""

    def __init__(self, mounted: MountedLinkage, limits: Sequence[Pair], gains: Sequence[Sequence[Pair]]) -> None:
        """Set up, with the limits of both joints, and those of both motors' stiffness and damping."""
        self.mounted = mounted
        self.places = [mounted.pitch, mounted.roll]
        self._limits, self._gains = limits, gains
        self._present: _Present | None = None

    def reset(self) -> None:
        """Forget the last reading."""
        self._present = None

    def setpoint(self, pitch: list[float], roll: list[float]) -> tuple[tuple[Column, Column], int]:
        """Setpoints of both motors for those of both joints, and what was limited.

        Each is position, velocity, torque, stiffness, damping.
        """
        (asked, speed, torque, stiffness, damping), (asked_too, speed_too, torque_too, stiffness_too, damping_too) = (
            pitch,
            roll,
        )
        (low, high), (low_too, high_too) = self._limits
        p, r = min(max(asked, low), high), min(max(asked_too, low_too), high_too)
        reason = 0 if p == asked and r == asked_too else int(Reason.POSITION_CLAMPED)
        (position, position_too), jacobian = self.mounted.linkage.motors(p, r)
        turn, turn_too = jacobian.motor_velocity(speed, speed_too)
        present = self._present
        here = jacobian if present is None else present.jacobian
        (stiff, stiff_too), cut = self._within(here.motor_gains(stiffness, stiffness_too), self._gains[0])
        (damp, damp_too), cut_too = self._within(here.motor_gains(damping, damping_too), self._gains[1])
        if cut or cut_too:
            reason |= Reason.GAIN_CLAMPED
        if present is None:
            push, push_too = here.motor_torque(torque, torque_too)
        else:
            at, moving, motors, turning, _ = present
            push, push_too = here.motor_torque(
                torque + stiffness * (p - at[0]) + damping * (speed - moving[0]),
                torque_too + stiffness_too * (r - at[1]) + damping_too * (speed_too - moving[1]),
            )
            push -= stiff * (position - motors[0]) + damp * (turn - turning[0])
            push_too -= stiff_too * (position_too - motors[1]) + damp_too * (turn_too - turning[1])
        first, second = (position, turn, push, stiff, damp), (position_too, turn_too, push_too, stiff_too, damp_too)
        return (first, second), reason

    def reading(self, first: list[float], second: list[float]) -> tuple[Motion, Motion]:
        """Position, velocity and torque of both joints for those of both motors.

        Raises:
            ValueError: The linkage cannot be where they are.
        """
        motor, turn, push = first
        motor_too, turn_too, push_too = second
        if max(abs(motor), abs(motor_too)) > pi:  # its joints would look right, and its setpoints be a turn away
            raise ValueError(
                f"linkage {self.mounted.linkage.name!r}: motors at {motor:.4g} and {motor_too:.4g} rad are more than "
                f"half a turn from their zeros, where no joint can take them: a drive has lost count of its turns"
            )
        start = (0.0, 0.0)
        if self._present is not None:
            at, _, before, _, slope = self._present
            moved = slope.joint_velocity(motor - before[0], motor_too - before[1])
            start = at[0] + moved[0], at[1] + moved[1]
        (pitch, roll), jacobian = self.mounted.linkage.joints(motor, motor_too, start)
        speed, speed_too = jacobian.joint_velocity(turn, turn_too)
        torque, torque_too = jacobian.joint_torque(push, push_too)
        self._present = _Present((pitch, roll), (speed, speed_too), (motor, motor_too), (turn, turn_too), jacobian)
        return (pitch, speed, torque), (roll, speed_too, torque_too)

    @staticmethod
    def _within(gains: tuple[float, float, float], bounds: Sequence[Pair]) -> tuple[Pair, bool]:
        """The motors' own gains within what their frames say, and whether that cut one."""
        (low, high), (low_too, high_too) = bounds
        first, second = min(max(gains[0], low), high), min(max(gains[1], low_too), high_too)
        return (first, second), first != gains[0] or second != gains[1]
