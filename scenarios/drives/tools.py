"""What ``draisine drives`` does; nothing is written and nothing moves without a yes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import can
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from robot.drivers.setpoint import Special
from robot.wiring import CanBus
from scenarios.drives.asked import Asked
from scenarios.drives.exercise import Motion, check
from scenarios.drives.exercise import exercise as move
from scenarios.drives.link import Clock, Drive, choose, client_of, open_bus, pick
from scenarios.drives.monitor import Monitor, table_of
from scenarios.drives.safe import disable as switch_off
from scenarios.drives.safe import enable as switch_on
from scenarios.drives.safe import left_safe, measured
from scenarios.drives.scan import scan as look_round
from scenarios.drives.scan import settings_of
from scenarios.errors import BadInput

CLOCK = Clock()


def scan(asked: Asked, listen: float, as_json: bool) -> int:
    """Show who is on the bus, held against the wiring file; sends only questions that change nothing."""
    with _opened(asked) as (bus, settings, drives):
        lines = look_round(bus, settings, drives, CLOCK, listen)
    if as_json:
        print(json.dumps([asdict(line) for line in lines]))
    else:
        table = Table("drive", "id", "model", "verdict", "how")
        for line in lines:
            table.add_row(line.name, str(line.id), line.model, line.verdict, line.how)
        Console().print(table)
    return int(any(line.verdict in ("missing", "unexpected") for line in lines))


def monitor(asked: Asked, once: bool, as_json: bool, period: float) -> None:
    """Show what the drives say; those that reply to commands alone are only listened to."""
    with _opened(asked) as (bus, _, drives):
        watch = Monitor(bus, drives, CLOCK)
        if once:
            _show(watch, period, as_json)
        elif as_json:
            while True:
                _show(watch, period, as_json)
        else:
            with Live(table_of(watch.look(period))) as live:
                while True:
                    live.update(table_of(watch.look(period)))


def ranges(asked: Asked, name: str, write: bool, yes: bool) -> int:
    """Read settings back and compare them with the dialect file."""
    with _opened(asked) as (bus, _, drives):
        chosen = _chosen(drives, name)
        if write:
            _confirm(f"Switches off, and writes settings until power is lost: {_names(chosen)}.", yes)
            with left_safe(bus, chosen, CLOCK):
                for drive in chosen:
                    print(switch_off(bus, drive, CLOCK))
                    client_of(bus, drive, CLOCK).configure()
        table, bad = Table("drive", "setting", "drive says", "file says", "verdict"), False
        for drive in chosen:
            if not drive.codec.readable:
                table.add_row(drive.wire.name, "-", "-", "-", "cannot be asked")
                continue
            found, complaints = settings_of(bus, drive.codec, CLOCK)
            bad |= bool(complaints)
            for key, setting in drive.codec.settings.items():
                value = found.found.get(key)
                same = value is not None and abs(value - setting.expected) <= setting.tolerance
                verdict = "not told" if value is None else "same" if same else "DIFFERS"
                told = "-" if value is None else f"{value:.6g}"
                table.add_row(drive.wire.name, key, told, f"{setting.expected:.6g} {setting.unit}", verdict)
    Console().print(table)
    return int(bad)


def enable(asked: Asked, name: str, yes: bool) -> None:
    """Switch on without stiffness, damping and torque, at the measured place."""
    with _opened(asked) as (bus, _, drives):
        chosen = _chosen(drives, name)
        _confirm(f"Switches on: {_names(chosen)}. Should move by 0 rad, with 0 Nm: all gains are zero.", yes)
        with left_safe(bus, chosen, CLOCK):
            for drive in chosen:
                reply = switch_on(bus, drive, CLOCK)
                print(f"{drive.title}: {reply.power.value} at {reply.position:.4f} rad of its shaft")
    print("They stay on, free, until they are switched off or their own watchdog ends it.")


def disable(asked: Asked, name: str, yes: bool) -> int:
    """Switch off: the motors are free, and what they hold falls."""
    with _opened(asked) as (bus, _, drives):
        chosen = _chosen(drives, name)
        _confirm(f"Switches off: {_names(chosen)}. What they hold falls.", yes)
        lines = [switch_off(bus, drive, CLOCK) for drive in chosen]
    print("\n".join(lines))
    return int(any("NOT" in line for line in lines))


def clear(asked: Asked, name: str, yes: bool) -> None:
    """Clear faults."""
    with _opened(asked) as (bus, _, drives):
        chosen = _chosen(drives, name)
        for drive in chosen:
            _require(drive, Special.CLEAR)
        _confirm(f"Clears the faults of: {_names(chosen)}. Nothing should move.", yes)
        with left_safe(bus, chosen, CLOCK):
            for drive in chosen:
                reply = client_of(bus, drive, CLOCK).request(Special.CLEAR)
                print(f"{drive.title}: {'no reply' if reply is None else 'fault ' + reply.fault.value}")


def zero(asked: Asked, name: str, at: float | None, yes: bool) -> None:
    """Set the drive's zero where it is; or, with --at, print the wiring file's entry and write nothing."""
    with _opened(asked) as (bus, _, drives):
        drive = pick(drives, name)
        if at is not None and drive.linked and at != 0.0:
            raise BadInput(f"{drive.title} is a motor of a linkage; put both its joints to zero, and say --at 0")
        if at is None:
            _require(drive, Special.ZERO)
            _confirm(f"Switches {drive.title} off and calls its present place zero. Nothing moves.", yes)
            with left_safe(bus, [drive], CLOCK):
                print(switch_off(bus, drive, CLOCK))
                reply = client_of(bus, drive, CLOCK).request(Special.ZERO)
                after = reply if reply is not None else measured(bus, drive, CLOCK)
                print(f"{drive.title}: it reads {after.position:.4f} rad now")
            return
        if not drive.codec.poll():
            _confirm(f"{drive.title} replies to commands alone; sends one with 0 Nm and no gains.", yes)
        reading = measured(bus, drive, CLOCK).position
    print(f"zero = {reading - drive.wire.ratio * at:.6f}")


def exercise(asked: Asked, name: str, motion: Motion, yes: bool) -> int:
    """Move one joint by a small sine around where it stands, and switch it off."""
    with _opened(asked) as (bus, _, drives):
        drive = pick(drives, name)
        check(drive, motion)
        _confirm(
            f"Moves {drive.title} by {motion.amplitude:g} rad to either side, {motion.cycles} times "
            f"in {motion.cycles * motion.period:g} s, "
            f"with {motion.torque:g} Nm at most.",
            yes,
        )
        with left_safe(bus, [drive], CLOCK, always=True):
            report = move(bus, drive, motion, CLOCK)
    print(f"tracking error {report.error:.4f} rad, peak torque {report.torque:.3f} Nm, replies {report.replied:.1%}")
    print(f"round trip {report.latency_mean * 1e3:.2f} ms mean, {report.latency_worst * 1e3:.2f} ms worst")
    if report.aborted:
        print(f"ended early: {report.aborted}")
    return int(report.aborted is not None)


@contextmanager
def _opened(asked: Asked) -> Iterator[tuple[can.BusABC, CanBus, tuple[Drive, ...]]]:
    settings, drives = choose(asked)
    bus = open_bus(settings)
    try:
        yield bus, settings, drives
    except can.CanError as error:
        raise BadInput(f"bus {settings.name} ({settings.channel}) fails: {error}") from None
    finally:
        bus.shutdown()


def _chosen(drives: Sequence[Drive], name: str) -> tuple[Drive, ...]:
    return tuple(drives) if name == "all" else (pick(drives, name),)


def _names(drives: Sequence[Drive]) -> str:
    return ", ".join(drive.title for drive in drives)


def _require(drive: Drive, special: Special) -> None:
    if special not in drive.codec.specials:
        raise BadInput(f"{drive.title} cannot be asked to {special.value}; switch it off and on, or cut its power")


def _confirm(what: str, yes: bool) -> None:
    print(what)
    if not yes and typer.prompt("Type yes to go on", default="no") != "yes":
        raise BadInput("not confirmed; nothing was sent")


def _show(watch: Monitor, period: float, as_json: bool) -> None:
    rows = watch.look(period)
    if as_json:
        print(json.dumps([asdict(row) for row in rows]), flush=True)
    else:
        Console(width=140).print(table_of(rows))
