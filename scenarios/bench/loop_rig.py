"""The drives of `draisine bench loop`: on virtual buses where they cost no time, or in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import can
import numpy as np
from numpy.typing import NDArray

from robot import RobotModel
from robot.drivers import DriveReply, DriveSetpoint, Fault, Power
from robot.drivers.can_message import to_message
from robot.drivers.factory import end_of
from robot.wiring import CanBus, JointReadings, WiredBody, Wiring
from scenarios.bench.loop_host import LoopHost, Standing
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.drives.asked import Asked
from scenarios.drives.child import Child
from scenarios.drives.drive_process import keep_drives
from scenarios.drives.harmless import for_virtual_drives
from scenarios.drives.link import open_bus
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.realtime.timer import SystemTimer
from scenarios.wiring import load_wiring
from sim.can_medium import CanTiming
from sim.held_joints import HeldJoints
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

Array = NDArray[np.float64]

_STEPS = 2
"""Steps of the virtual drives in a period."""


class LoopRig(Protocol):
    """A host, and drives at the other end of its buses."""

    @property
    def host(self) -> LoopHost:
        """The host."""
        ...

    def all_on(self) -> None:
        """Be told that all drives are on and the controller commands."""
        ...

    def close(self) -> None:
        """Leave it; closing twice does nothing."""
        ...


class VirtualRig:
    """Host and drives in one process, on virtual buses.

    The drives are awake only while the loop sleeps, so what they cost is in no part of a tick. While modes change they
    are virtual drives; after that each command gets the bytes that its drive replies when it is on and stands still.
    """

    def __init__(self, name: str, *, paced: bool = True) -> None:
        """Put it together; nothing is opened yet.

        Args:
            name: Of the buses.
            paced: Whether a period takes its time; else time jumps to its end, for long runs in short time.
        """
        standing = Standing.at_ease()
        wiring = load_wiring(standing.model)
        self._name = name
        self._links = {bus.name: self._link(bus) for bus in wiring.buses}
        self._drives = Answering(standing.model, wiring, self._links, standing.state.joint_position)
        clock = MonotonicClock(RigTimer(self._drives, paced=paced))
        self._host = LoopHost(standing, wiring, self._link, clock)

    @property
    def host(self) -> LoopHost:
        """The host."""
        return self._host

    def all_on(self) -> None:
        """Let the drives answer with prepared frames from now on."""
        self._drives.prepared = True

    def close(self) -> None:
        """Leave it; closing twice does nothing."""
        self._drives.prepared = False
        self._host.close()
        for link in self._links.values():
            link.shutdown()

    def _link(self, bus: CanBus) -> can.BusABC:
        return can.Bus(f"{self._name}-{bus.name}", interface="virtual", protocol=can.CanProtocol.CAN_FD)


class UdpRig:
    """The host here, and the drives in a process of their own, on real sockets of this machine."""

    def __init__(self, asked: Asked, priority: int | None) -> None:
        """Start the drives.

        Args:
            asked: Wiring and interface.
            priority: Of SCHED_FIFO for the drives' process; None for the ordinary scheduler.

        Raises:
            BadInput: They do not come up; the message says why.
        """
        standing = Standing.at_ease()
        self._child = Child(keep_drives, asked, standing.state.joint_position, priority)
        self._host: LoopHost | None = None
        self._child.start()
        try:
            self._child.expect("ready")
            self._host = LoopHost(standing, for_virtual_drives(asked), open_bus, MonotonicClock())
        except BaseException:
            self.close()
            raise

    @property
    def host(self) -> LoopHost:
        """The host."""
        if self._host is None:
            raise RuntimeError("the drives of this rig did not come up")
        return self._host

    def all_on(self) -> None:
        """Go on as before."""

    def close(self) -> None:
        """End both; closing twice does nothing."""
        if self._host is not None:
            self._host.close()
        self._child.close()


class Answering:
    """Drives at the other end, which answer when they are let: first as firmware does, later with prepared frames."""

    def __init__(self, model: RobotModel, wiring: Wiring, links: Mapping[str, can.BusABC], position: Array) -> None:
        """Put drives on the buses, their joints held at positions, shape (n,) [rad]."""
        self._links = dict(links)
        virtual = VirtualDrives(
            model, VirtualDriveSettings(wiring, CanTiming(host=0.0), None, 0.0), self._links,
            step=CONTROL_PERIOD / _STEPS, period=CONTROL_PERIOD, noise_scale=0.0, strength=1.0,
            rng=np.random.default_rng(0),
        )  # fmt: skip
        self._joints = HeldJoints(virtual, position, _STEPS)
        self._prepared = prepared_replies(wiring, position)
        self.prepared = False
        """Whether prepared frames are sent from now on."""

    def answer(self) -> None:
        """Answer what has come."""
        if not self.prepared:
            self._joints.pass_period()
            return
        for bus, link in self._links.items():
            replies = self._prepared[bus]
            while (message := link.recv(0.0)) is not None:
                link.send(replies[message.arbitration_id])


def prepared_replies(wiring: Wiring, position: Array) -> dict[str, dict[int, can.Message]]:
    """What each drive replies when it is on and stands still, by bus and id of its commands.

    Args:
        wiring: Which drive is where.
        position: Of the joints, shape (n,) [rad].
    """
    still = np.zeros_like(position)
    shafts = WiredBody(wiring).drives(JointReadings(position, still, still)).position
    replies: dict[str, dict[int, can.Message]] = {bus.name: {} for bus in wiring.buses}
    for bus in wiring.buses:
        for place, codec in zip(wiring.on(bus.name), wiring.codecs(bus.name), strict=True):
            wire = wiring.wires[place]
            end = end_of(wire.model, wire.id, host=bus.host, reply_id=wire.reply_id, fd=bus.fd)
            state = DriveReply(float(shafts[place]), 0.0, 0.0, Power.ON, Fault.NONE, 0, 30.0, 30.0)
            (command,) = codec.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames
            (reply,) = end.reply(state)
            replies[bus.name][command.id] = to_message(reply)
    return replies


class RigTimer(SystemTimer):
    """The kernel's timer; before it sleeps the drives answer."""

    def __init__(self, drives: Answering, *, paced: bool) -> None:
        """Let these drives answer; without pace time jumps over each sleep."""
        super().__init__()
        self._drives, self._paced, self._jumped = drives, paced, 0

    def monotonic_ns(self) -> int:
        """Time that never goes back [ns]."""
        return super().monotonic_ns() + self._jumped

    def wall_ns(self) -> int:
        """Time of day, which goes on as the other [ns]."""
        return super().wall_ns() + self._jumped

    def sleep_until_ns(self, time: int) -> None:
        """Let the drives answer, and return when the monotonic time is this [ns]."""
        self._drives.answer()
        if self._paced:
            super().sleep_until_ns(time)
        else:
            self._jumped += max(time - self.monotonic_ns(), 0)
