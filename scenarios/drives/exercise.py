"""One joint moved slowly by a small sine around where it stands, and what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, isfinite, isnan, pi, sin

import can

from robot.drivers.reply import DriveReply, Fault, Power
from robot.drivers.setpoint import DriveSetpoint
from scenarios.drives.link import Clock, Drive, client_of
from scenarios.drives.safe import enable, measured
from scenarios.errors import BadInput

_SILENT = 5
"""Setpoints in a row without a reply that end it."""
_BEYOND = 0.02
"""How far a measured position may be beyond the limits [rad]."""
_RUNAWAY = 3.0
"""How fast the coordinate may turn while it is asked for 1 rad/s at most [rad/s]."""
_MOST = {"amplitude": 0.5, "error": 0.5, "temperature": 100.0, "rate": 1000.0}
_RATE_LEAST = 50.0
"""A drive hears a setpoint well within its watchdog's time then [Hz]."""


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
        if value > _MOST.get(name, inf):
            raise BadInput(f"--{name} is {value}; write {_MOST[name]:g} at most")
    if motion.rate < _RATE_LEAST:
        raise BadInput(f"--rate is {motion.rate}; write {_RATE_LEAST:g} at least")
    if motion.torque > drive.torque:
        raise BadInput(f"--torque is {motion.torque} Nm; {drive.title} has {drive.torque:.4g} Nm at most")
    fastest, most = 2.0 * pi * motion.amplitude / motion.period, min(1.0, drive.speed)
    if fastest > most:
        raise BadInput(f"that is {fastest:.3g} rad/s; lengthen --period so that it is {most:.3g} rad/s at most")
    for name in ("stiffness", "damping"):
        high = getattr(drive.wire.model.command, name).high * drive.wire.ratio**2
        if getattr(motion, name) > high:
            raise BadInput(f"--{name} is {getattr(motion, name)}; {drive.title} takes {high:.4g} at most")


def reference(motion: Motion, time: float) -> tuple[float, float]:
    """Where the coordinate is to be, from its centre, and how fast, at a time after the beginning [s].

    A sine that grows in a straight line over the first quarter of a period and shrinks so over the last one: it begins
    and ends at rest, and is nowhere faster than the sine.

    Returns:
        Position [rad], velocity [rad/s].
    """
    angle, turning = 2.0 * pi * time / motion.period, 2.0 * pi / motion.period
    growing, total = 4.0 / motion.period, motion.period * motion.cycles
    share, change = min((1.0, 0.0), (growing * time, growing), (growing * (total - time), -growing))
    sine, cosine = motion.amplitude * sin(angle), motion.amplitude * cos(angle)
    return share * sine, change * sine + share * turning * cosine


def exercise(bus: can.BusABC, drive: Drive, motion: Motion, clock: Clock) -> Report:
    """Do it; the caller leaves the drive safe.

    The set-point is drawn towards the measured state until the drive's law asks for no more than the torque limit.

    Raises:
        BadInput: The motion would leave the drive's limits (nothing is switched on then), or it does not switch on.
    """
    ratio, zero = drive.wire.ratio, drive.wire.zero
    _require_room(drive, motion, (measured(bus, drive, clock).position - zero) / ratio)
    reply = enable(bus, drive, clock)
    centre = (reply.position - zero) / ratio
    worst = hardest = 0.0
    trips: list[float] = []
    sent = missed = 0
    start = clock.now()
    aborted: str | None = None
    total = motion.period * motion.cycles
    while aborted is None and (t := clock.now() - start) < total:
        offset, speed = reference(motion, t)
        wanted = centre + offset
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
            aborted = _trouble(drive, motion, reply, error)
        clock.wait(max(0.0, before + 1.0 / motion.rate - clock.now()))
    mean = sum(trips) / len(trips) if trips else float("nan")
    return Report(worst, hardest, len(trips) / max(sent, 1), mean, max(trips, default=float("nan")), aborted)


def _require_room(drive: Drive, motion: Motion, centre: float) -> None:
    window = drive.window
    if not window.low <= centre - motion.amplitude <= centre + motion.amplitude <= window.high:
        raise BadInput(
            f"{drive.title} stands at {centre:.3f} rad and would go {motion.amplitude:g} to either side, beyond "
            f"[{window.low:.3f}, {window.high:.3f}] rad; move it by hand, or set its zero first"
        )


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


def _trouble(drive: Drive, motion: Motion, reply: DriveReply, error: float) -> str | None:
    ratio, window = drive.wire.ratio, drive.window
    position = (reply.position - drive.wire.zero) / ratio
    speed, torque = abs(reply.velocity / ratio), abs(reply.torque * ratio)
    if reply.fault is not Fault.NONE:
        return f"the drive reports {reply.fault.value} (code {reply.code})"
    if reply.power in (Power.OFF, Power.FAULT):
        return f"the drive is {reply.power.value}"
    if error > motion.error:
        return f"tracking error {error:.3f} rad is over {motion.error:.3f} rad"
    if not window.low - _BEYOND <= position <= window.high + _BEYOND:
        return f"it is at {position:.3f} rad, beyond [{window.low:.3f}, {window.high:.3f}] rad"
    if speed > min(_RUNAWAY, drive.speed):
        return f"it turns at {speed:.3g} rad/s, over {min(_RUNAWAY, drive.speed):.3g} rad/s"
    if torque > 1.25 * motion.torque:
        return f"the drive reports {torque:.3g} Nm, over 1.25 times the limit of {motion.torque:.3g} Nm"
    for name, value in (("winding", reply.motor_temperature), ("power stage", reply.driver_temperature)):
        if not isnan(value) and value > motion.temperature:
            return f"the {name} has {value:.0f} °C, over {motion.temperature:.0f} °C"
    return None
