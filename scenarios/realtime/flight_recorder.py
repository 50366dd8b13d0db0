"""The last minutes of a robot with real drives: rows that were reserved beforehand and are written again and again."""

from __future__ import annotations

from robot import AppliedCommand, RobotState
from scenarios.realtime.tick_times import FLIGHT, LOOP, TickTimes
from scenarios.run_log import Recorder, RunLog


class FlightRecorder:
    """A ring of rows; it grows never, and makes no arrays in the loop."""

    def __init__(self, capacity: int, joints: int) -> None:
        """Reserve room, 2.6 kB a tick with 33 joints.

        Args:
            capacity: Number of ticks that are kept.
            joints: Number of joints.

        Raises:
            ValueError: There is no room for a tick.
        """
        if capacity < 1:
            raise ValueError(f"flight recorder: capacity is {capacity} ticks, it must be at least 1")
        self._log, self._capacity = RunLog(capacity, FLIGHT.for_joints(joints)), capacity
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
        if times.slack < 0.0:
            self.overruns += 1
        if times.lost > 0.0:  # not in the first tick of a run, which has NaN
            self.lost += int(times.lost)
        if times.period > self.longest:
            self.longest = times.period

    def log(self) -> RunLog:
        """The rows that are kept as a log of their own, the oldest first."""
        return self._log.unrolled(self.ticks)
