"""Virtual drives on buses of python-can, on a body whose joints somebody holds: no physics, all frames."""

from contextlib import ExitStack

import can
import numpy as np

from robot.body_senses import BodySenses, StillSenses
from robot.can_bus import DriveBus
from robot.state import ImuReading
from sim.can_medium import CanTiming
from sim.held_joints import HeldJoints
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

PERIOD = 0.002
_LEVEL = ImuReading(np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3), np.array((0.0, 0.0, 9.81)))


class HeldBody:
    """Host, buses and drives; waiting lets the drives work against joints that stay where they are."""

    def __init__(
        self, model, wiring, position, *, truly_wired=None, faults=None, first=None, name="held", joints=HeldJoints
    ):
        self.stack, self.name, self.wiring = ExitStack(), name, wiring
        self.senses = StillSenses(BodySenses(_LEVEL, _LEVEL, None))
        true = truly_wired or wiring
        links = {bus.name: self.listen(bus) for bus in true.buses}
        self.sniffers = {bus.name: self.listen(bus) for bus in true.buses}
        settings = VirtualDriveSettings(true, CanTiming(), faults, 0.0)
        self.drives = VirtualDrives(
            model, settings, links, step=0.001, period=PERIOD, noise_scale=0.0, strength=1.0,
            rng=np.random.default_rng(0),
        )  # fmt: skip
        self.joints = joints(self.drives, position, 2)
        self.host = DriveBus(
            wiring, self.link, self, self, period=PERIOD, stop_damping=model.drives.damping, first=first
        )

    def listen(self, bus):
        link = self.link(bus)
        self.stack.callback(link.shutdown)
        return link

    def link(self, bus):
        return can.Bus(
            f"{self.name}-{bus.name}", interface="virtual", protocol=can.CanProtocol.CAN_FD, preserve_timestamps=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.close()
        self.stack.close()

    @property
    def torque(self):
        return self.joints.torque.copy()

    def now(self):
        return self.drives.time

    def wait_until(self, time):
        while self.drives.time < time - 0.5 * PERIOD:
            self.joints.pass_period()

    def time_of(self, stamp):
        return stamp

    def read(self, time):
        return self.senses.read(time)

    def sniffed(self, bus):
        """Messages that went over a bus since somebody last asked."""
        found = []
        while (message := self.sniffers[bus].recv(0.0)) is not None:
            found.append(message)
        return found
