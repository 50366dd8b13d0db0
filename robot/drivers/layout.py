"""Where the numbers of a payload are: fields of bits, as whole numbers in one word for the whole payload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple


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


class Place(NamedTuple):
    """Where a field is in the word of its payload, which is the payload read as one big-endian whole number.

    Attributes:
        shift: How many bits are below it.
        most: Greatest count that it can hold.
        swapped: Number of its bytes if they are in little-endian order; 0 otherwise.
    """

    shift: int
    most: int
    swapped: int

    def take(self, word: int) -> int:
        """The count of the field in a word."""
        count = word >> self.shift & self.most
        return int.from_bytes(count.to_bytes(self.swapped, "little"), "big") if self.swapped else count

    def put(self, count: int) -> int:
        """A word in which the field has this count, and nothing else is there.

        Raises:
            ValueError: The count does not fit.
        """
        if not 0 <= count <= self.most:
            raise ValueError(f"a field holds 0 to {self.most}, not {count}")
        if self.swapped:
            count = int.from_bytes(count.to_bytes(self.swapped, "little"), "big")
        return count << self.shift


class Layout:
    """The fields of a payload of a fixed length; bits that belong to none are sent as zero and not looked at.

    Attributes:
        length: Of the payload, in bytes.
        fields: As the dialect file has them.
        places: Where each is, by name.
        fixed: A word with all fields that do not vary.
    """

    def __init__(self, length: int, fields: Iterable[Field]) -> None:
        """Lay out a payload of `length` bytes.

        Raises:
            ValueError: A field is outside, two overlap or have one name, or a little-endian one is not of whole bytes.
        """
        self.length, self.fields = length, tuple(fields)
        _check(length, self.fields)
        self.places: Mapping[str, Place] = {
            field.name: Place(
                8 * length - field.at - field.bits, field.most, field.bits // 8 if field.order == "little" else 0
            )
            for field in self.fields
        }
        constant = [(self.places[field.name], field.value) for field in self.fields if field.value is not None]
        self.fixed = sum(place.put(value) for place, value in constant)
        self._mask = sum(place.most << place.shift for place, _ in constant)

    def is_fixed(self, word: int) -> bool:
        """Whether the fields that do not vary are in a word as they must be."""
        return word & self._mask == self.fixed


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
