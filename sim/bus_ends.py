"""What the bus of a robot's drives is given in simulation: a clock that lets the world go on, and the senses."""

from __future__ import annotations

from collections.abc import Sequence

from robot.body_senses import BodySenses, StillSenses
from sim.robot_world import RobotWorld
from sim.virtual_drives import VirtualDrives


class BusEnds:
    """Clock and senses of a robot in a world: waiting lets the world go on.

    Up to time zero the world stands still, and is felt once. From there on the senses take their samples as it goes on,
    once in each of its periods, whether somebody reads them or not: a host that is late finds what has arrived.
    """

    def __init__(
        self, world: RobotWorld, drives: VirtualDrives, period: float, frozen: Sequence[tuple[str, float, float]] = ()
    ) -> None:
        """Begin in a world that stands still.

        Args:
            world: Where the robot is.
            drives: Its drives, which have the time.
            period: Of control [s].
            frozen: Which IMU, pelvis or torso, goes on saying the same, from and to [s].
        """
        self._world, self._drives, self._period, self._frozen = world, drives, period, tuple(frozen)
        self._felt = world.feel()
        self._still = StillSenses(self._felt)

    def now(self) -> float:
        """Time [s]; below zero before the world begins to move."""
        return self._drives.time

    def wait_until(self, time: float) -> None:
        """Let buses, drives and the world go on until it is that time [s]."""
        while self._drives.time < time - 0.5 * self._period:
            if self._drives.time < -0.5 * self._period:
                self._drives.wait()
            else:
                self._world.pass_period()
                self._feel()

    def time_of(self, stamp: float) -> float:
        """The stamps of simulated buses are times already [s]."""
        return stamp

    def read(self, time: float) -> BodySenses:
        """What IMUs and localisation have said by now."""
        return self._felt if time > -0.5 * self._period else self._still.read(time)

    def _feel(self) -> None:
        felt = self._world.feel()
        for unit, begin, end in self._frozen:
            if begin <= self._drives.time < end:
                imu = f"{unit}_imu"
                felt = felt._replace(**{imu: getattr(self._felt, imu)})
        self._felt = felt
