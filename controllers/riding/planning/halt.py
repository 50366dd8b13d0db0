"""Where exactly the bicycle stands still at a stop line."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, ceil

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import Pose, StopLine
from controllers.riding.planning.dock import Dock
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import across
from controllers.riding.planning.path import ClothoidPath

Array = NDArray[np.float64]

_KNOT = 0.5
"""Greatest distance of the knots of a straight [m]."""
_LOOK = 0.05
"""Distance of the points of a straight at which it is held against the map [m]."""
_RUN_OUT = 1.0
"""Length of the straight after the last stop, from which nobody starts [m]."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The straight on which the bicycle stands still.

    Attributes:
        dock: Its beginning.
        before: Length up to the rear wheel of the standing bicycle [m].
        after: Length from there on [m].
    """

    dock: Dock
    before: float
    after: float

    @property
    def end(self) -> Pose:
        """Its end."""
        dock, length = self.dock, self.before + self.after
        return Pose(dock.x + length * np.cos(dock.heading), dock.y + length * np.sin(dock.heading), dock.heading)


def halt(line: StopLine, limits: PathLimits, clearance: Clearance, *, last: bool) -> Halt | None:
    """The straight across a line, at right angles, through the free place in its middle third nearest to its middle.

    Args:
        line: On which the front wheel stands.
        limits: Of the path.
        clearance: Of the map.
        last: Whether the task ends there.

    Returns:
        None where no such straight is as far from what stands in the way as it must.
    """
    along, ahead, width = across(line)
    after = _RUN_OUT if last else limits.after_stop
    begin = -limits.wheelbase - limits.before_stop
    depths = np.arange(begin, -limits.wheelbase + after + _LOOK, _LOOK)
    middle = 0.5 * np.add(line.left, line.right)
    side = max(0.0, min(width / 6.0, 0.5 * width - limits.margin))
    for aside in sorted(np.linspace(-side, side, 21).tolist(), key=abs):
        place = middle + aside * along
        if (clearance.of(place + depths[:, None] * ahead) >= limits.margin).all():
            x, y = place + begin * ahead
            return Halt(Dock(float(x), float(y), atan2(ahead[1], ahead[0])), limits.before_stop, after)
    return None


def straight(pose: Pose, length: float) -> ClothoidPath:
    """A straight path from a pose, of a length [m]."""
    steps = max(1, ceil(length / _KNOT))
    start = Pose(pose.x, pose.y, pose.heading)
    return ClothoidPath(start, length / steps, np.zeros(steps + 1))
