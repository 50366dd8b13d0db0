"""How full the buses of a wiring file are, and how late frames get: one simulated run of the buses without a robot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, isfinite

from robot.drivers import DriveReply, DriveSetpoint, Fault, Power
from robot.drivers.codec import DriveEnd
from robot.drivers.factory import end_of
from robot.drivers.frame import CanFrame
from robot.drivers.frame_time import BitRates
from robot.wiring import CanBus
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.drives.asked import Asked
from scenarios.drives.link import Drive, choose
from scenarios.wiring import bus_names
from sim.can_medium import CanMedium, CanTiming

_PERIODS = 20
"""Periods that are run: a bus that cannot keep up has a long queue by then."""
_STATE = DriveReply(0.0, 0.0, 0.0, Power.ON, Fault.NONE, 0, 30.0, 30.0)


@dataclass(frozen=True, slots=True)
class BusLoad:
    """How full one bus is when every drive is sent a command in every period and replies to it.

    Attributes:
        bus: The bus.
        drives: Number of its drives.
        mean: Share of the time for which it is busy, with as many stuff bits as random bits have [1].
        worst: The same with as many as there can be [1].
        command: From the sending of the commands to the arrival of the last one, at worst [s]; infinite when the bus
            cannot keep up.
        reply: From the sending of the commands to the end of the last reply, at worst [s]; the same.
    """

    bus: CanBus
    drives: int
    mean: float
    worst: float
    command: float
    reply: float


def loads(asked: Asked, period: float = CONTROL_PERIOD) -> tuple[BusLoad, ...]:
    """The load of the bus that is asked for, or of each bus of the wiring file.

    Raises:
        BadInput: The file cannot be read or does not fit, or there is no such bus.
    """
    names = [asked.bus] if asked.bus else bus_names(asked.wiring)
    return tuple(load_of(*choose(replace(asked, bus=name)), period) for name in names)


def load_of(bus: CanBus, drives: tuple[Drive, ...], period: float) -> BusLoad:
    """The load of a bus with these drives, at a command for each of them in every period [s]."""
    mean, _, _ = _busy(bus, drives, period, worst=False)
    worst, command, reply = _busy(bus, drives, period, worst=True)
    return BusLoad(bus, len(drives), mean, worst, command, reply)


def table(rows: Iterable[BusLoad]) -> str:
    """The loads as a table in Markdown."""
    lines = [
        "| bus | rates [Mbit/s] | drives | load, mean | load, worst | last command [ms] | last reply [ms] |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        rates = f"{row.bus.bitrate / 1e6:g}"
        if row.bus.fd:
            rates += f" and {(row.bus.data_bitrate or row.bus.bitrate) / 1e6:g}"
        lines.append(
            f"| {row.bus.name} | {rates} | {row.drives} | {row.mean:.0%} | {row.worst:.0%} | "
            f"{_milliseconds(row.command)} | {_milliseconds(row.reply)} |"
        )
    return "\n".join(lines)


def _milliseconds(time: float) -> str:
    return f"{1e3 * time:.2f}" if isfinite(time) else "ever later"


def _busy(bus: CanBus, drives: tuple[Drive, ...], period: float, *, worst: bool) -> tuple[float, float, float]:
    """Share of the time for which frames are asked of the bus, and when the last command and the last reply end."""
    ends: list[DriveEnd] = [
        end_of(drive.wire.model, drive.wire.id, host=bus.host, reply_id=drive.wire.reply_id, fd=bus.fd)
        for drive in drives
    ]
    sent, commands, replies = 0.0, [0.0], [0.0]

    def hear(frame: CanFrame, time: float) -> list[CanFrame]:
        for end in ends:
            if end.heard(frame) is not None:
                commands.append(time - sent)
                return list(end.reply(_STATE))
        return []

    rates, timing = BitRates(bus.bitrate, bus.data_bitrate or bus.bitrate), CanTiming(host=0.0, worst=worst)
    medium = CanMedium(bus.name, rates, timing, hear, lambda _, time: replies.append(time - sent))
    for number in range(_PERIODS):
        sent = number * period
        for drive in drives:
            for frame in drive.codec.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames:
                medium.send(frame, sent)
        if number + 1 < _PERIODS:
            medium.run(sent + period)
    medium.run(float("inf"))
    busy = medium.traffic.busy / (_PERIODS * period)
    return (busy, max(commands), max(replies)) if busy <= 1.0 else (busy, inf, inf)
