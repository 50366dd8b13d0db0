"""A course of goals: read from a file, refused in one line, built for the rider, and judged."""

import math
import tomllib

import numpy as np
import pytest
from pydantic import ValidationError

from controllers.riding.modes import RideMode
from controllers.riding.planning.clearance import Clearance, inside
from controllers.riding.planning.course_map import (
    CourseMap,
    Disc,
    Gate,
    PlanningError,
    SlowArea,
    StopLine,
    Wall,
    Waypoint,
)
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.planner import conflict, replan
from scenarios.complaint import complaint
from scenarios.course_builder import build_course
from scenarios.goals_builder import map_of, plan_goals, profile_of, standing_of, stop_lines_of
from scenarios.goals_schema import Goals
from scenarios.loader import load_ride
from scenarios.metrics import METRICS
from scenarios.plots import draw
from scenarios.ride_schema import RideFile
from scenarios.run_log import RunLog
from scenarios.terrain_builder import build_terrain
from sim.standing import Barrier, Pillar
from tests.unit.synthetic_ride import make_context, make_log, make_outcome
from urdf.bicycle_parameters import BicycleParameters

RIDE = """
summary = "through a gate to a line"
duration = "20 s"
criteria = [{ metric = "falls", max = 0 }]

[course]
kind = "goals"
goals = [
    { kind = "gate", left = ["600 cm", 1], right = [6, -1] },
    { kind = "waypoint", at = [10, 0], heading = "10 deg", radius = "20 cm" },
    { kind = "stop_line", left = [16, 2], right = [16, -2], speed = "3.6 km/h" },
]
obstacles = [{ at = [8, 2], radius = "30 cm" }]
walls = [{ ends = [[8, -3], [12, -3]] }]
fence = [[-2, -4], [20, -4], [20, 4], [-2, 4]]
speed_limits = [{ speed = 1.5, area = [[5, -4], [7, -4], [7, 4], [5, 4]] }, { speed = 1.2, stretch = [8, 9] }]
"""

GATE = '{ kind = "gate", left = ["600 cm", 1], right = [6, -1] }'
LINE = '{ kind = "stop_line", left = [16, 2], right = [16, -2], speed = "3.6 km/h" }'


def build(text=RIDE) -> RideFile:
    return RideFile.model_validate(tomllib.loads(text))


def goals_of(ride: RideFile) -> Goals:
    assert isinstance(ride.course, Goals)
    return ride.course


