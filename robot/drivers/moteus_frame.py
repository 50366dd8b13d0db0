"""Frames of a moteus drive: their ids, their padding, and the registers in them, read by the `moteus` package."""

from __future__ import annotations

import struct
from itertools import islice
from typing import Any, NamedTuple

import moteus
from moteus import multiplex

from robot.drivers.frame import STANDARD_IDS, CanFrame
from robot.drivers.reply import FrameError, Malformed

_LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64)
"""Payloads that a CAN-FD frame can have."""
_NOP = bytes((multiplex.NOP,))
_END = bytes((multiplex.WRITE_ERROR, 0x7F, 0x7F))
"""A subframe put behind a payload: if the parser does not come to it, the payload was cut short or went astray."""
_LAST = moteus.ErrorSubframe(moteus.SubframeType.WRITE_ERROR, 0x7F, 0x7F)
_MOST = 64
"""Most subframes that a frame is read to. A read of a few bytes can ask for 2³² registers, one subframe each."""
REPLY_WANTED = 0x8000


class Registers(NamedTuple):
    """What is in a frame.

    Attributes:
        written: Registers that it writes, with their values in the units of moteus (rev, rev/s, Nm, s).
        told: Registers that it replies with, likewise.
        asked: Registers that it asks for.
        sent: Text of the diagnostic channel to the drive.
        received: Text of the diagnostic channel from the drive; None if there is none.
        polled: Whether it asks for that text.
    """

    written: dict[int, Any]
    told: dict[int, Any]
    asked: frozenset[int]
    sent: bytes
    received: bytes | None
    polled: bool


def request_id(drive: int, host: int, *, reply: bool) -> int:
    """The id of a frame to a drive."""
    return (REPLY_WANTED if reply else 0) | host << 8 | drive


def reply_id(drive: int, host: int) -> int:
    """The id of a frame from a drive."""
    return drive << 8 | host


def framed(arbitration: int, payload: bytes) -> CanFrame:
    """A CAN-FD frame of this payload, filled up with subframes of no operation to a length that there is."""
    length = next(length for length in _LENGTHS if length >= len(payload))
    return CanFrame(arbitration, payload + _NOP * (length - len(payload)), arbitration >= STANDARD_IDS, True)


def read(payload: bytes) -> Registers | FrameError:
    """The registers in a payload; all of it must make sense."""
    written: dict[int, Any] = {}
    told: dict[int, Any] = {}
    asked: set[int] = set()
    sent, received, polled = b"", None, False
    try:
        subframes = list(islice(moteus.parse_frame(payload + _END), _MOST))
    except (RuntimeError, ValueError, struct.error) as error:
        return FrameError(Malformed.CONTENT, f"a payload of {len(payload)} bytes makes no sense: {error}")
    if not subframes or subframes.pop() != _LAST:
        return FrameError(Malformed.CONTENT, f"a payload of {len(payload)} bytes is not a row of subframes")
    for subframe in subframes:
        if isinstance(subframe, moteus.RegisterSubframe):
            register = subframe.register
            if subframe.type is moteus.SubframeType.READ:
                asked.add(register)
                continue
            table = written if subframe.type is moteus.SubframeType.WRITE else told
            if register in table:
                return FrameError(Malformed.CONTENT, f"register {register:#x} is there twice")
            try:
                table[register] = moteus.scale_register(register, subframe.resolution, subframe.value)
            except (ValueError, OverflowError):
                return FrameError(Malformed.NOT_FINITE, f"register {register:#x} is {subframe.value}")
        elif isinstance(subframe, moteus.ErrorSubframe):
            refused = f"register {subframe.register:#x} was refused, error {subframe.error_code}"
            return FrameError(Malformed.CONTENT, refused)
        elif subframe.type is moteus.SubframeType.STREAM_CLIENT_TO_SERVER:
            sent += subframe.data
        elif subframe.type is moteus.SubframeType.STREAM_SERVER_TO_CLIENT:
            received = (received or b"") + subframe.data
        else:
            polled = True
    return Registers(written, told, frozenset(asked), sent, received, polled)
