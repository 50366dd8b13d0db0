"""What is watched, as data: by which limit, with which reaction, in which modes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from robot.command import Reason
from robot.safety.modes import RobotMode


class Reaction(IntEnum):
    """What follows when a watch trips, from mild to strict."""

    WARN = 0
    """It is told, and the robot goes on."""
    CLAMP = 1
    """The joint gets what is allowed in place of what was asked, and the robot goes on."""
    STOP = 2
    """Controlled stop: damping. A request leads on, once the cause is gone."""
    FAULT = 3
    """Latched damping, until it is cleared, which only works once the cause is gone."""


class Watch(IntEnum):
    """What is watched."""

    EMERGENCY_STOP = 0
    BUS_STOPPED = 1
    CONTROLLER_SILENT = 2
    STATE_STALE = 3
    COMMAND_NOT_FINITE = 4
    STATE_NOT_FINITE = 5
    BUS_SILENT = 6
    DRIVE_SILENT = 7
    DRIVE_FAULT = 8
    DRIVE_OFF = 9
    POSITION_BEYOND = 10
    VELOCITY_BEYOND = 11
    TORQUE_BEYOND = 12
    ENCODER_STUCK = 13
    IMU_STUCK = 14
    CURRENT_HIGH = 15
    VOLTAGE_LOW = 16
    VOLTAGE_HIGH = 17
    MOTOR_WARM = 18
    MOTOR_HOT = 19
    DRIVER_WARM = 20
    DRIVER_HOT = 21
    MOTOR_DERATED = 22
    DRIVER_DERATED = 23
    COMMAND_OUTSIDE = 24
    POSITION_JUMP = 25
    TORQUE_JUMP = 26
    TORQUE_SUM = 27


SHAPED = frozenset(watch for watch in Watch if watch >= Watch.MOTOR_DERATED)
"""Watches on what is asked of a joint: it gets what is allowed, if the reaction is no stricter one."""
_STRICT = frozenset(watch for watch in Watch if watch <= Watch.STATE_NOT_FINITE)
"""Watches without which there is nothing that could go on."""


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One watch.

    Attributes:
        watch: Which.
        about: When it trips.
        limit: What limits it: fields of `SafetyLimits`, or where else the limit stands.
        ticks: How many ticks in a row it must be so.
        reaction: What follows.
        reason: What `exchange` says to the joints that get something else for it.
        modes: In which modes it acts.
        unit: Of the limit.
    """

    watch: Watch
    about: str
    limit: str
    ticks: int
    reaction: Reaction
    reason: Reason
    modes: frozenset[RobotMode]
    unit: str = ""


class WatchTable:
    """The watches, a row each, in their order."""

    def __init__(self, rows: Sequence[WatchRow]) -> None:
        """Take the rows.

        Raises:
            ValueError: They are not one for each watch, in order; a watch is to wait for less than one tick; or a
                reaction is not possible: only what can be clamped is, and some things must stop the robot.
        """
        self._rows = tuple(rows)
        if [row.watch for row in self._rows] != list(Watch):
            raise ValueError(f"watch table: it needs a row for each watch, in order, not {[*map(_name, self._rows)]}")
        hasty = [row.watch.name for row in self._rows if row.ticks < 1]
        if hasty:
            raise ValueError(f"watch table: {', '.join(hasty)} must wait for at least 1 tick")
        for row in self._rows:
            if (row.watch in SHAPED) != (row.reaction is Reaction.CLAMP) and row.reaction < Reaction.STOP:
                raise ValueError(f"watch table: {row.watch.name} cannot have the reaction {row.reaction.name}")
            if row.watch in _STRICT and row.reaction < Reaction.STOP:
                raise ValueError(f"watch table: {row.watch.name} must have the reaction STOP or FAULT")

    def __iter__(self) -> Iterator[WatchRow]:
        """The rows."""
        return iter(self._rows)

    def __getitem__(self, watch: Watch) -> WatchRow:
        """The row of a watch."""
        return self._rows[watch]


def _name(row: WatchRow) -> str:
    return row.watch.name


_OPEN = frozenset(RobotMode) - {RobotMode.OFF}
_HELD = frozenset({RobotMode.READY, RobotMode.ACTIVE})
_ACTIVE = frozenset({RobotMode.ACTIVE})
_ALL = frozenset(RobotMode)

