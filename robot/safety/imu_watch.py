"""The watch on IMUs that go on saying the same: balance on a frozen attitude ends in a fall."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from robot.safety.records import Trip
from robot.safety.watches import Watch
from robot.state import ImuReading, RobotState


class ImuWatch:
    """Tells of an IMU whose numbers have all been the same to the last bit for too long: a unit's noise never repeats.

    It goes by the time of the states, so that neither lost periods nor a unit slower than the loop count for more than
    they are.
    """

    def __init__(self, limit: float) -> None:
        """Let a unit say the same for a time [s]."""
        self._limit = limit
        self.start()

    def start(self) -> None:
        """Forget what was said."""
        self._pelvis = self._torso = b""
        self._pelvis_since = self._torso_since = inf
        self._time = -inf

    def read(self, state: RobotState, time: float) -> None:
        """Take what both units say at a time that is a number [s]; call it once for each state."""
        pelvis, torso = _bits(state.pelvis_imu), _bits(state.torso_imu)
        if pelvis != self._pelvis:
            self._pelvis, self._pelvis_since = pelvis, time
        if torso != self._torso:
            self._torso, self._torso_since = torso, time
        self._time = time

    def trips(self) -> Iterator[Trip]:
        """The units that have said the same for too long."""
        for unit, since in (("pelvis", self._pelvis_since), ("torso", self._torso_since)):
            age = self._time - since
            if age > self._limit:
                yield Trip(Watch.IMU_STUCK, None, age, self._limit, unit)


def _bits(imu: ImuReading) -> bytes:
    """All of a reading: arrays that somebody writes to again are no excuse."""
    return (
        imu.specific_force_imu_in_imu.tobytes()
        + imu.angular_velocity_imu_in_imu.tobytes()
        + imu.orientation_imu_in_world.tobytes()
    )
