"""Paths through goals on a map keep every limit, and what cannot be done is said with the goal's name."""

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controllers.riding.planning.chain import Chain
from controllers.riding.planning.clearance import Clearance, inside
from controllers.riding.planning.course_map import (
    CourseMap,
    Disc,
    Gate,
    PlanningError,
    Pose,
    StopLine,
    Wall,
    Waypoint,
)
from controllers.riding.planning.distance_to_go import Roads
from controllers.riding.planning.dock import Dock, lead_in
from controllers.riding.planning.grid import Grid
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import passages
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.planner import Plan, plan_path, replan
from controllers.riding.planning.search import Search, Task
from controllers.riding.planning.smoothing import PER_KNOT, Smoothing

SHORT = 1e-3
"""By how much a limit may be passed between the samples at which the path was looked at, 5 cm apart [m, rad]."""
LIMITS = PathLimits()
GATES = CourseMap(
    goals=(Gate((8, 2), (8, 0)), Gate((16, 0), (16, -2)), StopLine((24, 2), (24, -2), 1.5)),
    discs=(Disc((12, 0.2), 0.4),),
    fence=((-2, -5), (30, -5), (30, 5), (-2, 5)),
)


TASK = Task(GATES.goals, ("one", "two", "three"))


def found(limits=LIMITS) -> ClothoidPath:
    """What the search finds by itself."""
    return Search(TASK, Pose(), limits, Roads(Grid(GATES, Pose()), limits.margin)).run()


def assert_keeps_everything(plan: Plan) -> None:
    """Curvature, its rate, distance from all that is in the way, and every goal in its order."""
    path, limits = plan.path, plan.limits
    assert np.abs(path.curvature).max() <= limits.curvature
    assert np.abs(path.curvature_rate).max() <= limits.curvature_rate
    samples = path.sample(25)
    assert Clearance(plan.course_map).of(samples.points).min() >= limits.margin - SHORT
    goals = [
        replace(g, radius=g.radius + SHORT, heading_tolerance=g.heading_tolerance + SHORT)
        if isinstance(g, Waypoint)
        else g
        for g in plan.course_map.goals
    ]
    assert len(passages(goals, samples.points, samples.heading, limits.margin - SHORT)) == len(goals)
    assert np.all(np.diff(plan.goals_at) > 0)
    assert path.curvature[-1] == pytest.approx(0.0, abs=1e-9)


# The path


@settings(max_examples=10, deadline=None)
@given(
    shifts=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=3),
    discs=st.lists(st.tuples(st.floats(4, 24), st.floats(1.2, 2.5), st.booleans(), st.floats(0.1, 0.4)), max_size=2),
    margin=st.floats(0.3, 0.5),
)
def test_a_path_keeps_every_limit(shifts, discs, margin):
    gates = tuple(Gate((8 * i, shift + 1), (8 * i, shift - 1)) for i, shift in enumerate(shifts, start=1))
    around = tuple(Disc((x, y if left else -y), radius) for x, y, left, radius in discs)
    apart = Clearance(CourseMap(gates)).distance(np.array([disc.at for disc in around]).reshape(-1, 2))
    assume((apart > 2.0).all())  # else a gate may be shut
    assert_keeps_everything(plan_path(CourseMap(gates, around), Pose(), PathLimits(margin=margin)))


def test_gates_a_disc_and_a_fence():
    assert_keeps_everything(plan_path(GATES, Pose()))


def test_a_tight_turn_uses_what_the_limits_give_and_no_more():
    course_map = CourseMap((Waypoint((4, 6.5), pi),), fence=((-2, -2), (9, -2), (9, 9), (-2, 9)))
    plan = plan_path(course_map, Pose(), PathLimits(curvature=0.4, curvature_rate=0.3))
    assert_keeps_everything(plan)
    assert np.abs(plan.path.curvature).max() > 0.25


