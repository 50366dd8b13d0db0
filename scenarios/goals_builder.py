"""From goals as they stand in a scenario file to the planned way, and how fast it is ridden."""

from functools import lru_cache

from controllers.riding.planning.course_map import (
    CourseMap,
    Disc,
    Gate,
    Goal,
    Pose,
    SlowArea,
    SlowStretch,
    StopLine,
    Wall,
    Waypoint,
)
from controllers.riding.planning.limits import PathLimits, SpeedLimits
from controllers.riding.planning.planner import Plan, plan_path
from controllers.riding.planning.speed import plan_speed
from controllers.riding.speed_profile import SpeedProfile
from scenarios import goals_schema as schema
from urdf.bicycle_parameters import BicycleParameters


@lru_cache(maxsize=16)
def plan_goals(goals: schema.Goals, *, from_rest: bool = False) -> Plan:
    """The way from the origin, along x, through goals; planned once a process.

    Args:
        goals: Of the scenario.
        from_rest: Whether the ride starts from rest.

    Raises:
        PlanningError: There is none.
    """
    limits = PathLimits(curvature=1.0 / goals.min_radius, margin=goals.margin)
    return plan_path(map_of(goals), Pose(), limits, from_rest=from_rest)


def profile_of(goals: schema.Goals, cruise: float, start_speed: float, bicycle: BicycleParameters) -> SpeedProfile:
    """Speed along the way.

    Args:
        goals: Of the scenario.
        cruise: Greatest speed [m/s].
        start_speed: At the start [m/s].
        bicycle: What is ridden.

    Raises:
        PlanningError: There is no way, or it cannot be started at that speed.
    """
    development = bicycle.drive.gear_ratio * bicycle.geometry.rear_wheel_radius
    return plan_speed(
        plan_goals(goals, from_rest=start_speed == 0.0),
        SpeedLimits(cruise=cruise, development=development),
        start_speed,
    )


def map_of(goals: schema.Goals) -> CourseMap:
    """The map of a task."""
    return CourseMap(
        goals=tuple(_goal(goal) for goal in goals.goals),
        discs=tuple(Disc(disc.at, disc.radius) for disc in goals.obstacles),
        walls=tuple(Wall(*wall.ends) for wall in goals.walls),
        fence=goals.fence or (),
        slow=tuple(_slow(limit) for limit in goals.speed_limits),
    )


def _goal(goal: schema.Goal) -> Goal:
    match goal:
        case schema.Waypoint():
            return Waypoint(goal.at, goal.heading, goal.radius)
        case schema.Gate():
            return Gate(goal.left, goal.right)
        case schema.StopLine():
            return StopLine(goal.left, goal.right, goal.speed, goal.foot, goal.wait, goal.next_foot)


def _slow(limit: schema.SpeedLimit) -> SlowArea | SlowStretch:
    if limit.area is not None:
        return SlowArea(limit.area, limit.speed)
    start, end = limit.stretch or (0.0, 0.0)
    return SlowStretch(start, end, limit.speed)
