"""The wiring of a body: its buses, which drive is where on them, and how each one moves the joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from robot.drivers.codec import DriveCodec
from robot.drivers.dialect import DriveModel
from robot.drivers.factory import codec_of
from robot.drivers.ranges import Range
from robot.limits import JointLimits
from robot.wiring.linkage import Linkage


@dataclass(frozen=True, slots=True)
class CanBus:
    """A CAN bus, as python-can opens it.

    Attributes:
        name: In the wiring file.
        interface: Of python-can: socketcan, pcan, kvaser, udp_multicast, virtual, ...
        channel: Of that interface.
        fd: Whether it is CAN-FD.
        bitrate: Of classic frames, and of the arbitration of CAN-FD frames [bit/s].
        data_bitrate: Of the data of CAN-FD frames [bit/s]; None on a classic bus.
        host: The host's id on it.
        supply_guard: Time after which a node of its own opens the supply of the bus's drives when it hears no command
            of the host [s]; None where there is no such node.
    """

    name: str
    interface: str
    channel: str
    fd: bool
    bitrate: int
    data_bitrate: int | None
    host: int
    supply_guard: float | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """One drive: where it is on the buses, and how its shaft turns with what it moves.

    It moves an actuated coordinate: a joint, or one motor of a linkage. Its shaft is at
    direction·gear·coordinate + zero.

    Attributes:
        name: Of the drive: its joint's, or that in the linkage.
        model: What it is.
        bus: Name of its bus.
        id: Its id there.
        reply_id: The id of its replies, where that is not what its dialect says.
        direction: 1, or -1 where its shaft turns against the coordinate.
        zero: What it reads where the coordinate is zero [rad].
        gear: Turns of its shaft for one of the coordinate [1].
        position: Where it may go, at its shaft [rad].
        velocity: How fast it may go in either direction, at its shaft [rad/s].
        torque: How hard it may push in either direction, at its shaft [Nm].
    """

    name: str
    model: DriveModel
    bus: str
    id: int
    reply_id: int | None
    direction: int
    zero: float
    gear: float
    position: Range
    velocity: float
    torque: float

    @property
    def ratio(self) -> float:
        """Turns of the shaft for one of the coordinate, with its sign [1]."""
        return self.direction * self.gear


@dataclass(frozen=True, slots=True)
class MountedLinkage:
    """A linkage, and which joints it moves; its motors' wires stand at the same places.

    Attributes:
        linkage: The mechanism.
        pitch: Place of the pitch joint, and of the first motor's wire.
        roll: Place of the roll joint, and of the second motor's wire.
    """

    linkage: Linkage
    pitch: int
    roll: int


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that a wiring file says, checked against the body and its drives (`robot/wiring/file.py`).

    Attributes:
        buses: In the order of the file.
        wires: One a joint, in the order of the robot model; a linkage's two motors are at the places of its joints.
        linkages: In the order of the file.
        limits: Of the joints, as the body has them.
    """

    buses: tuple[CanBus, ...]
    wires: tuple[Wire, ...]
    linkages: tuple[MountedLinkage, ...]
    limits: JointLimits

    @property
    def joints(self) -> tuple[str, ...]:
        """Names of the joints."""
        return self.limits.names

    def on(self, bus: str) -> tuple[int, ...]:
        """Places of the wires on a bus, by id.

        Raises:
            ValueError: There is no such bus.
        """
        self.bus(bus)
        return tuple(
            sorted((i for i, wire in enumerate(self.wires) if wire.bus == bus), key=lambda i: self.wires[i].id)
        )

    def bus(self, name: str) -> CanBus:
        """A bus by its name.

        Raises:
            ValueError: There is none; the message lists those that there are.
        """
        for bus in self.buses:
            if bus.name == name:
                return bus
        raise ValueError(f"there is no bus {name!r}; there are {', '.join(bus.name for bus in self.buses)}")

    def codecs(self, bus: str) -> tuple[DriveCodec, ...]:
        """The host's ends of the drives on a bus, in the order of :meth:`on`."""
        return codecs(self.bus(bus), [self.wires[place] for place in self.on(bus)])


def codecs(bus: CanBus, wires: Sequence[Wire]) -> tuple[DriveCodec, ...]:
    """The host's ends of drives on a bus.

    Raises:
        ValueError: A drive does not go over such a bus, or its id is out of range.
    """
    return tuple(codec_of(wire.model, wire.id, host=bus.host, reply_id=wire.reply_id, fd=bus.fd) for wire in wires)