WATCHES = WatchTable((
    WatchRow(
        Watch.EMERGENCY_STOP, "somebody asks for it, until it is released", "-", 1, Reaction.FAULT, Reason.STOPPED, _ALL
    ),
    WatchRow(
        Watch.BUS_STOPPED, "`stop` of the bus was called, until it is opened again", "-", 1, Reaction.FAULT,
        Reason.STOPPED, _OPEN,
    ),
    WatchRow(
        Watch.CONTROLLER_SILENT, "the last command of every source is older than its lease", "lease of the source", 1,
        Reaction.STOP, Reason.STALE, _ACTIVE,
    ),
    WatchRow(
        Watch.STATE_STALE, "the state is old by the clock, or its time stands still", "state_age", 1, Reaction.FAULT,
        Reason.STALE, _OPEN, "s",
    ),
    WatchRow(
        Watch.COMMAND_NOT_FINITE, "NaN or infinity in a command of the source with the lease", "-", 1, Reaction.FAULT,
        Reason.NOT_FINITE, _HELD,
    ),
    WatchRow(
        Watch.STATE_NOT_FINITE, "NaN or infinity in position, velocity or torque of a joint, in an IMU or in the time",
        "-", 1, Reaction.FAULT, Reason.NOT_FINITE, _OPEN,
    ),
    WatchRow(
        Watch.BUS_SILENT, "no drive of a bus with several was heard", "bus_age", 1, Reaction.FAULT, Reason.STALE, _OPEN,
        "s",
    ),
    WatchRow(Watch.DRIVE_SILENT, "a drive was not heard", "drive_age", 1, Reaction.FAULT, Reason.STALE, _OPEN, "s"),
    WatchRow(
        Watch.DRIVE_FAULT, "a drive reports a fault", "any of `robot.drivers.Fault`", 2, Reaction.FAULT, Reason.FAULTED,
        _OPEN,
    ),
    WatchRow(
        Watch.DRIVE_OFF, "a drive's loop is open, though it was closed", "-", 2, Reaction.FAULT, Reason.FAULTED, _HELD
    ),
    WatchRow(
        Watch.POSITION_BEYOND, "a joint is beyond its limits", "position_margin", 3, Reaction.STOP, Reason.FAULTED,
        _HELD, "rad",
    ),
    WatchRow(
        Watch.VELOCITY_BEYOND, "a joint is faster than its limit", "velocity_factor", 3, Reaction.STOP, Reason.FAULTED,
        _HELD, "of the limit",
    ),
    WatchRow(
        Watch.TORQUE_BEYOND, "a drive reports more torque than its limit", "torque_factor", 5, Reaction.FAULT,
        Reason.FAULTED, _HELD, "of the limit",
    ),
    WatchRow(
        Watch.ENCODER_STUCK, "a joint says the same to the last bit, while what was sent to it moves",
        "stuck_motion", 1, Reaction.FAULT, Reason.FAULTED, _HELD, "rad",
    ),
    WatchRow(
        Watch.IMU_STUCK, "an IMU says the same to the last bit", "imu_still", 1, Reaction.FAULT, Reason.FAULTED, _HELD,
        "s",
    ),
    WatchRow(
        Watch.CURRENT_HIGH, "over-current of a motor", "current", 3, Reaction.FAULT, Reason.FAULTED, _OPEN, "A"
    ),
    WatchRow(
        Watch.VOLTAGE_LOW, "under-voltage at a drive", "voltage_low", 5, Reaction.STOP, Reason.FAULTED, _HELD, "V"
    ),
    WatchRow(
        Watch.VOLTAGE_HIGH, "over-voltage at a drive", "voltage_high", 3, Reaction.FAULT, Reason.FAULTED, _OPEN, "V"
    ),
    WatchRow(Watch.MOTOR_WARM, "a winding is warm", "motor_warn", 5, Reaction.WARN, Reason.NONE, _OPEN, "°C"),
    WatchRow(Watch.MOTOR_HOT, "a winding is too hot", "motor_fault", 5, Reaction.FAULT, Reason.FAULTED, _OPEN, "°C"),
    WatchRow(Watch.DRIVER_WARM, "a power stage is warm", "driver_warn", 5, Reaction.WARN, Reason.NONE, _OPEN, "°C"),
    WatchRow(
        Watch.DRIVER_HOT, "a power stage is too hot", "driver_fault", 5, Reaction.FAULT, Reason.FAULTED, _OPEN, "°C"
    ),
    WatchRow(
        Watch.MOTOR_DERATED, "more torque is asked than a winding's temperature leaves",
        "motor_derate, to nothing at motor_fault", 1, Reaction.CLAMP, Reason.DERATED, _HELD, "°C",
    ),
    WatchRow(
        Watch.DRIVER_DERATED, "more torque is asked than a power stage's temperature leaves",
        "driver_derate, to nothing at driver_fault", 1, Reaction.CLAMP, Reason.DERATED, _HELD, "°C",
    ),
    WatchRow(
        Watch.COMMAND_OUTSIDE, "position, velocity, torque or a gain is asked that is beyond a limit",
        "limits of the guard", 1, Reaction.CLAMP,
        Reason.POSITION_CLAMPED | Reason.VELOCITY_CLAMPED | Reason.TORQUE_CLAMPED | Reason.GAIN_CLAMPED, _ACTIVE,
    ),
    WatchRow(
        Watch.POSITION_JUMP, "the asked position jumps", "position_rate", 1, Reaction.CLAMP, Reason.RATE_LIMITED, _HELD,
        "of the speed limit",
    ),
    WatchRow(
        Watch.TORQUE_JUMP, "the feed-forward torque jumps", "torque_rise", 1, Reaction.CLAMP, Reason.RATE_LIMITED,
        _HELD, "s to the limit",
    ),
    WatchRow(
        Watch.TORQUE_SUM, "position, velocity and torque together ask more than the limit of the joint's torque",
        "limits of the guard", 1, Reaction.CLAMP, Reason.TORQUE_BOUNDED, _HELD,
    ),
))  # fmt: skip
