"""Which bus and which drives a tool works on, from the wiring file and the command line; and the bus opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep

import can

from robot.can_port import FAILURES
from robot.drivers.can_message import from_message
from robot.drivers.client import DriveClient
from robot.drivers.codec import Ask, DriveCodec, DriveEnd, Poll
from robot.drivers.factory import end_of
from robot.drivers.ranges import Range
from robot.wiring import CanBus, Wire, Wiring, parse
from robot.wiring.reach import over_range
from robot.wiring.wiring import codecs
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.rewiring import as_asked
from scenarios.errors import BadInput
from scenarios.wiring import WIRING


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive on the bus.

    Attributes:
        wire: How it is wired.
        codec: The host's end of its frames.
        linked: Whether its coordinate is a motor of a linkage; it is a joint if not.
        window: Where the coordinate may go, by the wiring file and the body's limits [rad].
        speed: How fast in either direction [rad/s].
        torque: How hard in either direction [Nm].
    """

    wire: Wire
    codec: DriveCodec
    linked: bool
    window: Range
    speed: float
    torque: float

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
    motors = _motor_windows(wiring)
    return bus, tuple(_drive(wiring, i, codec, motors.get(i)) for i, codec in zip(places, ends, strict=True))


def _motor_windows(wiring: Wiring) -> dict[int, Range]:
    """Where each motor of a linkage goes while its joints go over all that they may, by place [rad]."""
    windows = {}
    for mounted in wiring.linkages:
        angles = [motors.position for _, _, motors in over_range(mounted, wiring)]
        for place, own in zip((mounted.pitch, mounted.roll), zip(*angles, strict=True), strict=True):
            windows[place] = Range(min(own), max(own))
    return windows


def _drive(wiring: Wiring, place: int, codec: DriveCodec, motor: Range | None) -> Drive:
    """A drive with its limits: those of its wire, and of its joint or of the linkage that its motor is in."""
    wire, limits = wiring.wires[place], wiring.limits
    ends = sorted((end - wire.zero) / wire.ratio for end in wire.position)
    speed, torque = wire.velocity / wire.gear, wire.torque * wire.gear
    window = motor or Range(float(limits.lower[place]), float(limits.upper[place]))
    if motor is None:
        speed, torque = min(speed, float(limits.velocity[place])), min(torque, float(limits.effort[place]))
    window = Range(max(window.low, ends[0]), min(window.high, ends[1]))
    return Drive(wire, codec, motor is not None, window, speed, torque)


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
    except (*FAILURES, ValueError, TypeError, ImportError, NotImplementedError) as error:
        raise BadInput(
            f"bus {bus.name}: interface {bus.interface!r} with channel {bus.channel!r} does not open: {error}; "
            f"name another with --interface and --channel"
        ) from None


def client_of(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveClient:
    """The host of one drive; frames that wait from before are thrown away."""
    drain(bus)
    return DriveClient(bus, drive.codec, clock.now)


def require_alone(
    bus: can.BusABC, settings: CanBus, drives: Sequence[Drive], clock: Clock, listen: float = 0.1
) -> None:
    """Listen for a time [s], and refuse a bus on which somebody else commands its drives; questions are no commands.

    Raises:
        BadInput: A frame came that asks a drive for more than its state or a setting.
    """
    drain(bus)
    ends = [_end(settings, drive.wire) for drive in drives]
    stop = clock.now() + listen
    while (left := stop - clock.now()) > 0.0:
        message = bus.recv(left)
        frame = None if message is None else from_message(message)
        if frame is None:
            continue
        for drive, end in zip(drives, ends, strict=True):
            asked = end.heard(frame)
            if isinstance(asked, Poll | Ask) or (asked is None and not drive.codec.takes(frame.id)):
                continue
            raise BadInput(
                f"somebody else commands {drive.title} on this bus (a frame on {frame.id:#x}); end that program first"
            )


def _end(bus: CanBus, wire: Wire) -> DriveEnd:
    return end_of(wire.model, wire.id, host=bus.host, reply_id=wire.reply_id, fd=bus.fd)


def drain(bus: can.BusABC) -> None:
    """Forget what arrived before, 4096 frames at most: an old reply is no reply."""
    for _ in range(4096):
        if bus.recv(0.0) is None:
            return


def _udp(bus: CanBus) -> can.BusABC:
    try:
        from scenarios.drives.udp_link import UdpLink

        return UdpLink(bus.channel, fd=bus.fd)
    except (*FAILURES, ValueError, ImportError) as error:
        raise BadInput(f"bus {bus.name}: interface 'udp_multicast' does not open: {error}") from None


def _bus(wiring: Wiring, asked: Asked) -> CanBus:
    if asked.bus is None and len(wiring.buses) > 1:
        raise ValueError(f"has several buses; name one with --bus: {', '.join(bus.name for bus in wiring.buses)}")
    return as_asked(wiring, wiring.buses[0] if asked.bus is None else wiring.bus(asked.bus), asked)
