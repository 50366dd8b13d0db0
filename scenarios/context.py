"""What must be known of a ride besides its log, to judge, draw and film it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.terrain import Terrain

Array = NDArray[np.float64]
T = TypeVar("T")


class CoursePath(Protocol):
    """A line on the ground that can say how far points are from it."""

    def project(self, points: Array) -> Array:
        """Signed distance from the path of points of shape (T, 2) in the world [m]: shape (T,) [m], left positive."""
        ...


@dataclass(frozen=True, slots=True)
class RideContext:
    """What a ride consisted of.

    Attributes:
        course: The path that is asked.
        course_points: The path as a polyline in the world, shape (M, 2) [m].
        joint_names: The robot's joints, in the order of the log.
        joint_lower: Lower position limits, shape (n,) [rad]; -inf for a joint that is not judged, as a closing grip.
        joint_upper: Upper position limits, shape (n,) [rad]; +inf for a joint that is not judged.
        mass: Robot and bicycle together [kg].
        modes: Names of the rider's modes; the log's `mode` is an index into them.
        cones: Centres of the cones in the world, shape (K, 2) [m].
        cone_radius: Radius of a cone on the ground [m].
        completed: Whether the course was ridden to its end.
        terrain: What lies on the course.
        shared: What several metrics of one log have in common, by name; None where nothing is kept.
    """

    course: CoursePath
    course_points: Array
    joint_names: tuple[str, ...]
    joint_lower: Array
    joint_upper: Array
    mass: float
    modes: tuple[str, ...] = ("pedal", "coast", "brake")
    cones: Array = field(default_factory=lambda: np.empty((0, 2)))
    cone_radius: float = 0.1
    completed: bool = False
    terrain: Terrain = field(default_factory=Terrain)
    shared: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    def share(self, name: str, work_out: Callable[[], T]) -> T:
        """What is found under a name, worked out if it is the first time that it is asked for."""
        if self.shared is None:
            return work_out()
        if name not in self.shared:
            self.shared[name] = work_out()
        found: T = self.shared[name]
        return found

    @property
    def course_points_on_ground(self) -> Array:
        """The path as a polyline with the height of the ground, shape (M, 3) [m]."""
        heights = [self.terrain.height(x, y) for x, y in self.course_points.tolist()]
        return np.column_stack((self.course_points, heights))
