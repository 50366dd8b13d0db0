"""What ``draisine drives`` does; nothing is written and nothing moves without a yes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from math import isfinite

import can
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from robot.can_port import FAILURES
from robot.drivers.reply import Fault
from robot.drivers.setpoint import Special
from robot.wiring import CanBus
from scenarios.drives.asked import Asked
from scenarios.drives.endings import ended_by_signals
from scenarios.drives.exercise import Motion, check
from scenarios.drives.exercise import exercise as move
from scenarios.drives.link import Clock, Drive, choose, client_of, open_bus, pick, require_alone
from scenarios.drives.monitor import Monitor, table_of
from scenarios.drives.safe import enable as switch_on
from scenarios.drives.safe import left_safe, let_down, measured, require_off, switched_off
from scenarios.drives.scan import scan as look_round
from scenarios.drives.scan import settings_of, write_settings
from scenarios.drives.undisturbed_bus import UndisturbedBus
from scenarios.errors import BadInput

CLOCK = Clock()
_WIDTH = 140
"""Of a table that does not go to a terminal [characters]."""
_ZERO = 0.01
"""How far from zero a drive may read after its zero was set, which is some counts of its frames [rad]."""


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
        _console().print(table)
    return int(any(line.verdict in ("missing", "unexpected") for line in lines))


def monitor(asked: Asked, once: bool, as_json: bool, period: float) -> None:
    """Show what the drives say until Ctrl-C; those that reply to commands alone are only listened to."""
    with _opened(asked) as (bus, _, drives):
        watch = Monitor(bus, drives, CLOCK)
        if once:
            _show(watch, period, as_json)
            return
        with suppress(KeyboardInterrupt):
            if as_json:
                while True:
                    _show(watch, period, as_json)
            with Live(table_of(watch.look(period)), console=_console()) as live:
                while True:
                    live.update(table_of(watch.look(period)), refresh=True)


def ranges(asked: Asked, name: str, write: bool, yes: bool) -> int:
    """Read settings back and compare them with the dialect file."""
    with _opened(asked) as (bus, settings, drives):
        chosen = _chosen(drives, name)
        if write:
            require_alone(bus, settings, drives, CLOCK)
            _confirm(f"Switches off, and writes settings until power is lost: {_names(chosen)}.", yes)
            with left_safe(bus, chosen, CLOCK):
                for drive in chosen:
                    print(switched_off(bus, drive, CLOCK).line)
                    write_settings(bus, drive.codec, CLOCK)
        table, bad = Table("drive", "setting", "drive says", "file says", "verdict"), False
        for drive in chosen:
            if not drive.codec.readable:
                written = "written; cannot be asked" if write and drive.codec.settings else "cannot be asked"
                table.add_row(drive.wire.name, "-", "-", "-", written)
                continue
            found, complaints = settings_of(bus, drive.codec, CLOCK)
            bad |= bool(complaints)
            for key, setting in drive.codec.settings.items():
                value = found.found.get(key)
                same = value is not None and abs(value - setting.expected) <= setting.tolerance
                verdict = "not told" if value is None else "same" if same else "DIFFERS"
                told = "-" if value is None else f"{value:.6g}"
                table.add_row(drive.wire.name, key, told, f"{setting.expected:.6g} {setting.unit}", verdict)
    _console().print(table)
    return int(bad)


def enable(asked: Asked, name: str, yes: bool) -> None:
    """Switch on without stiffness, damping and torque, at the measured place."""
    with _opened(asked) as (bus, settings, drives):
        chosen = _chosen(drives, name)
        require_alone(bus, settings, drives, CLOCK)
        _confirm(
            f"Switches on: {_names(chosen)}. Should move by 0 rad, with 0 Nm: all gains are zero.{_let_go(chosen)}", yes
        )
        require_off(bus, chosen, CLOCK)
        with left_safe(bus, chosen, CLOCK):
            for drive in chosen:
                reply = switch_on(bus, drive, CLOCK)
                print(f"{drive.title}: {reply.power.value} at {reply.position:.4f} rad of its shaft")
    print("They stay on, free, until they are switched off or their own watchdog ends it.")


def disable(asked: Asked, name: str, damp: float, yes: bool) -> int:
    """Switch off: the motors are free, and what they hold falls, unless it is let down before."""
    with _opened(asked) as (bus, _, drives):
        chosen = _chosen(drives, name)
        falls = f"What they hold sinks for {damp:g} s at most, and is free then" if damp else "What they hold falls"
        _confirm(f"Switches off: {_names(chosen)}. {falls}.", yes)
        with left_safe(bus, chosen, CLOCK, always=True) as leaving, suppress(*FAILURES):
            if damp:
                let_down(bus, chosen, CLOCK, damp)
    return int(leaving.unsafe)


def clear(asked: Asked, name: str, yes: bool) -> int:
    """Clear faults, and see whether they are gone."""
    with _opened(asked) as (bus, settings, drives):
        chosen = _chosen(drives, name)
        for drive in chosen:
            _require(drive, Special.CLEAR)
        require_alone(bus, settings, drives, CLOCK)
        _confirm(f"Clears the faults of: {_names(chosen)}. One that is on may be switched off by it.", yes)
        bad = False
        with left_safe(bus, chosen, CLOCK):
            for drive in chosen:
                client_of(bus, drive, CLOCK).request(Special.CLEAR)
                after = measured(bus, drive, CLOCK)
                bad |= after.fault is not Fault.NONE
                code = f" (code {after.code})" if after.code else ""
                print(f"{drive.title}: {after.power.value}, fault {after.fault.value}{code}")
    return int(bad)


def zero(asked: Asked, name: str, at: float | None, yes: bool) -> int:
    """Set the drive's zero where it is; or, with --at, print the wiring file's entry and write nothing."""
    with _opened(asked) as (bus, settings, drives):
        drive = pick(drives, name)
        if at is None:
            require_alone(bus, settings, drives, CLOCK)
            return _set_zero(bus, drive, yes)
        _require_angle(drive, at)
        if not drive.codec.poll():
            require_alone(bus, settings, drives, CLOCK)
            _confirm(f"Reads where it is.{_let_go([drive])}", yes)
        reading = measured(bus, drive, CLOCK).position
    print(f"zero = {reading - drive.wire.ratio * at:.6f}")
    return 0


def exercise(asked: Asked, name: str, motion: Motion, yes: bool) -> int:
    """Move one joint by a small sine around where it stands, let it down, and switch it off."""
    with _opened(asked) as (bus, settings, drives):
        drive = pick(drives, name)
        check(drive, motion)
        require_alone(bus, settings, drives, CLOCK)
        _confirm(
            f"Moves {drive.title} by {motion.amplitude:g} rad to either side, {motion.cycles} times "
            f"in {motion.cycles * motion.period:g} s, "
            f"with {motion.torque:g} Nm at most.{_let_go([drive])}",
            yes,
        )
        require_off(bus, [drive], CLOCK)
        with left_safe(bus, [drive], CLOCK, always=True, damped=True) as leaving:
            report = move(bus, drive, motion, CLOCK)
    print(f"tracking error {report.error:.4f} rad, peak torque {report.torque:.3f} Nm, replies {report.replied:.1%}")
    print(f"round trip {report.latency_mean * 1e3:.2f} ms mean, {report.latency_worst * 1e3:.2f} ms worst")
    if report.aborted:
        print(f"ended early: {report.aborted}")
    return int(report.aborted is not None or leaving.unsafe)


@contextmanager
def _opened(asked: Asked) -> Iterator[tuple[can.BusABC, CanBus, tuple[Drive, ...]]]:
    """The bus and its drives; what ends the process from outside ends what is inside by an exception.

    Raises:
        BadInput: The bus does not open, or fails while it is used.
    """
    settings, drives = choose(asked)
    with ended_by_signals():
        bus = UndisturbedBus(open_bus(settings))
        try:
            yield bus, settings, drives
        except BrokenPipeError:  # of the output, not of the bus
            raise
        except FAILURES as error:
            raise BadInput(
                f"bus {settings.name} ({settings.interface} {settings.channel}) fails: {error}; look at its cable, "
                f"and whether any drive on it has power"
            ) from None
        finally:
            with suppress(*FAILURES):
                bus.shutdown()


def _set_zero(bus: can.BusABC, drive: Drive, yes: bool) -> int:
    _require(drive, Special.ZERO)
    _confirm(f"Switches {drive.title} off, and calls its present place zero. What it holds falls.", yes)
    with left_safe(bus, [drive], CLOCK):
        print(switched_off(bus, drive, CLOCK).line)
        client_of(bus, drive, CLOCK).request(Special.ZERO)
        after = measured(bus, drive, CLOCK)
    done = abs(after.position) < _ZERO
    print(f"{drive.title}: it reads {after.position:.4f} rad now{'' if done else ', NOT zero'}")
    if drive.wire.zero:
        print(f"the wiring file has zero = {drive.wire.zero:g} for it: write 0 if its joint is at zero here")
    return int(not done)


def _require_angle(drive: Drive, at: float) -> None:
    if drive.linked and at != 0.0:
        raise BadInput(f"{drive.title} is a motor of a linkage; put both its joints to zero, and say --at 0")
    if not isfinite(at):
        raise BadInput(f"--at is {at}; write the joint's angle in rad")


def _chosen(drives: Sequence[Drive], name: str) -> tuple[Drive, ...]:
    return tuple(drives) if name == "all" else (pick(drives, name),)


def _names(drives: Sequence[Drive]) -> str:
    return ", ".join(f"{drive.wire.name} (drive {drive.wire.id})" for drive in drives)


def _let_go(drives: Sequence[Drive]) -> str:
    """What to say of those that are sent a command to learn where they are; empty without any."""
    mute = [drive for drive in drives if not drive.codec.poll()]
    if not mute:
        return ""
    return (
        f"\n{_names(mute)}: replies to commands alone, so one with 0 Nm and no gains is sent. If it is on, what it "
        f"holds falls."
    )


def _require(drive: Drive, special: Special) -> None:
    if special not in drive.codec.specials:
        raise BadInput(f"{drive.title} cannot be asked to {special.value}; switch it off and on, or cut its power")


def _confirm(what: str, yes: bool) -> None:
    print(what)
    if yes:
        return
    try:
        answer = typer.prompt("Type yes to go on", default="no")
    except typer.Abort:  # Ctrl-C, or nobody there to ask
        print()
        answer = "no"
    if answer != "yes":
        raise BadInput("not confirmed, so nothing was sent; type yes, or say --yes in a script")


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=_WIDTH)


def _show(watch: Monitor, period: float, as_json: bool) -> None:
    rows = watch.look(period)
    if as_json:
        print(json.dumps([asdict(row) for row in rows]), flush=True)
    else:
        _console().print(table_of(rows))
