"""What is wrong with the newest state."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from robot.command import Array
from robot.limits import JointLimits
from robot.safety.imu_watch import ImuWatch
from robot.safety.joint_panel import JointPanel
from robot.safety.records import Trip
from robot.safety.supervision import Supervision
from robot.safety.watches import Watch
from robot.state import RobotState


class Inspection:
    """Keeps the newest state, and holds it against all watches that are about states."""

    def __init__(self, joints: JointLimits, settings: Supervision, clock: Callable[[], float] | None) -> None:
        """Begin without a state; the clock tells the time on the states' time base [s], None takes their own."""
        blocked = settings.blocked_joints(joints)
        self._panel = JointPanel(joints, settings.limits, settings.watches, settings.buses, blocked)
        self._imus = ImuWatch(settings.limits.imu_still)
        self._period, self._limit, self._clock = settings.period, settings.limits.state_age, clock
        self.start()

    def start(self) -> None:
        """Forget every state."""
        self.state: RobotState | None = None
        """The newest state; None before the first."""
        self.time = 0.0
        """The newest time of a state that was a number [s]."""
        self._stood = 0
        self._panel.start()
        self._imus.start()

    def now(self) -> float:
        """The time by the clock, or of the newest state [s]."""
        return self.time if self._clock is None else self._clock()

    def arrive(self, state: RobotState, sent: Array | None = None) -> None:
        """Take a new state, and the positions that were sent before it, shape (n,) [rad]; call it once for each."""
        self._stood = 0 if self.state is None or state.time > self.state.time else self._stood + 1
        self.state = state
        if math.isfinite(state.time):
            self.time = state.time
        self._panel.read(state, sent)
        self._imus.read(state, self.time)

    def stale(self) -> Trip | None:
        """Whether the newest state is too old by now, or its time stands still."""
        age = self._stood * self._period
        if self._clock is not None:
            age = max(age, self._clock() - self.time)
        return Trip(Watch.STATE_STALE, None, age, self._limit) if age > self._limit else None

    def trips(self, *, at_once: bool = False) -> Iterator[Trip]:
        """Everything that is wrong, of the whole first, then joint by joint; at once, however few ticks it was."""
        state = self.state
        if state is not None and not (math.isfinite(state.time) and _imus_are_finite(state)):
            yield Trip(Watch.STATE_NOT_FINITE, None, math.nan, math.nan, "time or an IMU")
        stale = self.stale()
        if stale is not None:
            yield stale
        yield from self._imus.trips()
        yield from self._panel.trips(at_once=at_once)


def _imus_are_finite(state: RobotState) -> bool:
    """Whether every number of both IMUs is finite."""
    return all(
        math.isfinite(values.dot(values))
        for imu in (state.pelvis_imu, state.torso_imu)
        for values in (imu.orientation_imu_in_world, imu.angular_velocity_imu_in_imu, imu.specific_force_imu_in_imu)
    )
