"""What the planner may ask of the rider."""

from __future__ import annotations

from dataclasses import dataclass

from controllers.riding.planning.course_map import PlanningError


@dataclass(frozen=True, slots=True)
class PathLimits:
    """Limits of the path.

    Attributes:
        curvature: Greatest curvature [1/m].
        curvature_rate: Greatest change of it along the path [1/m²]; a bicycle has to roll before it can turn.
        margin: Least distance of the rear wheel's path from what stands in the way [m]. Half of the handlebar's width,
            the front wheel's way beside the rear one's (in a bend of 4 m radius 9 cm) and the rider's error go into it.
        room: Distance that it keeps where that takes no long way round, so that a shove has room [m].
        wheelbase: How far the rear wheel stands before a line that the front wheel stands on [m].
        before_stop: Least length of the straight on which the bicycle comes to a stop [m].
        after_stop: Least length of the straight on which it starts from rest [m].
    """

    curvature: float = 0.25
    curvature_rate: float = 0.15
    margin: float = 0.5
    room: float = 1.2
    wheelbase: float = 0.85
    before_stop: float = 1.0
    after_stop: float = 3.0

    def __post_init__(self) -> None:
        """See that they can be kept.

        Raises:
            PlanningError: One is too small.
        """
        if min(self.curvature, self.curvature_rate) <= 0.0:
            raise PlanningError("the limits of curvature and of its rate must be positive")
        if min(self.wheelbase, self.before_stop, self.after_stop) <= 0.0:
            raise PlanningError("the wheelbase and the straights before and after a stop must be positive")
        if self.room < 0.0:
            raise PlanningError(f"a room of {self.room:g} m is none; at least 0 m")
        if self.margin < 0.2:
            raise PlanningError(f"a margin of {self.margin:g} m is less than half a bicycle's width; at least 0.2 m")


@dataclass(frozen=True, slots=True)
class SpeedLimits:
    """Limits of the speed along a path.

    Attributes:
        cruise: Greatest speed [m/s].
        lateral_acceleration: Greatest v² κ [m/s²]; its arc tangent over g is the roll in a steady turn.
        acceleration: Greatest gain of speed [m/s²]; the legs give 0.2 at most.
        start_acceleration: Greatest gain of speed after a stop, where a foot pushes off [m/s²].
        start_length: How far after a stop that holds [m].
        braking: Greatest loss of speed [m/s²].
        curvature_rate: Greatest change of the curvature in time [1/(m·s)]; times the wheelbase about the steer rate.
        cadence: Greatest crank rate [rad/s].
        development: Way of the bicycle for one radian of the crank [m/rad].
    """

    cruise: float = 2.0
    lateral_acceleration: float = 1.0
    acceleration: float = 0.15
    start_acceleration: float = 0.5
    start_length: float = 4.0
    braking: float = 0.4
    curvature_rate: float = 0.4
    cadence: float = 8.5
    development: float = 0.36

    def __post_init__(self) -> None:
        """See that they are limits.

        Raises:
            PlanningError: One is not positive.
        """
        for name in self.__slots__:
            if getattr(self, name) <= 0.0:
                raise PlanningError(f"the limit '{name}' of the speed must be positive")
