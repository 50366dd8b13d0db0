"""What `draisine bench loop` runs: the standing controller and every layer below it, with drives that cost no time."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from math import inf

import can
import numpy as np
from numpy.typing import NDArray

from controllers.balance.controller import BalanceController
from controllers.balance.goal import Goal
from robot import RobotModel, RobotState
from robot.body_senses import BodySenses
from robot.can_bus import DriveBus
from robot.drivers import DriveReply, DriveSetpoint, Fault, Power
from robot.drivers.can_message import to_message
from robot.drivers.factory import end_of
from robot.safety.supervised_bus import SupervisedBus
from robot.wiring import CanBus, JointReadings, WiredBody, Wiring
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.foot_assembly import state_at_rest
from scenarios.foot_body import load_foot_body
from scenarios.foot_start import stand
from scenarios.realtime.bring_up import DONE, BringUp
from scenarios.realtime.control_loop import ControlLoop
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.realtime.timer import SystemTimer
from scenarios.safety import guarded, patient, supervision
from scenarios.wiring import load_wiring
from sim.can_medium import CanTiming
from sim.ground import Ground
from sim.held_joints import HeldJoints
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

Array = NDArray[np.float64]

_STEPS = 2
"""Steps of the virtual drives in a period."""
_PATIENCE = 10.0
"""What a machine that others use as well may stand still without an end of the measurement [s]."""


class LoopRig:
    """A robot that stands, held where it is, on virtual buses of one process.

    Its drives are awake only while the loop sleeps, so what they cost is in no part of a tick. While modes change they
    are virtual drives; after that each command gets the bytes that its drive replies when it is on and stands still.
    """

    def __init__(self, name: str, *, paced: bool = True) -> None:
        """Put it together; nothing is opened yet.

        Args:
            name: Of the buses.
            paced: Whether a period takes its time; else time jumps to its end, for long runs in short time.
        """
        robot = load_foot_body(None)
        self.model = model = robot.model
        self.wiring = load_wiring(model)
        self._name = name
        controller = BalanceController(model, robot.body, (Goal(inf),), CONTROL_PERIOD)
        start = stand(model, controller.standing, 0.0, Ground(), robot.body.frames)
        self.links = {bus.name: self.link(bus) for bus in self.wiring.buses}
        self.drives = Answering(model, self.wiring, self.links, start.joint_position)
        self.clock = MonotonicClock(RigTimer(self.drives, paced=paced))
        host = DriveBus(
            self.wiring, self.link, Senses(state_at_rest(model, robot.body, start)), self.clock,
            period=CONTROL_PERIOD, stop_damping=model.drives.damping,
        )  # fmt: skip
        settings = supervision(model, CONTROL_PERIOD, tuple(wire.bus for wire in self.wiring.wires))
        self.bus = SupervisedBus(guarded(host, model), patient(settings, _PATIENCE), switch=host, clock=self.clock.now)
        self._controller = controller

    def link(self, bus: CanBus) -> can.BusABC:
        """One end of a bus."""
        return can.Bus(f"{self._name}-{bus.name}", interface="virtual", protocol=can.CanProtocol.CAN_FD)

    def bring_up(self, warm_up: int) -> RobotState:
        """Open the buses and go on until the controller commands, and for some more ticks, after which caches are full.

        Args:
            warm_up: Number of those ticks.

        Raises:
            RuntimeError: A mode is refused, or something stands against it.
        """
        up = BringUp(self.bus, 5)
        state = self.loop(1).run(self.bus.open(), None, up)
        if up.why != DONE:
            raise RuntimeError(f"the loop does not come up: {up.why}")
        self.drives.prepared = True
        gc.collect()
        return self.loop(1).run(state, warm_up)

    def loop(self, kept: int) -> ControlLoop:
        """The loop, with a recorder that keeps so many ticks."""
        recorder = FlightRecorder(kept, self.model.size)
        return ControlLoop(self._controller, self.bus, self.clock, CONTROL_PERIOD, recorder)

    def close(self) -> None:
        """Leave it; closing twice does nothing."""
        self.drives.prepared = False
        self.bus.stop()
        self.bus.close()
        for link in self.links.values():
            link.shutdown()


class Senses:
    """IMUs and localisation of a robot that stands still."""

    def __init__(self, state: RobotState) -> None:
        """Say always what a state says."""
        self._senses = BodySenses(state.pelvis_imu, state.torso_imu, state.localization)

    def read(self, time: float) -> BodySenses:
        """What they say."""
        return self._senses


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
