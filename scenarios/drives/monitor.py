"""A table of what the drives say, in units of the coordinate that each one moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isfinite

import can
from rich.table import Table

from robot.drivers.can_message import from_message, to_message
from robot.drivers.reply import DriveReply
from robot.drivers.roster import Roster
from scenarios.drives.link import Clock, Drive

_BETWEEN = 0.001
"""Between two questions, so that the few frames that an interface keeps are not too few for a bus [s]."""

_REPLY = 0.02
"""For how long the last reply is waited for [s]."""


@dataclass(frozen=True, slots=True)
class Row:
    """One drive: position [rad], velocity [rad/s], torque [Nm], temperatures [°C], age of its reply [s].

    None is what it does not tell. No dialect's reply tells a voltage. `of` is ``joint``, or ``motor`` for one of the
    two motors of a linkage.
    """

    name: str
    id: int
    of: str
    position: float | None = None
    velocity: float | None = None
    torque: float | None = None
    motor_temperature: float | None = None
    driver_temperature: float | None = None
    voltage: float | None = None
    state: str = "silent"
    fault: str | None = None
    age: float | None = None


class Monitor:
    """Asks those that can be asked without a command, and listens to all."""

    def __init__(self, bus: can.BusABC, drives: Sequence[Drive], clock: Clock) -> None:
        """Watch drives on an open bus."""
        self._bus, self._drives, self._clock = bus, tuple(drives), clock
        self._roster = Roster([drive.codec for drive in drives])
        self._last: dict[int, tuple[float, DriveReply]] = {}

    def look(self, duration: float) -> list[Row]:
        """Hear what comes for a time [s], ask once shortly before it ends, and tell the state of all."""
        end = self._clock.now() + duration
        self._hear(max(0.0, duration - _REPLY - _BETWEEN * len(self._drives)))
        for drive in self._drives:
            for frame in drive.codec.poll():
                self._bus.send(to_message(frame))
                self._hear(_BETWEEN)
        self._hear(end - self._clock.now())
        return [self._row(i) for i in range(len(self._drives))]

    def _hear(self, duration: float) -> None:
        end = self._clock.now() + duration
        while (left := end - self._clock.now()) > 0.0:
            message = self._bus.recv(left)
            frame_or_none = None if message is None else from_message(message)
            found = None if frame_or_none is None else self._roster.hear(frame_or_none)
            if found is not None and found.drive is not None and isinstance(found.reply, DriveReply):
                self._last[found.drive] = (self._clock.now(), found.reply)

    def _row(self, place: int) -> Row:
        drive = self._drives[place]
        wire, of = drive.wire, "motor" if drive.linked else "joint"
        if place not in self._last:
            return Row(wire.name, wire.id, of)
        when, reply = self._last[place]
        return Row(
            wire.name,
            wire.id,
            of,
            (reply.position - wire.zero) / wire.ratio,
            reply.velocity / wire.ratio,
            reply.torque * wire.ratio,
            _told(reply.motor_temperature),
            _told(reply.driver_temperature),
            None,
            reply.power.value,
            reply.fault.value,
            self._clock.now() - when,
        )


def table_of(rows: Sequence[Row]) -> Table:
    """The rows for a terminal."""
    table = Table()
    names = ("drive", "id", "of", "rad", "rad/s", "Nm", "motor °C", "stage °C", "V", "state", "fault", "age s")
    for name in names:
        table.add_column(name)
    for row in rows:
        table.add_row(*(_text(value) for value in asdict(row).values()))
    return table


def _told(value: float) -> float | None:
    return value if isfinite(value) else None


def _text(value: object) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
