"""What a sole is asked for on its pedal, and how a foot that is off its place comes back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.foothold import FootholdParameters, lightness, relief, restoring, within_grip

P = FootholdParameters()
forces = st.floats(-60.0, 60.0)
loads = st.floats(0.0, 200.0)


@given(forces, st.floats(-P.spring, P.spring), loads)
def test_the_pedal_feels_no_more_than_the_sole_grips_whatever_the_springs_press(asked, besides, load):
    felt = within_grip(P, asked, besides, load) + besides
    back, forward = P.grip
    assert -back * load - 1e-9 <= felt <= forward * load + 1e-9


@given(forces, st.floats(-P.spring, P.spring), st.floats(300.0, 400.0))
def test_a_foot_that_grips_is_asked_for_what_is_wanted(asked, besides, load):
    assert within_grip(P, asked, besides, load) == pytest.approx(asked)


def test_springs_that_cannot_be_true_are_not_believed():
    assert within_grip(P, 10.0, 400.0, 50.0) == within_grip(P, 10.0, P.spring, 50.0)


@given(st.floats(-0.05, 0.05))
def test_a_foot_is_brought_back_to_its_place(slip):
    assert restoring(P, slip) * slip <= 0.0
    assert abs(restoring(P, slip)) <= P.most


@given(st.floats(-0.05, 0.05), st.floats(-1.0, 1.0))
def test_a_foot_is_made_light_only_where_it_is_off_and_its_pedal_rises(slip, rising):
    light = lightness(P, slip, rising)
    assert 0.0 <= light <= 1.0
    if abs(slip) <= P.reseat[0] or rising <= 0.0:
        assert light == 0.0
    assert light <= lightness(P, slip, 1.0)


def test_a_foot_far_off_presses_so_lightly_that_its_springs_move_it():
    """50 N at rest less the relief: what grips with 0.9 gives way to springs of 20 N."""
    assert 0.9 * (50.0 - relief(P, lightness(P, 0.02, 1.0), 50.0)) < 20.0
    assert relief(replace(P, relief=0.0), 1.0, 50.0) == 0.0


@given(st.floats(0.0, 1.0), st.floats(-P.spring + P.least[0], 150.0))
def test_a_foot_presses_on_whatever_its_springs_take_off(light, pressed):
    firm, least = P.least
    left = pressed - relief(P, light, pressed)
    assert left >= firm + light * (least - firm) - 1e-9


def test_springs_that_lift_a_foot_off_its_pedal_are_pressed_against_up_to_a_limit():
    assert relief(P, 0.0, P.least[0] - 7.0) == pytest.approx(-7.0)
    assert relief(P, 1.0, -400.0) == -P.spring
