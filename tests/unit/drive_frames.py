"""Frames of drives for tests: what they must mean, read by hand, and frames of all kinds that may mean nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import isfinite, nan, pi
from random import Random
from typing import NamedTuple

from robot.drivers import (
    CanFrame,
    DriveCatalogue,
    DriveCodec,
    DriveEnd,
    DriveReply,
    DriveSetpoint,
    Fault,
    FrameError,
    Power,
    Special,
)
from robot.drivers.codec import Command
from robot.drivers.factory import codec_of, end_of

DRIVE = 3


def accepted(found: object) -> DriveReply:
    """What was read, which must be a state."""
    assert isinstance(found, DriveReply), found
    return found


def refused(found: object) -> FrameError:
    """What was read, which must be an error."""
    assert isinstance(found, FrameError), found
    return found


def ordered(found: object) -> DriveSetpoint:
    """What was heard, which must be a setpoint."""
    assert isinstance(found, Command), found
    return found.setpoint


class Meaning(NamedTuple):
    """What a reply must be read as."""

    position: float
    velocity: float
    torque: float
    ok: bool


def judge(dialect: str, ranges: tuple[float, ...], reply_id: int, frame: CanFrame) -> Meaning | None:
    """What a frame must be read as, by rules written out here and not in the dialect file; None for no reply."""
    if frame.id != reply_id:
        return None
    if dialect == "moteus":
        return _judge_moteus(frame)
    if (
        frame.extended
        or frame.fd is not (dialect == "powerflow")
        or len(frame.data) != (6, 8)[dialect != "mini_cheetah"]
    ):
        return None
    data = frame.data
    if data[:7] == b"\xff" * 7:
        return None
    if dialect in ("mini_cheetah", "cubemars"):
        if data[0] != DRIVE:
            return None
        bits = f"{int.from_bytes(data[1:6], 'big'):040b}"
        return _meaning(bits, ranges, ok=dialect == "mini_cheetah" or data[7] == 0)
    if dialect == "damiao":
        status = data[0] >> 4
        if data[0] & 0xF != DRIVE or status in (2, 3, 4, 7, 15):
            return None
        if data[0] == DRIVE and data[1] == 0 and data[2] in (0x33, 0x55):
            return None
        return _meaning(f"{int.from_bytes(data[1:6], 'big'):040b}", ranges, ok=status < 2)
    if dialect == "powerflow":
        if data in (b"\x01\x01" + bytes(6), b"\x01" + bytes(7), b"\x02" + bytes(7), b"\x03" + bytes(7)):
            return None
        if data == b"\x0b\x06" + bytes(6) or data[5] >> 1 & 7 > 2:
            return None
        return _meaning(f"{int.from_bytes(data[:5], 'big'):040b}", ranges, ok=data[5] >> 4 == 0)
    raise ValueError(dialect)


def _meaning(bits: str, ranges: tuple[float, ...], *, ok: bool) -> Meaning:
    position, velocity, torque = (
        -most + int(text, 2) * 2.0 * most / (2 ** len(text) - 1)
        for text, most in zip((bits[:16], bits[16:28], bits[28:]), ranges, strict=False)
    )
    return Meaning(position, velocity, torque, ok)


_TYPES = ("<b", "<h", "<i", "<f")
_POSITION, _VELOCITY, _TORQUE = (0.01, 0.0001, 0.00001, 1.0), (0.1, 0.00025, 0.00001, 1.0), (0.5, 0.01, 0.001, 1.0)
_SHARE, _TIME = (1.0 / 127.0, 1.0 / 32767.0, 1.0 / 2147483647.0, 1.0), (0.01, 0.001, 0.000001, 1.0)
_SCALES = {
    0x01: _POSITION, 0x02: _VELOCITY, 0x03: _TORQUE,
    0x20: _POSITION, 0x21: _VELOCITY, 0x22: _TORQUE, 0x23: _SHARE, 0x24: _SHARE, 0x27: _TIME,
}  # fmt: skip


def _moteus_registers(frame: CanFrame) -> dict[int, dict[int, float]] | None:
    """Registers written (0), asked (1) and told (2), read by hand (mjbots/moteus, docs/protocol/can.md)."""
    if not frame.fd:
        return None
    data, at, subframes = frame.data, 0, 0
    found: dict[int, dict[int, float]] = {0: {}, 1: {}, 2: {}}

    def varuint() -> int:
        nonlocal at
        number = 0
        for shift in range(0, 35, 7):
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
        raise IndexError

    try:
        while at < len(data):
            kind = data[at]
            at += 1
            if kind == 0x50:
                continue
            if kind >> 4 > 2:
                return None
            count = kind & 3 or varuint()
            if count == 0:
                continue
            register, width, values = varuint(), kind >> 2 & 3, found[kind >> 4]
            subframes += count
            if subframes > 63:
                return None
            for offset in range(count):
                if kind >> 4 == 1:
                    values[register + offset] = 0.0
                    continue
                (value,) = struct.unpack_from(_TYPES[width], data, at)
                at += struct.calcsize(_TYPES[width])
                if register + offset in values:
                    return None
                least = width < 3 and value == -(1 << (8 << width) - 1)
                scales = _SCALES.get(register + offset)
                values[register + offset] = nan if least and scales else value * (scales or (1.0,) * 4)[width]
    except (IndexError, struct.error):
        return None
    return found


def _judge_moteus(frame: CanFrame) -> Meaning | None:
    found = _moteus_registers(frame)
    if found is None or found[0] or found[1]:
        return None
    values = found[2]
    if not {0, 1, 2, 3, 0xA, 0xE, 0xF} <= values.keys():
        return None
    if not all(isfinite(values[register]) for register in (0, 1, 2, 3, 0xF)) or not 0 <= int(values[0]) <= 15:
        return None
    return Meaning(2.0 * pi * values[1], 2.0 * pi * values[2], values[3], int(values[0]) not in (1, 11))


def judge_command(dialect: str, ranges: tuple[float, ...], frame: CanFrame) -> tuple[float, ...] | None:
    """The setpoint that a drive must read in a frame, by rules written out here; None if it is none."""
    position, velocity, torque, stiffness, damping = ranges
    if dialect == "moteus":
        found = _moteus_registers(frame) if frame.id in (DRIVE, 0x8000 | DRIVE) else None
        if found is None or found[2] or 0x131 in found[0] or not {0, *range(0x20, 0x25)} <= found[0].keys():
            return None
        numbers = [found[0][register] for register in range(0x20, 0x25)]
        if found[0][0] != 10 or not all(isfinite(number) for number in (*numbers, found[0].get(0x27, 0.0))):
            return None
        scales = (2.0 * pi, 2.0 * pi, 1.0, stiffness, damping)
        return tuple(number * scale for number, scale in zip(numbers, scales, strict=True))
    if frame.id != DRIVE or frame.extended or frame.fd is not (dialect == "powerflow") or len(frame.data) != 8:
        return None
    last = {"damiao": (0xFB, 0xFC, 0xFD, 0xFE), "powerflow": ()}.get(dialect, (0xFC, 0xFD, 0xFE))
    if frame.data[:7] == b"\xff" * 7 and frame.data[7] in last:
        return None
    bits = f"{int.from_bytes(frame.data, 'big'):064b}"
    counts = [int(text, 2) for text in (bits[:16], bits[16:28], bits[52:], bits[28:40], bits[40:52])]
    return (
        -position + counts[0] * 2.0 * position / 65535,
        -velocity + counts[1] * 2.0 * velocity / 4095,
        -torque + counts[2] * 2.0 * torque / 4095,
        counts[3] * stiffness / 4095,
        counts[4] * damping / 4095,
    )


MODELS = {
    "mini_cheetah": ("mini_cheetah", (12.5, 65.0, 40.0, 500.0, 5.0)),
    "cubemars": ("ak80_9", (12.5, 50.0, 18.0, 500.0, 5.0)),
    "damiao": ("dm4310", (12.5, 30.0, 10.0, 500.0, 5.0)),
    "powerflow": ("powerflow_r86", (2.0 * pi, 4.0 * pi, 100.0, 500.0, 8.0)),
    "moteus": ("qdd100", (12.5, 40.0, 16.0, 500.0, 10.0)),
}
"""A model of each dialect, and the ranges that its frames must be read with."""


def codec(catalogue: DriveCatalogue, dialect: str) -> DriveCodec:
    """The host's end of a drive of a dialect."""
    return codec_of(catalogue[MODELS[dialect][0]], DRIVE, fd=dialect in ("powerflow", "moteus"))


