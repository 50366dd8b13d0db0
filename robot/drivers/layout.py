"""Where the numbers of a payload are: fields of bits, packed and unpacked as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Field:
    """Some bits of a payload.

    Attributes:
        name: What it holds.
        at: Its first bit, counted from the highest bit of byte 0.
        bits: How many.
        order: Of its bytes; `little` only for whole bytes.
        value: What it must hold; None for a field that varies.
    """

    name: str
    at: int
    bits: int
    order: Literal["big", "little"] = "big"
    value: int | None = None

    @property
    def most(self) -> int:
        """Greatest count that it can hold."""
        return (1 << self.bits) - 1


class Layout:
    """The fields of a payload of a fixed length; bits that belong to none are sent as zero and not looked at.

    Raises:
        ValueError: A field is outside, two overlap or have one name, or a little-endian one is not of whole bytes.
    """

    def __init__(self, length: int, fields: Iterable[Field]) -> None:
        """Lay out a payload of `length` bytes."""
        self.length, self.fields = length, tuple(fields)
        self.names = tuple(field.name for field in self.fields)
        _check(length, self.fields)
        self._places = tuple((8 * length - field.at - field.bits, field.most) for field in self.fields)
        self._little = tuple(index for index, field in enumerate(self.fields) if field.order == "little")

    def field(self, name: str) -> Field | None:
        """The field of a name; None if there is none."""
        return next((field for field in self.fields if field.name == name), None)

    def unpack(self, data: bytes) -> list[int]:
        """Counts of the fields, in their order; `data` has the right length."""
        word = int.from_bytes(data, "big")
        counts = [word >> shift & mask for shift, mask in self._places]
        for index in self._little:
            counts[index] = _swapped(counts[index], self.fields[index].bits)
        return counts

    def pack(self, counts: Sequence[int]) -> bytes:
        """The payload with these counts, one a field in their order; each must fit its field."""
        word = 0
        for count, (shift, mask), field in zip(counts, self._places, self.fields, strict=True):
            if not 0 <= count <= mask:
                raise ValueError(f"field {field.name!r} holds 0 to {mask}, not {count}")
            word |= (_swapped(count, field.bits) if field.order == "little" else count) << shift
        return word.to_bytes(self.length, "big")


def _swapped(count: int, bits: int) -> int:
    return int.from_bytes(count.to_bytes(bits // 8, "little"), "big")


def _check(length: int, fields: Sequence[Field]) -> None:
    taken: dict[int, str] = {}
    for index, field in enumerate(fields):
        if field.name in {other.name for other in fields[:index]}:
            raise ValueError(f"field {field.name!r} is there twice")
        if field.at < 0 or field.bits < 1 or field.at + field.bits > 8 * length:
            last = field.at + field.bits - 1
            raise ValueError(f"field {field.name!r}: bits {field.at} to {last} are not all within {length} bytes")
        if field.order == "little" and (field.at % 8 or field.bits % 8):
            raise ValueError(f"field {field.name!r}: a little-endian field is made of whole bytes")
        if field.value is not None and not 0 <= field.value <= field.most:
            raise ValueError(f"field {field.name!r} holds 0 to {field.most}, not {field.value}")
        for bit in range(field.at, field.at + field.bits):
            if bit in taken:
                raise ValueError(f"fields {taken[bit]!r} and {field.name!r} both have bit {bit}")
            taken[bit] = field.name
