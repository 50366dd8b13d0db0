"""Virtual drives in the time of the world: on buses that other processes open, held, and watched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import can
import numpy as np
from numpy.typing import NDArray

from robot import RobotModel
from robot.drivers import DriveSetpoint, Fault, Power
from robot.drivers.dialect import Silence
from robot.wiring import Wiring
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.drives.link import open_bus
from scenarios.realtime.monotonic_clock import MonotonicClock
from sim.can_medium import CanTiming, Traffic
from sim.firmware import Firmware
from sim.hanging_joints import HangingJoints
from sim.held_joints import HeldJoints
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

Array = NDArray[np.float64]

STEP = 0.001
"""Of the drives: encoders, torque law and watchdogs [s]."""
_BEHIND = 0.02
"""How far the drives may be behind the clock and run to get there; what is more is lost [s]."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a drive.

    Attributes:
        time: By the drive's own clock [s].
        power: Whether its loop is closed.
        fault: What is wrong.
        following: The set-point that its torque law followed then.
    """

    time: float
    power: Power
    fault: Fault
    following: DriveSetpoint


@dataclass(frozen=True, slots=True)
class Diary:
    """What one drive went through.

    Attributes:
        name: Of the drive.
        model: Its model and dialect.
        silence: What it does by itself when it hears nothing; None if nobody has published it.
        heard: When it last heard a set-point, by its own clock [s].
        following: The set-point that its torque law follows now.
        changes: In their order.
    """

    name: str
    model: str
    silence: Silence | None
    heard: float
    following: DriveSetpoint
    changes: tuple[Change, ...]


class PacedDrives:
    """The virtual drives of a wiring, whose clock goes with a monotonic one.

    A step is made at its end, when all that came within it has come. When the process was stopped for longer than
    20 ms that time is lost: the drives' own clock stands still meanwhile, so that no watchdog sees a silence that was
    this process's own, and the frames of that time are lost with it.
    """

    def __init__(
        self,
        model: RobotModel,
        wiring: Wiring,
        clock: MonotonicClock,
        position: Array | None = None,
        *,
        hanging: bool = False,
    ) -> None:
        """Open the buses and put the drives on them.

        Args:
            model: The body.
            wiring: Which drive is where.
            clock: The one to go by.
            position: Where the joints are, shape (n,) [rad]; None for zero, or as near as they can be.
            hanging: Whether the robot hangs by its pelvis and its joints move; else they are held.

        Raises:
            BadInput: A bus does not open.
        """
        self._clock, self._wiring = clock, wiring
        self._links: dict[str, can.BusABC] = {}
        try:
            for bus in wiring.buses:
                self._links[bus.name] = open_bus(bus)
        except BaseException:
            self.close()
            raise
        self.drives = VirtualDrives(
            model, VirtualDriveSettings(wiring, CanTiming(host=0.0), None, 0.0), self._links,
            step=STEP, period=CONTROL_PERIOD, noise_scale=1.0, strength=1.0, rng=np.random.default_rng(0),
        )  # fmt: skip
        place = np.zeros(model.size) if position is None else position
        place = np.clip(place, model.limits.lower, model.limits.upper)
        steps = round(CONTROL_PERIOD / STEP)
        self.joints = (
            HangingJoints(self.drives, place, steps, model=model, step=STEP)
            if hanging
            else HeldJoints(self.drives, place, steps)
        )
        self._began = self._due = clock.now()
        self._stalls: list[tuple[float, float]] = []
        self._states = [_state(drive) for drive in self.drives.drives]
        self._changes: list[list[Change]] = [[self._change(place)] for place in range(len(wiring.wires))]

    @property
    def time(self) -> float:
        """Time by the drives' own clock [s]."""
        return self.drives.time

    @property
    def lost(self) -> float:
        """Time for which the drives' own clock stood still [s]."""
        return sum(length for _, length in self._stalls)

    def time_at(self, monotonic_ns: int) -> float:
        """The drives' own time at a time of CLOCK_MONOTONIC [s]."""
        passed = (monotonic_ns - self._clock.origin_ns) * 1e-9 - self._began
        return passed - sum(min(max(passed - begin, 0.0), length) for begin, length in self._stalls)

    @property
    def traffic(self) -> dict[str, Traffic]:
        """What has gone over each bus."""
        return self.drives.traffic

    def step(self) -> list[tuple[str, Change]]:
        """Wait for the end of the next step, make it, and give what has changed, by name of the drive."""
        self._due += STEP
        behind = self._clock.now() - self._due
        if behind > _BEHIND:
            self._stalls.append((self._due - self._began, behind))
            self._due += behind
            self.drives.miss()
        self._clock.wait_until(self._due)
        self.joints.step()
        news = []
        for place, drive in enumerate(self.drives.drives):
            state = _state(drive)
            if state != self._states[place]:
                self._states[place] = state
                change = self._change(place)
                self._changes[place].append(change)
                news.append((self._wiring.wires[place].name, change))
        return news

    def diaries(self) -> Iterable[Diary]:
        """What every drive went through so far."""
        for wire, drive, changes in zip(self._wiring.wires, self.drives.drives, self._changes, strict=True):
            title = f"{wire.model.title}, {wire.model.dialect.name}"
            yield Diary(wire.name, title, drive.silence, drive.heard, drive.following, tuple(changes))

    def close(self) -> None:
        """Leave the buses."""
        links, self._links = self._links, {}
        for link in links.values():
            link.shutdown()

    def _change(self, place: int) -> Change:
        drive = self.drives.drives[place]
        return Change(self.drives.time, drive.power, drive.fault, drive.following)


def _state(drive: Firmware) -> tuple[Power, Fault, bool, bool]:
    """What counts as a change: power, fault, and whether there is stiffness and damping at all."""
    following = drive.following
    return drive.power, drive.fault, following.stiffness > 0.0, following.damping > 0.0
