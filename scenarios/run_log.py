"""The log of a run: preallocated columns, and a recorder that fills a row without making objects."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scenarios.columns import RIDE, Column, Layout

if TYPE_CHECKING:
    from robot import AppliedCommand, RobotState

Array = NDArray[np.float64]


class RunLog:
    """Columns of float64 over time, declared by a table."""

    def __init__(self, capacity: int, layout: Layout = RIDE) -> None:
        """Reserve room for a number of rows; a row that is never filled is not a number throughout."""
        self.layout = layout
        self._arrays = {
            column.name: np.full((capacity,) if column.width == 1 else (capacity, column.width), np.nan)
            for column in layout.columns
        }

    @classmethod
    def over(cls, block: Array, layout: Layout) -> RunLog:
        """A log whose columns are those of a block that somebody else has made, shape (capacity, layout.width)."""
        log, first = cls(0, layout), 0
        for column in layout.columns:
            last = first + column.width
            log._arrays[column.name] = block[:, first] if column.width == 1 else block[:, first:last]
            first = last
        return log

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, in the order of the layout."""
        return self.layout.columns

    def __len__(self) -> int:
        """Count the rows."""
        return int(next(iter(self._arrays.values())).shape[0])

    def __getitem__(self, name: str) -> Array:
        """Give a column, shape (T,) or (T, k); writing to it writes to the log.

        Raises:
            KeyError: There is no such column; the message lists those that exist.
        """
        try:
            return self._arrays[name]
        except KeyError:
            raise KeyError(f"the log has no column {name!r}; it has {', '.join(self._arrays)}") from None

    def __contains__(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self._arrays

    def truncate(self, rows: int) -> None:
        """Forget the rows from `rows` on."""
        self._arrays = {name: array[:rows] for name, array in self._arrays.items()}

    def until(self, rows: int) -> RunLog:
        """The first rows as a log of their own, which shares its numbers with this one."""
        part = RunLog(0, self.layout)
        part._arrays = {name: array[:rows] for name, array in self._arrays.items()}
        return part

    def at(self, row: int) -> RunLog:
        """One row as a log of its own, which shares its numbers with this one."""
        part = RunLog(0, self.layout)
        part._arrays = {name: array[row : row + 1] for name, array in self._arrays.items()}
        return part

    def unrolled(self, written: int) -> RunLog:
        """The rows as a log of their own, the oldest first, where they were written in a ring.

        Args:
            written: Number of rows that were written, from the first row on and again from there.
        """
        rows = len(self)
        part = RunLog(0, self.layout)
        shift = -(written % rows) if written > rows else 0
        part._arrays = {name: np.roll(array, shift, axis=0)[:written] for name, array in self._arrays.items()}
        return part

    def state_hash(self) -> str:
        """SHA-256 of the bytes of every truth column, in the declared order."""
        digest = sha256()
        for column in self.layout.truth:
            digest.update(np.ascontiguousarray(self[column.name]).tobytes())
        return digest.hexdigest()


class Recorder:
    """Writes the robot's state, the controller's telemetry, the world's truth and the applied command into a log."""

    def __init__(self, log: RunLog, truth: object, safety: object | None = None) -> None:
        """Bind a log to what it is filled from.

        Args:
            log: The log.
            truth: Has each truth column's name without `truth_`.
            safety: Has each safety column's name; None where the log has none.
        """
        self._safety = safety
        self._safety_columns = [(log[column.name], column.name) for column in log.layout.safety]
        self._truth = truth
        recorded = (*log.layout.truth, *log.layout.account)
        self._truth_columns = [(log[column.name], column.name.removeprefix("truth_")) for column in recorded]
        self._estimate_columns = [(log[column.name], column.name) for column in log.layout.estimate]
        self._time = log["time"]
        self._joints = log["joint_position"], log["joint_velocity"], log["joint_torque"]
        self._pelvis = log["pelvis_orientation"], log["pelvis_angular_velocity"], log["pelvis_specific_force"]
        self._fix = log["localization"], log["localization_stamp"], log["localization_deviation"]
        self._gains = log["command_stiffness"], log["command_damping"]
        self._command = log["command_position"], log["command_velocity"], log["command_torque"]
        self._reason = log["applied_reason"]

    def record_tick(self, row: int, state: RobotState, telemetry: object) -> None:
        """Write what holds at the time of a state; call it before the command goes out and the world moves on."""
        self._time[row] = state.time
        position, velocity, torque = self._joints
        position[row] = state.joint_position
        velocity[row] = state.joint_velocity
        torque[row] = state.joint_torque
        imu = state.pelvis_imu
        orientation, angular_velocity, specific_force = self._pelvis
        orientation[row] = imu.orientation_imu_in_world
        angular_velocity[row] = imu.angular_velocity_imu_in_imu
        specific_force[row] = imu.specific_force_imu_in_imu
        fix = state.localization
        if fix is not None:
            place, stamp, deviation = self._fix
            place[row], stamp[row], deviation[row] = fix.position_pelvis_in_world, fix.stamp, fix.deviation
        for array, name in self._estimate_columns:
            array[row] = getattr(telemetry, name)
        truth = self._truth
        for array, name in self._truth_columns:
            array[row] = getattr(truth, name)

    def record_applied(self, row: int, applied: AppliedCommand) -> None:
        """Write the command that was really applied in the period after the state of this row."""
        command = applied.command
        position, velocity, torque = self._command
        position[row] = command.position
        velocity[row] = command.velocity
        torque[row] = command.torque
        stiffness, damping = self._gains
        stiffness[row] = command.stiffness
        damping[row] = command.damping
        self._reason[row] = applied.reasons
        for array, name in self._safety_columns:
            array[row] = getattr(self._safety, name)
