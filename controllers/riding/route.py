"""What the rider follows: a course, how fast, and where to stand still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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
        held: Whether a bicycle that stands on its foot is to stay there.
    """

    course: Course
    profile: SpeedProfile | None = None
    stops: tuple[Stop, ...] = ()
    held: bool = False


class Guide(Protocol):
    """Tells a ride which route to follow."""

    route: Route
    changes: int

    def reset(self) -> None:
        """Start over with the first route."""
        ...

    def step(self, time: float, arc_length: float, speed: float, x: float, y: float) -> Route:
        """The route at a time; what of it is ridden already does not change, and arc lengths keep their meaning.

        Args:
            time: [s].
            arc_length: Of the rear wheel on the present course [m].
            speed: [m/s].
            x: Of the rear wheel in the world [m].
            y: [m].
        """
        ...
