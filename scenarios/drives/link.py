"""Which bus and which drives a tool works on, from the wiring file and the command line; and the bus opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep

import can

from robot.drivers.client import DriveClient
from robot.drivers.codec import DriveCodec
from robot.wiring import CanBus, Wire, Wiring, parse
from robot.wiring.wiring import codecs
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.rewiring import as_asked
from scenarios.errors import BadInput
from scenarios.wiring import WIRING


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive on the bus: its wire, its codec, and whether its coordinate is a motor of a linkage."""

    wire: Wire
    codec: DriveCodec
    linked: bool

    @property
    def title(self) -> str:
        """Name it in a message."""
        return f"{self.wire.name} (drive {self.wire.id}, {self.wire.model.title})"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time [s] and waiting [s], so that tests need none."""

    now: Callable[[], float] = monotonic
    wait: Callable[[float], None] = sleep


def choose(asked: Asked) -> tuple[CanBus, tuple[Drive, ...]]:
    """The bus and its drives.

    Raises:
        BadInput: The file cannot be read or does not fit, the bus is not in it, or the settings do not go together.
    """
    path = asked.wiring or WIRING
    try:
        wiring = parse(path.read_text(encoding="utf-8"), load_robot(), load_drive_models())
        bus = _bus(wiring, asked)
        places = wiring.on(bus.name)
        ends = codecs(bus, [wiring.wires[place] for place in places])
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"wiring file {path}: {error}") from None
    linked = {place for mounted in wiring.linkages for place in (mounted.pitch, mounted.roll)}
    return bus, tuple(Drive(wiring.wires[i], codec, i in linked) for i, codec in zip(places, ends, strict=True))


def pick(drives: Sequence[Drive], name: str) -> Drive:
    """A drive by its name or its id.

    Raises:
        BadInput: It is not on the bus; the message lists those that are.
    """
    for drive in drives:
        if name in (drive.wire.name, str(drive.wire.id)):
            return drive
    known = ", ".join(f"{drive.wire.name} ({drive.wire.id})" for drive in drives)
    raise BadInput(f"there is no drive {name!r} on this bus; there are {known}")


def open_bus(bus: CanBus) -> can.BusABC:
    """Open it; the caller shuts it down.

    Raises:
        BadInput: The interface is not there, or does not take the settings.
    """
    if bus.interface == "udp_multicast":
        return _udp(bus)
    settings: dict[str, object] = {"fd": bus.fd, "bitrate": bus.bitrate}
    if bus.fd:
        settings["data_bitrate"] = bus.data_bitrate
    if bus.interface == "virtual":
        settings = {"protocol": can.CanProtocol.CAN_FD if bus.fd else can.CanProtocol.CAN_20}
    try:
        return can.Bus(bus.channel, interface=bus.interface, **settings)  # type: ignore[arg-type]
    except (can.CanError, OSError, ValueError, TypeError, ImportError, NotImplementedError) as error:
        raise BadInput(
            f"bus {bus.name}: interface {bus.interface!r} with channel {bus.channel!r} does not open: {error}; "
            f"name another with --interface and --channel"
        ) from None


def client_of(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveClient:
    """The host of one drive; frames that wait from before are thrown away."""
    drain(bus)
    return DriveClient(bus, drive.codec, clock.now)


def drain(bus: can.BusABC) -> None:
    """Forget what arrived before, 4096 frames at most: an old reply is no reply."""
    for _ in range(4096):
        if bus.recv(0.0) is None:
            return


def _udp(bus: CanBus) -> can.BusABC:
    try:
        from scenarios.drives.udp_link import UdpLink

        return UdpLink(bus.channel, fd=bus.fd)
    except (can.CanError, OSError, ValueError, ImportError) as error:
        raise BadInput(f"bus {bus.name}: interface 'udp_multicast' does not open: {error}") from None


def _bus(wiring: Wiring, asked: Asked) -> CanBus:
    if asked.bus is None and len(wiring.buses) > 1:
        raise ValueError(f"has several buses; name one with --bus: {', '.join(bus.name for bus in wiring.buses)}")
    return as_asked(wiring, wiring.buses[0] if asked.bus is None else wiring.bus(asked.bus), asked)