def test_units_are_taken_and_the_map_is_that_of_the_file():
    course_map = map_of(goals_of(build()))
    assert course_map.goals == (
        Gate((6.0, 1.0), (6.0, -1.0)),
        Waypoint((10.0, 0.0), math.radians(10), 0.2),
        StopLine((16.0, 2.0), (16.0, -2.0), 1.0),
    )
    assert course_map.discs == (Disc((8.0, 2.0), 0.3),)
    assert len(course_map.walls) == 1
    assert len(course_map.fence) == 4
    assert [limit.speed for limit in course_map.slow] == [1.5, 1.2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (LINE, LINE + f", {GATE}", "course: goals.2: a stop line with a speed ends the course"),
        ('speed = "3.6 km/h"', 'speed = 1, foot = "left"', "course.goals.2: who ends rolling does not stand"),
        ('speed = "3.6 km/h"', 'foot = "both"', "course.goals.2.foot: "),
        ("right = [6, -1]", "right = [6, 0.2]", "course: goals.0: 0.8 m from end to end are not more than two margins"),
        ('"3.6 km/h"', '"1 km/h"', "course: goals.2: 0.277778 m/s is slower than can be ridden; at least 0.8 m/s"),
        ("speed = 1.2, ", "speed = 0.5, ", "course: speed_limits.1: 0.5 m/s is slower"),
        ("stretch = [8, 9]", "stretch = [9, 8]", "course.speed_limits.1: a stretch must end after it begins"),
        (", stretch = [8, 9]", "", "course.speed_limits.1: a speed limit holds in exactly one of"),
        ("[20, -4], [20, 4], [-2, 4]]", "[20, -4]]", "course.fence: at least 3 must be there"),
        ('kind = "goals"', 'kind = "goals"\nmargin = "10 cm"', "course.margin: '10 cm' is wrong"),
        ('kind = "goals"', 'kind = "goals"\nmin_radius = 1', "course.min_radius: 1 is wrong"),
        ('kind = "gate"', 'kind = "gat"', "course.goals.0.kind: there is no 'gat'"),
        ('heading = "10 deg"', 'heading = "10 m"', "course.goals.1.heading: '10 m' is a length"),
        ('radius = "30 cm"', 'radus = "30 cm"', "course.obstacles.0.radus: unknown key"),
        (
            'radius = "30 cm"',
            'radius = 1, appears = "4 s", leaves = "4 s"',
            "course.obstacles.0: an obstacle must be there before it leaves",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_key(old, new, said):
    assert old in RIDE
    text = RIDE.replace(old, new, 1)
    with pytest.raises(ValidationError) as caught:
        build(text)
    line = complaint(caught.value, tomllib.loads(text))
    assert "\n" not in line
    assert line.startswith(said)


def test_the_course_leads_through_the_goals_at_the_planned_speed():
    ride = build()
    plan, course = plan_goals(goals_of(ride)), build_course(ride.course)
    assert course.length == pytest.approx(plan.path.length, abs=0.01)
    profile = profile_of(goals_of(ride), 2.0, 2.0, BicycleParameters.load())
    speeds = [profile.at(float(at)) for at in plan.goals_at]
    assert speeds[0] <= 1.5
    assert speeds[2] == pytest.approx(1.0)
    assert profile.speed.max() == pytest.approx(2.0)
    assert profile.at(8.5) == pytest.approx(1.2)


def test_lines_to_stand_at_may_be_anywhere():
    line = '{ kind = "stop_line", left = [16, 2], right = [16, -2], foot = "right", wait = "3 s", next_foot = "left" }'
    text = RIDE.replace(LINE, line + ', { kind = "waypoint", at = [30, 1] }').replace(
        "20, -4], [20, 4", "36, -4], [36, 4"
    )
    goals = goals_of(build(text.replace('heading = "10 deg", ', "")))
    plan = plan_goals(goals, from_rest=True)
    assert [(stop.foot, stop.wait, stop.next_foot) for stop in plan.stops] == [("right", 3.0, "left")]
    profile = profile_of(goals, 2.0, 0.0, BicycleParameters.load())
    assert profile.at(0.0) == 0.0
    assert profile.at(plan.stops[0].arc_length) < 0.1
    assert profile.duration < 40.0


def test_the_planner_knows_the_wheelbase():
    assert PathLimits().wheelbase == BicycleParameters.load().geometry.wheelbase


def test_an_obstacle_that_is_not_known_is_on_the_map_of_the_judge_alone():
    seen = RIDE.replace('radius = "30 cm" }', 'radius = "30 cm" }, { at = [13, 0], radius = 0.2, seen_from = "6 m" }')
    goals = goals_of(build(seen))
    assert len(map_of(goals).discs) == 2
    assert len(map_of(goals, known=True).discs) == len(plan_goals(goals).course_map.discs) == 1
    late = goals_of(build(seen.replace('seen_from = "6 m"', 'appears = "4 s"')))
    assert map_of(late).discs[1] == Disc((13.0, 0.0), 0.2, since=4.0)
    short = goals_of(build(seen.replace('seen_from = "6 m"', 'appears = "4 s", leaves = "9 s"')))
    (there,) = (thing for thing in standing_of(map_of(short)) if thing.since > 0.0)
    assert (there.since, there.until) == (4.0, 9.0)


def test_a_way_is_planned_once():
    assert plan_goals(goals_of(build())) is plan_goals(goals_of(build()))


def test_a_task_without_a_way_names_the_goal():
    shut = RIDE.replace("ends = [[8, -3], [12, -3]]", "ends = [[13, -4], [13, 4]]")
    with pytest.raises(PlanningError, match=r"goals\.2 \(stop line at 16, 0\)"):
        build_course(build(shut).course)


def test_the_city_has_a_way_from_rest_to_rest():
    ride = load_ride("city_course")
    goals = goals_of(ride)
    plan = plan_goals(goals, from_rest=True)
    path, limits = plan.path, plan.limits
    assert 295 < path.length < 310
    assert np.abs(path.curvature).max() <= limits.curvature
    assert np.abs(path.curvature_rate).max() <= limits.curvature_rate
    assert Clearance(plan.course_map).of(path.sample(20).points).min() >= limits.margin - 1e-3
    assert {stop.foot for stop in plan.stops} == {"left", "right"}
    assert len(plan.stops) == 5
    profile = profile_of(goals, ride.rider.speed, 0.0, BicycleParameters.load())
    assert profile.at(0.0) == 0.0
    assert [profile.at(round(stop.arc_length / 0.02) * 0.02) for stop in plan.stops] == pytest.approx([0.0] * 5)
    assert profile.at(path.length) == 0.0
    for limit in plan.course_map.slow:
        assert isinstance(limit, SlowArea)
        places = np.arange(0.0, path.length, 0.5)
        points = np.array([(path.pose_at(float(s)).x, path.pose_at(float(s)).y) for s in places])
        there = inside(points, limit.corners)
        assert there.sum() > 20
        assert max(profile.at(float(s)) for s in places[there]) <= limit.speed + 1e-9
    assert profile.duration + sum(stop.wait for stop in plan.stops) < 0.8 * ride.duration
    (hill,) = build_terrain(ride.terrain, plan.course(), 0).strips
    assert hill.height.max() > 0.2


def test_in_the_city_there_is_a_way_round_what_is_parked():
    goals = goals_of(load_ride("city_course"))
    plan = plan_goals(goals, from_rest=True)
    (parked,) = set(map_of(goals).discs) - set(plan.course_map.discs)
    near = conflict(plan.path, [parked], plan.limits.margin, 0.0)
    assert near is not None
    new = replan(plan, near - 7.0, [parked])
    assert Clearance(new.course_map).of(new.path.sample(20).points).min() >= plan.limits.margin - 1e-3
    assert [leg is old for leg, old in zip(new.legs, plan.legs, strict=True)].count(False) == 1


@pytest.mark.parametrize("name", ["ride_gates", "ride_yard", "ride_parked", "city_course"])
def test_the_rides_of_the_library_have_a_way_and_a_start_that_suits_it(name):
    ride = load_ride(name)
    profile = profile_of(goals_of(ride), ride.rider.speed, ride.start.speed, BicycleParameters.load())
    assert profile.duration < 0.8 * ride.duration


# Metrics

MAP = CourseMap(
    goals=(Gate((1, 1), (1, -1)), Gate((3, 1), (3, -1))),
    discs=(Disc((2, 1.0), 0.3),),
    fence=((-1, -2), (9, -2), (9, 2), (-1, 2)),
)


def along(y, rows=50) -> RunLog:
    """A ride along x at a distance from it, the front wheel 1 m ahead."""
    rear = np.zeros((rows, 3))
    rear[:, 0], rear[:, 1] = np.linspace(0, 4, rows), y
    return make_log(rows, truth_rear_contact=rear, truth_front_contact=rear + np.array((1.0, 0, 0)))


def value(name, log, **context):
    return METRICS[name].compute(log, make_context(**context))


@pytest.mark.parametrize(("y", "missed"), [(0.0, 0.0), (0.95, 0.0), (1.05, 2.0)])
def test_goals_missed_are_those_that_the_rear_wheel_does_not_pass(y, missed):
    assert value("goals_missed", along(y), course_map=MAP) == missed


def test_at_a_line_one_stands_with_the_front_wheel():
    lines = CourseMap((MAP.goals[0], StopLine((3.5, 1), (3.5, -1)), StopLine((5, 1), (5, -1))))
    log = along(0.0)  # the front wheel comes to 5 m
    assert value("goals_missed", log, course_map=lines) == 0.0  # a made-up log stands still, whatever it moves
    rolling = along(0.0)
    rolling["truth_speed"][:] = 2.0
    assert value("goals_missed", rolling, course_map=lines) == 2.0
    rolling["truth_speed"][-1] = 0.0
    assert value("goals_missed", rolling, course_map=lines) == 2.0
    rolling["truth_speed"][np.searchsorted(rolling["truth_front_contact"][:, 0], 3.6)] = 0.0
    assert value("goals_missed", rolling, course_map=lines) == 0.0


def test_a_goal_after_one_that_is_missed_is_missed_as_well():
    backwards = CourseMap((MAP.goals[1], MAP.goals[0]))
    assert value("goals_missed", along(0.0), course_map=backwards) == 1.0


@pytest.mark.parametrize(("y", "clearance"), [(0.0, 0.7), (-0.5, 0.5), (1.8, 0.2), (2.5, -0.5)])
def test_clearance_is_to_the_nearest_thing_and_negative_outside_the_fence(y, clearance):
    assert value("obstacle_clearance_min", along(y), course_map=MAP) == pytest.approx(clearance, abs=1e-3)


def test_speed_excess_is_over_the_planned_speed_where_it_does_not_coast():
    log = make_log(
        3,
        truth_speed=[2.0, 1.6, 1.3],
        reference_speed=[0.0, 1.5, 1.4],
        mode=[RideMode.COAST, RideMode.BRAKE, RideMode.CRUISE],
    )
    assert value("speed_excess_max", log, course_map=MAP) == pytest.approx(0.1)


def test_an_obstacle_that_appears_counts_from_then_on():
    there = CourseMap(MAP.goals, (Disc((2, 0.2), 0.1, since=0.07),))
    log = along(0.0)  # its rear wheel is at 2 m after 0.05 s, its front wheel before that
    assert value("obstacle_clearance_min", log, course_map=there) > 0.5
    assert value("obstacle_clearance_min", log, course_map=CourseMap(MAP.goals, (Disc((2, 0.2), 0.1),))) < 0.15


def test_an_obstacle_that_leaves_counts_until_then():
    gone = CourseMap(MAP.goals, (Disc((4.0, 0.2), 0.1, until=0.02),))
    assert value("obstacle_clearance_min", along(0.0), course_map=gone) > 0.5


@pytest.mark.parametrize(("y", "margin"), [(0.0, 1.0), (1.8, 0.2), (-2.5, -0.5)])
def test_wheels_leave_the_fence_or_not(y, margin):
    assert value("fence_margin_min", along(y), course_map=MAP) == pytest.approx(margin, abs=1e-3)


def test_changes_of_the_route_are_counted():
    assert value("route_changes", make_log(3, route=[0, 1, 2]), course_map=MAP) == 2


@pytest.mark.parametrize(
    "name",
    [
        "goals_missed",
        "obstacle_clearance_min",
        "speed_excess_max",
        "fence_margin_min",
        "route_changes",
        "obstacle_force_max",
    ],
)
def test_a_ride_without_goals_has_none_of_these(name):
    assert math.isnan(value(name, along(0.0)))


def test_posts_obstacles_and_walls_stand_in_the_world():
    things = standing_of(CourseMap(MAP.goals[:1], (Disc((2, 1), 0.3, since=2.0),), (Wall((0, 2), (4, 5)),)))
    assert things == (
        Pillar((1, 1), 0.03), Pillar((1, -1), 0.03), Pillar((2, 1), 0.3, since=2.0), Barrier((0, 2), (4, 5)),
    )  # fmt: skip
    assert (things[3].middle, things[3].length) == ((2.0, 3.5), 5.0)


def test_stop_lines_are_shown_in_films():
    lines = CourseMap((Waypoint((1, 0)), StopLine((2, 1), (2, -1)), StopLine((4, 1), (4, -1), speed=1.0)))
    context = make_context(course_map=lines, stop_lines=stop_lines_of(lines))
    assert [line.tolist() for line in context.stop_lines] == [[[2, 1], [2, -1]]]
    assert [line.tolist() for line in context.lines] == [[[2, 1], [2, -1]], [[4, 1], [4, -1]]]
    assert make_context().lines == ()


def test_what_is_run_into_is_told():
    assert value("obstacle_force_max", make_log(3, truth_obstacle_force=[0, 70, 20]), course_map=MAP) == 70


def test_the_map_is_drawn(tmp_path):
    context = make_context(course_map=map_of(goals_of(build())))
    draw(tmp_path / "plots.png", make_outcome(tmp_path, {}, ()), along(0.0), context)
    assert (tmp_path / "plots.png").stat().st_size > 10_000
