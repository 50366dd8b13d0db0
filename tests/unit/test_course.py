"""Courses: their length, shape and ends, and where a point is along them."""

from math import atan2, cos, pi, sin

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controllers.riding import course as courses
from controllers.riding.course import Course

SPACING = 0.02
"""Distance between the samples of a course [m]."""
ROUNDING = 0.5 * SPACING + 1e-9
"""A stretch is rounded to whole samples [m]."""
MILLIMETRE = 1e-3
"""Error that summing up a curve in steps of 2 cm may leave; a tenth of what a rider's path error is judged by."""

radii = st.floats(1.5, 12.0)

ALL = {
    "straight": courses.straight(20.0),
    "circle": courses.circle(5.0, 2, 3.0),
    "circle to the right": courses.circle(3.0, 1, 1.0, left=False),
    "figure of eight": courses.figure_eight(4.0, 2, 8.0),
    "lane change": courses.lane_change(2.0, 10.0, 5.0, 8.0),
    "slalom": courses.slalom(7, 4.0, 0.5, 8.0),
    "path": courses.through(np.array(((0.0, 0.0), (5.0, 1.0), (10.0, -1.0), (15.0, 2.0)))),
}
every_course = pytest.mark.parametrize("course", ALL.values(), ids=ALL.keys())


def ridden(course: Course) -> np.ndarray:
    """The samples of a course from its start to its end, shape (k, 2) [m]."""
    return course.points[: round(course.length / SPACING) + 1]


def at(course: Course, arc_length: float) -> np.ndarray:
    return course.points[round(arc_length / SPACING)]


# Every course


@every_course
def test_samples_are_equally_spaced(course):
    steps = np.linalg.norm(np.diff(course.points, axis=0), axis=1)
    np.testing.assert_allclose(steps, SPACING, atol=1e-12)


@every_course
def test_it_starts_at_the_origin(course):
    np.testing.assert_allclose(course.points[0], (0.0, 0.0), atol=1e-12)


@every_course
def test_the_heading_is_the_direction_of_the_points(course):
    """Between its neighbours, so that the error is of second order in the bend over a sample."""
    steps = course.points[2:] - course.points[:-2]
    turned = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    bend = np.abs(course.curvature).max()
    np.testing.assert_allclose(course.heading[1:-1], turned, atol=bend * SPACING)


@every_course
def test_the_curvature_is_how_the_points_turn(course):
    steps = np.diff(course.points, axis=0)
    turned = np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))) / SPACING
    between = 0.5 * (course.curvature[:-2] + course.curvature[1:-1])
    np.testing.assert_allclose(turned, between, atol=1e-6)


@every_course
def test_it_goes_on_straight_past_its_end_for_the_preview(course):
    beyond = course.curvature_at(course.length + np.array((0.1, 10.0, 29.0, 1000.0)))
    np.testing.assert_array_equal(beyond, 0.0)


@every_course
def test_riding_it_exactly_is_no_distance_from_it(course):
    assert np.abs(course.project(ridden(course))).max() < MILLIMETRE


@every_course
def test_riding_beside_it_is_that_far_from_it(course):
    """0.3 m to the left all the way, at the crossing of the figure of eight as well."""
    heading = course.heading[: len(ridden(course))]
    beside = ridden(course) + 0.3 * np.column_stack((-np.sin(heading), np.cos(heading)))
    # A sample's tangent stands for the curve: to 0.3 m it is wrong by less than 5 mm at the tightest bend, 0.5 1/m.
    np.testing.assert_allclose(course.project(beside), 0.3, atol=5 * MILLIMETRE)


# Straight


@given(st.floats(1.0, 200.0))
def test_a_straight_is_as_long_as_asked(length):
    course = courses.straight(length)
    assert course.length == pytest.approx(length, abs=ROUNDING)
    np.testing.assert_array_equal(ridden(course)[:, 1], 0.0)


# Circle


@given(radii, st.integers(1, 4), st.floats(0.0, 10.0))
def test_a_circle_is_as_long_as_its_laps_and_its_lead_in(radius, laps, lead_in):
    course = courses.circle(radius, laps, lead_in)
    assert course.length == pytest.approx(lead_in + laps * 2 * pi * radius, abs=2 * ROUNDING)


@given(radii, st.booleans())
def test_a_circle_is_round_and_on_its_side(radius, left):
    side = 1 if left else -1
    lap = ridden(courses.circle(radius, 1, 3.0, left=left))[round(3.0 / SPACING) :]
    distance = np.linalg.norm(lap - (3.0, side * radius), axis=1)
    # The half step from straight to bend shifts the circle by an eighth of the step squared times the bend.
    np.testing.assert_allclose(distance, radius, atol=MILLIMETRE)


