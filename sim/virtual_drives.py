"""Virtual drives: firmware behind CAN buses, whose torque laws move the joints of a world that hears frames alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import can
import numpy as np
from numpy.typing import NDArray

from robot import RobotModel
from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import DriveEnd
from robot.drivers.dialect import DriveModel
from robot.drivers.factory import end_of
from robot.drivers.frame import CanFrame
from robot.drivers.frame_time import BitRates
from robot.wiring import CanBus, Wiring
from sim.can_medium import CanMedium, CanTiming, Traffic
from sim.drive_faults import DriveFault, DriveFaults
from sim.drive_law import DriveLaw
from sim.firmware import Feeling, Firmware
from sim.frame_faults import FrameFaults
from sim.shafts import Shafts
from sim.supply_guard import SupplyGuard
from sim.winding import Windings

Array = NDArray[np.float64]

_STIFF, _FED = 0.5, 0.02
"""Stiffness [Nm/rad], and share of the torque limit, that are more than what frames make of zero."""


@dataclass(frozen=True, slots=True)
class VirtualDriveSettings:
    """What virtual drives are told.

    Attributes:
        wiring: How they really are wired.
        timing: What takes time on the buses.
        faults: What goes wrong with frames; None for nothing.
        preparation: For how long the drives have power before the world begins [s].
        troubles: What goes wrong with the drives.
        babbling: On which bus there is a babbling node, from and to [s].
    """

    wiring: Wiring
    timing: CanTiming
    faults: FrameFaults | None
    preparation: float
    troubles: tuple[DriveFault, ...] = ()
    babbling: tuple[tuple[str, float, float], ...] = ()


class VirtualDrives:
    """All drives of a body at the other end of their buses; a :class:`sim.joint_drives.JointDrives`.

    In each step of the physics the buses go on by that step. A set-point that arrives in it is in force from the next
    step on; a reply tells what the drive measured at the step's beginning. So nothing is earlier than it could be, and
    at most one step later.

    Before time zero the drives have power and the world stands still: they can be asked, set and switched on.
    """

    def __init__(
        self,
        model: RobotModel,
        settings: VirtualDriveSettings,
        links: Mapping[str, can.BusABC],
        *,
        step: float,
        period: float,
        noise_scale: float,
        strength: float,
        rng: np.random.Generator,
    ) -> None:
        """Put drives on buses.

        Args:
            model: The body as it really is.
            settings: How they are wired, and what takes time.
            links: The drives' end of each bus, open; who gives them closes them.
            step: Of the physics [s].
            period: Of control [s].
            noise_scale: Factor on what is random in the drives [1].
            strength: Mean of the true torque constants over the nominal ones [1].
            rng: Where that comes from.
        """
        wiring = settings.wiring
        self._shafts = Shafts(wiring)
        limits, table = self._shafts.limits(model.limits), self._shafts.table(model.drives)
        self._law = DriveLaw(limits, table, step, period, noise_scale, rng, strength)
        self._dt, self._steps_per_tick = step, round(period / step)
        self._step = -round(settings.preparation / step)
        self._joints = np.zeros((2, model.size))
        self._told_torque, self._warmth = np.zeros(model.size), self._law.windings.winding
        self._links = dict(links)
        self.drives = [
            Firmware(
                partial(_end, wiring.bus(wire.bus), wire.id, wire.reply_id), wire.model, float(table.derating_end[i])
            )
            for i, wire in enumerate(wiring.wires)
        ]
        """The firmware of each drive, in the order of the wires."""
        self._feel = [partial(self._feeling, place) for place in range(model.size)]
        self._guards = {
            bus.name: SupplyGuard(bus.supply_guard, [self.drives[place] for place in wiring.on(bus.name)])
            for bus in wiring.buses
            if bus.supply_guard is not None
        }
        self._media = [self._medium(bus, settings) for bus in wiring.buses]
        self._troubles = DriveFaults(settings.troubles, self.drives, self._law.windings) if settings.troubles else None
        self._effort = limits.effort
        self._linked = np.zeros(model.size, dtype=np.bool_)
        for mounted in wiring.linkages:
            self._linked[[mounted.pitch, mounted.roll]] = True
        self._asked, self.switch_on_step = np.zeros(model.size), 0.0
        """Greatest change of a drive's torque within a step before the world began, over the drive's limit [1]."""
        self.saturated = 0

    def _medium(self, bus: CanBus, settings: VirtualDriveSettings) -> CanMedium:
        """One bus, its drives knowing what they must for their frames to mean what the wiring file says."""
        wiring = settings.wiring
        listeners: dict[int, list[int]] = {}
        for place, codec in zip(wiring.on(bus.name), wiring.codecs(bus.name), strict=True):
            self.drives[place].keep({name: setting.expected for name, setting in codec.settings.items()})
            for arbitration in codec.ids:
                listeners.setdefault(arbitration, []).append(place)
        rates = BitRates(bus.bitrate, bus.data_bitrate or bus.bitrate)
        link, everybody = self._links[bus.name], list(wiring.on(bus.name))
        babbling = [(begin, end) for name, begin, end in settings.babbling if name == bus.name]
        hear, tell = self._listening(bus, listeners, everybody), _telling(link)
        return CanMedium(bus.name, rates, settings.timing, hear, tell, settings.faults, babbling)

    def _listening(
        self, bus: CanBus, listeners: Mapping[int, list[int]], everybody: list[int]
    ) -> Callable[[CanFrame, float], Iterable[CanFrame]]:
        guard = self._guards.get(bus.name)

        def hear(frame: CanFrame, time: float) -> list[CanFrame]:
            if guard is not None and frame.id in listeners:
                guard.hear(time)
            places = listeners.get(frame.id, everybody)
            return [reply for i in places for reply in self.drives[i].hear(frame, time, self._feel[i])]

        return hear

    @property
    def time(self) -> float:
        """Time at which the next step begins [s]; below zero before the world does."""
        return self._step * self._dt

    @property
    def windings(self) -> Windings:
        """How warm the drives are."""
        return self._law.windings

    @property
    def derated(self) -> int:
        """Number of drives that are too warm for their full torque."""
        return self._law.derated

    @property
    def pushing(self) -> list[int]:
        """Places of the drives that do more than resist motion: they hold a pose, or are fed a torque.

        A damped linkage is fed a torque as well (`robot.wiring.WiredBody`); there stiffness alone tells.
        """
        _, _, torque, stiffness, _ = self._law.command
        fed = (np.abs(torque) > _FED * self._effort) & ~self._linked
        return [int(place) for place in np.flatnonzero((stiffness > _STIFF) | fed)]

    def host_is_off(self, bus: str) -> bool:
        """Whether the host's controller on a bus is bus-off."""
        return any(medium.host_is_off(self.time) for medium in self._media if medium.name == bus)

    @property
    def traffic(self) -> dict[str, Traffic]:
        """What has gone over each bus."""
        return {medium.name: medium.traffic for medium in self._media}

    def start(self, motion: Array) -> None:
        """Begin with joints at positions [rad] and velocities [rad/s], shape (2, n)."""
        self._joints[:] = motion
        self._law.start(self._shafts.motion(motion))

    def wait(self) -> None:
        """Let a control period pass before time zero: the buses go on, the world does not."""
        for _ in range(self._steps_per_tick):
            self._go_on()
            self._obey()
            asked = self._law.asked()
            step = float(np.max(np.abs(asked - self._asked) / self._effort))
            self.switch_on_step, self._asked = max(self.switch_on_step, step), asked

    def miss(self) -> None:
        """Miss all frames that wait, as if nobody had been there while they were sent."""
        for medium in self._media:
            link = self._links[medium.name]
            while link.recv(0.0) is not None:
                pass
            medium.clear()

    def torque(self, velocity: Array) -> Array:
        """Mean torque on the joints over the step that begins, shape (n,) [Nm], their velocities being these [rad/s].

        The next call writes it anew.
        """
        self._obey()
        self._joints[1] = velocity
        shafts = self._shafts.motion(self._joints)
        torque = self._law.torque(shafts[1])
        self.saturated = self._law.saturated
        self._go_on()
        return self._shafts.joint_torque(torque)

    def measure(self, position: Array) -> Array:
        """Read the encoders at the end of a step, the joints being at these positions, shape (n,) [rad].

        Returns:
            Positions [rad] and velocities [rad/s] of the shafts as measured, shape (2, n).
        """
        self._joints[0] = position
        self._told_torque = self._law.current_torque()
        measured = self._law.measure(self._shafts.motion(self._joints)[0])
        if self._troubles is not None:
            self._troubles.spoil(measured)
        return measured

    def warm(self) -> None:
        """Give the windings the heat of the steps since the last call, which are one control period."""
        self._law.warm()
        self._warmth = self._law.windings.winding

    def _go_on(self) -> None:
        """Let the buses and the firmware go on by one step."""
        now = self.time
        self._step += 1
        end = self.time
        if self._troubles is not None:
            self._troubles.pass_to(now, self._law.measured)
        for medium in self._media:
            link = self._links[medium.name]
            while (message := link.recv(0.0)) is not None:
                frame = from_message(message)
                if frame is not None:
                    medium.send(frame, now)
            medium.run(end)
        for guard in self._guards.values():
            guard.watch(end)
        for drive, feel in zip(self.drives, self._feel, strict=True):
            drive.watch(end, feel)

    def _obey(self) -> None:
        """Bring into force what has arrived."""
        for place, drive in enumerate(self.drives):
            if drive.changed:
                drive.changed = False
                self._law.command[:, place] = drive.following
                self._law.cap(place, drive.torque_cap)

    def _feeling(self, place: int) -> Feeling:
        measured = self._law.measured
        return Feeling(
            float(measured[0, place]),
            float(measured[1, place]),
            float(self._told_torque[place]),
            float(self._warmth[place]),
        )


def _end(bus: CanBus, drive: int, reply_id: int | None, model: DriveModel) -> DriveEnd:
    return end_of(model, drive, host=bus.host, reply_id=reply_id, fd=bus.fd)


def _telling(link: can.BusABC) -> Callable[[CanFrame, float], None]:
    def tell(frame: CanFrame, time: float) -> None:
        message = to_message(frame)
        message.timestamp = time
        link.send(message)

    return tell