def drive_end(catalogue: DriveCatalogue, dialect: str) -> DriveEnd:
    """The drive's end of the same."""
    return end_of(catalogue[MODELS[dialect][0]], DRIVE, fd=dialect in ("powerflow", "moteus"))


def frames(
    catalogue: DriveCatalogue, dialect: str, count: int, seed: int, *, to_drive: bool = False
) -> Iterator[CanFrame]:
    """Frames of all kinds, to the host or to the drive.

    They are noise, noise on the right id, damaged and true frames, frames of the other direction, requests, answers,
    and frames of the wrong format.
    """
    random = Random(seed)
    host, end = codec(catalogue, dialect), drive_end(catalogue, dialect)
    (zero,) = host.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames
    fd, usual = zero.fd, len((zero if to_drive else end.reply(_state(random))[0]).data)
    right = zero.id if to_drive else host.reply_id
    requests = [frame for special in Special if special in host.specials for frame in host.special(special)]
    for frame in [*requests, *host.poll()]:
        yield CanFrame(right, frame.data, frame.extended and to_drive, fd)
    for _ in range(count):
        kind = random.randrange(8)
        if kind == 0:
            data = random.randbytes(random.randrange(65 if fd else 9))
            yield CanFrame(random.randrange(0x800), data, random.random() < 0.1, random.random() < 0.5)
        elif kind == 1:
            yield CanFrame(right, random.randbytes(usual), False, fd)
        elif kind == 2:
            head = bytes((DRIVE,)) if random.random() < 0.5 else b"\xff" * 7
            yield CanFrame(right, (head + random.randbytes(usual))[:usual], False, fd)
        elif kind == 3:
            head = bytes((random.choice((0x03, 0x13, 0x93)), 0, random.choice((0x33, 0x55, 0xAA, 0xCC))))
            yield CanFrame(right, (head + random.randbytes(5))[:usual], False, fd)
        else:
            asked, told = host.command(_setpoint(random)).frames[0], end.reply(_state(random))[0]
            true, other = (asked, told) if to_drive else (told, asked)
            if kind == 4:
                yield CanFrame(right, other.data, False, fd)
            else:
                yield true if kind == 5 else _damaged(true, random, flips=kind == 6)


def _setpoint(random: Random) -> DriveSetpoint:
    return DriveSetpoint(*(random.gauss(0.0, 30.0) for _ in range(5)))


def _state(random: Random) -> DriveReply:
    power, fault = random.choice(((Power.ON, Fault.NONE), (Power.OFF, Fault.NONE), (Power.FAULT, Fault.OVER_CURRENT)))
    numbers = (random.gauss(0.0, 10.0), random.gauss(0.0, 30.0), random.gauss(0.0, 20.0))
    return DriveReply(*numbers, power, fault, 0, random.uniform(-10.0, 120.0), 40.0)


def _damaged(frame: CanFrame, random: Random, *, flips: bool) -> CanFrame:
    data = bytearray(frame.data)
    if flips:
        for _ in range(random.randrange(1, 4)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        return frame._replace(data=bytes(data))
    change = random.randrange(4)
    if change == 0:
        return frame._replace(data=bytes(data[: random.randrange(len(data))]))
    if change == 1:
        return frame._replace(data=bytes(data) + random.randbytes(random.randrange(1, 5)))
    if change == 2:
        return frame._replace(fd=not frame.fd)
    return frame._replace(extended=not frame.extended, id=random.choice((frame.id, frame.id + 1, DRIVE)))