def test_a_gate_whose_middle_is_covered_is_passed_beside_it():
    course_map = CourseMap((Gate((8, 3), (8, -3)), Waypoint((16, 0))), (Disc((8, 0), 0.5),))
    plan = plan_path(course_map, Pose())
    assert_keeps_everything(plan)
    assert abs(plan.path.pose_at(plan.goals_at[0]).y) > 1.0 - SHORT


@pytest.mark.parametrize(("room", "least", "most"), [(0.0, 0.6, 0.6), (1.2, 1.0, 1.2)])
def test_a_post_is_kept_off_where_there_is_room(room, least, most):
    """Straight on it would be passed at 0.6 m."""
    plan = plan_path(CourseMap((Gate((8, 3), (8, -0.6)), Waypoint((20, 0)))), Pose(), PathLimits(room=room))
    assert_keeps_everything(plan)
    nearest = Clearance(plan.course_map).of(plan.path.sample(25).points).min()
    assert least - SHORT <= nearest <= most + SHORT


def test_a_narrow_gate_is_passed_in_its_middle():
    plan = plan_path(CourseMap((Gate((10, 0.9), (10, -0.6)), Waypoint((20, 0.3)))), Pose())
    assert_keeps_everything(plan)
    assert plan.path.pose_at(plan.goals_at[0]).y == pytest.approx(0.15, abs=0.05)


def test_a_gate_is_passed_with_its_left_post_on_the_left():
    """The other way round the path has to turn about, and comes from behind."""
    plan = plan_path(CourseMap((Gate((10, -1.5), (10, 1.5)),)), Pose(), PathLimits(curvature=0.4, curvature_rate=0.3))
    assert_keeps_everything(plan)
    assert np.cos(plan.path.heading_at(plan.goals_at))[0] < 0


def test_a_waypoint_with_a_heading_is_passed_in_it():
    goal = Waypoint((12, 3), 0.5)
    plan = plan_path(CourseMap((goal, Waypoint((18, 5)))), Pose())
    assert_keeps_everything(plan)
    assert plan.path.heading_at(plan.goals_at[:1])[0] == pytest.approx(0.5, abs=0.6 * goal.heading_tolerance + SHORT)


def test_a_path_leaves_a_part_of_a_waypoint_to_the_error_of_the_rider():
    goals = (Waypoint((9, 1.5)), Waypoint((15, -1.5), radius=0.5))
    plan = plan_path(CourseMap(goals), Pose())
    for goal, at in zip(goals, plan.goals_at, strict=True):
        pose = plan.path.pose_at(at)
        assert np.hypot(pose.x - goal.at[0], pose.y - goal.at[1]) <= 0.6 * goal.radius + SHORT


@pytest.mark.parametrize("curvature_rate", [0.1, 0.2])
def test_what_the_search_finds_keeps_every_limit_already(curvature_rate):
    limits = PathLimits(curvature_rate=curvature_rate)
    path = found(limits)
    samples = path.sample(PER_KNOT)
    at = np.array(passages(GATES.goals, samples.points, samples.heading, limits.margin)) * path.step / PER_KNOT
    assert_keeps_everything(Plan(GATES, limits, Chain((path,)), at))


@pytest.mark.parametrize(
    "worse",
    [
        lambda path: ClothoidPath(path.start, path.step, np.zeros(path.curvature.size)),  # through the disc
        lambda path: ClothoidPath(path.start, 0.4 * path.step, path.curvature),  # ends before the line
        lambda path: ClothoidPath(path.start, path.step, np.append(path.curvature, 0.26)),
        lambda path: ClothoidPath(path.start, path.step, np.append(path.curvature, path.curvature[-1] + 0.1)),
        lambda path: ClothoidPath(path.start, path.step, np.append(path.curvature, np.zeros(20))),  # through the fence
    ],
)
def test_smoothing_takes_no_path_that_passes_a_limit(worse):
    path = plan_path(GATES, Pose()).path.pieces[0]
    smoothing = Smoothing(TASK, LIMITS, Clearance(GATES))
    assert smoothing.keeps_limits(path)
    assert not smoothing.keeps_limits(worse(path))


