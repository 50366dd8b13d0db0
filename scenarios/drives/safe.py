"""Drives switched on at rest, and left off whatever happens, with what they moved let down before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import inf

import can

from robot.can_port import FAILURES
from robot.drivers.reply import DriveReply, Fault, Power
from robot.drivers.setpoint import DriveSetpoint, Special
from scenarios.drives.endings import surely
from scenarios.drives.link import Clock, Drive, client_of
from scenarios.errors import BadInput

_TRIES = 5
_PAUSE = 0.02
"""Between two tries on a bus that fails: a transmit buffer that is full may be empty then [s]."""
_JUMP = 0.05
"""More than a drive moves when it is switched on at rest, at its shaft [rad]."""
LONGEST = 5.0
"""For how long a joint is damped at most before its drive is switched off [s]."""
_PERIOD, _STILL, _SLOW, _RUNAWAY = 0.005, 0.2, 0.05, 6.0
"""Of damping commands [s]; at rest is slower than this for so long [s, rad/s]; a joint this fast is not let down."""


@dataclass(frozen=True, slots=True)
class Left:
    """How a drive was left: whether it said that it is off (None: its replies do not tell), and a line that says so."""

    off: bool | None
    line: str


@dataclass(slots=True)
class Leaving:
    """How drives were left, once they were."""

    drives: list[Left] = field(default_factory=list)

    @property
    def unsafe(self) -> bool:
        """Whether one of them may still be on."""
        return any(left.off is False for left in self.drives)


def at_rest(position: float) -> DriveSetpoint:
    """A setpoint that makes no torque, at a position [rad] of the shaft."""
    return DriveSetpoint(position, 0.0, 0.0, 0.0, 0.0)


def measured(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveReply:
    """Where a drive is; one that replies to commands alone is sent a setpoint without gains and torque.

    Raises:
        BadInput: It does not reply.
    """
    reply = _looked_at(bus, drive, clock)
    if reply is None:
        raise BadInput(f"{drive.title} does not reply; look at its power, its id and the bit rate")
    return reply


def require_off(bus: can.BusABC, drives: Sequence[Drive], clock: Clock) -> None:
    """Refuse drives that are on already, before any of them is switched on, and so is to be left off.

    Raises:
        BadInput: One is.
    """
    for drive in drives:
        reply = _looked_at(bus, drive, clock)
        if reply is not None and reply.power is Power.ON and reply.fault is Fault.NONE:
            raise BadInput(f"{drive.title} is on already; disable it first")


def _looked_at(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveReply | None:
    return client_of(bus, drive, clock).state() if drive.codec.poll() else _rested(bus, drive, clock, 0.0)


def _rested(bus: can.BusABC, drive: Drive, clock: Clock, position: float) -> DriveReply | None:
    """What a drive replies to a setpoint that asks nothing of it; with as many tries as it needs up to five."""
    client = client_of(bus, drive, clock)
    return next((reply for _ in range(_TRIES) if (reply := client.command(at_rest(position))) is not None), None)


def enable(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveReply:
    """Switch a drive on with no stiffness, damping and torque, at the place where it is.

    An MIT drive remembers its last setpoint while it is off, so it is given one at rest before. See `require_off`.

    Raises:
        BadInput: It does not reply, reports a fault, or jumps.
    """
    reply = measured(bus, drive, clock)
    if reply.fault is not Fault.NONE:
        raise BadInput(f"{drive.title} reports {reply.fault.value} (code {reply.code}); clear it first")
    client = client_of(bus, drive, clock)
    if drive.wire.model.protocol == "mit":
        client.command(at_rest(reply.position))
    for special in (Special.SELECT_IMPEDANCE, Special.ENABLE):
        if special in drive.codec.specials:
            client.request(special)
    after = _rested(bus, drive, clock, reply.position)
    if after is None:
        raise BadInput(f"{drive.title} does not reply after it was switched on")
    if after.fault is not Fault.NONE or after.power in (Power.OFF, Power.FAULT):
        raise BadInput(f"{drive.title} is {after.power.value} with fault {after.fault.value} after it was switched on")
    if abs(after.position - reply.position) > _JUMP:
        raise BadInput(
            f"{drive.title} went from {reply.position:.3f} to {after.position:.3f} rad of its shaft when it was "
            f"switched on at rest; compare its ranges"
        )
    return after


def disable(bus: can.BusABC, drive: Drive, clock: Clock) -> Left:
    """Switch a drive off, with as many tries as it needs up to five; it raises nothing that a bus can cause."""
    reply, failure = None, None
    for _ in range(_TRIES):
        try:
            reply, failure = client_of(bus, drive, clock).request(Special.DISABLE), None
        except FAILURES as error:
            failure = error
            clock.wait(_PAUSE)
            continue
        if reply is not None and reply.power in (Power.OFF, Power.FAULT):
            return Left(True, f"{drive.title}: off, and says so")
    if failure is not None:
        return Left(False, f"{drive.title}: NOT switched off, the bus fails ({failure}); cut its power")
    if reply is not None and reply.power is Power.UNKNOWN:
        return Left(None, f"{drive.title}: asked to switch off, and answered; its replies do not tell whether it is")
    return Left(False, f"{drive.title}: asked to switch off {_TRIES} times, NOT confirmed; cut its power")


def switched_off(bus: can.BusABC, drive: Drive, clock: Clock) -> Left:
    """Switch a drive off before something is written to it.

    Raises:
        BadInput: It may still be on.
    """
    left = disable(bus, drive, clock)
    if left.off is False:
        raise BadInput(f"{left.line}; nothing was written")
    return left


def let_down(bus: can.BusABC, drives: Sequence[Drive], clock: Clock, longest: float = LONGEST) -> None:
    """Damp drives that are on, with half of what their frames can say, until all stand still or `longest` [s] is over.

    What they carry sinks then in place of falling. One that does not reply, has a fault, is off, or turns faster in
    spite of it is given up.
    """
    going = [drive for drive in drives if not _says_off(client_of(bus, drive, clock).state())]
    start = still = clock.now()
    while going and (now := clock.now()) - start < longest and now - still < _STILL:
        speeds = [_damp(bus, drive, clock) for drive in going]
        going = [drive for drive, speed in zip(going, speeds, strict=True) if speed < _RUNAWAY]
        if any(_SLOW < speed < _RUNAWAY for speed in speeds):
            still = now
        clock.wait(max(0.0, now + _PERIOD - clock.now()))


def _says_off(reply: DriveReply | None) -> bool:
    """Whether a drive that can be asked says that it is not on: a setpoint would switch a moteus on."""
    return reply is not None and reply.power is not Power.ON


def _damp(bus: can.BusABC, drive: Drive, clock: Clock) -> float:
    """Damp a drive once, and return how fast its coordinate turns [rad/s]; infinite if it is no longer to be damped."""
    damping = 0.5 * drive.wire.model.command.damping.high
    reply = client_of(bus, drive, clock).command(at_rest(0.0)._replace(damping=damping))
    if reply is None or reply.fault is not Fault.NONE or reply.power in (Power.OFF, Power.FAULT):
        return inf
    return abs(reply.velocity / drive.wire.ratio)


@contextmanager
def left_safe(
    bus: can.BusABC, drives: Sequence[Drive], clock: Clock, *, always: bool = False, damped: bool = False
) -> Iterator[Leaving]:
    """Switch drives off if what happens inside ends by any exception, Ctrl-C or signal, or `always`.

    With `damped` they are let down before; a second Ctrl-C ends that, and nothing ends the switching off.

    Returns:
        How they were left; it is empty until then.
    """
    leaving = Leaving()
    done = False
    try:
        yield leaving
        done = True
    finally:
        if always or not done:
            try:
                if damped:
                    with suppress(*FAILURES):
                        let_down(bus, drives, clock)
            finally:
                surely(lambda: _switch_off(bus, drives, clock, leaving))


def _switch_off(bus: can.BusABC, drives: Sequence[Drive], clock: Clock, leaving: Leaving) -> None:
    """All of them first, and only then say so: a terminal that is gone must not come between."""
    leaving.drives[:] = [disable(bus, drive, clock) for drive in drives]
    with suppress(OSError):
        print("\n".join(left.line for left in leaving.drives), flush=True)
