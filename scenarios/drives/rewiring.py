"""The buses of a wiring file as the command line has them."""

from __future__ import annotations

from dataclasses import replace

from robot.wiring import CanBus, Wiring, parse
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives.asked import Asked
from scenarios.errors import BadInput
from scenarios.wiring import WIRING


def rewired(asked: Asked) -> Wiring:
    """The wiring with its buses as the command line has them.

    If it names one bus, the others get interface `virtual`, where nobody hears them.

    Raises:
        BadInput: The file cannot be read or does not fit, the bus is not in it, or the settings do not go together.
    """
    path = asked.wiring or WIRING
    try:
        wiring = parse(path.read_text(encoding="utf-8"), load_robot(), load_drive_models())
        if asked.bus is None and asked.channel is not None and len(wiring.buses) > 1:
            raise ValueError(f"has several buses, and --channel is of one; name it: {_names(wiring)}")
        chosen = wiring.buses if asked.bus is None else (wiring.bus(asked.bus),)
        buses = tuple(as_asked(wiring, bus, asked) if bus in chosen else _nowhere(bus) for bus in wiring.buses)
        return replace(wiring, buses=buses)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"wiring file {path}: {error}") from None


def as_asked(wiring: Wiring, bus: CanBus, asked: Asked) -> CanBus:
    """A bus of the wiring, with what the command line says in the place of what the file does.

    Raises:
        ValueError: The settings do not go together.
    """
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


def _names(wiring: Wiring) -> str:
    return ", ".join(bus.name for bus in wiring.buses)


def _nowhere(bus: CanBus) -> CanBus:
    return replace(bus, interface="virtual", channel=f"nowhere-{bus.name}")
