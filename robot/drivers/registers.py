"""The registers of a drive as pure functions: requests and answers, from the layout in the dialect file."""

from __future__ import annotations

import struct
from math import isfinite, nan

from robot.drivers.codec import Ask, Poll, Write
from robot.drivers.dialect import Register, RegisterScheme
from robot.drivers.layout import Place
from robot.drivers.reply import FrameError, Malformed

_FLOAT, _UINT = struct.Struct("<f"), struct.Struct("<I")


def request(scheme: RegisterScheme, drive: int, operation: int | None, name: str | None, value: float = 0.0) -> bytes:
    """The payload that asks a drive for a register, or writes one; without a name, one that asks for its state.

    Raises:
        ValueError: The value does not fit the register.
    """
    register = None if name is None else scheme.table[name]
    counts = {
        "drive": drive,
        "operation": operation or 0,
        "register": 0 if register is None else register.address,
        "value": 0 if register is None or value == 0.0 else _bits(register, value),
    }
    places = scheme.layout.places
    word = sum(places[name].put(count) for name, count in counts.items() if name in places)
    return (word | scheme.layout.fixed).to_bytes(scheme.layout.length, "big")


def is_answer(scheme: RegisterScheme, drive: int, payload: bytes) -> bool:
    """Whether a payload that a drive sent is an answer about its registers.

    A state can look like one: a Damiao drive's does where its position is count 0x33 or 0x55 of 65 535, close to the
    low end of the range (and, for ids below 16, its loop is open). It is taken as an answer then, so as no state.
    """
    if scheme.read is None or len(payload) != scheme.layout.length:
        return False
    word = int.from_bytes(payload, "big")
    if _operation(scheme).take(word) not in (scheme.read, scheme.write) or not scheme.layout.is_fixed(word):
        return False
    place = scheme.layout.places.get("drive")
    return place is None or place.take(word) == drive


def read_answer(scheme: RegisterScheme, drive: int, payload: bytes) -> tuple[str | None, float] | None:
    """The register that an answer tells, by name, and its value in SI units; None if the payload is no answer.

    The name is None for a register that the dialect file does not have.
    """
    if not is_answer(scheme, drive, payload):
        return None
    return _content(scheme, int.from_bytes(payload, "big"))


def heard(scheme: RegisterScheme, drive: int, payload: bytes) -> Ask | Write | Poll | FrameError | None:
    """What a payload asks of a drive's registers; None if it is not for this drive."""
    if len(payload) != scheme.layout.length:
        return FrameError(Malformed.LENGTH, f"a request has {scheme.layout.length} bytes, not {len(payload)}")
    word = int.from_bytes(payload, "big")
    place = scheme.layout.places.get("drive")
    if place is not None and place.take(word) != drive:
        return None
    operation = None if scheme.write is None else _operation(scheme).take(word)
    if operation is not None and operation == scheme.state:
        return Poll()
    if operation not in (scheme.read, scheme.write) or not scheme.layout.is_fixed(word):
        return FrameError(Malformed.CONTENT, f"{payload.hex(' ')} is no request for a register")
    name, value = _content(scheme, word)
    if name is None:
        return FrameError(Malformed.CONTENT, f"{payload.hex(' ')} names a register that there is not")
    if operation == scheme.read and operation is not None:
        return Ask(name)
    if not isfinite(value):
        return FrameError(Malformed.NOT_FINITE, f"register {name} is to be {value}")
    return Write(name, value)


def _operation(scheme: RegisterScheme) -> Place:
    return scheme.layout.places["operation"]


def _content(scheme: RegisterScheme, word: int) -> tuple[str | None, float]:
    """The register that a word names, and the value in it."""
    address = scheme.layout.places["register"].take(word)
    for name, register in scheme.table.items():
        if register.address == address:
            return name, _value(register, scheme.layout.places["value"].take(word))
    return None, nan


def _bits(register: Register, value: float) -> int:
    if not isfinite(value):
        raise ValueError(f"register {register.address:#x} is to be {value}; write a finite number")
    if register.type == "float":
        return int(_UINT.unpack(_FLOAT.pack(value))[0])
    count = round(value / register.unit)
    if not 0 <= count < 1 << 32:
        raise ValueError(
            f"register {register.address:#x} holds 0 to {((1 << 32) - 1) * register.unit:g}, not {value:g}"
        )
    return count


def _value(register: Register, bits: int) -> float:
    if register.type == "float":
        return float(_FLOAT.unpack(_UINT.pack(bits))[0])
    return bits * register.unit
