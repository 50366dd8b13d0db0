"""Courses with clothoids: no jump of curvature, the right turn, loops that close, and a turn that fits on its road."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding import clothoids
from controllers.riding.course import SPACING

radii = st.floats(1.2, 6.0)
shares = st.floats(0.2, 1.0)
"""Length of a transition over the radius."""


@given(radius=radii, share=shares, turn=st.floats(1.5, 6.2))
def test_a_bend_turns_as_far_as_asked(radius, share, turn):
    assert clothoids.bend(radius, turn, share * radius).sum() * SPACING == pytest.approx(turn)


@given(radius=radii, share=shares)
def test_its_curvature_does_not_jump_and_is_that_of_the_arc_at_most(radius, share):
    curvature = clothoids.bend(radius, pi, share * radius)
    ends = np.concatenate(((0.0,), curvature, (0.0,)))
    # Along the clothoid it grows by 1/(share radius²) a metre; the turn is spread to fit whole samples.
    assert np.abs(np.diff(ends)).max() <= 1.1 * SPACING / (share * radius**2)
    assert curvature.max() == pytest.approx(1.0 / radius, rel=0.02)


def test_a_bend_whose_clothoids_turn_too_far_is_refused():
    with pytest.raises(ValueError, match="shorter transition"):
        clothoids.bend(1.0, 1.0, 1.5)


def test_a_u_turn_goes_back_the_way_it_came_beside_it():
    course = clothoids.u_turn(1.4, 1.0, 5.0, 6.0)
    end = round(course.length / SPACING)
    assert course.heading[end] == pytest.approx(pi)
    assert course.points[end, 0] == pytest.approx(-1.0, abs=0.05)
    # Two radii, and what a clothoid of L adds on either side: L²/(24 R).
    assert course.points[end, 1] == pytest.approx(2 * 1.4 + 2 * 1.0**2 / (24 * 1.4), abs=0.03)


def test_a_u_turn_to_the_right_is_the_mirror_image():
    left, right = clothoids.u_turn(1.4, 1.0, 1.0, 1.0), clothoids.u_turn(1.4, 1.0, 1.0, 1.0, left=False)
    np.testing.assert_allclose(right.points, left.points * (1.0, -1.0), atol=1e-12)


@pytest.mark.parametrize(("radius", "transition"), [(2.0, 1.5), (2.0, 0.5), (4.0, 2.0), (1.5, 1.0)])
def test_the_loops_of_a_figure_of_eight_close(radius, transition):
    """Within the sample of 2 cm to which a loop is rounded, four times."""
    course = clothoids.figure_eight(radius, 2, 3.0, transition)
    np.testing.assert_allclose(course.points[round(course.length / SPACING)], (3.0, 0.0), atol=4 * SPACING)
    assert course.heading[round(course.length / SPACING)] == pytest.approx(0.0, abs=1e-9)


def test_the_longer_the_transition_the_less_a_loop_turns():
    turned = [clothoids.figure_eight(2.0, 1, 0.0, transition).heading.max() for transition in (0.02, 0.5, 1.5)]
    assert 2 * pi >= turned[0] > turned[1] > turned[2] > pi
