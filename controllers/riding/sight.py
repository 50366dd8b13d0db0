"""Stands in for a service that sees obstacles: it tells of each when the bicycle comes near, and when it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from controllers.riding.planning.course_map import Disc


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An obstacle that is not on the rider's map.

    Attributes:
        disc: Where it is, and when.
        seen_from: Distance of the bicycle's front from its edge at which it is seen [m].
    """

    disc: Disc
    seen_from: float


class Sight:
    """Sees obstacles come, each once, and go."""

    def __init__(self, hidden: Sequence[Unforeseen]) -> None:
        """Take what there is to see."""
        self._hidden = tuple(hidden)
        self._unseen = list(hidden)
        self._seen: list[Disc] = []

    def reset(self) -> None:
        """Start over, with nothing seen."""
        self._unseen, self._seen = list(self._hidden), []

    def look(self, time: float, x: float, y: float) -> list[Disc]:
        """What comes into sight at a time [s], the front of the bicycle being at a place of the world [m]."""
        seen = [
            one
            for one in self._unseen
            if one.disc.since <= time < one.disc.until
            and hypot(x - one.disc.at[0], y - one.disc.at[1]) < one.disc.radius + one.seen_from
        ]
        for one in seen:
            self._unseen.remove(one)
            self._seen.append(one.disc)
        return [one.disc for one in seen]

    def gone(self, time: float) -> list[Disc]:
        """What was seen and is there no more at a time [s]."""
        return [disc for disc in self._seen if time >= disc.until]