def test_smoothing_makes_a_path_shorter_and_easier_to_steer():
    rough, smooth = found(), plan_path(GATES, Pose()).path
    assert smooth.length < rough.length
    assert np.abs(smooth.curvature_rate).max() < np.abs(rough.curvature_rate).max()
    assert (smooth.curvature**2).sum() < (rough.curvature**2).sum()


def test_nothing_in_the_way_is_ridden_straight():
    path = plan_path(CourseMap((Waypoint((10, 0)),)), Pose()).path
    np.testing.assert_allclose(path.curvature, 0.0, atol=1e-3)


def test_the_same_task_gives_the_same_path():
    one, other = plan_path(GATES, Pose()), plan_path(GATES, Pose())
    assert one.path.length == other.path.length
    np.testing.assert_array_equal(one.path.curvature, other.path.curvature)


def test_a_task_that_is_turned_gives_a_path_that_is_turned():
    """Through a quarter, under which the grids stay what they are."""
    turned = CourseMap(
        (Gate((-2, 8), (0, 8)), Gate((0, 16), (2, 16)), StopLine((-2, 24), (2, 24), 1.5)),
        (Disc((-0.2, 12), 0.4),),
        fence=((5, -2), (5, 30), (-5, 30), (-5, -2)),
    )
    one, other = plan_path(GATES, Pose()), plan_path(turned, Pose(heading=pi / 2))
    assert_keeps_everything(other)
    assert other.path.length == pytest.approx(one.path.length, rel=0.02)


def test_the_course_is_the_path():
    plan = plan_path(GATES, Pose(1.0, 0.5, 0.1))
    course, samples = plan.course(), plan.path.sample(25)
    assert course.length == pytest.approx(plan.path.length, abs=0.01)
    assert np.abs(course.project(samples.points)).max() < 2e-3


# Stops

STREETS = CourseMap(
    goals=(
        StopLine((14, 1.5), (14, -1.5), foot="right", wait=3.0, next_foot="left"),
        Waypoint((22, 3), 0.6),
        StopLine((26.5, 16), (29.5, 16)),
    ),
    fence=((-3, -4), (34, -4), (34, 20), (-3, 20)),
)


def test_at_a_stop_the_front_wheel_stands_on_the_line():
    plan = plan_path(STREETS, Pose())
    assert_keeps_everything(plan)
    assert [(stop.foot, stop.wait, stop.next_foot) for stop in plan.stops] == [
        ("right", 3.0, "left"), ("left", 2.0, "left"),
    ]  # fmt: skip
    for stop, x, y, heading in zip(plan.stops, (14, 28), (0, 16), (0, pi / 2), strict=True):
        pose = plan.path.pose_at(stop.arc_length)
        front = pose.x + 0.85 * np.cos(pose.heading), pose.y + 0.85 * np.sin(pose.heading)
        assert front == pytest.approx((x, y), abs=1e-6)
        assert pose.heading == pytest.approx(heading, abs=1e-8)
    np.testing.assert_allclose(plan.goals_at[[0, 2]], [stop.arc_length + 0.85 for stop in plan.stops])


def test_the_way_is_straight_before_and_after_a_stop():
    plan = plan_path(STREETS, Pose(), from_rest=True)
    for first, last in ((0.0, 3.0), *((s.arc_length - 1.0, s.arc_length + 3.0) for s in plan.stops[:-1])):
        assert np.abs(plan.path.curvature_at(np.linspace(first, last, 41))).max() < 1e-12
    last = plan.stops[-1].arc_length
    assert np.abs(plan.path.curvature_at(np.linspace(last - 1.0, plan.path.length, 41))).max() < 1e-12
    assert plan.path.length == pytest.approx(last + 1.0)


def test_a_line_is_crossed_beside_its_middle_where_that_is_not_free():
    line = StopLine((14, 3), (14, -3))
    plan = plan_path(CourseMap((line,), (Disc((13, 0.2), 0.3),)), Pose())
    assert_keeps_everything(plan)
    place = plan.path.pose_at(plan.stops[0].arc_length)
    assert place.y == pytest.approx(-0.6)


