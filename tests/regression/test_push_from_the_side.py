"""40 N·s at the torso at 2 m/s, from either side: nobody falls, no hand lets go, and it comes back to its course."""

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.runner import ride

BACK = 0.3
"""Offset within which a ride is back on its course [m]."""


@pytest.fixture(scope="module", params=["left", "right"])
def pushed(request):
    push = f"disturbances=[{{body='torso', time=1.5, impulse='40 N·s', direction='{request.param}'}}]"
    changes = ["start.speed=2", "rider.speed=2", "duration=7", push]
    return ride(load("ride_straight", changes), 0, lambda *_: None, assemble=assemble)


def test_nobody_falls(pushed):
    assert pushed.end == "out of time"
    assert np.abs(pushed.log["truth_roll"]).max() < 0.35


def test_both_hands_hold_on(pushed):
    assert pushed.log["truth_grip_closed"].all()


def test_it_comes_back(pushed):
    assert np.abs(pushed.log["truth_rear_contact"][-250:, 1]).max() < BACK
