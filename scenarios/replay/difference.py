"""Where two logs begin to differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import orjson

from scenarios.replay.recording import Message

_MOST = 6
"""How many columns are told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row in which two logs differ.

    Attributes:
        row: Counted from 0.
        time: [s].
        topic: Channel.
        columns: What differs, by name: the values of both.
    """

    row: int
    time: float
    topic: str
    columns: Mapping[str, tuple[Any, Any]]

    def lines(self) -> Iterator[str]:
        """What there is to be read, a line each."""
        yield f"the first difference is at {self.time:.3f} s (row {self.row}), in {self.topic}:"
        for name, (one, other) in list(self.columns.items())[:_MOST]:
            yield f"  {name}: {_told(one, other)}"
        if len(self.columns) > _MOST:
            yield f"  and {len(self.columns) - _MOST} more"


def first_difference(one: Iterable[Message], other: Iterable[Message]) -> Difference | None:
    """The first row in which two logs differ, in whatever channel comes first; None where they are alike to the end."""
    for mine, its in zip_longest(one, other):
        if mine is None or its is None:
            there = mine or its
            assert there is not None
            ended = ("goes on", "has ended")
            return Difference(there.row, there.time, there.topic, {"log": ended if its is None else ended[::-1]})
        if mine.data != its.data or mine.topic != its.topic:
            return Difference(mine.row, mine.time, mine.topic, differing(mine.values, its.values))
    return None


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is not the same in two messages, by name."""
    return {
        name: (one.get(name), other.get(name)) for name in {**one, **other} if _differ(one.get(name), other.get(name))
    }


def _differ(one: Any, other: Any) -> bool:
    """Whether two values are written otherwise in a log, where 0.0 and -0.0 are two."""
    return orjson.dumps(one) != orjson.dumps(other)


def _told(one: Any, other: Any) -> str:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        apart = [k for k, pair in enumerate(zip(one, other, strict=True)) if _differ(*pair)]
        first = apart[0]
        return f"[{first}] {one[first]} and {other[first]}" + (
            f", and {len(apart) - 1} more of it" if apart[1:] else ""
        )
    if isinstance(one, float) and isinstance(other, float):
        return f"{one} and {other}, {abs(one - other):.3g} apart"
    return f"{one} and {other}"
