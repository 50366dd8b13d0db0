"""From goals as they stand in a scenario file to the planned way, and how fast it is ridden."""

from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import NDArray

from controllers.riding.navigator import Navigator
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
from controllers.riding.route import Route
from controllers.riding.sight import Unforeseen
from controllers.riding.signals import SignalParameters
from controllers.riding.speed_profile import SpeedProfile
from scenarios import goals_schema as schema
from sim.standing import Barrier, Pillar, Standing
from urdf.bicycle_parameters import BicycleParameters

_POST = 0.03
"""Radius of a gate's post [m]."""
SEEN_FROM = 8.0
"""Distance from which an obstacle that appears is seen, if nothing else is said [m]."""

Array = NDArray[np.float64]


@lru_cache(maxsize=16)
def plan_goals(goals: schema.Goals, *, from_rest: bool = False) -> Plan:
    """The way from the origin, along x, through goals; planned once a process.

    Args:
        goals: Of the scenario.
        from_rest: Whether the ride starts from rest.

    Raises:
        PlanningError: There is none.
    """
    limits = PathLimits(curvature=1.0 / goals.min_radius, margin=goals.margin, room=goals.room)
    return plan_path(map_of(goals, known=True), Pose(), limits, from_rest=from_rest)


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
    plan = plan_goals(goals, from_rest=start_speed == 0.0)
    return plan_speed(plan, speed_limits(cruise, bicycle), start_speed)


def navigator_of(
    goals: schema.Goals, cruise: float, start_speed: float, bicycle: BicycleParameters, signal: SignalParameters | None
) -> Navigator:
    """What leads a rider through goals, and round obstacles that come up.

    Args:
        goals: Of the scenario.
        cruise: Greatest speed [m/s].
        start_speed: At the start [m/s].
        bicycle: What is ridden.
        signal: When a turn can be signalled; None: none is to be.

    Raises:
        PlanningError: There is no way, or it cannot be started at that speed.
    """
    plan = plan_goals(goals, from_rest=start_speed == 0.0)
    route = Route(plan.course(), profile_of(goals, cruise, start_speed, bicycle), plan.stops)
    hidden = [Unforeseen(_disc(one), one.seen_from or SEEN_FROM) for one in goals.obstacles if not one.known]
    return Navigator(route, (plan, speed_limits(cruise, bicycle)), hidden, signal)


def speed_limits(cruise: float, bicycle: BicycleParameters) -> SpeedLimits:
    """Limits of the speed with a bicycle, up to a greatest speed [m/s]."""
    return SpeedLimits(cruise=cruise, development=bicycle.drive.gear_ratio * bicycle.geometry.rear_wheel_radius)


def map_of(goals: schema.Goals, *, known: bool = False) -> CourseMap:
    """The map of a task: all that there is, or what the rider knows of it at the start."""
    return CourseMap(
        goals=tuple(_goal(goal) for goal in goals.goals),
        discs=tuple(_disc(one) for one in goals.obstacles if one.known or not known),
        walls=tuple(Wall(*wall.ends) for wall in goals.walls),
        fence=goals.fence or (),
        slow=tuple(_slow(limit) for limit in goals.speed_limits),
    )


def stop_lines_of(course_map: CourseMap) -> tuple[Array, ...]:
    """Lines at which to stand still, left and right end of each, shape (2, 2) [m]."""
    lines = (goal for goal in course_map.goals if isinstance(goal, StopLine) and goal.speed is None)
    return tuple(np.array((line.left, line.right)) for line in lines)


def standing_of(course_map: CourseMap) -> tuple[Standing, ...]:
    """What of a map stands in the world: posts, obstacles and walls; the fence is a line on the ground."""
    posts = [post for goal in course_map.goals if isinstance(goal, Gate) for post in (goal.left, goal.right)]
    return (
        *(Pillar(post, _POST) for post in posts),
        *(Pillar(disc.at, disc.radius, since=disc.since, until=disc.until) for disc in course_map.discs),
        *(Barrier(wall.start, wall.end) for wall in course_map.walls),
    )


def _goal(goal: schema.Goal) -> Goal:
    match goal:
        case schema.Waypoint():
            return Waypoint(goal.at, goal.heading, goal.radius)
        case schema.Gate():
            return Gate(goal.left, goal.right)
        case schema.StopLine():
            return StopLine(goal.left, goal.right, goal.speed, goal.foot, goal.wait, goal.next_foot)


def _disc(obstacle: schema.Obstacle) -> Disc:
    until = inf if obstacle.leaves is None else obstacle.leaves
    return Disc(obstacle.at, obstacle.radius, obstacle.appears or 0.0, until)


def _slow(limit: schema.SpeedLimit) -> SlowArea | SlowStretch:
    if limit.area is not None:
        return SlowArea(limit.area, limit.speed)
    start, end = limit.stretch or (0.0, 0.0)
    return SlowStretch(start, end, limit.speed)
