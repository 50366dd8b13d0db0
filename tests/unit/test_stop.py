"""How a ride comes to stand at a line, on a foot from which it can go on."""

from types import SimpleNamespace
from typing import Any

import pytest

from controllers.riding.dab import Dab, SaveParameters
from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import Place
from controllers.riding.modes import RideMode
from controllers.riding.task import RideTask
from controllers.riding.task_parameters import TaskParameters
from tests.conftest import PERIOD

P = TaskParameters()
AWAY = 0.3
"""Way that is left to the line [m]."""
SPEED = 0.5
"""[m/s]"""
FALLING = 3.4
"""[1/s]"""


def stopping(where, behind, roll=0.0, roll_rate=0.0):
    """What a stop asks for at walking pace, with its left foot somewhere and so far behind its hip [m]."""
    leg: Any = SimpleNamespace(
        where=where, behind=behind, on_pedal=False, reset=lambda: None, since=lambda time: 0.5, stand=lambda time: None
    )
    nothing: Any = SimpleNamespace(reset=lambda: None)
    poise: Any = SimpleNamespace(roll=0.0, roll_rate=0.0, falling=FALLING)
    task = RideTask((leg, leg), poise, Dab(nothing, PERIOD), nothing, None, PERIOD)
    task.mode = RideMode.STOP
    estimate = RideEstimate()
    estimate.speed, estimate.lean, estimate.roll_rate = SPEED, roll, roll_rate
    return task._stop(2.0, estimate, AWAY)


def test_with_its_foot_in_the_air_it_rolls_to_the_line():
    assert stopping(Place.BESIDE, 1.0).speed == pytest.approx((2.0 * P.braking * AWAY) ** 0.5)


def test_with_its_foot_well_ahead_it_rolls_to_the_line():
    assert stopping(Place.GROUND, -AWAY).speed == pytest.approx((2.0 * P.braking * AWAY) ** 0.5)


def test_it_stands_before_its_foot_is_left_behind():
    nearly = stopping(Place.GROUND, -0.1)
    assert nearly.speed == pytest.approx(SPEED)
    assert nearly.deceleration == pytest.approx(SPEED**2 / (2.0 * 0.1))
    gone = stopping(Place.GROUND, 0.02)
    assert gone.speed == 0.0
    assert gone.deceleration is not None
    assert gone.deceleration > P.braking


def test_a_foot_presses_harder_the_moment_the_bicycle_falls_to_its_side():
    """It leans by little yet; at the usual load the fall would go on until nothing helps."""
    load = SaveParameters().load
    assert stopping(Place.GROUND, -AWAY, roll=-0.09, roll_rate=-0.24).most == load
    assert stopping(Place.GROUND, -AWAY, roll=-0.09).most is None
    assert stopping(Place.GROUND, -AWAY, roll=0.09, roll_rate=0.24).most is None
    assert stopping(Place.BESIDE, -AWAY, roll=-0.09, roll_rate=-0.24).most is None