def test_legs_between_stops_do_not_depend_on_one_another():
    plan = plan_path(STREETS, Pose())
    moved = replace(STREETS, goals=(STREETS.goals[0], Waypoint((22, 4), 0.8), STREETS.goals[2]))
    other = plan_path(moved, Pose())
    np.testing.assert_array_equal(other.legs[0].pieces[0].curvature, plan.legs[0].pieces[0].curvature)
    assert other.path.length != plan.path.length


def test_no_room_to_start_is_said():
    with pytest.raises(PlanningError, match="no room to start"):
        plan_path(CourseMap((Waypoint((12, 0)),), (Disc((3, 0.9), 0.5),)), Pose(), from_rest=True)


@settings(max_examples=15, deadline=None)
@given(st.floats(8, 14), st.floats(-1.4, 1.4), st.floats(-0.6, 0.6), st.sampled_from((0.0, 0.12, -0.2)))
def test_a_pose_is_led_onto_a_line_exactly_or_not_at_all(behind, aside, turn, bend):
    dock, limits = Dock(3.0, 4.0, 2.0), PathLimits()
    c, s = np.cos(2.0), np.sin(2.0)
    pose = Pose(3.0 - behind * c - aside * s, 4.0 - behind * s + aside * c, 2.0 + turn, bend)
    knots = lead_in(dock, pose, 1.0, limits.curvature, limits.curvature_rate)
    if knots is None:
        assert abs(aside) + 4 * abs(turn) + 10 * abs(bend) > 0.5
        return
    depth, off, turned = dock.off(ClothoidPath(pose, 1.0, np.concatenate(((bend,), knots))))
    assert depth <= 1e-9
    assert (off, turned) == pytest.approx((0.0, 0.0), abs=1e-8)


# Loops, and many goals


@pytest.mark.parametrize(
    "course_map",
    [
        CourseMap((Gate((8, -1), (8, 1)),)),
        CourseMap((Waypoint((0, 3), pi), Waypoint((0, -3), 0.0))),
        CourseMap((Gate((9, 1), (9, -1)), Gate((9, -4), (9, -2)), Gate((9, 5), (9, 3)))),
    ],
)
def test_goals_that_need_loops(course_map):
    plan = plan_path(course_map, Pose())
    assert_keeps_everything(plan)


def test_many_goals_are_sought_a_few_at_a_time():
    goals = tuple(Gate((10 * i, 1.5 * (i % 2) + 1), (10 * i, 1.5 * (i % 2) - 1)) for i in range(1, 8))
    plan = plan_path(CourseMap(goals), Pose())
    assert_keeps_everything(plan)
    assert len(plan.legs) == 1
    assert len(plan.path.pieces) == 3


# Replanning


@pytest.mark.parametrize("third", [10.5, 10.8])
def test_goals_close_to_one_another_are_passed_once(third):
    gates = tuple(Gate((x, 1.5), (x, -1.5)) for x in (5.0, 10.0, third, 15.0, 20.0))
    plan = plan_path(CourseMap(gates), Pose())
    assert plan.path.length < 22.0
    assert plan.goals_at == pytest.approx([5.0, 10.0, third, 15.0, 20.0], abs=0.05)


def test_a_gate_that_is_to_be_passed_twice_takes_a_lap():
    gate = Gate((10, 1.5), (10, -1.5))
    plan = plan_path(CourseMap((gate, gate)), Pose())
    assert plan.goals_at[1] > plan.goals_at[0] + 10.0


def test_a_map_that_is_too_large_is_said():
    with pytest.raises(PlanningError, match="a digit too many"):
        plan_path(CourseMap((Waypoint((8000, 8000)),)), Pose())
    with pytest.raises(PlanningError, match="a digit too many"):
        plan_path(CourseMap((Waypoint((1e300, 1e300)),)), Pose())


