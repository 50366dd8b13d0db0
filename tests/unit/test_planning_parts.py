"""What guides the search knows bends and obstacles; cells do not pass for free what is not; chains are one path."""

from dataclasses import replace
from math import cos, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.riding.planning.chain import Chain
from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import CourseMap, Disc, Pose, Wall, Waypoint
from controllers.riding.planning.distance_to_go import DistanceToGo, Roads
from controllers.riding.planning.grid import Grid
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.pose_to_go import ANGLES, PoseToGo, Target, nearest

OPEN = CourseMap((Waypoint((20, 0)),))
WALLED = CourseMap((Waypoint((20, 0)),), (Disc((5, 6), 0.5),), (Wall((10, -30), (10, 4)),))


def to_go(course_map, *targets) -> PoseToGo:
    return PoseToGo(Grid(course_map, Pose()), (0.0, 0.0), targets, PathLimits())


@given(st.floats(-10, 10))
def test_the_nearest_direction_is_the_nearest(heading):
    others = [cos(heading - angle) for angle in ANGLES]
    assert others[nearest(heading)] == pytest.approx(max(others), abs=1e-9)


def test_what_is_behind_costs_a_turn():
    guide = to_go(OPEN, Target(np.array(((20.0, 0.0),))))
    ahead, behind = guide.at(0, 0.0, 0.0, 0.0), guide.at(0, 0.0, 0.0, pi)
    assert ahead == pytest.approx(20.0, rel=0.05)
    assert behind > ahead + 8.0


def test_the_goal_after_the_next_one_counts():
    """To come back over the start at once needs a half circle that the same goal on the way ahead does not."""
    first = Target(np.array(((8.0, 0.0),)), 0.0, 0.3)
    on = to_go(OPEN, first, Target(np.array(((20.0, 0.0),)), 0.0, 0.3)).at(0, 0.0, 0.0, 0.0)
    back = to_go(OPEN, first, Target(np.array(((-4.0, 0.0),)), pi, 0.3)).at(0, 0.0, 0.0, 0.0)
    assert on == pytest.approx(20.0, rel=0.05)
    assert back > 8.0 + 12.0 + 8.0


def test_both_guides_lead_round_a_wall():
    grid = Grid(WALLED, Pose())
    target = np.array(((20.0, 0.0),))
    distance = DistanceToGo(Roads(grid, 0.5), (0.0, 0.0), [target])
    assert distance.unreachable is None
    assert distance.at(0, 0.0, 0.0) > 21.0
    assert to_go(WALLED, Target(target)).at(0, 0.0, 0.0, 0.0) > 21.0


def test_the_guide_is_beside_itself_where_it_knows_nothing():
    assert to_go(OPEN, Target(np.array(((20.0, 0.0),)))).at(0, 500.0, 0.0, 0.0) == np.inf


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-8, 28), st.floats(-8, 8)), min_size=1, max_size=20), st.floats(0.2, 1.0))
def test_cells_say_of_a_point_what_is_true(points, margin):
    grid, places = Grid(WALLED, Pose()), np.array(points)
    expected = (Clearance(WALLED).of(places) >= margin) & grid.within(places)
    np.testing.assert_array_equal(grid.free(places, margin), expected)


def test_discs_that_are_added_to_a_grid_are_as_if_they_had_been_there():
    discs = (Disc((12, 3), 0.7), Disc((4, -2), 0.2))
    among = replace(WALLED, discs=(*WALLED.discs, *discs), fence=((-20, -20), (30, -20), (30, 20), (-20, 20)))
    before = Grid(replace(among, discs=WALLED.discs), Pose())
    clearance = before.clearance.copy()
    grid, whole = before.among(among, discs), Grid(among, Pose())
    np.testing.assert_allclose(grid.clearance, whole.clearance, atol=1e-12)
    points = np.random.default_rng(1).uniform(-8, 28, (500, 2))
    np.testing.assert_array_equal(grid.free(points, 0.5), whole.free(points, 0.5))
    np.testing.assert_array_equal(before.clearance, clearance)


CHAIN = Chain.of(
    [
        ClothoidPath(Pose(1.0, 2.0, 0.5), 0.5, np.array((0.0, 0.1, 0.2))),
        ClothoidPath(Pose(9.0, 9.0, 9.0), 0.3, np.array((0.2, 0.1, 0.0, -0.1))),
        ClothoidPath(Pose(), 1.0, np.array((-0.1, 0.0))),
    ]
)


def test_a_chain_is_one_path():
    samples = CHAIN.sample(20)
    assert CHAIN.length == pytest.approx(1.0 + 0.9 + 1.0)
    assert np.diff(samples.arc_length).min() > 0
    steps = np.hypot(*np.diff(samples.points, axis=0).T)
    np.testing.assert_allclose(steps, np.diff(samples.arc_length), rtol=1e-3)
    np.testing.assert_allclose(samples.heading, CHAIN.heading_at(samples.arc_length), atol=1e-9)
    for at in (0.3, 1.0, 1.4, 2.5):
        pose = CHAIN.pose_at(at)
        assert pose.heading == pytest.approx(float(CHAIN.heading_at(np.array((at,)))[0]))
        assert pose.curvature == pytest.approx(float(CHAIN.curvature_at(np.array((at,)))[0]))


@pytest.mark.parametrize(("at", "length"), [(0.0, 0.0), (0.7, 1.0), (1.05, 1.3), (1.9, 1.9), (2.5, 2.9), (9.0, 2.9)])
def test_a_chain_is_cut_at_the_next_knot(at, length):
    assert sum(piece.length for piece in CHAIN.until(at)) == pytest.approx(length)
