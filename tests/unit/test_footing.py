"""Feet of a bicycle at rest: which one catches it, and when the weight has gone over."""

from types import SimpleNamespace
from typing import Any

import pytest

from controllers.riding.estimator import RideEstimate
from controllers.riding.footing import Footing
from controllers.riding.task_parameters import TaskParameters
from tests.conftest import PERIOD
from tests.unit.obedient_leg import Leg

P = TaskParameters()
LEFT, RIGHT = 0, 1


@pytest.fixture
def feet():
    """On the left foot, the right one on its pedal."""
    legs: Any = Leg(), Leg()
    poise: Any = SimpleNamespace(roll=0.0, roll_rate=0.0, falling=3.3)
    footing = Footing(legs, poise, P, LEFT, low_gear=False)
    legs[LEFT].begun = -10.0
    return footing


def rolled(roll, rate=0.0, off=0.0):
    """A bicycle that leans from where it balances, at a rate, and what its senses say of the roll besides [rad]."""
    estimate = RideEstimate()
    estimate.lean, estimate.roll, estimate.roll_rate = roll, roll + off, rate
    return estimate


def steadied(feet, seconds, estimate, start=0.0):
    for tick in range(round(seconds / PERIOD)):
        feet.steady(start + tick * PERIOD, estimate)


def test_a_fall_away_from_the_foot_is_caught_by_the_other_one(feet):
    steadied(feet, 0.1, rolled(0.02, 0.2))
    assert feet._legs[RIGHT].orders == ["quickly"]


def test_a_shake_of_ten_milliseconds_is_no_fall(feet):
    for start in (0.0, 0.1, 0.2):
        steadied(feet, 0.01, rolled(0.02, 0.2), start)
        steadied(feet, 0.05, rolled(-0.05), start + 0.01)
    assert feet._legs[RIGHT].orders == []


def test_what_is_felt_while_the_other_foot_has_just_landed_does_not_lift_it_again(feet):
    feet._legs[RIGHT].begun = 0.0
    steadied(feet, 0.15, rolled(0.02, 0.2))
    assert feet._legs[RIGHT].orders == []
    steadied(feet, 0.15, rolled(0.02, 0.2), 0.15)
    assert feet._legs[RIGHT].orders == ["quickly"]


def changed(feet, seconds, roll):
    """Change to the right foot with the bicycle at a roll; gives what the left foot was told."""
    feet.start_side = RIGHT
    for tick in range(round(seconds / PERIOD)):
        feet.change(tick * PERIOD, rolled(roll))
    return feet._legs[LEFT].orders


def test_in_a_change_a_foot_stays_until_the_weight_is_over(feet):
    assert changed(feet, P.change + 0.5, -0.2 * P.rest_lean) == []


def test_it_comes_up_once_the_weight_is_over(feet):
    assert changed(feet, P.change + 0.1, 0.6 * P.rest_lean) == ["up"]


def test_weight_that_only_seems_to_be_over_does_not_lift_it(feet):
    feet.start_side = RIGHT
    for tick in range(round((P.change + 0.5) / PERIOD)):
        feet.change(tick * PERIOD, rolled(0.2 * P.rest_lean, off=0.6 * P.rest_lean))
    assert feet._legs[LEFT].orders == []


def test_it_does_not_wait_for_ever(feet):
    assert changed(feet, P.change + P.patience + 0.1, -0.2 * P.rest_lean) == ["up"]
