"""Frames of drives for tests: what they must mean, read by hand, and frames of all kinds that may mean nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import isfinite, pi
from random import Random
from typing import NamedTuple

from robot.drivers import (
    CanFrame,
    DriveCatalogue,
    DriveCodec,
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


def judge(dialect: str, ranges: tuple[float, float, float], reply_id: int, frame: CanFrame) -> Meaning | None:
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
        if data[0] & 0xF != DRIVE or status in (2, 3, 4, 5, 6, 7, 15):
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


def _meaning(bits: str, ranges: tuple[float, float, float], *, ok: bool) -> Meaning:
    position, velocity, torque = (
        -most + int(text, 2) * 2.0 * most / (2 ** len(text) - 1)
        for text, most in zip((bits[:16], bits[16:28], bits[28:]), ranges, strict=True)
    )
    return Meaning(position, velocity, torque, ok)


_TYPES = ("<b", "<h", "<i", "<f")
_SCALES = {1: (0.01, 0.0001, 0.00001, 1.0), 2: (0.1, 0.00025, 0.00001, 1.0), 3: (0.5, 0.01, 0.001, 1.0)}


def _judge_moteus(frame: CanFrame) -> Meaning | None:
    """Read the subframes of a moteus reply by hand (mjbots/moteus, docs/protocol/can.md)."""
    if not frame.fd:
        return None
    data, at, values = frame.data, 0, {}

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
            if kind & 0xF0 != 0x20:
                return None
            count = kind & 3 or varuint()
            if count == 0:
                continue
            register = varuint()
            width = kind >> 2 & 3
            for offset in range(count):
                (value,) = struct.unpack_from(_TYPES[width], data, at)
                at += struct.calcsize(_TYPES[width])
                if register + offset in values:
                    return None
                if width < 3 and register + offset in _SCALES and value == -(1 << (8 << width) - 1):
                    return None
                values[register + offset] = value * _SCALES.get(register + offset, (1.0,) * 4)[width]
    except (IndexError, struct.error):
        return None
    if not {0, 1, 2, 3, 0xA, 0xE, 0xF} <= values.keys():
        return None
    if not all(isfinite(value) for register, value in values.items() if register in (0, 1, 2, 3, 0xF)):
        return None
    if not 0 <= int(values[0]) <= 15:
        return None
    return Meaning(2.0 * pi * values[1], 2.0 * pi * values[2], values[3], int(values[0]) not in (1, 11))


MODELS = {
    "mini_cheetah": ("mini_cheetah", (12.5, 65.0, 40.0)),
    "cubemars": ("ak80_9", (12.5, 50.0, 18.0)),
    "damiao": ("dm4310", (12.5, 30.0, 10.0)),
    "powerflow": ("powerflow_r86", (2.0 * pi, 4.0 * pi, 100.0)),
    "moteus": ("qdd100", (12.5, 40.0, 16.0)),
}
"""A model of each dialect, and the ranges that its replies must be read with."""


def codec(catalogue: DriveCatalogue, dialect: str) -> DriveCodec:
    """The host's end of a drive of a dialect."""
    return codec_of(catalogue[MODELS[dialect][0]], DRIVE, fd=dialect in ("powerflow", "moteus"))


def frames(catalogue: DriveCatalogue, dialect: str, count: int, seed: int) -> Iterator[CanFrame]:
    """Frames of all kinds: noise, noise on the right id, damaged and true replies, requests, answers, wrong formats."""
    random = Random(seed)
    host = codec(catalogue, dialect)
    end = end_of(host.model, DRIVE, fd=dialect in ("powerflow", "moteus"))
    fd, usual = host.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames[0].fd, 6 if dialect == "mini_cheetah" else 8
    requests = [frame for special in Special if special in host.specials for frame in host.special(special)]
    for frame in [*requests, *host.poll()]:
        yield CanFrame(host.reply_id, frame.data, False, fd)
    for _ in range(count):
        kind = random.randrange(8)
        if kind == 0:
            data = random.randbytes(random.randrange(65 if fd else 9))
            yield CanFrame(random.randrange(0x800), data, random.random() < 0.1, random.random() < 0.5)
        elif kind == 1:
            yield CanFrame(host.reply_id, random.randbytes(usual), False, fd)
        elif kind == 2:
            yield CanFrame(host.reply_id, bytes((DRIVE,)) + random.randbytes(usual - 1), False, fd)
        elif kind == 3:
            head = bytes((random.choice((0x03, 0x13, 0x93)), 0, random.choice((0x33, 0x55, 0xAA, 0xCC))))
            yield CanFrame(host.reply_id, (head + random.randbytes(5))[:usual], False, fd)
        elif kind == 4:
            setpoint = DriveSetpoint(*(random.gauss(0.0, 30.0) for _ in range(5)))
            yield CanFrame(host.reply_id, host.command(setpoint).frames[0].data, False, fd)
        else:
            true = end.reply(_state(random))[0]
            yield true if kind == 5 else _damaged(true, random, flips=kind == 6)


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
