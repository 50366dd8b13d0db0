"""When the feet have lost the crank, and which of them is set anew."""

from math import pi

import pytest

from controllers.riding.estimator import RideEstimate
from controllers.riding.lost_pedal import LostPedal
from tests.conftest import PERIOD

PER_METRE = 2.8
BORNE, LIGHT = (60.0, 60.0), (60.0, -20.0)


def watched(seconds, *, loads=BORNE, driven=True, lost=None, **estimate):
    """What a watch says within a time, of a ride that stays as it is: when [s], and which foot; None for neither."""
    lost = lost or LostPedal(PER_METRE, PERIOD)
    e = RideEstimate(**{"speed": 2.0, "crank_rate": 2.0 * PER_METRE, **estimate})
    for tick in range(round(seconds / PERIOD)):
        side = lost.step(e, loads, driven=driven)
        if side is not None:
            return tick * PERIOD, side
    return None


def test_a_crank_that_turns_with_the_freewheel_is_not_lost():
    assert watched(60.0) is None


def test_a_crank_that_stands_while_it_is_to_be_driven_is():
    time, _ = watched(5.0, crank_rate=0.0)
    assert time == pytest.approx(2.5 / (2.0 * PER_METRE), abs=0.01)


def test_one_that_catches_up_within_half_a_turn_is_not():
    lost = LostPedal(PER_METRE, PERIOD)
    for _ in range(5):
        assert watched(0.4, lost=lost, crank_rate=0.0) is None
        assert watched(0.1, lost=lost) is None


def test_one_that_is_parked_is_not():
    assert watched(60.0, driven=False, crank_rate=0.0) is None


def test_the_foot_that_nothing_bears_is_set_anew():
    assert watched(5.0, loads=LIGHT, crank_rate=0.0)[1] == 1
    assert watched(5.0, loads=LIGHT[::-1], crank_rate=0.0)[1] == 0


def test_when_that_did_not_help_it_is_the_other_one():
    lost = LostPedal(PER_METRE, PERIOD)
    sides = [watched(5.0, lost=lost, loads=LIGHT, crank_rate=0.0)[1] for _ in range(3)]
    assert sides == [1, 0, 1]
    watched(6.0, lost=lost)
    assert watched(5.0, lost=lost, loads=LIGHT, crank_rate=0.0)[1] == 1


def test_a_foot_that_stays_far_off_its_place_is_set_anew_when_its_pedal_is_on_top():
    assert watched(5.0, slip=[0.0, 0.04], crank_angle=pi) is None
    assert watched(5.0, slip=[0.0, 0.06], crank_angle=0.0) is None
    time, side = watched(5.0, slip=[0.0, -0.06], crank_angle=3.0 * pi)
    assert (time, side) == (pytest.approx(1.5, abs=0.01), 1)
