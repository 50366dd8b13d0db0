"""Drives in one process, a controller in another: the controller is killed, and the drives are asked what they did."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import sleep

import numpy as np
from rich.table import Table

from controllers.controller import Controller
from robot import JointCommand, RobotModel, RobotState
from robot.body_senses import BodySenses
from robot.can_bus import DriveBus
from robot.state import ImuReading
from scenarios.committed import load_robot
from scenarios.drives.abandoned import Abandoned, judge
from scenarios.drives.asked import Asked
from scenarios.drives.child import Child
from scenarios.drives.drive_process import Account, keep_drives
from scenarios.drives.harmless import for_virtual_drives
from scenarios.drives.link import open_bus
from scenarios.drives.rewiring import rewired
from scenarios.errors import BadInput
from scenarios.realtime.control_loop import ControlLoop
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.safety import guarded

_AWAY = 0.05
"""How far from where the joints are held they are asked to be, so that drives that follow push [rad]."""
_BEFORE, _AFTER = 0.5, 1.0
"""How long the controller commands, and how long the drives are watched after its end [s]."""


@dataclass(frozen=True, slots=True)
class Abandonment:
    """What was seen.

    Attributes:
        drives: One by one.
        signal: What the controller's process ended by.
        lost: Time for which the drives' process was not let run [s].
    """

    drives: tuple[Abandoned, ...]
    signal: int
    lost: float

    @property
    def fine(self) -> bool:
        """Whether every drive did what its dialect says, and was fed no more."""
        return all(drive.fine for drive in self.drives)


def abandon(asked: Asked, period: float) -> Abandonment:
    """Start both processes, kill the controller without warning, and hear what the drives did.

    Args:
        asked: Wiring and interface, which must reach from process to process; all buses.
        period: Of the controller [s].

    Raises:
        BadInput: A process does not come up, or the buses are not those; the message says why.
    """
    if asked.bus is not None or asked.channel is not None:
        raise BadInput("the controller commands the whole body: leave out --bus and --channel")
    if any(bus.interface == "virtual" for bus in for_virtual_drives(asked).buses):
        raise BadInput("interface 'virtual' ends with its process; name another, as --interface udp_multicast")
    with Child(keep_drives, asked, None, None) as drives:
        drives.expect("ready")
        with Child(_command, asked, period) as controller:
            controller.expect("commands")
            sleep(_BEFORE)
            killed, ended_by = controller.kill()
        sleep(_AFTER)
        account = drives.ask(killed)
        if not isinstance(account, Account):
            raise BadInput(str(account))
    found = tuple(judge(diary, account.killed, account.end) for diary in account.diaries)
    return Abandonment(found, ended_by, account.lost)


def table_of(seen: Abandonment) -> Table:
    """What was seen, for a terminal."""
    table = Table("drive", "model", "its dialect says", "it did", "commanded still", "")
    for drive in seen.drives:
        fed, verdict = ("YES" if drive.fed else "no"), ("as it says" if drive.fine else "OTHERWISE")
        table.add_row(drive.name, drive.model, drive.expected, drive.seen, fed, verdict)
    return table


def _command(asked: Asked, period: float, pipe: Connection) -> None:
    """The process of the controller: it commands until it is killed."""
    model, wiring, clock = load_robot(), rewired(asked), MonotonicClock()
    hold = Hold(model)
    bus = DriveBus(
        wiring, open_bus, Level(), clock, period=period, stop_damping=model.drives.damping, first=hold.command(0.0)
    )
    loop = ControlLoop(hold, guarded(bus, model), clock, period, FlightRecorder(1, model.size))
    try:
        loop.open_and_run(go_on=_Telling(pipe, round(_BEFORE / period)))
    except (ValueError, BadInput) as error:
        pipe.send(error)


class _Telling:
    """Says once that the controller commands; ends it when nobody listens any more."""

    def __init__(self, pipe: Connection, after: int) -> None:
        self._pipe, self._left = pipe, after

    def __call__(self, state: RobotState) -> bool:
        self._left -= 1
        if self._left == 0:
            self._pipe.send("commands")
        return not self._pipe.poll()


class Hold(Controller):
    """Asks all joints to be a little away from zero, within their limits, with the stiffness of standing at ease."""

    def __init__(self, model: RobotModel) -> None:
        """Set up for a body."""
        self._drives, self._zero = model.drives, np.zeros(model.size)
        self._position = np.clip(np.full(model.size, _AWAY), model.limits.lower, model.limits.upper)

    def reset(self, state: RobotState) -> None:
        """Forget nothing: there is nothing."""

    def step(self, state: RobotState) -> JointCommand:
        """The same command for every state."""
        return self.command(state.time)

    def command(self, time: float) -> JointCommand:
        """It for a time [s]."""
        zero, drives = self._zero, self._drives
        return JointCommand(time, self._position, zero, zero, drives.stiffness, drives.damping)


class Level:
    """IMUs of a body that hangs still and level; no localisation."""

    def __init__(self) -> None:
        """Make both."""
        level = ImuReading(np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3), np.array((0.0, 0.0, 9.81)))
        self._senses = BodySenses(level, level, None)

    def read(self, time: float) -> BodySenses:
        """What they say."""
        return self._senses