def test_only_the_leg_with_the_obstacle_is_replanned():
    plan = plan_path(STREETS, Pose())
    x, y = plan.path.pose_at(8.0).x, plan.path.pose_at(8.0).y
    new = replan(plan, 1.0, [Disc((x, y + 0.7), 0.3)])
    assert_keeps_everything(new)
    assert new.legs[1] is plan.legs[1]
    for old_stop, stop in zip(plan.stops, new.stops, strict=True):
        old, pose = plan.path.pose_at(old_stop.arc_length), new.path.pose_at(stop.arc_length)
        assert (pose.x, pose.y, pose.heading) == pytest.approx((old.x, old.y, old.heading), abs=1e-6)


def test_where_an_obstacle_is_on_the_line_one_stands_beside_it():
    plan = plan_path(STREETS, Pose())
    new = replan(plan, 4.0, [Disc((13.0, 0.3), 0.3)])
    assert_keeps_everything(new)
    assert new.path.pose_at(new.stops[0].arc_length).y == pytest.approx(-0.5)


def test_an_obstacle_that_shuts_a_line_is_said():
    plan = plan_path(STREETS, Pose())
    with pytest.raises(PlanningError, match=r"goals\.0.*no straight"):
        replan(plan, 4.0, [Disc((13.0, 0.2), 0.4)])
    with pytest.raises(PlanningError, match=r"goals\.0.*too near"):
        replan(plan, 12.5, [Disc((13.0, 0.3), 0.3)])


def test_replanning_joins_the_old_path_and_keeps_off_the_new_obstacle():
    plan = plan_path(GATES, Pose())
    x, y = plan.path.pose_at(20.0).x, plan.path.pose_at(20.0).y
    obstacle = Disc((x, y), 0.3)
    new = replan(plan, 10.0, [obstacle])
    assert_keeps_everything(new)
    assert new.course_map.goals == GATES.goals
    assert obstacle in new.course_map.discs
    old_course, course = plan.course(), new.course()
    joined = round(10.0 / course.spacing)
    np.testing.assert_allclose(course.points[:joined], old_course.points[:joined], atol=1e-12)
    assert np.abs(course.points[2 * joined] - old_course.points[2 * joined]).max() > 0.3
    assert Clearance(CourseMap(GATES.goals, (obstacle,))).of(plan.path.sample(10).points).min() < 0


def test_replanning_in_a_bend_goes_on_with_its_curvature():
    plan = plan_path(GATES, Pose())
    bend = int(np.abs(plan.path.curvature).argmax())
    at = float(plan.path.knots[bend])
    x, y = plan.path.pose_at(at + 6.0).x, plan.path.pose_at(at + 6.0).y
    new = replan(plan, at, [Disc((x, y + 0.3), 0.1)])
    assert new.path.pieces[0].curvature[-1] == new.path.pieces[1].curvature[0] == plan.path.curvature[bend]
    assert_keeps_everything(new)


def test_an_obstacle_that_is_not_in_the_way_changes_nothing():
    plan = plan_path(GATES, Pose())
    new = replan(plan, 3.0, [Disc((23, -3), 0.3)])
    assert new.path is not plan.path
    assert [piece.curvature.tolist() for piece in new.path.pieces] == [
        piece.curvature.tolist() for piece in plan.path.pieces
    ]
    assert len(new.course_map.discs) == 2


def test_a_start_as_near_as_may_be():
    assert_keeps_everything(plan_path(CourseMap((Waypoint((9, 0)),), (Disc((0, 0.8), 0.3),)), Pose()))


def test_an_obstacle_that_closes_the_way_is_said():
    plan = plan_path(CourseMap((Waypoint((20, 0)),), walls=(Wall((-2, 1), (24, 1)), Wall((-2, -1), (24, -1)))), Pose())
    with pytest.raises(PlanningError, match=r"goals\.0"):
        replan(plan, 5.0, [Disc((12, 0), 0.3)])


# What cannot be done


