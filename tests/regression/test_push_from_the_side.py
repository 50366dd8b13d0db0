"""40 N·s at the torso at 2 m/s, from either side: nobody falls, no hand lets go, and it comes back to its course.

And a third of that on the edge of a wet patch: the bars are back in time for tyres that hardly hold.
"""

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.runner import ride

BACK = 0.3
"""Offset within which a ride is back on its course [m]."""
ASIDE = 1.05
"""Greatest offset on the way [m]; a rider that waits for the roll rate is taken 2.3 m aside."""


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


def test_it_stays_near_and_comes_back(pushed):
    assert np.abs(pushed.log["truth_rear_contact"][:, 1]).max() < ASIDE
    assert np.abs(pushed.log["truth_rear_contact"][-250:, 1]).max() < BACK


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_shove_at_a_wet_patch_is_ridden_out(side):
    changes = [
        "start.speed=1.6",
        "rider.speed=1.6",
        "duration=5.5",
        f"disturbances=[{{body='torso', time=1, impulse='14 N·s', direction='{side}'}}]",
        "terrain=[{kind='slippery', place=['2.8 m', '0 m'], length='6 m', width='8 m', friction=0.23}]",
    ]
    ridden = ride(load("ride_straight", changes), 0, lambda *_: None, assemble=assemble)
    assert ridden.end == "out of time"
    assert np.abs(ridden.log["truth_rear_contact"][-250:, 1]).max() < BACK
