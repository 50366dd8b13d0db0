"""Who answers on a bus, held against the wiring file; nothing is sent but questions that change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import can

from robot.drivers.can_message import from_message, to_message
from robot.drivers.client import DriveClient
from robot.drivers.codec import DriveCodec
from robot.drivers.factory import codec_of
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply
from robot.drivers.verify import SettingsCheck
from robot.wiring import CanBus
from scenarios.drives.link import Clock, Drive, drain

_MOST = 127
_BETWEEN = 0.002
"""Between two settings that are written [s]."""
_TRIES, _PATIENCE = 3, 0.05
"""How often a drive is asked, and for how long its reply is awaited [s]."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of a scan: who, where, what came of it, and how that was learned."""

    name: str
    id: int
    model: str
    verdict: str
    how: str


def scan(bus: can.BusABC, settings: CanBus, drives: Sequence[Drive], clock: Clock, listen: float) -> list[Seen]:
    """Ask whom it is safe to ask, listen for `listen` seconds [s] to the others, then try free ids.

    A drive that replies to commands alone is never asked: the frame that would make it reply is a command.
    """
    lines, known = [], set[int]()
    heard = list(_listen(bus, clock, listen))
    for drive in drives:
        known |= drive.codec.ids
        if drive.codec.poll():
            reply, strays = _ask(bus, drive, clock)
            how = _claim(bus, drive.codec, clock) if reply is not None else "asked"
            if reply is None and strays:
                seen = ", ".join(f"{one:#x}" for one in sorted(strays))
                how = f"asked; a frame came on {seen}, its reply is awaited on {drive.codec.reply_id:#x}"
        else:
            found = [drive.codec.reply(frame) for frame in heard]
            reply = next((one for one in found if isinstance(one, DriveReply)), None)
            how = "listened only: it replies to commands alone"
        verdict = "missing" if reply is None else "found"
        if reply is None and not drive.codec.poll():
            verdict = "not heard"
        lines.append(Seen(drive.wire.name, drive.wire.id, drive.wire.model.title, verdict, how))
    silent = sorted({frame.id for frame in heard} - known)
    lines += [Seen("-", one, "-", "unexpected", f"a frame came on {one:#x}") for one in silent]
    return lines + _strangers(bus, settings, drives, known, clock)


def _ask(bus: can.BusABC, drive: Drive, clock: Clock) -> tuple[DriveReply | None, set[int]]:
    """The state of a drive, and the ids of frames that came in its place."""
    strays: set[int] = set()
    for _ in range(_TRIES):
        drain(bus)
        for frame in drive.codec.poll():
            bus.send(to_message(frame))
        for frame in _listen(bus, clock, _PATIENCE):
            reply = drive.codec.reply(frame)
            if isinstance(reply, DriveReply):
                return reply, strays
            strays.add(frame.id)
    return None, strays


def _claim(bus: can.BusABC, codec: DriveCodec, clock: Clock) -> str:
    """What the drive's own settings say of its model; no protocol here tells a name or a firmware."""
    check, complaints = settings_of(bus, codec, clock)
    if complaints:
        return complaints[0]
    return f"asked; its {len(check.found)} settings are those of the model"


def settings_of(bus: can.BusABC, codec: DriveCodec, clock: Clock) -> tuple[SettingsCheck, list[str]]:
    """Read a drive's settings back, with three tries each, and compare them; the second part is what differs.

    What differs is asked once more, after a silence: an answer that came late may be that of the question before.
    """
    check = SettingsCheck(codec)
    _read_back(bus, check, clock)
    if check.doubt():
        clock.wait(_PATIENCE)
        _read_back(bus, check, clock)
    return check, check.complaints()


def _read_back(bus: can.BusABC, check: SettingsCheck, clock: Clock) -> None:
    """Ask until every question has its answer, or one of them has none after three tries."""
    tries = 0
    while not check.done and tries < _TRIES:
        drain(bus)
        tries = 0 if ask_once(bus, check, clock) else tries + 1


def write_settings(bus: can.BusABC, codec: DriveCodec, clock: Clock) -> None:
    """Write what the dialect file says, twice since nothing confirms it, and not faster than an interface sends."""
    for name, setting in [*codec.settings.items()] * 2:
        for frame in codec.write(name, setting.expected):
            bus.send(to_message(frame))
        clock.wait(_BETWEEN)


def ask_once(bus: can.BusABC, check: SettingsCheck, clock: Clock, patience: float = 0.05) -> bool:
    """Send the present question, and wait for its answer [s]."""
    for frame in check.question():
        bus.send(to_message(frame))
    end = clock.now() + patience
    while (left := end - clock.now()) > 0.0:
        message = bus.recv(left)
        came = None if message is None else from_message(message)
        if came is not None and check.take(came):
            return True
    return False


def _listen(bus: can.BusABC, clock: Clock, duration: float) -> Iterator[CanFrame]:
    """What comes within a time [s]."""
    end = clock.now() + duration
    while (left := end - clock.now()) > 0.0:
        message = bus.recv(left)
        frame = None if message is None else from_message(message)
        if frame is not None:
            yield frame


def _strangers(bus: can.BusABC, settings: CanBus, drives: Sequence[Drive], known: set[int], clock: Clock) -> list[Seen]:
    """Drives of the models on this bus that can be asked, on ids that nobody in the wiring file has."""
    models = {drive.wire.model.dialect.name: drive.wire.model for drive in drives if drive.codec.poll()}
    taken = {drive.wire.id for drive in drives}
    commands = {one for drive in drives for one in range(0x800) if drive.codec.takes(one)}
    found = []
    for model in models.values():
        for number in range(1, _MOST + 1):
            if number in taken:
                continue
            try:
                codec = codec_of(model, number, host=settings.host, fd=settings.fd)
            except ValueError:
                continue
            if any(frame.id in commands for frame in codec.poll()):
                continue
            drain(bus)
            if DriveClient(bus, codec, clock.now, patience=0.005, tries=1).state() is not None:
                found.append(Seen("-", number, model.dialect.name, "unexpected", "asked; no such id in the wiring"))
    return found
