"""What the rider follows: a course, how fast, and where to stand still."""

from __future__ import annotations

from dataclasses import dataclass

from controllers.riding.course import Course
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.stop import Stop


@dataclass(frozen=True, slots=True)
class Route:
    """A course and how to ride it.

    Attributes:
        course: What the rear wheel should follow.
        profile: Speed along it that pedalling does not pass; None where nobody has planned one.
        stops: Where to stand still, in their order.
    """

    course: Course
    profile: SpeedProfile | None = None
    stops: tuple[Stop, ...] = ()