@given(radii, st.integers(1, 4))
def test_a_circle_closes(radius, laps):
    course = courses.circle(radius, laps, 3.0)
    end = course.points[round(course.length / SPACING)]
    np.testing.assert_allclose(end, (3.0, 0.0), atol=SPACING)


@given(radii, st.booleans())
def test_a_circle_bends_one_over_its_radius_to_its_side(radius, left):
    course = courses.circle(radius, 1, 3.0, left=left)
    middle = course.curvature_at(np.array((1.0, 3.0 + radius)))
    np.testing.assert_allclose(middle, (0.0, (1 if left else -1) / radius))


# Figure of eight


@given(st.floats(1.5, 8.0), st.integers(1, 3))
def test_a_figure_of_eight_is_two_circles_a_round(radius, rounds):
    course = courses.figure_eight(radius, rounds, 2.0)
    assert course.length == pytest.approx(2.0 + rounds * 4 * pi * radius, abs=2 * rounds * ROUNDING)


@given(st.floats(1.5, 8.0), st.integers(1, 3))
def test_a_figure_of_eight_comes_back_to_its_crossing_after_every_circle(radius, rounds):
    course = courses.figure_eight(radius, rounds, 2.0)
    lap = round(2 * pi * radius / SPACING)
    for circle in range(2 * rounds + 1):
        crossing = course.points[round(2.0 / SPACING) + circle * lap]
        # A circle that misses its end by half a sample turns the next one a little: the miss grows with their number.
        np.testing.assert_allclose(crossing, (2.0, 0.0), atol=SPACING * (circle + 1))


def test_a_figure_of_eight_goes_left_then_right():
    course = courses.figure_eight(4.0, 1, 2.0)
    half = pi * 4.0
    # The first circle may miss its end by half a sample, which turns the second one.
    np.testing.assert_allclose(at(course, 2.0 + half), (2.0, 8.0), atol=SPACING)
    np.testing.assert_allclose(at(course, 2.0 + 3 * half), (2.0, -8.0), atol=2 * SPACING)


def test_a_figure_of_eight_turns_as_far_left_as_right():
    course = courses.figure_eight(4.0, 2, 2.0)
    assert course.heading[-1] == pytest.approx(0.0, abs=1e-9)


def test_at_the_crossing_the_branch_is_the_one_that_was_ridden():
    """The same place belongs to three arc lengths; the neighbourhood decides."""
    course = courses.figure_eight(4.0, 1, 2.0)
    lap = 2 * pi * 4.0
    for visit in range(3):
        arc_length, _, _ = course.locate(2.0, 0.0, near=2.0 + visit * lap + 0.3)
        assert arc_length == pytest.approx(2.0 + visit * lap, abs=2 * SPACING)


# Where a point is


@every_course
@given(share=st.floats(0.02, 0.98), aside=st.floats(-0.5, 0.5), astray=st.floats(-0.3, 0.3))
def test_a_point_beside_the_course_is_found(course, share, aside, astray):
    index = round(share * course.length / SPACING)
    heading = float(course.heading[index])
    x, y = course.points[index] + aside * np.array((-sin(heading), cos(heading)))
    arc_length, distance, direction = course.locate(x, y, near=index * SPACING + astray)
    # Half a metre aside in the tightest bend here (0.6 1/m) neighbours differ by less than a sample.
    assert arc_length == pytest.approx(index * SPACING, abs=SPACING)
    assert distance == pytest.approx(aside, abs=MILLIMETRE)
    assert atan2(sin(direction - heading), cos(direction - heading)) == pytest.approx(0.0, abs=SPACING)


def test_left_is_positive():
    course = courses.straight(10.0)
    assert course.locate(5.0, 0.2, 5.0)[1] == pytest.approx(0.2)
    assert course.locate(5.0, -0.2, 5.0)[1] == pytest.approx(-0.2)


def test_a_point_between_two_samples_is_found_in_between():
    arc_length, distance, _ = courses.straight(10.0).locate(5.007, 0.1, 5.0)
    assert arc_length == pytest.approx(5.007)
    assert distance == pytest.approx(0.1)


def test_a_point_before_the_start_is_at_a_negative_arc_length():
    assert courses.straight(10.0).locate(-0.5, 0.0, 0.0)[0] == pytest.approx(-0.5)


def test_the_curvature_before_the_start_is_that_of_the_start():
    course = courses.circle(4.0, 1, 0.0)
    np.testing.assert_allclose(course.curvature_at(np.array((-1.0, -0.001))), 0.25)


# Lane change


