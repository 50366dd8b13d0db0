"""The wiring file, read: checked against the body that it wires and the drives that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from robot import parameter_file
from robot.drivers.catalogue import DriveCatalogue
from robot.drivers.ranges import Range
from robot.drivers.roster import Roster
from robot.model import RobotModel
from robot.wiring.linkage import CrankRod, Linkage
from robot.wiring.mounting import require_axes
from robot.wiring.reach import require_reach
from robot.wiring.schema import LinkageTable, MotorTable, WireTable, WiringFile, read, suggestion
from robot.wiring.wiring import CanBus, MountedLinkage, Wire, Wiring, codecs


def parse(text: str, model: RobotModel, drives: DriveCatalogue) -> Wiring:
    """Read the TOML text of a wiring file for a body.

    Raises:
        ValueError: It is no TOML; a key, joint, bus or drive model is unknown; a joint is missing or there twice; two
            drives have one id on a bus, or an id that its protocol has not; a drive cannot say or reach what its
            joint's limits allow; a linkage does not fit the body, or does not reach its limits.
    """
    file = read(parameter_file.parse(text, "wiring file"))
    try:
        return _checked(file, model, drives)
    except ValueError as error:
        raise ValueError(f"wiring file: {error}") from error


def _checked(file: WiringFile, model: RobotModel, drives: DriveCatalogue) -> Wiring:
    buses = tuple(CanBus(**bus.model_dump()) for bus in file.bus)
    _require_once([bus.name for bus in buses], "bus")
    _require_once([linkage.name for linkage in file.linkage], "linkage")
    _require_joints(file, model.joint_names)
    known = [bus.name for bus in buses]
    wires: dict[int, Wire] = {}
    for joint, name, table in _tables(file):
        wires[model.index(joint)] = _wire(name, table, known, drives)
    wired = tuple(wires[place] for place in range(model.size))
    _require_once([wire.name for wire in wired], "drive")
    for bus in buses:
        _require_ids(bus, [wire for wire in wired if wire.bus == bus.name])
    linkages = tuple(_mounted(table, model) for table in file.linkage)
    wiring = Wiring(buses, wired, linkages, model.limits)
    require_reach(wiring, model.drives.stiffness, model.drives.damping)
    return wiring


def _tables(file: WiringFile) -> Iterator[tuple[str, str, WireTable]]:
    """Each drive's table with the joint at whose place it stands, and its name."""
    for drive in file.drive:
        yield drive.joint, drive.joint, drive
    for linkage in file.linkage:
        for joint, motor in zip((linkage.pitch, linkage.roll), linkage.motor, strict=True):
            yield joint, motor.name, motor


def _require_joints(file: WiringFile, joints: tuple[str, ...]) -> None:
    wired = [joint for joint, _, _ in _tables(file)]
    for joint in wired:
        if joint not in joints:
            raise ValueError(f"the body has no joint {joint!r}; {suggestion(joint, list(joints))}")
    for joint, count in Counter(wired).items():
        if count > 1:
            raise ValueError(f"joint {joint!r} is wired {count} times; give it one [[drive]], or one [[linkage]]")
    missing = [joint for joint in joints if joint not in wired]
    if missing:
        raise ValueError(f"no drive for {', '.join(missing)}; give each joint a [[drive]], or a place in a [[linkage]]")


def _require_once(names: list[str], what: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ValueError(f"there are {count} of {what} {name!r}; each needs a name of its own")


def _require_ids(bus: CanBus, wires: list[Wire]) -> None:
    first: dict[int, str] = {}
    for wire in wires:
        if wire.id in first:
            raise ValueError(
                f"bus {bus.name!r}: drives {first[wire.id]!r} and {wire.name!r} both have id {wire.id}; "
                f"give one another"
            )
        first[wire.id] = wire.name
    for wire in wires:
        try:
            codecs(bus, [wire])
        except ValueError as error:
            raise ValueError(f"bus {bus.name!r}: drive {wire.name!r}: {error}") from error
    try:
        Roster(codecs(bus, wires))
    except ValueError as error:
        raise ValueError(f"bus {bus.name!r}: {error}") from error


def _wire(name: str, table: WireTable, buses: list[str], drives: DriveCatalogue) -> Wire:
    if table.bus not in buses:
        raise ValueError(f"drive {name!r}: there is no bus {table.bus!r}; {suggestion(table.bus, buses)}")
    try:
        model = drives.find(table.model, table.firmware or None)
    except ValueError as error:
        raise ValueError(f"drive {name!r}: {error}") from error
    ranges, limits = model.command, table.limits
    position = ranges.position if limits.position is None else Range(*limits.position)
    if position.low < ranges.position.low or position.high > ranges.position.high:
        raise ValueError(
            f"drive {name!r}: its limits have position {position} rad, but frames of {model.title} say "
            f"{ranges.position} rad; stay within"
        )
    most = {}
    for number, unit in (("velocity", "rad/s"), ("torque", "Nm")):
        span: Range = getattr(ranges, number)
        greatest = min(span.high, -span.low)
        limit = getattr(limits, number)
        if limit is not None and limit > greatest:
            raise ValueError(
                f"drive {name!r}: its limits have {number} {limit:g} {unit}, but frames of {model.title} end at "
                f"{greatest:g} {unit}; stay within"
            )
        most[number] = greatest if limit is None else limit
    return Wire(
        name, model, table.bus, table.id, table.reply_id, table.direction, table.zero, table.gear, position,
        most["velocity"], most["torque"],
    )  # fmt: skip


def _mounted(table: LinkageTable, model: RobotModel) -> MountedLinkage:
    require_axes(table.name, table.pitch, table.roll, model)
    first, second = table.motor
    linkage = Linkage(table.name, (_crank(first), _crank(second)))
    return MountedLinkage(linkage, model.index(table.pitch), model.index(table.roll))


def _crank(table: MotorTable) -> CrankRod:
    return CrankRod(table.centre, table.radius, table.angle, table.anchor)