@pytest.mark.parametrize(
    ("course_map", "said"),
    [
        (CourseMap((Waypoint((5, 0)), Waypoint((12, 0))), walls=(Wall((8, -30), (8, 30)),)), "goals.1.*12, 0.*blocked"),
        (CourseMap((Waypoint((5, 0)), Waypoint((9, 0))), (Disc((9, 0.2), 0.4),)), "goals.1.*no place"),
        (CourseMap((Gate((9, 1), (9, -1)),), (Disc((9.2, 0), 0.3),)), "goals.0.*no place"),
        (CourseMap((Waypoint((20, 0)),), fence=((-2, -2), (9, -2), (9, 2), (-2, 2))), "goals.0.*no place"),
        (CourseMap((Gate((6, 0.4), (6, -0.4)),)), "goals.0.*0.8 m wide"),
        (CourseMap((Waypoint((5, 0), pi),), fence=((-2, -2), (9, -2), (9, 2), (-2, 2))), "goals.0.*curvature"),
        (
            CourseMap((StopLine((4.5, 1), (4.5, -1), 1.0),), fence=((-2, -2), (6.2, -2), (6.2, 2), (-2, 2))),
            "after goals.0.*no room",
        ),
        (CourseMap((StopLine((9, 1), (9, -1)),), (Disc((7, 0), 0.2),)), "goals.0.*no straight"),
        (CourseMap((StopLine((9, 1), (9, -1)), Waypoint((20, 0))), (Disc((11.3, 0), 0.2),)), "goals.0.*no straight"),
        (CourseMap((Waypoint((9, 0)),), (Disc((0, 0.5), 0.2),)), "the start"),
        (CourseMap((Waypoint((9, 0)),), fence=((2, -2), (12, -2), (12, 2), (2, 2))), "the start"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_goal(course_map, said):
    with pytest.raises(PlanningError, match=said):
        plan_path(course_map, Pose())


@pytest.mark.parametrize(
    "build",
    [
        lambda: CourseMap(()),
        lambda: CourseMap((StopLine((5, 1), (5, -1), 1.0), Waypoint((9, 0)))),
        lambda: CourseMap((Waypoint((9, 0)),), fence=((0, 0), (1, 1))),
        lambda: PathLimits(margin=0.1),
        lambda: PathLimits(curvature=0.0),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(build):
    with pytest.raises(PlanningError):
        build()


def test_a_start_that_bends_too_much_is_refused():
    with pytest.raises(PlanningError, match="bends"):
        plan_path(CourseMap((Waypoint((9, 0)),)), Pose(curvature=0.3))


# Its parts


@given(
    st.lists(st.floats(-0.4, 0.4), min_size=2, max_size=12),
    st.floats(0.3, 1.0),
    st.floats(-3, 3),
)
def test_samples_of_a_path_turn_and_go_on_as_its_curvature_says(curvature, step, heading):
    path = ClothoidPath(Pose(1.0, 2.0, heading), step, np.array(curvature))
    samples = path.sample(50)
    np.testing.assert_allclose(
        np.gradient(samples.heading, samples.arc_length)[1:-1],
        path.curvature_at(samples.arc_length)[1:-1],
        atol=0.8 / 50,
    )
    pose = path.pose_at(path.length)
    assert (pose.x, pose.y) == pytest.approx(tuple(samples.points[-1]), abs=2e-3)
    assert pose.curvature == pytest.approx(curvature[-1])


def test_clearance_of_a_disc_a_wall_a_post_and_a_fence():
    square = ((0, 0), (10, 0), (10, 10), (0, 10))
    clearance = Clearance(CourseMap((Gate((8, 8), (9, 9)),), (Disc((5, 5), 1.0),), (Wall((2, 2), (2, 4)),), square))
    points = np.array(((5, 7), (5, 5.5), (3, 3), (2, 1.5), (7.5, 8), (0.2, 9), (11, 5)))
    np.testing.assert_allclose(clearance.of(points), (1.0, -0.5, 1.0, 0.5, 0.5, 0.2, -1.0))


def test_inside_of_a_polygon_that_is_not_convex():
    corners = ((0, 0), (4, 0), (4, 4), (2, 1), (0, 4))
    assert inside(np.array(((1, 1), (2, 2), (3.5, 2), (2, 0.5), (5, 1))), corners).tolist() == [
        True, False, True, True, False,
    ]  # fmt: skip
