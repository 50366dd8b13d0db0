"""Drives switched on at rest, and left safe whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import can

from robot.drivers.reply import DriveReply, Fault, Power
from robot.drivers.setpoint import DriveSetpoint, Special
from scenarios.drives.link import Clock, Drive, client_of
from scenarios.errors import BadInput


def at_rest(position: float) -> DriveSetpoint:
    """A setpoint that makes no torque, at a position [rad] of the shaft."""
    return DriveSetpoint(position, 0.0, 0.0, 0.0, 0.0)


def measured(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveReply:
    """Where a drive is; one that replies to commands alone is sent a setpoint without gains and torque.

    Raises:
        BadInput: It does not reply.
    """
    client = client_of(bus, drive, clock)
    reply = client.state() if drive.codec.poll() else client.command(at_rest(0.0))
    if reply is None:
        raise BadInput(f"{drive.title} does not reply; look at its power, its id and the bit rate")
    return reply


def enable(bus: can.BusABC, drive: Drive, clock: Clock) -> DriveReply:
    """Switch a drive on with no stiffness, damping and torque, at the place where it is.

    An MIT drive remembers its last setpoint while it is off, so it is given one at rest before.

    Raises:
        BadInput: It does not reply, or reports a fault.
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
    after = client_of(bus, drive, clock).command(at_rest(reply.position))
    if after is None:
        raise BadInput(f"{drive.title} does not reply after it was switched on")
    if after.fault is not Fault.NONE or after.power in (Power.OFF, Power.FAULT):
        raise BadInput(f"{drive.title} is {after.power.value} with fault {after.fault.value} after it was switched on")
    return after


def disable(bus: can.BusABC, drive: Drive, clock: Clock) -> str:
    """Switch a drive off, three times if need be, and say in one line what came of it."""
    reply = None
    for _ in range(3):
        try:
            reply = client_of(bus, drive, clock).request(Special.DISABLE)
        except can.CanError as error:
            return f"{drive.title}: NOT switched off, the bus fails ({error}); cut its power"
        if reply is not None and reply.power in (Power.OFF, Power.FAULT):
            return f"{drive.title}: off, and says so"
    if reply is not None and reply.power is Power.UNKNOWN:
        return f"{drive.title}: asked to switch off, and answered; its replies do not tell whether it is"
    return f"{drive.title}: asked to switch off three times, NOT confirmed; cut its power"


@contextmanager
def left_safe(bus: can.BusABC, drives: Sequence[Drive], clock: Clock, *, always: bool = False) -> Iterator[list[str]]:
    """Switch drives off if what happens inside ends by any exception or Ctrl-C, or `always`; gives the lines said."""
    said: list[str] = []
    done = False
    try:
        yield said
        done = True
    finally:
        if always or not done:
            for drive in drives:
                said.append(disable(bus, drive, clock))
                print(said[-1])
