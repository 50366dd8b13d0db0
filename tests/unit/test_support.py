"""The area under the soles."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controllers.balance.support import convex_hull, margin

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
points = st.lists(st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)), min_size=4, max_size=12)


def test_the_hull_of_a_square_is_its_corners_counter_clockwise():
    assert convex_hull([(0.5, 0.5), *SQUARE[::-1], (0.2, 0.9)]) == SQUARE


@pytest.mark.parametrize(
    ("point", "inside"), [((0.5, 0.5), 0.5), ((0.9, 0.5), 0.1), ((1.2, 0.5), -0.2), ((0.5, -3.0), -3.0)]
)
def test_the_margin_is_the_distance_to_the_nearest_edge(point, inside):
    assert margin(point, SQUARE) == pytest.approx(inside)


@given(points)
@example([(0.0, 0.0), (0.0, 1.0), (1.5e-280, 1.0), (-1.0, 0.0)])
def test_every_point_is_within_the_hull_of_all(many):
    hull = convex_hull(many)
    area = 0.5 * sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(hull, [*hull[1:], hull[0]], strict=True))
    if area < 1e-3:
        return
    assert min(margin(point, hull) for point in many) > -1e-9


def test_two_feet_side_by_side_bear_between_them():
    feet = [(x + i, y + j) for y in (-0.14, 0.14) for x in (0.0,) for i in (-0.1, 0.1) for j in (-0.06, 0.06)]
    assert margin((0.0, 0.0), convex_hull(feet)) == pytest.approx(0.1)
    assert np.isclose(margin((0.0, 0.25), convex_hull(feet)), -0.05)
