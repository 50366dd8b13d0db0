"""The simulation at the other end of CAN buses: the bus of a robot, before a world that hears its frames alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Generic, TypeVar

import can
import numpy as np
from can.interfaces.virtual import VirtualBus

from robot import Exchange, JointCommand, RobotModel, RobotState
from robot.bus import ManagedBus
from robot.can_bus import DriveBus
from robot.wiring import CanBus, Wiring
from sim.bus_ends import BusEnds
from sim.can_medium import CanTiming
from sim.drive_faults import DriveFault
from sim.frame_faults import FrameFaults
from sim.robot_world import Mount, RobotWorld, RobotWorldSettings
from sim.virtual_drives import VirtualDrives, VirtualDriveSettings

T = TypeVar("T")
W = TypeVar("W", bound=RobotWorld)

PREPARATION = 0.2
"""Time before time zero in which the drives are set and switched on [s]."""
_OPENED = count()


class CanSimBus(ManagedBus, Generic[W]):
    """A bus whose other end are virtual drives in a simulated world; all that goes between is frames of python-can.

    When it is opened the world stands still at first, while drives are looked at, switched on and given the first
    command. Then time zero comes, and from there on time passes in exchanges alone.

    Without a first command `open` leaves the drives off, and the world stands still until the preparation is over:
    that time is for a supervised bus, which switches them on by exchanges. For that this is a
    :class:`robot.safety.DriveSwitch` too.
    """

    def __init__(
        self,
        build: Callable[[Mount], W],
        model: RobotModel,
        first: JointCommand | None,
        wiring: Wiring,
        period: float,
        *,
        timing: CanTiming | None = None,
        faults: Callable[[], FrameFaults] | None = None,
        truly_wired: Wiring | None = None,
        preparation: float = PREPARATION,
        troubles: tuple[DriveFault, ...] = (),
        babbling: tuple[tuple[str, float, float], ...] = (),
        frozen: tuple[tuple[str, float, float], ...] = (),
    ) -> None:
        """Make a bus.

        Args:
            build: Builds the world anew at every opening, with what mounts its drives.
            model: The body, as the controller knows it.
            first: What the drives follow until time zero; None leaves them off.
            wiring: Which drive is where, as the host knows it.
            period: Control period [s].
            timing: What takes time on the buses.
            faults: Makes what goes wrong with frames, anew at every opening.
            truly_wired: How the drives really are wired, where that differs.
            preparation: Time before time zero [s].
            troubles: What goes wrong with the drives.
            babbling: On which bus there is a babbling node, from and to [s].
            frozen: Which IMU, pelvis or torso, goes on saying the same, from and to [s].
        """
        self._build, self._model, self._first = build, model, first
        self._wiring, self._period = wiring, period
        self._timing, self._faults = timing or CanTiming(), faults
        self._truly_wired = truly_wired or wiring
        self._preparation, self._troubles, self._babbling, self._frozen = preparation, troubles, babbling, frozen
        self._ends: BusEnds | None = None
        self._links: list[can.BusABC] = []
        self._world: W | None = None
        self._drives: VirtualDrives | None = None
        self._bus: DriveBus | None = None

    @property
    def world(self) -> W:
        """The world behind the bus.

        Raises:
            RuntimeError: The bus is not open.
        """
        return _opened(self._world)

    @property
    def drives(self) -> VirtualDrives:
        """The drives at the other end.

        Raises:
            RuntimeError: The bus is not open.
        """
        return _opened(self._drives)

    @property
    def host(self) -> DriveBus:
        """The bus of the robot's host.

        Raises:
            RuntimeError: The bus is not open.
        """
        return _opened(self._bus)

    def open(self) -> RobotState:
        """Build the world, switch its drives on, and return the state at time zero.

        Raises:
            ValueError: A drive does not reply, is on too late, or is set otherwise than the dialect file says.
        """
        self.close()
        channel = f"draisine-{next(_OPENED)}-{{}}"
        try:
            links = {}
            for bus in self._truly_wired.buses:
                links[bus.name] = _link(bus, channel.format(bus.name))
                self._links.append(links[bus.name])
            settings = VirtualDriveSettings(
                self._truly_wired, self._timing, self._faults() if self._faults else None, self._preparation,
                self._troubles, self._babbling,
            )  # fmt: skip

            def mount(model: RobotModel, world: RobotWorldSettings, rng: np.random.Generator) -> VirtualDrives:
                self._drives = VirtualDrives(
                    model, settings, links, step=world.physics.step, period=world.period,
                    noise_scale=world.drive_noise, strength=world.motor_strength, rng=rng,
                )  # fmt: skip
                return self._drives

            world = self._world = self._build(mount)
            ends = self._ends = BusEnds(world, self.drives, self._period, self._frozen)
            host = self._bus = DriveBus(
                self._wiring, lambda bus: self._host_link(bus, channel.format(bus.name)), ends, ends,
                period=self._period, stop_damping=self._model.drives.damping, first=self._first,
            )  # fmt: skip
            state = host.open()
            if self._first is None:
                return state
            if self.drives.time > -0.5 * self._period:
                raise ValueError(
                    f"the drives are not on {self._preparation} s after they were asked: too many frames are lost"
                )
            while self.drives.time < -0.5 * self._period:
                state = host.exchange(self._first).state
        except BaseException:
            self.close()
            raise
        return state

    def exchange(self, command: JointCommand) -> Exchange:
        """Send a command in frames, let one control period of the world pass, and return what came back.

        Raises:
            ValueError: An array of the command has the wrong shape, or a number is not finite.
            RuntimeError: The bus is not open.
        """
        return self.host.exchange(command)

    def enable(self) -> None:
        """Ask every drive to close its loop."""
        self.host.enable()

    def disable(self) -> None:
        """Ask every drive to open its loop."""
        self.host.disable()

    def clear(self) -> None:
        """Ask every drive to clear its faults."""
        self.host.clear()

    def now(self) -> float:
        """Time of the host's clock [s]; the beginning while the bus is closed."""
        return -self._preparation if self._drives is None else self._drives.time

    def pass_period(self) -> None:
        """Let a control period pass in which the host does nothing.

        Raises:
            RuntimeError: The bus is not open.
        """
        ends = _opened(self._ends)
        ends.wait_until(ends.now() + self._period)

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again."""
        if self._bus is not None:
            self._bus.stop()

    def close(self) -> None:
        """Leave the world; closing twice does nothing."""
        bus, world, links = self._bus, self._world, self._links
        self._bus, self._world, self._drives, self._links, self._ends = None, None, None, [], None
        if bus is not None:
            bus.close()
        for link in links:
            with suppress(can.CanError):
                link.shutdown()
        if world is not None:
            world.close()

    def _host_link(self, bus: CanBus, channel: str) -> can.BusABC:
        return _HostLink(bus, channel, lambda: self._drives is not None and self._drives.host_is_off(bus.name))


class _HostLink(VirtualBus):
    """The host's end of a bus, which takes nothing while its controller is bus-off."""

    def __init__(self, bus: CanBus, channel: str, off: Callable[[], bool]) -> None:
        self._off = off
        super().__init__(channel, protocol=_protocol(bus), preserve_timestamps=True)

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        if self._off():
            raise can.CanOperationError("the controller is bus-off")
        super().send(msg, timeout)


def _link(bus: CanBus, channel: str) -> can.BusABC:
    """One end of a bus within this process; messages keep the simulated time as their stamp."""
    return can.Bus(channel, interface="virtual", protocol=_protocol(bus), preserve_timestamps=True)


def _protocol(bus: CanBus) -> can.CanProtocol:
    return can.CanProtocol.CAN_FD if bus.fd else can.CanProtocol.CAN_20


def _opened(part: T | None) -> T:
    """A part that is there while the bus is open.

    Raises:
        RuntimeError: It is not.
    """
    if part is None:
        raise RuntimeError("the simulated CAN bus is closed: open it first")
    return part
