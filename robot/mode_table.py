"""Modes as data: what each one does, which it may follow, when it begins; and the table that allows changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

M = TypeVar("M", bound=IntEnum, covariant=True)


@dataclass(frozen=True, slots=True)
class ModeRow(Generic[M]):
    """One mode.

    Attributes:
        mode: Which.
        about: What it does.
        allowed_from: Modes that it may follow.
        begins: When it begins.
    """

    mode: M
    about: str
    allowed_from: tuple[M, ...]
    begins: str


class ModeTable(Generic[M]):
    """The modes of one controller, a row each, in their order."""

    def __init__(self, rows: Sequence[ModeRow[M]]) -> None:
        """Take the rows.

        Raises:
            ValueError: They are not one for each mode, in the order of the modes' numbers.
        """
        self._rows = tuple(rows)
        if [row.mode for row in self._rows] != list(range(len(self._rows))):
            raise ValueError(
                f"a table needs a row for each mode, in order, not {[row.mode.name for row in self._rows]}"
            )

    def __iter__(self) -> Iterator[ModeRow[M]]:
        """The rows."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Number of modes."""
        return len(self._rows)

    def allows(self, before: IntEnum, after: IntEnum) -> bool:
        """Whether one mode may follow another."""
        return before in self._rows[after].allowed_from

    def require(self, before: IntEnum, after: IntEnum) -> None:
        """Refuse a change of mode that the table does not have.

        Raises:
            ValueError: It does not; the message says what may follow.
        """
        if not self.allows(before, after):
            allowed = ", ".join(mode.name for mode in self._rows[after].allowed_from)
            raise ValueError(f"mode {after.name} may not follow {before.name}; it may follow {allowed}")
