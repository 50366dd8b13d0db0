"""From a course as it stands in a scenario file to a curve that can be ridden."""

import numpy as np
from numpy.typing import NDArray

from controllers.riding import clothoids
from controllers.riding import course as curves
from scenarios.course_schema import Circle, Course, FigureEight, LaneChange, Path, Slalom, Straight, UTurn
from scenarios.goals_builder import plan_goals
from scenarios.goals_schema import Goals


def build_course(course: Course) -> curves.Course:
    """The curve that a course asks the rear wheel to follow.

    Raises:
        ValueError: There is no way through goals.
    """
    match course:
        case Straight():
            return curves.straight(course.length)
        case Circle():
            return curves.circle(course.radius, course.laps, course.lead_in, left=course.direction == "left")
        case FigureEight():
            if course.transition is None:
                return curves.figure_eight(course.radius, course.rounds, course.lead_in)
            return clothoids.figure_eight(course.radius, course.rounds, course.lead_in, course.transition)
        case UTurn():
            left = course.direction == "left"
            return clothoids.u_turn(course.radius, course.transition, course.lead_in, course.lead_out, left=left)
        case Slalom():
            return curves.slalom(course.cones, course.spacing, course.offset, course.lead_in)
        case LaneChange():
            return curves.lane_change(course.width, course.length, course.lead_in, course.lead_out, course.stay)
        case Path():
            return curves.through(np.array(course.points))
        case Goals():
            return plan_goals(course).course()


def lead_in_of(course: Course) -> float | None:
    """Length of the straight with which a course begins [m]; None for courses that have no such key."""
    match course:
        case Circle() | FigureEight() | UTurn() | Slalom() | LaneChange():
            return course.lead_in
        case _:
            return None


def cones_of(course: Course) -> NDArray[np.float64]:
    """Where the cones of a course stand, shape (K, 2) [m]; none but in a slalom."""
    if isinstance(course, Slalom):
        return curves.cone_positions(course.cones, course.spacing, course.lead_in)
    return np.empty((0, 2))