@given(
    width=st.floats(0.5, 4.0), length=st.floats(6.0, 20.0), lead_in=st.floats(0.0, 8.0), lead_out=st.floats(1.0, 8.0)
)
def test_a_lane_change_ends_straight_ahead_on_the_other_lane(width, length, lead_in, lead_out):
    course = courses.lane_change(width, length, lead_in, lead_out)
    end = round(course.length / SPACING)
    x, y = course.points[end]
    assert y == pytest.approx(width, abs=5 * MILLIMETRE)
    assert x == pytest.approx(lead_in + length + lead_out, abs=2 * SPACING)
    assert course.heading[end] == pytest.approx(0.0, abs=1e-3)


def test_a_lane_change_begins_after_the_lead_in_and_is_over_before_the_lead_out():
    course = courses.lane_change(2.0, 10.0, 5.0, 8.0)
    x, y = ridden(course).T
    np.testing.assert_allclose(y[x < 5.0], 0.0, atol=MILLIMETRE)
    np.testing.assert_allclose(y[x > 15.0], 2.0, atol=MILLIMETRE)
    assert np.interp(10.0, x, y) == pytest.approx(1.0, abs=MILLIMETRE)


def test_a_lane_change_never_turns_back():
    y = ridden(courses.lane_change(2.0, 10.0, 5.0, 8.0))[:, 1]
    assert np.diff(y).min() > -1e-6


def test_a_lane_change_begins_and_ends_without_a_jump_of_curvature():
    course = courses.lane_change(2.0, 10.0, 5.0, 8.0)
    # The bend changes by at most 60 width / length³ = 0.12 1/m² a metre here; a jump would be far more.
    assert np.abs(np.diff(course.curvature)).max() < 1.2 * 0.12 * SPACING


# Slalom


@given(cones=st.integers(1, 9), spacing=st.floats(2.5, 6.0), offset=st.floats(0.2, 0.6), lead_in=st.floats(0.0, 8.0))
def test_a_slalom_passes_the_cones_on_alternate_sides_at_its_offset(cones, spacing, offset, lead_in):
    assume(offset < 0.2 * spacing)  # steeper ones have bends tighter than a bicycle's
    x, y = ridden(courses.slalom(cones, spacing, offset, lead_in)).T
    rows = courses.cone_positions(cones, spacing, lead_in)
    beside = np.interp(rows[:, 0], x, y)
    sides = (-1.0) ** np.arange(cones)
    np.testing.assert_allclose(beside, offset * sides, atol=2 * MILLIMETRE)


def test_cones_stand_in_a_row_one_spacing_apart():
    cones = courses.cone_positions(7, 4.0, 8.0)
    np.testing.assert_allclose(cones, np.column_stack((np.arange(12.0, 37.0, 4.0), np.zeros(7))))


def test_a_slalom_starts_and_ends_on_the_row():
    course = courses.slalom(7, 4.0, 0.5, 8.0)
    x, y = ridden(course).T
    np.testing.assert_allclose(y[x < 8.0], 0.0, atol=MILLIMETRE)
    assert y[-1] == pytest.approx(0.0, abs=2 * MILLIMETRE)
    assert x[-1] > 8.0 + 8 * 4.0


# Through points


@given(bends=st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=6), step=st.floats(2.0, 5.0))
def test_a_path_passes_through_its_points(bends, step):
    headings = np.concatenate(((0.0,), np.cumsum(bends)))
    steps = step * np.column_stack((np.cos(headings), np.sin(headings)))
    points = np.vstack(((0.0, 0.0), np.cumsum(steps, axis=0)))
    path = ridden(courses.through(points))
    for point in points:
        # The nearest sample may be half a spacing off along the path.
        assert np.linalg.norm(path - point, axis=1).min() < SPACING / 2 + 5 * MILLIMETRE


def test_a_path_ends_at_its_last_point():
    course = courses.through(np.array(((1.0, 2.0), (5.0, 3.0), (9.0, 2.0))))
    np.testing.assert_allclose(course.points[0], (1.0, 2.0))
    np.testing.assert_allclose(ridden(course)[-1], (9.0, 2.0), atol=SPACING)


def test_a_path_that_turns_back_on_the_spot_is_refused():
    with pytest.raises(ValueError, match=r"turn back on the spot near \(5, 0\) m; lead them round a bend"):
        courses.through(np.array(((0.0, 0.0), (5.0, 0.0), (0.0, 0.0))))


def test_a_path_through_two_points_is_straight():
    course = courses.through(np.array(((1.0, 1.0), (4.0, 5.0))))
    assert course.length == pytest.approx(5.0, abs=SPACING)
    np.testing.assert_allclose(course.curvature, 0.0, atol=1e-9)
    assert course.heading[0] == pytest.approx(atan2(4.0, 3.0))
