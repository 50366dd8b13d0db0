"""Virtual drives only go onto buses on which no real ones can be, unless somebody names such a bus outright."""

from __future__ import annotations

from robot.wiring import CanBus, Wiring
from scenarios.drives.asked import Asked
from scenarios.drives.rewiring import rewired
from scenarios.errors import BadInput


def for_virtual_drives(asked: Asked) -> Wiring:
    """The wiring as the command line has it, if virtual drives may go there.

    Raises:
        BadInput: Real drives may be on a bus, or the wiring is wrong.
    """
    wiring = rewired(asked)
    for bus in wiring.buses:
        named = asked.interface is not None and asked.channel is not None
        if not (named or _within_machine(bus)):
            raise BadInput(
                f"bus {bus.name}: real drives may be on interface {bus.interface!r}, channel {bus.channel!r}; say "
                f"--interface udp_multicast, or name a vcan in the wiring file, or this one with --bus, --interface "
                f"and --channel"
            )
    return wiring


def _within_machine(bus: CanBus) -> bool:
    return bus.interface in ("udp_multicast", "virtual") or (
        bus.interface == "socketcan" and bus.channel.startswith("vcan")
    )
