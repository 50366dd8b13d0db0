"""A halt on the way: where the bicycle stands still, and on which foot."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

Foot = Literal["left", "right"]
FEET: tuple[Foot, Foot] = ("left", "right")
"""By their side, 0 and 1."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place at which to stand still.

    Attributes:
        arc_length: Of the rear wheel along the course [m].
        foot: The one that goes to the ground.
        wait: Time to stand there before going on [s].
        next_foot: The one from which the next start pushes off.
        notice: How far before it the rider learns of it [m].
    """

    arc_length: float
    foot: Foot
    wait: float
    next_foot: Foot
    notice: float = inf
