"""The clock of a bus on the robot: monotonic, with absolute deadlines, and it says how each wait went."""

from __future__ import annotations

from scenarios.realtime.timer import SystemTimer, Timer


class MonotonicClock:
    """A :class:`robot.bus_clock.BusClock` that begins at zero and never jumps.

    Who waits names the deadline itself, so lateness does not add up. Each wait leaves behind when it was asked for,
    for when, and when it was over.
    """

    def __init__(self, timer: Timer | None = None) -> None:
        """Make a clock whose time is zero now."""
        self._timer = timer or SystemTimer()
        self._origin = self._timer.monotonic_ns()
        self.began = self.due = self.woke = self.now()
        """When the last wait was asked for, for when, and when it was over [s]."""
        self._before = self.woke
        self._wall = self._offset()

    @property
    def origin_ns(self) -> int:
        """CLOCK_MONOTONIC at time zero [ns]; it is the same clock in all processes of a machine."""
        return self._origin

    def now(self) -> float:
        """Time since the clock was made [s]."""
        return (self._timer.monotonic_ns() - self._origin) * 1e-9

    def wait_until(self, time: float) -> None:
        """Return when it is that time [s], or at once if it was already."""
        self.due, self.began = time, self.now()
        if self.began < time:
            self._timer.sleep_until_ns(self._origin + round(time * 1e9))
        self._before, self.woke = self.woke, self.now()
        self._wall = self._offset()

    def time_of(self, stamp: float) -> float:
        """The time [s] at which a message came that python-can stamped so [s].

        SocketCAN, UDP, PCAN, Kvaser, Vector and the virtual interface stamp with the time of day, which is brought
        to this clock with the difference of both after the last wait. What is read after a wait came after the wait
        before, for then the links were emptied. A stamp that says otherwise (the time of day was set meanwhile, or an
        adapter has a clock of its own) is taken for as old as it can be.
        """
        time = stamp - self._wall
        return min(time, self.now()) if time >= self._before else self._before

    def _offset(self) -> float:
        """What the time of day is ahead of this clock [s]."""
        timer = self._timer
        before, wall, after = timer.monotonic_ns(), timer.wall_ns(), timer.monotonic_ns()
        return (wall - (before + after) // 2 + self._origin) * 1e-9
