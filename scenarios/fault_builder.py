"""From the faults of a scenario to those of the simulated buses, drives, IMUs and host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from math import inf
from typing import NamedTuple, TypeVar

from robot.wiring import Wiring
from scenarios.fault_schema import (
    BusFaultTable,
    DriveFaultTable,
    Fault,
    FrameFaultTable,
    HostFaultTable,
    HotDrive,
    SenseFaultTable,
    WrongDirection,
    WrongZero,
)
from scenarios.suggest import suggestion
from sim.drive_faults import DriveFault, DriveTrouble
from sim.host_faults import HostFault, HostTrouble
from sim.scheduled_faults import FrameFault, FrameTrouble

T = TypeVar("T")

_BOOT = 0.3
"""How long a drive takes to boot where nothing is said [s]; an estimate."""
_DRIVE = {
    "stuck_encoder": DriveTrouble.STUCK_ENCODER,
    "power_loss": DriveTrouble.NO_SUPPLY,
    "drive_reboot": DriveTrouble.NO_SUPPLY,
    "drive_off_bus": DriveTrouble.OFF_THE_BUS,
}
_HOST = {
    "late_tick": HostTrouble.LATE,
    "silent_controller": HostTrouble.SILENT,
    "dead_controller": HostTrouble.DEAD,
    "not_finite": HostTrouble.NOT_FINITE,
}


class Troubles(NamedTuple):
    """What goes wrong, sorted by where.

    Attributes:
        frames: With frames.
        drives: With drives.
        babbling: Babbling nodes: bus, from and to [s].
        frozen: IMUs that say the same: pelvis or torso, from and to [s].
        host: With the host.
        wiring: How the drives really are wired.
        begin: When the first one begins [s]; NaN without any.
    """

    frames: tuple[FrameFault, ...]
    drives: tuple[DriveFault, ...]
    babbling: tuple[tuple[str, float, float], ...]
    frozen: tuple[tuple[str, float, float], ...]
    host: tuple[HostFault, ...]
    wiring: Wiring
    begin: float


def troubles_of(faults: Sequence[Fault], wiring: Wiring, period: float) -> Troubles:
    """Sort faults by where they are, with the buses, drives and joints that their patterns match.

    Args:
        faults: Of a scenario.
        wiring: As the host knows it.
        period: Of control [s].

    Raises:
        ValueError: A pattern matches nothing; the message says which, and what there is.
    """
    frames: list[FrameFault] = []
    drives: list[DriveFault] = []
    babbling: list[tuple[str, float, float]] = []
    frozen: list[tuple[str, float, float]] = []
    host: list[HostFault] = []
    true = wiring
    for number, fault in enumerate(faults):
        where = f"faults.{number}"
        match fault:
            case FrameFaultTable():
                trouble = FrameTrouble(fault.kind)
                buses, end = _buses(wiring, fault.bus, where), _end(fault.time, fault.duration)
                frames.append(FrameFault(trouble, fault.share, fault.time, end, buses, fault.direction, fault.lateness))
            case BusFaultTable(kind="babbling_node"):
                end = _end(fault.time, fault.duration)
                babbling += [(bus, fault.time, end) for bus in _buses(wiring, fault.bus, where)]
            case BusFaultTable():
                buses, end = _buses(wiring, fault.bus, where), _end(fault.time, fault.duration)
                frames.append(FrameFault(FrameTrouble.DESTROYED, 1.0, fault.time, end, buses, "commands"))
            case DriveFaultTable():
                lasts = _BOOT if fault.kind == "drive_reboot" and fault.duration is None else fault.duration
                places = _places(wiring, fault.joint, fault.bus, where)
                drives.append(DriveFault(_DRIVE[fault.kind], places, fault.time, _end(fault.time, lasts)))
            case SenseFaultTable():
                frozen.append((fault.imu, fault.time, _end(fault.time, fault.duration)))
            case HotDrive():
                places, end = _places(wiring, fault.joint, None, where), _end(fault.time, fault.duration)
                drives.append(DriveFault(DriveTrouble.HOT, places, fault.time, end, fault.temperature))
            case WrongZero():
                places = _places(wiring, fault.joint, None, where)
                wires = [replace(w, zero=w.zero + fault.offset) if i in places else w for i, w in enumerate(true.wires)]
                true = replace(true, wires=tuple(wires))
            case WrongDirection():
                places = _places(wiring, fault.joint, None, where)
                wires = [replace(w, direction=-w.direction) if i in places else w for i, w in enumerate(true.wires)]
                true = replace(true, wires=tuple(wires))
            case HostFaultTable():
                joints = _places(wiring, fault.joint, None, where)
                lasts = period if fault.kind == "not_finite" and fault.duration is None else fault.duration
                host.append(HostFault(_HOST[fault.kind], fault.time, _end(fault.time, lasts), joints))
    begin = min((fault.time for fault in faults), default=float("nan"))
    return Troubles(tuple(frames), tuple(drives), tuple(babbling), tuple(frozen), tuple(host), true, begin)


def _end(begin: float, duration: float | None) -> float:
    return inf if duration is None else begin + duration


def _buses(wiring: Wiring, pattern: str, where: str) -> tuple[str, ...]:
    names = [bus.name for bus in wiring.buses]
    found = tuple(name for name in names if fnmatchcase(name, pattern))
    return _found(found, "bus", pattern, names, where)


def _places(wiring: Wiring, joint: str | None, bus: str | None, where: str) -> tuple[int, ...]:
    """Places of the drives whose joint or motor has such a name, or that are on such a bus."""
    if joint is None:
        buses = _buses(wiring, bus or "*", where)
        return tuple(place for place, wire in enumerate(wiring.wires) if wire.bus in buses)
    names = [(wire.name, name) for wire, name in zip(wiring.wires, wiring.joints, strict=True)]
    found = tuple(i for i, pair in enumerate(names) if any(fnmatchcase(name, joint) for name in pair))
    return _found(found, "joint or motor", joint, {name for pair in names for name in pair}, where)


def _found(found: tuple[T, ...], what: str, pattern: str, names: Iterable[str], where: str) -> tuple[T, ...]:
    if not found:
        raise ValueError(f"{where}: there is no {what} {pattern!r}; {suggestion(pattern, sorted(names))}")
    return found
