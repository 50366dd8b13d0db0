"""The last minutes of a robot with real drives: rows that were reserved beforehand and are written again and again."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import numpy as np

from robot import AppliedCommand, RobotState
from scenarios.realtime.tick_times import FLIGHT, LOOP, TickTimes
from scenarios.run_log import Recorder, RunLog

_MARK = float(crc32(",".join(column.name for column in FLIGHT.columns).encode()))
"""What a file of a recorder begins with: another number for other columns."""
_HEAD, _TICKS = 4, 3
"""Numbers before the rows: mark, joints, capacity, ticks; and which of them is the ticks."""


class FlightRecorder:
    """A ring of rows; it never grows, and makes no arrays in the loop."""

    def __init__(self, capacity: int, joints: int, file: Path | None = None) -> None:
        """Reserve room, 2.6 kB a tick with 33 joints.

        Args:
            capacity: Number of ticks that are kept.
            joints: Number of joints.
            file: Where the rows are kept, so that what was recorded outlives this process however that ends
                (`read_flight`); one that is there is written over. Take one in memory, as in /dev/shm: a disk that is
                written to may let the loop wait. None keeps them in this process.

        Raises:
            ValueError: There is no room for a tick.
            OSError: The file cannot be written.
        """
        if capacity < 1:
            raise ValueError(f"flight recorder: capacity is {capacity} ticks, it must be at least 1")
        layout = FLIGHT.for_joints(joints)
        shape = _HEAD + capacity * layout.width
        room = np.full(shape, np.nan) if file is None else np.memmap(file, np.float64, "w+", shape=(shape,))
        room[_HEAD:] = np.nan
        room[:_HEAD] = _MARK, joints, capacity, 0.0
        self._head, self._capacity = room[:_HEAD], capacity
        self._log = RunLog.over(room[_HEAD:].reshape(capacity, layout.width), layout)
        self._recorder = Recorder(self._log, None)
        self._loop = [self._log[column.name] for column in LOOP]
        self._age = self._log["drive_age"]
        self.ticks = self.overruns = self.lost = 0
        """Number of ticks, of missed deadlines and of lost periods since it was made, those of rows overwritten too."""
        self.longest = 0.0
        """Longest period since it was made [s]."""

    def record(self, state: RobotState, applied: AppliedCommand, times: TickTimes) -> None:
        """Write the row of a tick: the state at its beginning, what was applied then, and where its time went."""
        row = self.ticks % self._capacity
        self._recorder.record_tick(row, state, None)
        self._recorder.record_applied(row, applied)
        if state.drives is not None:
            self._age[row] = state.drives.age
        for column, value in zip(self._loop, times, strict=True):
            column[row] = value
        self.ticks += 1
        self._head[_TICKS] = self.ticks
        if times.slack < 0.0:
            self.overruns += 1
        if times.lost > 0.0:  # not in the first tick of a run, which has NaN
            self.lost += int(times.lost)
        if times.period > self.longest:
            self.longest = times.period

    def log(self) -> RunLog:
        """The rows that are kept as a log of their own, the oldest first."""
        return self._log.unrolled(self.ticks)


def read_flight(file: Path) -> RunLog:
    """What a recorder left in its file, the oldest row first; that one may be half written over by the next.

    Raises:
        ValueError: It is no such file, or not a whole one.
        OSError: It cannot be read.
    """
    room = np.fromfile(file, np.float64)
    joints, capacity, ticks = (
        (int(number) for number in room[1:_HEAD]) if room.size > _HEAD and room[0] == _MARK else (0, 0, 0)
    )
    layout = FLIGHT.for_joints(joints)
    if capacity < 1 or room.size != _HEAD + capacity * layout.width:
        raise ValueError(f"{file} is no file of a flight recorder of this version, or only a part of one")
    return RunLog.over(room[_HEAD:].reshape(capacity, layout.width), layout).unrolled(ticks)
