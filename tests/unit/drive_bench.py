"""Virtual drives with the tools for them at the other end of the bus, in time that passes when somebody waits for it.

Drives of the wiring file that is given, their firmware, torque laws, buses and frames are those of the simulation. Each
joint is an inertia that carries a load; time goes on by steps while a tool waits for a frame or for its clock.
"""

from contextlib import ExitStack
from functools import lru_cache

import can
import numpy as np
import pytest
from can.interfaces.virtual import VirtualBus

from robot.drivers.can_message import from_message
from robot.wiring import parse
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives import tools
from scenarios.drives.endings import held
from scenarios.drives.link import Clock
from scenarios.wiring import WIRING
from sim.can_medium import CanTiming
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

MODEL = load_robot()
HEAD = "head_yaw_joint"
STEP = 0.001
INERTIA = 0.05


def wiring_with(model, *, fd=True, **more):
    """The robot's wiring file with the head's yaw on a bus of its own, by a drive of this model."""
    text = WIRING.read_text(encoding="utf-8")
    before, _, after = text.partition(f'[[drive]]\njoint = "{HEAD}"\n')
    rest = after.partition("\n[[drive]]")
    lines = {"model": f'"{model}"', "bus": '"bench"', "id": "9", "direction": "1", **more}
    drive = "\n".join(f"{key} = {value}" for key, value in lines.items())
    data = "data_bitrate = 5_000_000\n" if fd else ""
    bus = (
        f'[[bus]]\nname = "bench"\ninterface = "virtual"\nchannel = "bench"\nfd = {str(fd).lower()}\n'
        f"bitrate = 1_000_000\n{data}\n"
    )
    return f'{before}{bus}[[drive]]\njoint = "{HEAD}"\n{drive}\n{rest[1]}{rest[2]}'


@lru_cache
def _wiring(text):
    return parse(text, MODEL, load_drive_models())


class SteppedBus(VirtualBus):
    """The tools' end of a bus: to wait for a frame lets the bench go on."""

    def __init__(self, bench, channel):
        super().__init__(channel, protocol=can.CanProtocol.CAN_FD)
        self.bench = bench

    def recv(self, timeout=None):
        self.bench.fail()
        end = self.bench.now() + (timeout or 0.0)
        while (message := super().recv(0.0)) is None and self.bench.now() < end:
            self.bench.step()
        return message

    def send(self, msg, timeout=None):
        self.bench.fail()
        self.bench.full()
        self.bench.sent.append(msg)
        super().send(msg, timeout)


class Bench:
    """All drives of the robot as `text` wires them; the named joint moves, the others are held.

    Attributes:
        load: On the joint, which it takes to its stop in the end [Nm].
        stuck: Whether the joint is held too.
        backwards: Whether the drive's torque goes the other way.
        at: What happens at which time [s].
        failure: What the bus raises whatever is asked of it.
        refusals: How many frames the bus has no room for.
        sent: What the tools sent.
        torques: Of the drive, in each step [Nm].
        fastest: How fast the joint ever was [rad/s].
        span: Where it ever was [rad].
    """

    def __init__(self, text, name, joint=HEAD, truly=None):
        self.stack, self.name, self.patch = ExitStack(), name, pytest.MonkeyPatch()
        wiring = _wiring(truly or text)
        links = {bus.name: self.link(bus.name) for bus in wiring.buses}
        self.drives = VirtualDrives(
            MODEL, VirtualDriveSettings(wiring, CanTiming(host=0.0), None, 0.0), links, step=STEP, period=2.0 * STEP,
            noise_scale=0.0, strength=1.0, rng=np.random.default_rng(0),
        )  # fmt: skip
        self.place = MODEL.index(joint)
        self.wire = wiring.wires[self.place]
        self.motion = np.zeros((2, MODEL.size))
        self.motion[0, self.place] = 0.2
        self.drives.start(self.motion)
        self.stops = float(MODEL.limits.lower[self.place]), float(MODEL.limits.upper[self.place])
        self.fastest, self.span = 0.0, (0.2, 0.2)
        self.load, self.stuck, self.failure, self.refusals, self.backwards = 0.0, False, None, 0, False
        self.at, self.sent, self.torques, self.steps = {}, [], [], 0

    def link(self, bus):
        link = VirtualBus(f"{self.name}-{bus}", protocol=can.CanProtocol.CAN_FD, preserve_timestamps=True)
        self.stack.callback(link.shutdown)
        return link

    def __enter__(self):
        self.patch.setattr(tools, "CLOCK", self.clock)
        self.patch.setattr(tools, "open_bus", self.open)
        return self

    def __exit__(self, *_):
        self.patch.undo()
        self.stack.close()

    @property
    def clock(self):
        return Clock(self.now, self.wait)

    def open(self, settings):
        return SteppedBus(self, f"{self.name}-{settings.name}")

    def now(self):
        return self.drives.time

    def wait(self, duration):
        end = self.now() + duration
        while self.now() < end - 1e-9:
            with held():
                self.step()

    def step(self):
        for time in [time for time in self.at if time <= self.now()]:
            self.at.pop(time)()
        position, velocity = self.motion
        torque = float(self.drives.torque(velocity)[self.place])
        self.torques.append(torque)
        if not self.stuck:
            velocity[self.place] += STEP * (self.load + (-torque if self.backwards else torque)) / INERTIA
            position[self.place] += STEP * velocity[self.place]
            if not self.stops[0] <= position[self.place] <= self.stops[1]:
                position[self.place] = min(max(position[self.place], self.stops[0]), self.stops[1])
                velocity[self.place] = 0.0
        self.fastest = max(self.fastest, abs(float(velocity[self.place])))
        self.span = min(self.span[0], self.position), max(self.span[1], self.position)
        self.drives.measure(position)
        self.steps += 1
        if self.steps % 2 == 0:
            self.drives.warm()

    def fail(self):
        if self.failure is not None:
            raise self.failure

    def full(self):
        if self.refusals:
            self.refusals -= 1
            raise can.CanOperationError("Transmit buffer full")

    def heard(self):
        """What the tools asked of the drive."""
        return [one for message in self.sent if (one := self.drive._end.heard(from_message(message))) is not None]

    def break_down(self):
        """Let the drive's supply go: it hears nothing and makes no torque."""
        self.drive._follow(self.drive._setpoint._replace(stiffness=0.0, damping=0.0, torque=0.0))
        self.drive.hear = lambda *_: ()

    def warm_up(self, temperature):
        """Give the windings a temperature [°C]."""
        windings = self.drives.windings
        windings.preheat(np.full(MODEL.size, temperature), windings.housing)

    @property
    def drive(self):
        """The firmware of the joint's drive."""
        return self.drives.drives[self.place]

    @property
    def position(self):
        """Of the joint [rad]."""
        return float(self.motion[0, self.place])
