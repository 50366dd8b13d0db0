"""The registers of a drive as pure functions: requests and answers, from the layout in the dialect file."""

from __future__ import annotations

import struct
from math import isfinite, nan

from robot.drivers.codec import Ask, Poll, Write
from robot.drivers.dialect import Register, RegisterScheme
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
    return scheme.layout.pack([counts.get(field.name, field.value or 0) for field in scheme.layout.fields])


def read_answer(scheme: RegisterScheme, drive: int, payload: bytes) -> tuple[str | None, float] | None:
    """The register that an answer tells, by name, and its value in SI units; None if the payload is no answer.

    The name is None for a register that the dialect file does not have.
    """
    counts = _unpacked(scheme, payload)
    if scheme.read is None or counts is None or counts.get("drive", drive) != drive:
        return None
    if counts["operation"] not in (scheme.read, scheme.write):
        return None
    name = _name(scheme, counts["register"])
    return name, nan if name is None else _value(scheme.table[name], counts["value"])


def heard(scheme: RegisterScheme, drive: int, payload: bytes) -> Ask | Write | Poll | FrameError | None:
    """What a payload asks of a drive's registers; None if it is not for this drive, or asks nothing of the kind."""
    counts = _unpacked(scheme, payload)
    if counts is None or counts.get("drive", drive) != drive:
        return None
    operation, name = counts.get("operation"), _name(scheme, counts["register"])
    if operation is not None and operation == scheme.state:
        return Poll()
    if operation not in (scheme.read, scheme.write):
        return FrameError(Malformed.CONTENT, f"there is no operation {operation:#x} on registers")
    if name is None:
        return FrameError(Malformed.CONTENT, f"there is no register {counts['register']:#x}")
    if operation == scheme.write:
        value = _value(scheme.table[name], counts["value"])
        if not isfinite(value):
            return FrameError(Malformed.NOT_FINITE, f"register {name} is to be {value}")
        return Write(name, value)
    return Ask(name)


def _unpacked(scheme: RegisterScheme, payload: bytes) -> dict[str, int] | None:
    if len(payload) != scheme.layout.length:
        return None
    counts = dict(zip(scheme.layout.names, scheme.layout.unpack(payload), strict=True))
    fixed = ((field.name, field.value) for field in scheme.layout.fields if field.value is not None)
    return counts if all(counts[name] == value for name, value in fixed) else None


def _name(scheme: RegisterScheme, address: int) -> str | None:
    return next((name for name, register in scheme.table.items() if register.address == address), None)


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
