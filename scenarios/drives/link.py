"""Which bus and which drives a tool works on, from the wiring file and the command line; and the bus opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic, sleep

import can

from robot.drivers.client import DriveClient
from robot.drivers.codec import DriveCodec
from robot.wiring import CanBus, Wire, Wiring, parse
from robot.wiring.wiring import codecs
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives.asked import Asked
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
    with _of_file(asked) as wiring:
        bus = _bus(wiring, asked)
        places = wiring.on(bus.name)
        ends = codecs(bus, [wiring.wires[place] for place in places])
    linked = {place for mounted in wiring.linkages for place in (mounted.pitch, mounted.roll)}
    return bus, tuple(Drive(wiring.wires[i], codec, i in linked) for i, codec in zip(places, ends, strict=True))


def rewired(asked: Asked) -> Wiring:
    """The wiring with its buses as the command line has them.

    If it names one bus, the others get interface `virtual`, where nobody hears them.

    Raises:
        BadInput: The file cannot be read or does not fit, the bus is not in it, or the settings do not go together.
    """
    with _of_file(asked) as wiring:
        if asked.bus is None and asked.channel is not None and len(wiring.buses) > 1:
            raise ValueError(f"has several buses, and --channel is of one; name it: {_names(wiring)}")
        chosen = wiring.buses if asked.bus is None else (wiring.bus(asked.bus),)
        buses = tuple(_as_asked(wiring, bus, asked) if bus in chosen else _nowhere(bus) for bus in wiring.buses)
        return replace(wiring, buses=buses)


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


@contextmanager
def _of_file(asked: Asked) -> Iterator[Wiring]:
    """The wiring of the file that is asked for; what is wrong with it, and with what is made of it, is bad input."""
    path = asked.wiring or WIRING
    try:
        yield parse(path.read_text(encoding="utf-8"), load_robot(), load_drive_models())
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"wiring file {path}: {error}") from None


def _udp(bus: CanBus) -> can.BusABC:
    try:
        from scenarios.drives.udp_link import UdpLink

        return UdpLink(bus.channel, fd=bus.fd)
    except (can.CanError, OSError, ValueError, ImportError) as error:
        raise BadInput(f"bus {bus.name}: interface 'udp_multicast' does not open: {error}") from None


def _names(wiring: Wiring) -> str:
    return ", ".join(bus.name for bus in wiring.buses)


def _nowhere(bus: CanBus) -> CanBus:
    return replace(bus, interface="virtual", channel=f"nowhere-{bus.name}")


def _bus(wiring: Wiring, asked: Asked) -> CanBus:
    if asked.bus is None and len(wiring.buses) > 1:
        raise ValueError(f"has several buses; name one with --bus: {_names(wiring)}")
    return _as_asked(wiring, wiring.buses[0] if asked.bus is None else wiring.bus(asked.bus), asked)


def _as_asked(wiring: Wiring, bus: CanBus, asked: Asked) -> CanBus:
    fd = bus.fd if asked.fd is None else asked.fd
    data = asked.data_bitrate or bus.data_bitrate
    if not fd and asked.data_bitrate is not None:
        raise ValueError("--data-bitrate is of CAN-FD; leave it out, or add --fd")
    if fd and data is None:
        raise ValueError("a CAN-FD bus needs --data-bitrate")
    for name, rate in (("--bitrate", asked.bitrate), ("--data-bitrate", asked.data_bitrate)):
        if rate is not None and not 10_000 <= rate <= 8_000_000:
            raise ValueError(f"{name} is {rate}; write one from 10000 to 8000000 bit/s")
    interface, channel = asked.interface or bus.interface, asked.channel or bus.channel
    if asked.channel is None and interface == "udp_multicast" != bus.interface:
        from scenarios.drives.udp_link import channel_of

        channel = channel_of([one.name for one in wiring.buses].index(bus.name))
    return replace(
        bus,
        interface=interface,
        channel=channel,
        fd=fd,
        bitrate=asked.bitrate or bus.bitrate,
        data_bitrate=data if fd else None,
    )
