"""What must be known of a run besides its log, to judge, draw and film it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from controllers.balance.goal import Goal
from controllers.riding.modes import RideMode
from controllers.riding.planning.course_map import CourseMap, StopLine
from sim.ground import Ground
from sim.standing import Standing
from sim.terrain import Terrain
from sim.urdf_source import UrdfText

Array = NDArray[np.float64]
T = TypeVar("T")


class CoursePath(Protocol):
    """A line on the ground that can say how far points are from it."""

    def project(self, points: Array) -> Array:
        """Signed distance from the path of points of shape (T, 2) in the world [m]: shape (T,) [m], left positive."""
        ...


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """What happened on the way from the controller to the drives.

    Attributes:
        events: Changes of mode and of who commands, faults and warnings of the safety layer, a line each; none without.
        switch_on_step: Greatest change of a drive's torque within a step of the physics while it was switched on, over
            the drive's limit [1].
        fault: When the first declared fault begins [s]; NaN without one.
        pushing: Names of the drives that followed more than damping at the end.
    """

    events: tuple[str, ...]
    switch_on_step: float
    fault: float
    pushing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What every run consisted of.

    Attributes:
        joint_names: The robot's joints, in the order of the log.
        joint_lower: Lower position limits, shape (n,) [rad]; -inf for a joint that is not judged, as a closing grip.
        joint_upper: Upper position limits, shape (n,) [rad]; +inf for a joint that is not judged.
        mass: All that moves together [kg].
        modes: Names of the controller's modes; the log's `mode` is an index into them.
        completed: Whether what was asked was done to its end.
        safety: What happened on the way to the drives; None where nobody looked.
        shared: What several metrics of one log have in common, by name; None where nothing is kept.
    """

    joint_names: tuple[str, ...]
    joint_lower: Array
    joint_upper: Array
    mass: float
    modes: tuple[str, ...]
    completed: bool = False
    safety: SafetyReport | None = None
    shared: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    def share(self, name: str, work_out: Callable[[], T]) -> T:
        """What is found under a name, worked out if it is the first time that it is asked for."""
        if self.shared is None:
            return work_out()
        if name not in self.shared:
            self.shared[name] = work_out()
        found: T = self.shared[name]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RideContext(RunContext):
    """What a ride consisted of; its mass is that of robot and bicycle.

    Attributes:
        course: The path that is asked.
        course_points: The path as a polyline in the world, shape (M, 2) [m].
        lead_in: Length of the straight with which the course begins, along x [m]; None where it has none of its own.
        cones: Centres of the cones in the world, shape (K, 2) [m].
        cone_radius: Radius of a cone on the ground [m].
        terrain: What lies on the course.
        course_map: Goals and obstacles, where the course was planned from them.
        standing: What of it stands in the world.
        outages: When the localisation is lost, from and to [s].
        stop_lines: Lines at which to stand still, left and right end of each, shape (2, 2) [m].
    """

    course: CoursePath
    course_points: Array
    modes: tuple[str, ...] = tuple(mode.name.lower() for mode in RideMode)
    lead_in: float | None = None
    cones: Array = field(default_factory=lambda: np.empty((0, 2)))
    cone_radius: float = 0.1
    terrain: Terrain = field(default_factory=Terrain)
    course_map: CourseMap | None = None
    standing: tuple[Standing, ...] = ()
    stop_lines: tuple[Array, ...] = ()
    outages: tuple[tuple[float, float], ...] = ()

    @property
    def lines(self) -> tuple[Array, ...]:
        """Every line on the ground, those included that are passed rolling, shape (2, 2) each [m]."""
        goals = () if self.course_map is None else self.course_map.goals
        rolling = [goal for goal in goals if isinstance(goal, StopLine) and goal.speed is not None]
        return (*self.stop_lines, *(np.array((goal.left, goal.right)) for goal in rolling))

    @property
    def course_points_on_ground(self) -> Array:
        """The path as a polyline with the height of the ground, shape (M, 3) [m]."""
        heights = [self.terrain.height(x, y) for x, y in self.course_points.tolist()]
        return np.column_stack((self.course_points, heights))


@dataclass(frozen=True, slots=True, kw_only=True)
class FootContext(RunContext):
    """What a run on foot consisted of.

    Attributes:
        goals: What was asked, one after the other.
        ground: What the body stood on.
        sole: Length and width of a sole [m]; its frame is in the middle.
        robot: The URDF of the body, to be drawn; None is the project's own.
        scale: Its size: how many times as long as those of the project's own body its legs are [1].
    """

    goals: tuple[Goal, ...]
    ground: Ground = field(default_factory=Ground)
    sole: tuple[float, float] = (0.204, 0.12)
    robot: UrdfText | None = None
    scale: float = 1.0
