"""One joint moved slowly by a small sine around where it stands, and what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, isfinite, isnan, pi, sin

import can

from robot.drivers.reply import DriveReply, Fault, Power
from robot.drivers.setpoint import DriveSetpoint
from scenarios.drives.link import Clock, Drive, client_of
from scenarios.drives.safe import enable
from scenarios.errors import BadInput

_SILENT = 5


@dataclass(frozen=True, slots=True)
class Motion:
    """What to do, at the drive's coordinate.

    Attributes:
        amplitude: [rad].
        period: Of the sine [s].
        cycles: How many.
        stiffness: [Nm/rad].
        damping: [Nm·s/rad].
        torque: The most that may be asked or reported [Nm].
        error: The most tracking error [rad].
        temperature: The most [°C].
        rate: Setpoints a second [Hz].
    """

    amplitude: float
    period: float
    cycles: int
    stiffness: float
    damping: float
    torque: float
    error: float
    temperature: float
    rate: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen: errors [rad], torque [Nm], share of replies [1], round trips [s], and why it ended early."""

    error: float
    torque: float
    replied: float
    latency_mean: float
    latency_worst: float
    aborted: str | None


def check(drive: Drive, motion: Motion) -> None:
    """Refuse a motion before anything is sent.

    Raises:
        BadInput: A number is not positive, or too large for the drive.
    """
    for name in motion.__slots__:
        value = getattr(motion, name)
        if not (isfinite(value) and (value > 0 or (name == "damping" and value == 0))):
            raise BadInput(f"--{name} is {value}; write a positive number")
    most = drive.wire.torque * drive.wire.gear
    if motion.torque > most:
        raise BadInput(f"--torque is {motion.torque} Nm; {drive.title} has {most:.4g} Nm at most")
    if motion.amplitude > 0.5:
        raise BadInput(f"--amplitude is {motion.amplitude} rad; write 0.5 at most")
    fastest = 2.0 * pi * motion.amplitude / motion.period
    if fastest > 1.0:
        raise BadInput(f"that is {fastest:.3g} rad/s; lengthen --period so that it is 1 rad/s at most")
    low, high = drive.wire.model.command.stiffness
    if not low <= motion.stiffness / drive.wire.ratio**2 <= high:
        raise BadInput(
            f"--stiffness is {motion.stiffness}; {drive.title} takes {high * drive.wire.ratio**2:.4g} at most"
        )
    high = drive.wire.model.command.damping[1]
    if motion.damping / drive.wire.ratio**2 > high:
        raise BadInput(f"--damping is {motion.damping}; {drive.title} takes {high * drive.wire.ratio**2:.4g} at most")


def exercise(bus: can.BusABC, drive: Drive, motion: Motion, clock: Clock) -> Report:
    """Do it; the caller leaves the drive safe.

    The set-point is drawn towards the measured state until the drive's law asks for no more than the torque limit.

    Raises:
        BadInput: The drive does not switch on, or the motion would leave its limits.
    """
    ratio, zero = drive.wire.ratio, drive.wire.zero
    reply = enable(bus, drive, clock)
    centre = (reply.position - zero) / ratio
    for end in (-motion.amplitude, motion.amplitude):
        shaft = ratio * (centre + end) + zero
        low, high = drive.wire.position
        if not low <= shaft <= high:
            raise BadInput(f"{drive.title} would go to {shaft:.3f} rad at its shaft, beyond [{low:.3f}, {high:.3f}]")
    worst = hardest = 0.0
    trips: list[float] = []
    sent = missed = 0
    start = clock.now()
    aborted: str | None = None
    total = motion.period * motion.cycles
    while aborted is None and (t := clock.now() - start) < total:
        angle = 2.0 * pi * t / motion.period
        grown = min(1.0, t / motion.period)
        wanted = centre + grown * motion.amplitude * sin(angle)
        speed = grown * motion.amplitude * 2.0 * pi / motion.period * cos(angle)
        before = clock.now()
        answer = client_of(bus, drive, clock).command(_limited(drive, motion, reply, wanted, speed))
        sent += 1
        if answer is None:
            missed += 1
            aborted = f"{_SILENT} setpoints in a row without a reply" if missed >= _SILENT else None
        else:
            reply, missed = answer, 0
            trips.append(clock.now() - before)
            error = abs((reply.position - zero) / ratio - wanted)
            worst, hardest = max(worst, error), max(hardest, abs(reply.torque * ratio))
            aborted = _trouble(motion, reply, error, abs(reply.torque * ratio))
        clock.wait(max(0.0, before + 1.0 / motion.rate - clock.now()))
    mean = sum(trips) / len(trips) if trips else float("nan")
    return Report(worst, hardest, len(trips) / max(sent, 1), mean, max(trips, default=float("nan")), aborted)


def _limited(drive: Drive, motion: Motion, reply: DriveReply, wanted: float, speed: float) -> DriveSetpoint:
    """The setpoint whose law asks for the torque limit at most, in units of the shaft."""
    ratio, zero = drive.wire.ratio, drive.wire.zero
    here, moving = (reply.position - zero) / ratio, reply.velocity / ratio
    asked = motion.stiffness * (wanted - here) + motion.damping * (speed - moving)
    share = min(1.0, motion.torque / max(abs(asked), 1e-9))
    return DriveSetpoint(
        ratio * wanted + zero,
        ratio * speed,
        0.0,
        share * motion.stiffness / ratio**2,
        share * motion.damping / ratio**2,
    )


def _trouble(motion: Motion, reply: DriveReply, error: float, torque: float) -> str | None:
    if reply.fault is not Fault.NONE:
        return f"the drive reports {reply.fault.value} (code {reply.code})"
    if reply.power in (Power.OFF, Power.FAULT):
        return f"the drive is {reply.power.value}"
    if error > motion.error:
        return f"tracking error {error:.3f} rad is over {motion.error:.3f} rad"
    if torque > 1.25 * motion.torque:
        return f"the drive reports {torque:.3g} Nm, over 1.25 times the limit of {motion.torque:.3g} Nm"
    for name, value in (("winding", reply.motor_temperature), ("power stage", reply.driver_temperature)):
        if not isnan(value) and value > motion.temperature:
            return f"the {name} has {value:.0f} °C, over {motion.temperature:.0f} °C"
    return None
